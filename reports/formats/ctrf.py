"""Renders a result in the Common Test Report Format (https://ctrf.io), one test per clause."""

from __future__ import annotations

import datetime
import json
from typing import Any

from ..digest import clause_evidence, clause_message, headline
from ..format import Format
from ..inert import inert
from ..model import ClauseResult, Result, Verdict

__all__ = ["FORMAT", "render_ctrf"]

_SPECIFICATION = "0.1.0"
_STATUSES = {
    Verdict.OBSERVED: "passed",
    Verdict.CONFORMS: "passed",
    Verdict.NOT_VERIFIED: "skipped",
    Verdict.ADVICE: "passed",
    Verdict.KNOWN_FAILING: "other",
    Verdict.VIOLATED: "failed",
}
_FAIL_UNDER_STRICT = frozenset({Verdict.NOT_VERIFIED, Verdict.ADVICE})


def render_ctrf(result: Result) -> str:
    """Return the JSON text, in ASCII."""
    tests = [_test(clause, result) for clause in result.clauses]
    name, _, version = result.run.tool.rpartition(" ")
    document = {
        "reportFormat": "CTRF",
        "specVersion": _SPECIFICATION,
        "results": {
            "tool": {"name": inert(name or version), "version": inert(version)},
            "summary": _summary(result, tests),
            "tests": tests,
            "environment": {
                "appName": inert(result.run.contract),
                "appVersion": inert(result.run.edition),
                "extra": _extra(result),
            },
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


FORMAT = Format("ctrf", "ctrf.json", render_ctrf)


def _summary(result: Result, tests: list[dict[str, Any]]) -> dict[str, int]:
    start = _milliseconds(result.run.started_at)
    statuses = [test["status"] for test in tests]
    return {
        "tests": len(tests),
        **{status: statuses.count(status) for status in ("passed", "failed", "skipped", "pending", "other")},
        "suites": len({clause.section for clause in result.clauses}),
        "start": start,
        "stop": start + round(result.run.seconds * 1000),
    }


def _milliseconds(moment: str) -> int:
    try:
        return round(datetime.datetime.fromisoformat(moment).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def _test(clause: ClauseResult, result: Result) -> dict[str, Any]:
    strict = result.run.strict and clause.verdict in _FAIL_UNDER_STRICT
    seconds = sum(exchange.seconds for finding in result.findings_of(clause) for exchange in finding.exchanges)
    test = {
        "name": inert(clause.id),
        "status": "failed" if strict else _STATUSES[clause.verdict],
        "duration": round(seconds * 1000),
        "suite": [inert(result.run.contract), inert(clause.section)],
        "rawStatus": str(clause.verdict),
        "tags": [clause.level, clause.basis],
        "extra": {"statement": inert(clause.statement), "source": inert(clause.source), "checks": clause.checks},
    }
    if clause.findings or clause.reason:
        test["message"] = clause_message(result, clause)
    if clause.findings:
        test["trace"] = clause_evidence(result, clause)
    return test


def _extra(result: Result) -> dict[str, Any]:
    run = result.run
    return {
        "target": inert(run.target),
        "depth": inert(run.depth),
        "basis": inert(run.basis),
        "seed": run.seed,
        "marker": inert(run.marker),
        "verdict": inert(str(headline(result))),
    }
