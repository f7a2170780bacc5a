"""Turns what a scenario showed into what the verdicts are made of, in the form that the judges of servers use."""

from __future__ import annotations

import dataclasses
import hashlib
import http
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...reference.arrival import Arrival
from ...reports import ExchangeRole, Finding
from ..harness.judge.record import CaseRecord, timing_of
from ..harness.wire.exchange import MISSING, Exchange
from ..harness.wire.redaction import Redactor, Secret
from .judging import Check, Judge
from .scenario import ScenarioEvidence
from .trouble import CommandTrouble

__all__ = ["case_name", "make_record", "record_end"]

_ROOT = "http://127.0.0.1:8765"
"""Where requests are shown to go: `serve --scenario` listens there, and a scenario's own port is another one each time."""
_LONGEST_EXAMPLE = 20_000
_SHOWN = 3
"""How many requests of one finding are shown."""


def case_name(scenario: str) -> str:
    """The name of a scenario as a case of a run."""
    return f"client::{scenario}"


def make_record(evidence: ScenarioEvidence, judges: Iterable[Judge], *, full: bool = False) -> CaseRecord:
    """Return what a scenario showed of the clauses of these judges.

    Args:
        full: whether to add every exchange in full.
    """
    redactor = Redactor([Secret(evidence.api_key, "LIGHTFIELD_API_KEY")])
    case = case_name(evidence.name)
    looked = {judge: tuple(judge.look(evidence)) for judge in judges if judge.wants(evidence.name)}
    broken = {judge: next((each for each in checks if each.problem), None) for judge, checks in looked.items()}
    exchanges = [_exchange(arrival, evidence, redactor) for played in evidence.played for arrival in played.arrivals]
    return CaseRecord(
        case=case,
        kept=tuple((judge.clause, len(checks)) for judge, checks in looked.items() if checks and broken[judge] is None),
        findings=tuple(_finding(judge, found, evidence, redactor) for judge, found in broken.items() if found is not None),
        seen=tuple(_observations(evidence, redactor)),
        timings=tuple(timing_of(exchange, case) for exchange in exchanges),
        exchanges=tuple(exchange.to_transcript() for exchange in exchanges) if full else (),
    )


def record_end(troubles: Sequence[CommandTrouble], logged: str, clauses: frozenset[str], redactor: Redactor) -> CaseRecord:
    """Return what the end of the command, and all that it logged, showed.

    Args:
        clauses: those that the run judges.
    """
    expected = {
        "command:once": "nothing on standard output besides one answer to each message",
        "command:ends": "the command ends with its standard input, and nothing of it goes on",
        "manners:key-hidden": "no key in what is logged",
    }
    problems = {trouble.kind.clause: f"the command {redactor.text(trouble.text)}" for trouble in reversed(troubles)}
    if redactor.holds(logged):
        problems["manners:key-hidden"] = "the key stands in what the command printed to standard error"
    return CaseRecord(
        case=case_name("end"),
        kept=tuple((clause, 1) for clause in expected if clause in clauses and clause not in problems),
        findings=tuple(
            _made(clause, expected[clause], problems[clause], "end", ())
            for clause in expected
            if clause in clauses and clause in problems
        ),
    )


def _observations(evidence: ScenarioEvidence, redactor: Redactor) -> Iterator[tuple[str, str]]:
    for number, played in enumerate(evidence.played, 1):
        if played.answer is not None and played.answer.unsupported:
            yield f"not supported: {evidence.name} {number}", redactor.text(played.answer.unsupported)[:200]
    if evidence.name in ("unavailable", "lost-answer"):
        yield f"attempts in the scenario {evidence.name}", str(len(evidence.creates))


def _finding(judge: Judge, broken: Check, evidence: ScenarioEvidence, redactor: Redactor) -> Finding:
    """The first broken check of a clause in a scenario, which shows it as well as the others would."""
    exchanges = tuple(_exchange(arrival, evidence, redactor) for arrival in broken.arrivals[-_SHOWN:])
    made = _made(judge.clause, broken.expected, redactor.text(broken.problem), evidence.name, exchanges)
    situation = (evidence.scenario.statement.removesuffix("."),) if judge.scenarios else ()
    identity = _identity(judge.clause, evidence.name if judge.separate else "")
    way = evidence.name if judge.separate else ""
    return dataclasses.replace(made, id=identity, value=way, context=situation, symptom=broken.symptom)


def _made(clause: str, expected: str, problem: str, scenario: str, exchanges: tuple[Exchange, ...]) -> Finding:
    roles = [ExchangeRole.STEP] * (len(exchanges) - 1) + [ExchangeRole.JUDGED]
    return Finding(
        id=_identity(clause, ""),
        clauses=(clause,),
        cause=f"{problem}; expected: {expected}",
        expected=expected,
        observed=problem,
        expectation=clause,
        status_seen=exchanges[-1].status if exchanges else None,
        cases=(case_name(scenario),),
        example=exchanges[-1].content.decode("utf-8", "backslashreplace")[:_LONGEST_EXAMPLE] if exchanges else "",
        exchanges=tuple(each.to_transcript(role) for each, role in zip(exchanges, roles, strict=False)),
    )


def _identity(clause: str, way: str) -> str:
    return f"{clause}#{hashlib.sha256(json.dumps([clause, way]).encode()).hexdigest()[:12]}"


def _exchange(arrival: Arrival, evidence: ScenarioEvidence, redactor: Redactor) -> Exchange:
    """The request as reports show it, keys removed."""
    text = redactor.text(arrival.response_body.decode("utf-8", "replace"))
    content = redactor.text(arrival.body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return Exchange(
        number=f"{evidence.name}-{arrival.number}",
        method=arrival.method or "UNREADABLE",
        url=redactor.text(_ROOT + arrival.target),
        path=arrival.path,
        caller="client",
        headers=tuple((name, redactor.text(value)) for name, value in arrival.headers),
        content=content,
        sent=_json(content),
        stamp="",
        key=arrival.key,
        status=arrival.status,
        reason=http.HTTPStatus(arrival.status).phrase if arrival.status in set(http.HTTPStatus) else "",
        response_headers={name.lower(): value for name, value in arrival.response_headers},
        text=text,
        length=len(arrival.response_body),
        body=_json(arrival.response_body),
        failure=arrival.fate or ("" if arrival.status else "no answer was sent"),
        sent_at=arrival.sent_at,
        seconds=round((arrival.ended or arrival.at) - arrival.at, 6),
    )


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return MISSING
