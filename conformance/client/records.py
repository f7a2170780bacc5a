"""Turns what a scenario showed into what the verdicts are made of, in the form that the judges of servers use."""

from __future__ import annotations

import http
import json
from collections.abc import Iterable, Sequence
from typing import Any

from ...reference.arrival import Arrival
from ..harness.judge.record import CaseRecord, Violation
from ..harness.wire.exchange import MISSING, Exchange
from ..harness.wire.redaction import Redactor, Secret
from .judging import Check, Judge
from .scenario import Evidence
from .trouble import Trouble

__all__ = ["case_name", "make_record", "record_end"]

_ROOT = "http://127.0.0.1:8765"
"""Where requests are shown to go: `serve --scenario` listens there, and a scenario's own port is another one each time."""
_SHOWN = 3
"""How many requests of one finding are shown."""


def case_name(scenario: str) -> str:
    """The name of a scenario as a case of a run."""
    return f"client::{scenario}"


def make_record(evidence: Evidence, judges: Iterable[Judge]) -> CaseRecord:
    """What a scenario showed of the clauses of these judges."""
    redactor = Redactor([Secret(evidence.api_key, "LIGHTFIELD_API_KEY")])
    record = CaseRecord()
    for judge in judges:
        if judge.wants(evidence.name):
            _add(record, judge.clause, tuple(judge.look(evidence)), evidence, redactor)
    for number, played in enumerate(evidence.played, 1):
        record.exchanges += [_exchange(arrival, evidence, redactor) for arrival in played.arrivals]
        if played.answer is not None and played.answer.unsupported:
            record.seen.append((f"not supported: {evidence.name} {number}", redactor.text(played.answer.unsupported)[:200]))
    if evidence.name in ("unavailable", "lost-answer"):
        record.seen.append((f"attempts in the scenario {evidence.name}", str(len(evidence.creates))))
    return record


def record_end(troubles: Sequence[Trouble], logged: str, clauses: frozenset[str], redactor: Redactor) -> CaseRecord:
    """What the end of the command, and all that it logged, showed.

    Args:
        clauses: those that the run judges.
    """
    record = CaseRecord()
    expected = {
        "command:once": "nothing on standard output besides one answer to each message",
        "command:ends": "the command ends with its standard input, and nothing of it goes on",
    }
    for clause in expected.keys() & clauses:
        found = [trouble for trouble in troubles if trouble.kind.clause == clause]
        for trouble in found[:1]:
            record.violations.append(Violation(clause, expected[clause], f"the command {redactor.text(trouble.text)}", ()))
        if not found:
            record.keep(clause)
    if "manners:key-hidden" in clauses:
        if redactor.holds(logged):
            told = "the key stands in what the command printed to standard error"
            record.violations.append(Violation("manners:key-hidden", "no key in what is logged", told, ()))
        else:
            record.keep("manners:key-hidden")
    return record


def _add(record: CaseRecord, clause: str, checks: Sequence[Check], evidence: Evidence, redactor: Redactor) -> None:
    """Keeps the first broken check of a clause, which shows it as well as the others would."""
    broken = next((each for each in checks if each.problem), None)
    if broken is None:
        for _ in checks:
            record.keep(clause)
        return
    exchanges = tuple(_exchange(arrival, evidence, redactor) for arrival in broken.arrivals[-_SHOWN:])
    problem = redactor.text(broken.problem)
    record.violations.append(Violation(clause, broken.expected, problem, exchanges, label=evidence.name))


def _exchange(arrival: Arrival, evidence: Evidence, redactor: Redactor) -> Exchange:
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
