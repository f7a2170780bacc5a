"""What the runs come to, row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from findings import Finding, new_findings
from judged import Kind
from right_place import names_place
from rows import ROWS, Row, Run

from lightfield_contract.reference.faults import fault
from lightfield_contract.spec import load

__all__ = ["Judged", "judge_runs", "remarks", "render"]

_HEAD = (
    "tool and settings",
    "faults found",
    "right place named",
    "false alarms",
    "requests per server",
    "creates accepted per server",
    "seconds per server",
)


@dataclasses.dataclass(frozen=True)
class Judged:
    """A run, and what it is worth.

    Attributes:
        found: of a fault, whether it was noticed; of a conforming server, whether it was blamed for anything.
        right: whether a report names what the fault is about.
    """

    run: Run
    found: bool
    right: bool = False


def judge_runs(runs: Sequence[Run]) -> tuple[Judged, ...]:
    """Judges each run but those against the reference itself, which say what the noise of their row is."""
    noise = {run.row: run.findings for run in runs if run.subject.kind is Kind.PLAIN}
    return tuple(_judge(run, noise.get(run.row, ())) for run in runs if run.subject.kind is not Kind.PLAIN)


def render(rows: Sequence[Row], judged: Sequence[Judged]) -> str:
    """The table, in Markdown."""
    cells = [_HEAD, *(_cells(row, [each for each in judged if each.run.row == row.name]) for row in rows)]
    lines = [f"| {' | '.join(line)} |" for line in cells]
    return "\n".join([lines[0], f"| --- |{' ---: |' * (len(_HEAD) - 1)}", *lines[1:]])


def remarks(runs: Sequence[Run]) -> str:
    """What the table does not show: what each row says of the reference itself, and the tools' own errors."""
    lines = []
    for run in [run for run in runs if run.subject.kind is Kind.PLAIN]:
        noise = sorted({f"{finding.check} at {finding.operation}" for finding in run.findings})
        failed = [each for each in runs if each.row == run.row and each.errors]
        lines += [f"- {run.row} on the reference itself: {', '.join(noise)}"] if noise else []
        lines += [f"- {run.row}: errors of its own in {len(failed)} runs: {failed[0].errors[0]}"] if failed else []
    return "\n".join(lines)


def _judge(run: Run, noise: Sequence[Finding]) -> Judged:
    if run.subject.kind is Kind.CONFORMING:
        return Judged(run, bool(run.findings))
    info, contract = fault(run.subject.id), load()
    if ROWS[run.row].depth:
        return Judged(run, bool(run.findings), any(finding.check in info.clauses for finding in run.findings))
    new = new_findings(run.findings, noise)
    clauses = [contract.clause(name) for name in info.clauses]
    return Judged(run, bool(new), any(names_place(finding, clause) for finding in new for clause in clauses))


def _cells(row: Row, judged: Sequence[Judged]) -> tuple[str, ...]:
    broken = [each for each in judged if each.run.subject.kind is Kind.FAULT]
    conforming = [each for each in judged if each.run.subject.kind is Kind.CONFORMING]
    runs = [each.run for each in judged]
    return (
        row.title,
        f"{sum(each.found for each in broken)} of {len(broken)}",
        f"{sum(each.right for each in broken)} of {len(broken)}",
        f"{sum(each.found for each in conforming)} of {len(conforming)}",
        _mean([run.requests for run in runs], 0),
        _mean([run.created for run in runs], 0),
        _mean([run.seconds for run in runs], 1),
    )


def _mean(values: Sequence[float], digits: int) -> str:
    return f"{sum(values) / len(values):.{digits}f}" if values else "-"
