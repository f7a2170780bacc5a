"""What the answer to an accepted create must be: its status, its shape, its clock, and the echo of what was sent."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping
from typing import Any

from ....spec import Contract, profile
from ....spec.pointer import ABSENT, last_segment
from ....strategies import Workspace
from ..wire.exchange import MISSING, Exchange
from ..wire.pacing import read_date
from .judgement import Judgement, Judgements, judge
from .shape import RecordShape, show
from .values import parse_timestamp, same_links, same_value

__all__ = ["judge_echo", "judge_success"]

_CLOCK_TOLERANCE = 300.0
"""Seconds (contract 11)."""


def judge_success(contract: Contract, shape: RecordShape, exchange: Exchange) -> Judgements:
    """All that a success must be, whatever was sent."""
    media_type = exchange.response_headers.get("content-type", "no Content-Type")
    is_json = media_type.split(";")[0].strip().lower() == "application/json" and exchange.body is not MISSING
    yield judge("success:status", "200", exchange.status == 200, str(exchange.status))
    yield judge("success:media-type", "application/json that holds JSON", is_json, f"{media_type}, {exchange.text[:40]!r}")
    yield from shape.judge_members(exchange.body)
    if isinstance(exchange.body, dict):
        yield from _judge_clock(contract, exchange)
        yield from shape.judge_values(exchange.body)


def judge_echo(contract: Contract, workspace: Workspace, sent: Any, record: Any, clause: str = "") -> Judgements:
    """Whether a record holds what was sent.

    Args:
        clause: the clause to judge by; each place's own one when left out.
    """
    named = {place.pointer for place in contract.places}
    for pointer, value in profile.sent_members(sent):
        shown = profile.read_back(record, pointer)
        if shown is not ABSENT:
            judge_member = _judge_links if profile.holds_links(pointer) else _judge_value
            own = clause or (f"echo:{pointer}" if pointer in named else "")
            yield judge_member(contract, workspace, pointer, value, shown, own)


def _judge_value(contract: Contract, workspace: Workspace, pointer: str, value: Any, shown: Any, clause: str) -> Judgement:
    defined = workspace.fields.get(last_segment(pointer))
    named = next((place.value_type for place in contract.value_places if place.pointer == pointer), None)
    value_type = named or (defined.value_type if defined else None)
    # Options that only the user named are not all there are, so a value that is none of them would say nothing.
    held = same_value(value_type, value, shown, defined.options if defined else ())
    return judge(clause or f"custom:{value_type}", _comes_back(pointer, value), held, show(shown))


def _judge_links(_: Contract, __: Workspace, pointer: str, value: Any, shown: Any, clause: str) -> Judgement:
    held = same_links(value, shown) or (not value and not shown)
    return judge(clause or "link:custom", _comes_back(pointer, value), held, show(shown))


def _comes_back(pointer: str, value: Any) -> str:
    return f"{profile.place_param(pointer)} comes back as {show(value)}"


def _judge_clock(contract: Contract, exchange: Exchange) -> Judgements:
    properties: Mapping[str, Any] = contract.create.response_schema["properties"]
    for key in (key for key, schema in properties.items() if schema.get("format") == "date-time"):
        told = exchange.body.get(key)
        moment = parse_timestamp(told)
        if moment is None:
            continue
        yield judge("success:timestamp-offset", f"{key} with an offset or Z", moment.tzinfo is not None, str(told))
        away = abs((moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp() - _now(exchange))
        expected = f"{key} within {_CLOCK_TOLERANCE:g} s of the clock"
        yield judge("success:timestamp-clock", expected, away <= _CLOCK_TOLERANCE, f"{told}, {away:.0f} s away")


def _now(exchange: Exchange) -> float:
    told = read_date(exchange.response_headers.get("date"))
    return time.time() if told is None else told
