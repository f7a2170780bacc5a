"""What reads must be answered: documents of the documented form, to who may read."""

from __future__ import annotations

import urllib.parse
from typing import Any

from ....spec import Contract, Operation, Role, profile, read_definitions
from ....spec.pointer import join
from ....spec.validator import Validator
from ..wire.exchange import MISSING, Exchange
from .difference import quote_json
from .expectation import Expectation
from .judgement import Judgement, Subject, judge
from .shape import describe_error

__all__ = ["judge_key_information", "judge_options", "judge_page", "judge_read", "judge_unreadable"]


def judge_key_information(contract: Contract, exchange: Exchange, clause: str) -> Judgement:
    """Judge whether the validate endpoint says that a key is active, and names its scopes."""
    operation = contract.validate
    wrong = _misread(contract, exchange, operation) if operation is not None else "no such endpoint"
    if not wrong and not profile.key_is_active(exchange.body):
        wrong = "it does not call the key that was sent active"
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


def judge_missing(exchange: Exchange, operation: Operation, clause: str) -> Judgement:
    """Judge whether a read of an ID that names nothing is refused."""
    about, observed = Subject(place=operation.path, kind="an ID that names nothing"), f"answered {exchange.answer}"
    return judge(Expectation.NOTHING_READ, clause, "a 4xx", exchange.refused, observed, due=("4xx",), subject=about)


def judge_page(exchange: Exchange, operation: Operation, clause: str, offset: int, first: str | None) -> Judgement:
    """Judge whether a page begins where it was asked to, and counts at least the records up to its end.

    Args:
        first: the ID of the record with which it has to begin; None where that is not known.
    """
    records, total = profile.page_records(exchange.body) or [], profile.page_total(exchange.body)
    shown = profile.record_id(records[0]) if records else "nothing"
    end = offset + len(records)
    other = first is not None and shown != first
    problem = f"it does not begin with the record at offset {offset} of the list" if other else ""
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
