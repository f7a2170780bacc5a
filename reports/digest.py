"""Facts that several reports tell about a result: its one-line verdict, its clauses by verdict, reason and section."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from .model import Audit, ClauseResult, Exchange, Result, Verdict

__all__ = [
    "Headline",
    "Reason",
    "audit_line",
    "by_reason",
    "by_section",
    "headline",
    "judged",
    "of_verdict",
    "plural",
    "tally",
]


@dataclasses.dataclass(frozen=True)
class Headline:
    """A run in one line: `word` is the outcome, `detail` the numbers; `good` says which colour it gets."""

    word: str
    detail: str
    good: bool

    def __str__(self) -> str:
        return f"{self.word}: {self.detail}"


@dataclasses.dataclass(frozen=True)
class Reason:
    """The clauses that are not verified for one and the same reason."""

    reason: str
    remedy: str
    clauses: tuple[ClauseResult, ...]


def plural(count: int, noun: str) -> str:
    """`1 clause`, `2 clauses`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def of_verdict(result: Result, verdict: Verdict) -> tuple[ClauseResult, ...]:
    """The clauses of one verdict, in the contract's order."""
    return tuple(clause for clause in result.clauses if clause.verdict is verdict)


def by_section(clauses: Iterable[ClauseResult]) -> dict[str, list[ClauseResult]]:
    """The clauses under their section's title, both in the order given."""
    sections: dict[str, list[ClauseResult]] = {}
    for clause in clauses:
        sections.setdefault(clause.section, []).append(clause)
    return sections


def by_reason(result: Result) -> tuple[Reason, ...]:
    """The clauses that are not verified, grouped by reason; the reason that costs most clauses first."""
    groups: dict[tuple[str, str], list[ClauseResult]] = {}
    for clause in of_verdict(result, Verdict.NOT_VERIFIED):
        groups.setdefault((clause.reason or "no reason was given", clause.remedy), []).append(clause)
    reasons = [Reason(reason, remedy, tuple(clauses)) for (reason, remedy), clauses in groups.items()]
    return tuple(sorted(reasons, key=lambda group: -len(group.clauses)))


def judged(exchanges: tuple[Exchange, ...]) -> Exchange | None:
    """The exchange that a finding's verdict rests on: the last one."""
    return exchanges[-1] if exchanges else None


def tally(result: Result, *verdicts: Verdict) -> str:
    """How many clauses have each of these verdicts, in words; verdicts that none has are left out."""
    counts = result.counts()
    words = {Verdict.CONFORMS: "conform", Verdict.ADVICE: "with advice"}
    parts = [f"{counts[verdict]:,} {words.get(verdict, str(verdict))}" for verdict in verdicts if counts[verdict]]
    return ", ".join(parts)


def headline(result: Result) -> Headline:
    """The run's outcome; the worst thing that can be said of it comes first."""
    counts, run = result.counts(), result.run
    total = plural(len(result.clauses), "clause")
    rest = tally(result, Verdict.CONFORMS, Verdict.NOT_VERIFIED, Verdict.ADVICE, Verdict.KNOWN_FAILING)
    if run.interrupted:
        return Headline("interrupted", f"of {total} {tally(result, *reversed(Verdict))}", good=False)
    if counts[Verdict.VIOLATED]:
        return Headline("violates", f"{counts[Verdict.VIOLATED]:,} of {total} violated; {rest}", good=False)
    if not any(counts[verdict] for verdict in (Verdict.CONFORMS, Verdict.ADVICE, Verdict.KNOWN_FAILING)):
        return Headline("nothing verified", f"none of {total} could be judged", good=False)
    if run.strict and counts[Verdict.ADVICE] + counts[Verdict.NOT_VERIFIED]:
        return Headline("fails under strict", f"of {total} {rest}", good=False)
    if run.exit_status:
        return Headline("fails", f"exit status {run.exit_status}, see the notes; of {total} {rest}", good=False)
    others = tally(result, Verdict.NOT_VERIFIED, Verdict.ADVICE, Verdict.KNOWN_FAILING)
    kept = f"{counts[Verdict.CONFORMS]:,} of {total} conform"
    return Headline("conforms", f"{kept}, {others}" if others else kept, good=True)


def audit_line(audit: Audit) -> str:
    """The audit in one sentence."""
    sent = f"{plural(audit.attempts, 'create')} sent"
    numbers = f"{sent}, {plural(audit.accepted, 'record')} named in answers, {audit.found:,} found"
    if audit.state == "balanced":
        return f"balanced: {numbers}"
    if audit.state == "unbalanced":
        off = {"unaccounted for": len(audit.unaccounted), "missing": len(audit.missing)}
        return f"unbalanced: {numbers}; " + (
            ", ".join(f"{count:,} {word}" for word, count in off.items() if count) or audit.reason
        )
    return f"{audit.state}: {audit.reason}"
