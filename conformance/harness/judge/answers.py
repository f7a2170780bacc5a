"""What every answer must be, whatever was asked; and what a 429 must say and leave alone (contract 3, 4 and 6)."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable
from typing import Any

from ....spec import Contract, Operation, Role, profile, rate_limit, read_definitions
from ....spec.pointer import join
from ....spec.validator import Validator
from ..wire.exchange import MISSING, Exchange
from ..wire.pacing import read_date
from ..wire.trouble import trouble
from .difference import quote_json
from .expectation import Expectation
from .judgement import NO_SUBJECT, Judgement, Judgements, Subject, judge
from .refusal import judge_error
from .shape import describe_error
from .strict_json import is_json_type, read_strictly
from .success import judge_status

__all__ = [
    "judge_every",
    "judge_key_information",
    "judge_limit_status",
    "judge_no_crash",
    "judge_options",
    "judge_page",
    "judge_read",
    "judge_retry_after",
    "judge_separate",
    "judge_unreadable",
]

_DAY = 24 * 60 * 60
_UNAUTHORIZED = 401
_NOT_OFFERED = (404, 405, 501)
"""What a read is answered with that the target does not have, and so counts nowhere."""
_LIMIT_HEADERS = tuple(name.lower() for name in rate_limit.HEADERS)


def judge_every(contract: Contract, exchange: Exchange, own: str, all_of_case: Iterable[Exchange]) -> Judgements:
    """Judge what every exchange can break, whatever it is about.

    Args:
        own: the clause that silence breaks where the run does not judge the one about it; "" for none.
        all_of_case: the exchanges of the case so far, this one included.
    """
    yield _judge_answered(exchange, own)
    if not exchange.status:
        return
    yield _judge_no_key_shown(exchange)
    if trouble(exchange):
        return
    yield from _judge_json(exchange)
    if _speaks_for_itself(contract, exchange, all_of_case):
        yield judge_status(exchange)
    else:
        said = exchange.response_headers.get("content-type", "")
        expected, held = "application/json or another type of JSON", exchange.body is MISSING or is_json_type(said)
        yield judge(Expectation.JSON_SAID, "answer:media-type", expected, held, said or "no Content-Type")
    if exchange.status in (409, 429):
        yield from judge_error(contract, exchange, NO_SUBJECT)
    if exchange.limited:
        yield judge_retry_after(exchange)
        if exchange.status == 429:
            return
        # A key that was used before, or is used at the same moment, may rightly get a 409.
        used = any(other.key == exchange.key for other in all_of_case if other.number != exchange.number)
        if exchange.key and not exchange.overlapping and not used:
            yield _judge_key_kept(exchange)
    if _is_counted(contract, exchange):
        yield _judge_limit_headers(exchange)


def _speaks_for_itself(contract: Contract, exchange: Exchange, all_of_case: Iterable[Exchange]) -> bool:
    """Whether it is the answer to a create that made a record, whose media type has a clause of its own."""
    is_create = exchange.method == "POST" and exchange.path == contract.create.path
    again = any(other.key == exchange.key for other in all_of_case if exchange.key and other.number != exchange.number)
    return is_create and exchange.accepted and not again


def judge_no_crash(exchange: Exchange, clause: str, about: Subject = NO_SUBJECT) -> Judgement:
    """Judge whether the answer is no 5xx."""
    held, observed = exchange.status < 500, f"answered {exchange.answer}"
    return judge(Expectation.NO_CRASH, clause, "any answer but a 5xx", held, observed, subject=about)


def judge_key_information(contract: Contract, exchange: Exchange, clause: str) -> Judgement:
    """Judge whether the validate endpoint says that a key is active, and names its scopes."""
    operation = contract.validate
    wrong = _misread(contract, exchange, operation) if operation is not None else "no such endpoint"
    if not wrong and not profile.key_is_active(exchange.body):
        wrong = "the key that was sent is not active"
    expected, observed = "200 with active and scopes", f"answered {exchange.answer}: {exchange.text[:120]}"
    symptom = wrong if exchange.status == 200 else ""
    return judge(Expectation.KEY_INFORMATION, clause, expected, not wrong, observed, symptom=symptom, due=("200",))


def judge_read(contract: Contract, exchange: Exchange, operation: Operation, clause: str, *, odd: bool) -> Judgement:
    """Judge whether a read that the key may make gets what the fragment says.

    Args:
        odd: whether its parameters are such that a refusal is an answer too.
    """
    problem = "" if odd and exchange.refused else _misread(contract, exchange, operation)
    expected, about = f"{operation.method} {operation.path} as documented", Subject(place=operation.path)
    due = ("200", "4xx") if odd else ("200",)
    return judge(Expectation.DOCUMENTED_READ, clause, expected, not problem, problem, due=due, subject=about)


def judge_unreadable(exchange: Exchange, operation: Operation, clause: str, kind: str, text: str = "") -> Judgement:
    """Judge whether a read that the key may not make is not answered.

    Args:
        kind: whose key it is, in words.
        text: what the answer would hold if it were about what may not be read; an ID may name something else to another
            organization.
    """
    about, observed = Subject(place=operation.path, kind=kind), f"answered {exchange.answer}"
    held = exchange.refused or exchange.body in (MISSING, None) or text not in exchange.text
    return judge(Expectation.UNREADABLE, clause, "a 4xx", held, observed, due=("4xx",), subject=about)


def judge_page(exchange: Exchange, operation: Operation, clause: str, offset: int, first: str | None) -> Judgement:
    """Judge whether a page begins where it was asked to, and counts at least the records up to its end.

    Args:
        first: the ID of the record with which it has to begin; None where that is not known.
    """
    records, total = profile.page_records(exchange.body) or [], profile.page_total(exchange.body)
    shown = profile.record_id(records[0]) if records else "nothing"
    end = offset + len(records)
    other = first is not None and shown != first
    problem = f"it begins with another record than the one at offset {offset} of the list" if other else ""
    if not problem and total is not None and total < end:
        problem = f"{profile.TOTAL_COUNT} {total}, though it ends with record {end}"
    expected, about = f"the page at offset {offset}", Subject(place=operation.path)
    return judge(Expectation.PAGE_BEGINS, clause, expected, not problem, problem, due=("200",), subject=about)


def judge_options(exchange: Exchange, clause: str) -> Judgement:
    """Judge whether the options of each select that the definitions list have IDs of their own."""
    fields = read_definitions(exchange.body).fields.values()
    ids = {field.pointer: [option.id for option in field.options if option.id] for field in fields}
    shared = [pointer for pointer, own in ids.items() if len(set(own)) < len(own)]
    expected, about = "an ID of its own for each option of a select", Subject(place=shared[0] if shared else "")
    return judge(Expectation.OPTION_IDS, clause, expected, not shared, f"shared at {', '.join(shared)}", subject=about)


def _misread(contract: Contract, exchange: Exchange, operation: Operation) -> str:
    """What is wrong with the answer to a read; "" for nothing."""
    if exchange.status == 200 and exchange.body is MISSING:
        return f"no JSON: {exchange.text[:80]}"
    if exchange.status != 200:
        return f"answered {exchange.answer}: {exchange.text[:80]}"
    error = next(Validator(operation.response_schema).errors(exchange.body), None)
    if error is not None:
        place = join("", *map(str, error.absolute_path))
        return f"{place}: {describe_error(error)[0]}" if place else describe_error(error)[0]
    if operation == contract.collection.definitions:
        return _misdefined(contract, exchange.body)
    asked = _number_of(exchange, profile.LIMIT)
    records = profile.page_records(exchange.body) or []
    return f"{len(records)} records where limit={asked} was asked for" if asked and len(records) > asked else ""


def _misdefined(contract: Contract, body: Any) -> str:
    """What is wrong with definitions of the documented form; "" for nothing."""
    named = str(body.get(profile.OBJECT_TYPE, ""))
    if named.casefold() != contract.collection.object_type.casefold():
        return f"{profile.OBJECT_TYPE} is {quote_json(named)}, expected {contract.collection.object_type}"
    known = read_definitions(body).fields
    selects = [place for place in contract.value_places if place.required and place.role is Role.OPTION]
    bare = [place.key for place in selects if place.key not in known or not known[place.key].options]
    return f"no options for the required {', '.join(bare)}" if bare else ""


def _number_of(exchange: Exchange, name: str) -> int:
    """The number that a read's query gives a parameter; 0 for none."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(exchange.url).query)
    text = query.get(name, ["0"])[0]
    return int(text) if text.isdecimal() else 0


def _judge_answered(exchange: Exchange, own: str) -> Judgement:
    """Whether an answer came."""
    touched = (own,) if own else ()
    held, observed = bool(exchange.status), exchange.failure
    return judge(Expectation.ANSWERED, "operation:answers", "an HTTP response", held, observed, touched=touched)


def _judge_json(exchange: Exchange) -> Judgements:
    """Whether what is JSON at all is the JSON of RFC 8259, and names each member once."""
    if exchange.body is MISSING:
        return
    strays, repeated = read_strictly(exchange.text, exchange.body)
    expected = "JSON of RFC 8259: no NaN, no Infinity, no byte order mark"
    yield judge(Expectation.JSON_TEXT, "answer:json", expected, not strays, f"it holds {', '.join(strays)}")
    expected = "objects that have each member once"
    yield judge(Expectation.MEMBERS_ONCE, "answer:members", expected, not repeated, f"twice: {', '.join(repeated)}")


def _judge_no_key_shown(exchange: Exchange) -> Judgement:
    """Whether the answer holds no API key."""
    held, expected = not exchange.leaked, "an answer that holds no API key"
    return judge(Expectation.NO_KEY_SHOWN, "refusal:no-key", expected, held, "an API key")


def _is_counted(contract: Contract, exchange: Exchange) -> bool:
    """Whether it is an answer of an endpoint of Write, Read or Search to a known key, which counts against a limit."""
    own = contract.collection
    if not exchange.authorized or exchange.status == _UNAUTHORIZED:
        return False
    if exchange.method == "POST":
        return exchange.path == contract.create.path
    reads = [each.path.split("/") for each in (own.definitions, own.list, own.retrieve) if each is not None]
    asked = exchange.path.partition("?")[0].split("/")
    known = any(len(path) == len(asked) and path[:-1] == asked[:-1] for path in reads)
    return exchange.method == "GET" and known and exchange.status not in _NOT_OFFERED


def _judge_limit_headers(exchange: Exchange) -> Judgement:
    """Whether there are the three headers, each a number."""
    problem, about = _wrong_limit(exchange), Subject(kind="a read") if exchange.method == "GET" else NO_SUBJECT
    expected = "three X-RateLimit headers, each a number: limit, remaining within it, Unix seconds of the reset"
    return judge(Expectation.LIMIT_HEADERS, "limits:headers", expected, not problem, problem, subject=about)


def _wrong_limit(exchange: Exchange) -> str:
    """What is wrong with the rate limit that an answer announces; "" for nothing."""
    said = {name: exchange.response_headers.get(name) for name in _LIMIT_HEADERS}
    if absent := [name for name, text in said.items() if text is None]:
        return f"no header {', '.join(absent)}"
    if bad := [name for name, text in said.items() if not _is_number(text)]:
        return f"not a number: {', '.join(bad)}"
    limit, remaining, reset = (float(text or "") for text in said.values())
    if not limit.is_integer() or not remaining.is_integer() or limit < 1 or not 0 <= remaining <= limit:
        return f"{remaining:g} of {limit:g} remaining"
    # Of a request that moves the target's clock, the limit and the answer may each go by either clock.
    clocks = (exchange.sent_at, exchange.sent_at + exchange.later, read_date(exchange.response_headers.get("date")))
    away = min(abs(reset - clock) for clock in clocks if clock is not None)
    return f"a reset {away:.0f} s away, in Unix seconds" if away > _DAY else ""


def judge_retry_after(exchange: Exchange) -> Judgement:
    """Judge whether each 429 on the way to the answer said when to come back."""
    observed = f"{exchange.unreadable} of {exchange.limited} without a readable Retry-After"
    held = not exchange.unreadable
    return judge(Expectation.RETRY_AFTER, "limits:retry-after", "Retry-After with each 429", held, observed)


def judge_limit_status(exchange: Exchange) -> Judgement:
    """Judge whether a create that was refused for the rate limit got a 429."""
    held, observed = exchange.status == 429, f"answered {exchange.answer}"
    return judge(Expectation.LIMIT_STATUS, "limits:status", "refused with 429", held, observed, due=("429",))


def judge_separate(exchange: Exchange, kind: str) -> Judgement:
    """Judge whether a request was let in while an organization's creates were over their limit.

    Args:
        kind: what it is, in words.
    """
    held, observed = exchange.status != 429, "answered 429"
    about = Subject(kind=kind)
    return judge(Expectation.LIMIT_OF_ITS_OWN, "limits:separate", "a limit of its own", held, observed, subject=about)


def _judge_key_kept(exchange: Exchange) -> Judgement:
    """Whether the retry of a create with a new key, after a 429, did not find the key used up."""
    observed = f"answered {exchange.answer}"
    return judge(Expectation.KEY_KEPT, "idempotency:rate-limited", "created after a 429", exchange.status != 409, observed)


def _is_number(text: str | None) -> bool:
    try:
        return float(text or "") >= 0
    except ValueError:
        return False
