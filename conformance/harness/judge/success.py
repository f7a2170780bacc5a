"""What the answer to an accepted create must be, whatever was sent: its status, its members and its clock."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ....spec import Contract, profile
from ....strategies import Workspace
from ..wire.exchange import MISSING, Exchange
from ..wire.pacing import read_date
from .difference import quote_json
from .expectation import Expectation
from .judgement import NO_SUBJECT, Judgement, Judgements, Subject, judge
from .moments import in_round_units
from .shape import RecordShape
from .strict_json import is_json_type
from .subject import about_place
from .values import parse_timestamp

__all__ = ["judge_status", "judge_success"]

_CLOCK_TOLERANCE = 300.0
"""Seconds (contract 11)."""


def judge_success(contract: Contract, workspace: Workspace, shape: RecordShape, exchange: Exchange) -> Judgements:
    """Judge all that a success must be, whatever was sent."""
    media_type = exchange.response_headers.get("content-type", "no Content-Type")
    is_json = is_json_type(media_type) and exchange.body is not MISSING
    yield judge_status(exchange)
    observed = f"{media_type}, {quote_json(exchange.text, 40)}"
    symptom = media_type if exchange.body is not MISSING else f"{media_type}, and no JSON"
    expected, kind = "application/json that holds JSON", Expectation.SUCCESS_MEDIA_TYPE
    yield judge(kind, "success:media-type", expected, is_json, observed, symptom=symptom)
    yield from shape.judge_members(exchange.body)
    if isinstance(exchange.body, dict):
        yield from _judge_clock(contract, exchange)
        yield from shape.judge_values(contract, workspace, exchange.body)
        yield _judge_defined(contract, workspace, exchange.body)


def judge_status(exchange: Exchange) -> Judgement:
    """Judge whether a success says so with 200."""
    status = exchange.status
    return judge(Expectation.SUCCESS_STATUS, "success:status", "200", status == 200, str(status), due=("200",))


def _judge_defined(contract: Contract, workspace: Workspace, record: Any) -> Judgement:
    """Judge whether value types, cardinalities and object types are those that the live definitions say."""
    differing = next(_differing(workspace, record), None)
    pointer, expected, observed = differing or ("", "types as the definitions have them", "")
    about = about_place(contract, workspace, pointer) if differing else NO_SUBJECT
    return judge(Expectation.AS_DEFINED, "definitions:agree", expected, not differing, observed, subject=about)


def _differing(workspace: Workspace, record: Any) -> Iterator[tuple[str, str, str]]:
    """Place, what is due and what is there, of each member that says something else than its definition."""
    for value in profile.answered_values(record):
        field = workspace.fields.get(value.key)
        if field and field.value_type and isinstance(value.value_type, str) and value.value_type != field.value_type:
            yield value.pointer, f"{profile.VALUE_TYPE} {field.value_type}", value.value_type
    for links in profile.answered_links(record):
        link = workspace.relationships.get(links.key)
        pairs = ((profile.CARDINALITY, links.cardinality), (profile.OBJECT_TYPE, links.object_type)) if link else ()
        for name, shown in pairs:
            due = link.cardinality if link and name == profile.CARDINALITY else link.object_type if link else ""
            shown = shown.lower() if name == profile.CARDINALITY and isinstance(shown, str) else shown
            if due and isinstance(shown, str) and shown != due:
                yield links.pointer, f"{name} {due}", shown


def _judge_clock(contract: Contract, exchange: Exchange) -> Judgements:
    properties: Mapping[str, Any] = contract.create.response_schema["properties"]
    for key in (key for key, schema in properties.items() if schema.get("format") == "date-time"):
        text = exchange.body.get(key)
        moment = parse_timestamp(text)
        if moment is None:
            continue
        about = Subject(place=f"/{key}")
        has_offset = moment.tzinfo is not None
        expected = f"{key} with an offset or Z"
        kind, clause = Expectation.TIME_WITH_OFFSET, "success:timestamp-offset"
        yield judge(kind, clause, expected, has_offset, str(text), symptom="no offset and no Z", subject=about)
        date = read_date(exchange.response_headers.get("date"))
        seconds = (moment if has_offset else moment.replace(tzinfo=datetime.UTC)).timestamp()
        away = seconds - (time.time() if date is None else date)
        symptom = f"{in_round_units(abs(away))} {'ahead of' if away > 0 else 'behind'} the clock"
        near, observed = abs(away) <= _CLOCK_TOLERANCE, f"{text}, {abs(away):.0f} s {'ahead' if away > 0 else 'behind'}"
        # By the answer's own clock it is a MUST, by ours a SHOULD; one of the two is compared (contract 11).
        comparable = has_offset and date is not None
        expected = f"{key} within {_CLOCK_TOLERANCE:g} s of the Date header"
        held = near or not comparable
        kind, clause = Expectation.TIME_NEAR_DATE, "success:timestamp-date"
        yield judge(kind, clause, expected, held, observed, symptom=symptom, subject=about)
        expected, held = f"{key} within {_CLOCK_TOLERANCE:g} s of our clock", near or comparable
        kind, clause = Expectation.TIME_NEAR_CLOCK, "success:timestamp-clock"
        yield judge(kind, clause, expected, held, observed, symptom=symptom, subject=about)
