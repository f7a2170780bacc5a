"""What several reports say of a result: its verdict in a line, its clauses in groups, and what shows a clause broken."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from .evidence import answer_lines, header_lines, status_line
from .finding import Finding
from .inert import cut, inert, inert_block
from .lists import plural
from .model import Audit, AuditState, ClauseResult, Result, Verdict

__all__ = [
    "Headline",
    "Reason",
    "audit_line",
    "by_reason",
    "by_section",
    "case_names",
    "clause_evidence",
    "clause_message",
    "clauses_of",
    "headline",
    "of_verdict",
    "plural",
    "verdict_of",
]

_BODY = 4096
_LINES = 30
"""Lines of an answer's body."""
_MOST_FINDINGS = 20
_MOST_CASES = 5

_REST = (Verdict.NOT_VERIFIED, Verdict.ADVICE, Verdict.KNOWN_FAILING, Verdict.OBSERVED)
_NOT_VERIFIED = 5
"""The exit status of a run in which nothing was verified, or which did not come to its end."""


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


def of_verdict(result: Result, verdict: Verdict) -> tuple[ClauseResult, ...]:
    """Return the clauses of one verdict, in the contract's order."""
    return tuple(clause for clause in result.clauses if clause.verdict is verdict)


def verdict_of(result: Result, finding: Finding) -> Verdict:
    """Return the verdict of the clause that a finding is blamed on."""
    return next((clause.verdict for clause in result.clauses if clause.id == finding.clause), Verdict.VIOLATED)


def clauses_of(result: Result, finding: Finding) -> tuple[list[str], list[str]]:
    """Return the clauses of a finding that have the verdict of the blamed one; then others that are broken, with theirs."""
    verdicts, verdict = {clause.id: clause.verdict for clause in result.clauses}, verdict_of(result, finding)
    alike = [each for each in finding.clauses if verdicts.get(each, verdict) is verdict]
    others = [each for each in finding.clauses if each not in alike and verdicts[each] is not Verdict.CONFORMS]
    return alike, [f"{each} ({verdicts[each]})" for each in others]


def by_section(clauses: Iterable[ClauseResult]) -> dict[str, list[ClauseResult]]:
    """Return the clauses under their section's title, both in the order given."""
    sections: dict[str, list[ClauseResult]] = {}
    for clause in clauses:
        sections.setdefault(clause.section, []).append(clause)
    return sections


def by_reason(result: Result) -> tuple[Reason, ...]:
    """Return the clauses that are not verified, grouped by reason; the reason that costs most clauses first."""
    groups: dict[tuple[str, str], list[ClauseResult]] = {}
    for clause in of_verdict(result, Verdict.NOT_VERIFIED):
        groups.setdefault((clause.reason or "no reason was given", clause.remedy), []).append(clause)
    reasons = [Reason(reason, remedy, tuple(clauses)) for (reason, remedy), clauses in groups.items()]
    return tuple(sorted(reasons, key=lambda group: -len(group.clauses)))


def _tally(result: Result, *verdicts: Verdict) -> str:
    """How many clauses have each of these verdicts, in words; verdicts that none has are left out."""
    counts = result.counts()
    words = {Verdict.CONFORMS: "conform", Verdict.ADVICE: "with advice"}
    parts = [f"{counts[verdict]:,} {words.get(verdict, str(verdict))}" for verdict in verdicts if counts[verdict]]
    return ", ".join(parts)


def headline(result: Result) -> Headline:
    """Return the run's outcome; the worst thing that can be said of it comes first."""
    counts, run = result.counts(), result.run
    total = plural(len(result.clauses), "clause")
    rest = _tally(result, Verdict.CONFORMS, *_REST)
    if run.interrupted:
        return Headline("interrupted", f"of {total} {_tally(result, *reversed(Verdict))}", good=False)
    if counts[Verdict.VIOLATED]:
        violated = f"{counts[Verdict.VIOLATED]:,} of {total} violated"
        return Headline("violates", f"{violated}; {rest}" if rest else violated, good=False)
    if not any(counts[verdict] for verdict in (Verdict.CONFORMS, Verdict.ADVICE, Verdict.KNOWN_FAILING)):
        return Headline("nothing verified", f"none of {total} could be judged", good=False)
    if run.strict and counts[Verdict.ADVICE] + counts[Verdict.NOT_VERIFIED]:
        return Headline("fails under strict", f"of {total} {rest}", good=False)
    if run.exit_status == _NOT_VERIFIED:
        return Headline("not verified", f"{_first(result)}; of {total} {rest}", good=False)
    if run.exit_status:
        return Headline("fails", f"exit status {run.exit_status}, see the notes; of {total} {rest}", good=False)
    others = _tally(result, *_REST)
    kept = f"{counts[Verdict.CONFORMS]:,} of {total} conform"
    if 2 * counts[Verdict.NOT_VERIFIED] > len(result.clauses):
        return Headline("mostly not verified", f"{kept}, {others}", good=False)
    return Headline("conforms", f"{kept}, {others}" if others else kept, good=True)


def _first(result: Result) -> str:
    """The first note, which says why a run came to nothing."""
    return result.notes[0] if result.notes else "see the notes"


def audit_line(audit: Audit) -> str:
    """Return the audit in one sentence."""
    if audit.state is AuditState.NOT_VERIFIED:
        return f"{audit.state}: {audit.reason}"
    sent = f"{plural(audit.attempts, 'create')} sent"
    numbers = f"{sent}, {plural(audit.accepted, 'record')} named in answers, {audit.found:,} found"
    if audit.state is AuditState.MATCH:
        return f"{audit.state}: {numbers}"
    off = {"unaccounted for": len(audit.unaccounted), "missing": len(audit.missing)}
    counts = [f"{plural(count, 'record')} {word}" for word, count in off.items() if count]
    return f"{', '.join(counts) or audit.state}: {numbers}"


def case_names(finding: Finding, most: int = _MOST_CASES) -> str:
    """Return the names of the test cases that showed a finding, the first few of many."""
    names = ", ".join(finding.cases[:most])
    more = len(finding.cases) - most
    return f"{names} and {more:,} more" if more > 0 else names


def clause_message(result: Result, clause: ClauseResult) -> str:
    """Return the verdict and what it rests on, in one line."""
    if clause.verdict in {Verdict.NOT_VERIFIED, Verdict.KNOWN_FAILING}:
        text = f"{clause.verdict}: {clause.reason or 'no reason was given'}"
        return inert(f"{text}; {clause.remedy}" if clause.remedy else text)
    findings = result.findings_of(clause)
    return inert(f"{clause.verdict}: {findings[0].cause if findings else clause.statement}")


def clause_evidence(result: Result, clause: ClauseResult) -> str:
    """Return statement, source and findings, each with what was expected, observed, sent and answered."""
    findings = result.findings_of(clause)
    texts = [_evidence(finding) for finding in findings[:_MOST_FINDINGS]]
    if len(findings) > len(texts):
        texts.append(f"and {plural(len(findings) - len(texts), 'more finding')}")
    return "\n\n".join([inert(clause.statement), f"source: {inert(clause.source)}", *texts])


def _evidence(finding: Finding) -> str:
    lines = [
        inert(finding.cause),
        f"clauses: {inert(', '.join(finding.clauses))}",
        f"case: {inert(case_names(finding))}",
        f"expected: {inert(finding.expected)}",
        f"observed: {inert(finding.observed)}",
    ]
    if exchange := finding.judged:
        shown = [*header_lines(finding), *answer_lines(finding, _LINES)]
        lines += [f"sent:\n{inert_block(cut(exchange.request.curl, _BODY))}", f"answer: {inert(status_line(exchange))}"]
        lines += [inert_block("\n".join(shown))] if shown else []
    if finding.example:
        lines.append(f"smallest example: {inert_block(cut(finding.example, _BODY))}")
    return "\n".join([*lines, f"rerun: {inert(finding.rerun)}"])
