"""Renders the closing summary of a run for a terminal."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator

from .digest import Reason, audit_line, by_reason, case_names, headline, of_verdict, plural, tally
from .finding import Finding, Transcript
from .inert import cut, inert
from .model import ClauseResult, Result, Verdict
from .terminal import Terminal, no_command

__all__ = ["render_summary"]

_SCREEN = 24
_BODY = 512
# A longer command is of no use in a terminal's scrollback; the JSON and HTML reports hold it whole.
_COMMAND = 4096
# Who breaks more clauses than this has one cause to look for, not a thousand lines to read.
_MOST_CLAUSES = 20


@dataclasses.dataclass(frozen=True)
class _Detail:
    """How much is shown of what is not verified and of what was observed; None for all."""

    ids: int | None
    observations: int
    remedies_only: bool = False


# A target that keeps its promises gets one screen, in the greatest detail that fits: what is least worth knowing goes first.
# When something is broken, nothing is left out.
_DETAILS = (
    _Detail(None, 8),
    _Detail(3, 4),
    _Detail(0, 4),
    _Detail(0, 2, remedies_only=True),
    _Detail(0, 0, remedies_only=True),
)


def render_summary(result: Result, width: int, color: bool) -> str:
    """Return the summary, without a line feed at the end.

    Args:
        width: columns; nothing but commands, which are to be pasted, is wider.
        color: whether to use ANSI colours.
    """
    terminal = Terminal(max(width, 40) - 1, color)  # the last column is kept for what `no_command` puts in
    top = [_head(result, terminal), *_failures(result, terminal)]
    lines: list[str] = []
    for detail in _DETAILS:
        lines = [*_joined([*top, *_gaps(result, terminal, detail)]), "", *_foot(result, terminal)]
        if len(top) > 1 or len(lines) <= _SCREEN:
            break
    return "\n".join(map(no_command, lines))


def _joined(blocks: Iterable[list[str]]) -> list[str]:
    """The blocks with an empty line before each but the first."""
    lines: list[str] = []
    for block in blocks:
        if block:
            lines += ["", *block] if lines else block
    return lines


def _head(result: Result, terminal: Terminal) -> list[str]:
    run = result.run
    traffic = f"{plural(run.writes, 'write')}, {plural(run.reads, 'read')}, {run.seconds:.1f} s"
    return [
        *terminal.wrap(f"{run.tool}: {run.contract} {run.edition} at {run.target}"),
        *terminal.wrap(f"depth {run.depth}, basis {run.basis}, seed {run.seed}, {traffic}"),
    ]


def _failures(result: Result, terminal: Terminal) -> Iterator[list[str]]:
    """One block per clause that the target breaks."""
    renderings: dict[Verdict, Callable[[Result, ClauseResult, Terminal], list[str]]] = {
        Verdict.VIOLATED: _violated,
        Verdict.KNOWN_FAILING: _known_failing,
        Verdict.ADVICE: _advice,
    }
    for verdict, render in renderings.items():
        clauses = of_verdict(result, verdict)
        for index, clause in enumerate(clauses):
            heading = [terminal.heading(verdict, len(clauses)), ""] if index == 0 else []
            yield heading + (render(result, clause, terminal) if index < _MOST_CLAUSES else _title(clause, terminal))


def _title(clause: ClauseResult, terminal: Terminal) -> list[str]:
    return [terminal.bold(inert(clause.id)), *terminal.wrap(clause.statement, indent=2)]


def _violated(result: Result, clause: ClauseResult, terminal: Terminal) -> list[str]:
    findings = result.findings_of(clause)
    lines = [*_title(clause, terminal), *terminal.field("source", f"{clause.source} ({clause.level}, {clause.basis})")]
    for finding in findings[:1]:
        lines += _finding(finding, terminal)
    for finding in findings[1:6]:
        lines += terminal.field("also", f"{finding.case}: {finding.observed}")
    if len(findings) > 6:
        lines += terminal.field("", f"and {len(findings) - 6:,} more, in the JSON and HTML reports")
    return lines


def _finding(finding: Finding, terminal: Terminal) -> list[str]:
    lines = [*terminal.field("expected", finding.expected), *terminal.field("observed", finding.observed)]
    lines += terminal.field("cases", case_names(finding, 1)) if len(finding.cases) > 1 else []
    if exchange := finding.judged:
        earlier = len(finding.exchanges) - 1
        lines += (
            terminal.field("before", f"{plural(earlier, 'request')} that led here, in the JSON and HTML reports")
            if earlier
            else []
        )
        lines += _sent(exchange, terminal)
        lines += _answer(exchange, terminal)
    if finding.example:
        lines += terminal.field("smallest", cut(finding.example, _BODY), verbatim=True)
    return [*lines, *terminal.command("rerun", inert(finding.rerun))]


def _sent(exchange: Transcript, terminal: Terminal) -> list[str]:
    if len(exchange.request.curl) > _COMMAND:
        request = exchange.request
        return terminal.field(
            "sent", f"{request.method} {request.url} with a body too long to show; the JSON report holds it"
        )
    return terminal.command("sent", exchange.request.curl)


def _answer(exchange: Transcript, terminal: Terminal) -> list[str]:
    if exchange.response is None:
        return terminal.field("answer", f"none: {exchange.failure}")
    response = exchange.response
    status = f"{response.status} {response.reason}".strip()
    lines = terminal.field("answer", f"{status}, {plural(response.length, 'byte')}, {exchange.seconds * 1000:.0f} ms")
    return lines + (terminal.field("", cut(response.body, _BODY), verbatim=True) if response.body else [])


def _known_failing(_: Result, clause: ClauseResult, terminal: Terminal) -> list[str]:
    return [*_title(clause, terminal), *(terminal.field("reason", clause.reason) if clause.reason else [])]


def _advice(result: Result, clause: ClauseResult, terminal: Terminal) -> list[str]:
    lines = _title(clause, terminal)
    for finding in result.findings_of(clause)[:1]:
        lines += [*terminal.field("observed", finding.observed), *terminal.command("rerun", inert(finding.rerun))]
    return lines


def _gaps(result: Result, terminal: Terminal, detail: _Detail) -> Iterator[list[str]]:
    """What is not verified, what was observed, and the run's notes."""
    reasons = by_reason(result)
    if reasons:
        heading = terminal.heading(Verdict.NOT_VERIFIED, sum(len(reason.clauses) for reason in reasons))
        yield [heading, *(line for reason in reasons for line in _reason(reason, terminal, detail))]
    seen = result.observations[: detail.observations]
    if seen:
        lines = [
            line for item in seen for line in terminal.wrap(f"{item.point}: {item.observed}{_times(item.count)}", 2, hang=2)
        ]
        more = len(result.observations) - len(seen)
        yield [terminal.heading("observations", len(result.observations)), *lines, *([f"  and {more} more"] if more else [])]
    if result.notes:
        yield [line for note in result.notes for line in terminal.wrap(f"note: {note}", hang=6)]


def _reason(reason: Reason, terminal: Terminal, detail: _Detail) -> list[str]:
    count = plural(len(reason.clauses), "clause")
    if detail.remedies_only:
        return terminal.one_line(f"  {count}: {reason.remedy or reason.reason}")
    remedy = f"; {reason.remedy}" if reason.remedy else ""
    lines = terminal.wrap(f"{count}: {reason.reason}{remedy}", 2, hang=2)
    shown = [clause.id for clause in reason.clauses[: detail.ids]]
    more = [f"and {len(reason.clauses) - len(shown)} more"] if len(shown) < len(reason.clauses) else []
    return lines + (terminal.words([*shown, *more], indent=4) if shown else [])


def _times(count: int) -> str:
    return f" ({count:,} times)" if count > 1 else ""


def _foot(result: Result, terminal: Terminal) -> list[str]:
    run = result.run
    pairs = f"pairs: {run.pairs_met:,} of {run.pairs:,} of a rule at a place and a feature of a request"
    return [
        *(terminal.wrap(pairs, hang=7) if run.pairs else []),
        *terminal.wrap(f"audit: {audit_line(result.audit)}", hang=7),
        *terminal.wrap(f"{plural(len(result.clauses), 'clause')}: {tally(result, *reversed(Verdict))}", hang=2),
        *terminal.outcome(headline(result)),
    ]
