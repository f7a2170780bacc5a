"""What every answer must be, whatever was asked; and what a 429 must say and leave alone (contract 3, 4 and 6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from ....reports import ExchangeRole
from ....spec import Contract, rate_limit
from ..wire.exchange import MISSING, Exchange
from ..wire.pacing import read_date
from ..wire.trouble import trouble
from .expectation import Expectation
from .judgement import NO_SUBJECT, Evidence, Judgement, Judgements, Subject, judge
from .refusal import judge_error
from .strict_json import is_json_type, read_strictly
from .success import judge_status

__all__ = [
    "judge_every",
    "judge_limit_status",
    "judge_no_crash",
    "judge_retry_after",
    "judge_separate",
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
    """Judge whether each 429 on the way to the answer said when to come back; one that did not is the evidence."""
    shown, expected = exchange.unreadable, "Retry-After with each 429, in seconds or as a date"
    said = shown.response_headers.get("retry-after") if shown else None
    observed = "no Retry-After" if said is None else f"Retry-After: {said}"
    judgement = judge(Expectation.RETRY_AFTER, "limits:retry-after", expected, shown is None, observed)
    return dataclasses.replace(judgement, evidence=(Evidence(ExchangeRole.JUDGED, shown),)) if shown else judgement


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
