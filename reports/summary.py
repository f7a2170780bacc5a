"""Renders the closing summary of a run for a terminal: the causes first, then what is open, then the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from .curl import fold_curl, send_at_once
from .digest import Reason, audit_line, by_reason, clauses_of, headline, of_verdict, verdict_of
from .evidence import ROLES, answer_lines, contrasts, header_lines, other_occurrences, status_line
from .finding import ExchangeRole, Finding, Occurrence, Transcript
from .inert import inert
from .lists import plural
from .model import Result, Verdict
from .terminal import Terminal, no_command

__all__ = ["render_summary"]

_BROKEN = (Verdict.VIOLATED, Verdict.KNOWN_FAILING, Verdict.ADVICE)
_MOST_LINES = 60
"""Findings of the worst verdict are shown with their evidence while there is room; of the others there is the sentence."""
_MOST_IN_FULL = 5
_MOST_SENTENCES = 20
_FEW = 2
"""Findings whose sentences take three lines each, where others take two."""
_MOST_CLAUSES = 8
_MOST_OCCURRENCES = 2
_MOST_REASONS = 6
_CLEAN = 15
"""Lines of a run without findings."""
_ANSWER = 8
"""Lines of an answer's body."""
# A longer command is of no use in a terminal's scrollback; the JSON and HTML reports hold it whole.
_COMMAND = 2000
_AFTER_ANOTHER = ("not-of-another",)
"""Checks whose finding one command alone does not show: what came just before it does."""


def render_summary(result: Result, width: int, color: bool, shown: Collection[str] = ()) -> str:
    """Return the summary, without a line feed at the end.

    Args:
        width: columns; nothing but commands, which are to be pasted, is wider.
        color: whether to use ANSI colours.
        shown: ids of occurrences that the reader has seen in full, so that their sentence is enough.
    """
    terminal = Terminal(max(width, 40) - 1, color)  # the last column is kept for what `no_command` puts in
    numbered = list(enumerate(sorted(result.findings, key=lambda each: -verdict_of(result, each).rank), 1))
    foot = ["", *_foot(result, terminal)]
    if not numbered:
        return "\n".join(map(no_command, [*_clean(result, terminal), *foot]))
    blocks = [_head(result, terminal), _causes(result, numbered, terminal), _open(result, terminal, brief=True)]
    # What is advised can wait until nothing is violated any more.
    full = Verdict.VIOLATED if any(verdict_of(result, each) is Verdict.VIOLATED for _, each in numbered) else Verdict.ADVICE
    in_full = [
        (number, finding)
        for number, finding in numbered
        if verdict_of(result, finding) is full and not any(each.id in shown for each in finding.occurrences)
    ]
    for at, (number, finding) in enumerate(in_full):
        block = _finding(number, finding, result, terminal)
        if at and len(_joined([*blocks, block, foot])) > _MOST_LINES:
            blocks.append(_left_out(in_full[at:], terminal))
            break
        blocks.append(block)
    return "\n".join(map(no_command, [*_joined(blocks), *foot]))


def _left_out(rest: Sequence[tuple[int, Finding]], terminal: Terminal) -> list[str]:
    """How to see the evidence of the findings that there is no room for."""
    numbers = f"finding {rest[0][0]}" if len(rest) == 1 else f"findings {rest[0][0]} to {rest[-1][0]}"
    clauses = " ".join(f"--clause '{finding.clause}'" for _, finding in rest[:_MOST_IN_FULL])
    text = f"{numbers} in full: run again with {clauses}, or with --report-dir for all of it"
    return terminal.wrap(inert(text), hang=2)


def _clean(result: Result, terminal: Terminal) -> list[str]:
    """All but the end of a run without findings, in as much detail as fits a few lines."""
    head, room = _head(result, terminal), _CLEAN - 1 - len(_foot(result, terminal))
    lines = _joined([head, _open(result, terminal)])
    for most in range(_MOST_REASONS, -1, -1):
        if len(lines) <= room:
            break
        lines = _joined([head, _open(result, terminal, most, brief=True)])
    return lines


def _joined(blocks: Iterable[Sequence[str]]) -> list[str]:
    """The blocks with an empty line before each but the first."""
    lines: list[str] = []
    for block in blocks:
        if block:
            lines += ["", *block] if lines else block
    return lines


def _head(result: Result, terminal: Terminal) -> list[str]:
    run = result.run
    drawn = f"depth {run.depth}{'' if run.basis == 'all' else f', basis {run.basis}'}, seed {run.seed}"
    traffic = f"{plural(run.writes, 'write')} and {plural(run.reads, 'read')} in {run.seconds:.1f} s"
    pairs = f", {run.pairs_met:,} of {run.pairs:,} pairs of body features" if run.pairs else ""
    return [
        *terminal.wrap(f"{run.tool}: {run.contract} {run.edition} at {run.target}"),
        *terminal.wrap(f"{drawn}: {traffic}{pairs}"),
    ]


def _causes(result: Result, numbered: Sequence[tuple[int, Finding]], terminal: Terminal) -> list[str]:
    """The sentences of all findings, a line each, under their verdicts."""
    lines: list[str] = []
    for verdict in _BROKEN:
        found = [each for each in numbered if verdict_of(result, each[1]) is verdict]
        clauses = len(of_verdict(result, verdict))
        if not found:
            continue
        lines.append(terminal.heading(verdict, f"{plural(len(found), 'finding')}, {plural(clauses, 'clause')}"))
        for number, finding in found[:_MOST_SENTENCES]:
            first, *rest = terminal.wrap(f"{number}. {finding.cause}{_known(result, finding)}", 2, hang=len(f"{number}. "))
            lines += [first, *rest[:1]] if len(rest) < 2 else [first, *_cut(rest, terminal, 2 if len(found) <= _FEW else 1)]
        if len(found) > _MOST_SENTENCES:
            lines.append(f"  and {len(found) - _MOST_SENTENCES:,} more, in the reports that --report-dir writes")
    return lines


def _cut(rest: Sequence[str], terminal: Terminal, most: int) -> list[str]:
    """The lines of a sentence after its first, as many at most."""
    return [*rest[: most - 1], *terminal.one_line(" ".join([rest[most - 1], *map(str.strip, rest[most:])]))]


def _known(result: Result, finding: Finding) -> str:
    """Why a finding is known, as the user's list says."""
    reasons = (c.reason for c in result.clauses if c.id == finding.clause and c.verdict is Verdict.KNOWN_FAILING)
    return "".join(f" ({reason})" for reason in reasons if reason)


def _open(result: Result, terminal: Terminal, most: int = _MOST_REASONS, *, brief: bool = False) -> list[str]:
    """What is not verified, by what to provide; how much was observed; and the run's notes.

    Args:
        most: reasons that are text.
        brief: whether to say no more of each than what to provide.
    """
    lines: list[str] = []
    reasons = by_reason(result)
    if reasons:
        lines.append(terminal.heading(Verdict.NOT_VERIFIED, plural(sum(len(each.clauses) for each in reasons), "clause")))
    for reason in reasons[:most]:
        lines += (
            terminal.one_line(f"  {_named(reason)}: {(reason.remedy or reason.reason).partition(', ')[0]}")
            if brief
            else _reason(reason, terminal)
        )
    if rest := reasons[most:]:
        clauses = sum(len(each.clauses) for each in rest)
        more = f"{plural(clauses, 'clause')} for {plural(len(rest), 'other reason')}, which --report-dir writes"
        lines += terminal.wrap(more, 2, hang=2)
    if result.observations:
        points = len({item.point for item in result.observations})
        text = f"observed: {plural(points, 'point')} on which the contract is silent; --report-dir writes what was seen"
        lines += terminal.wrap(text, hang=2)
    return lines + [line for note in result.notes for line in terminal.wrap(f"note: {note}", hang=6)]


def _reason(reason: Reason, terminal: Terminal) -> list[str]:
    """What to provide, for which clauses."""
    remedy = f"; {reason.remedy}" if reason.remedy else ""
    return terminal.wrap(f"{_named(reason)}: {reason.reason}{remedy}", 2, hang=2)


def _named(reason: Reason) -> str:
    ids = [clause.id for clause in reason.clauses]
    return ids[0] if len(ids) == 1 else f"{ids[0]} and {len(ids) - 1} more"


def _finding(number: int, finding: Finding, result: Result, terminal: Terminal) -> list[str]:
    # The sentence of a single finding has just been said.
    title = finding.cause if len(result.findings) > 1 else "evidence"
    lines = [terminal.bold(line) for line in terminal.one_line(f"{number}. {title}")]
    alike, touched = clauses_of(result, finding)
    more = [f"and {len(alike) - _MOST_CLAUSES} more"] if len(alike) > _MOST_CLAUSES else []
    lines += terminal.field("clauses", ", ".join([*alike[:_MOST_CLAUSES], *more, *touched]))
    source = next((clause.source for clause in result.clauses if clause.id == finding.clause), "")
    lines += terminal.field("source", source) if source else []
    others = [each for each in other_occurrences(finding) if not _is_covered(each, finding)]
    for each in others[:_MOST_OCCURRENCES]:
        lines += terminal.field("also", each.sentence, most=1)
    lines += terminal.field("", f"and {len(others) - _MOST_OCCURRENCES:,} more") if len(others) > _MOST_OCCURRENCES else []
    return lines + _evidence(finding, terminal)


def _is_covered(other: Occurrence, finding: Finding) -> bool:
    """Whether the sentence of the cause names an occurrence too, as one place or one kind of value of several."""
    alike = (other.clause, other.rule, other.status_seen) == (finding.clause, finding.rule, finding.status_seen)
    return alike and (other.place, other.value) != (finding.place, finding.value)


def _evidence(finding: Finding, terminal: Terminal) -> list[str]:
    lines: list[str] = []
    if exchange := finding.judged:
        earlier = finding.exchanges[:-1]
        for before in earlier[:2]:
            lines += terminal.field("before", _before(before))
        more = len(earlier) - 2
        lines += terminal.field("", f"and {plural(more, 'more request')}") if more > 0 else []
        lines += _sent(exchange, finding, terminal)
        lines += terminal.field("answer", status_line(exchange))
        lines += terminal.verbatim([*header_lines(finding), *answer_lines(finding, _ANSWER, terminal.room)])
    for each in contrasts(finding):
        lines += terminal.field(each.label, each.heading)
        lines += terminal.verbatim(each.lines)
    return [*lines, *terminal.command("rerun", inert(finding.rerun))]


def _before(exchange: Transcript) -> str:
    """One of the earlier requests: what it is to the finding, and the status that it got."""
    status = f"{exchange.response.status} {exchange.response.reason}".strip() if exchange.response else status_line(exchange)
    role = "" if exchange.role is ExchangeRole.FIRST else ROLES.get(exchange.role, "")
    return f"{exchange.request.method} {exchange.request.url}: {status}{f', {role}' if role else ''}"


def _sent(exchange: Transcript, finding: Finding, terminal: Terminal) -> list[str]:
    request = exchange.request
    if finding.expectation in _AFTER_ANOTHER and len(finding.exchanges) > 1:
        text = f"{request.method} {request.url} right after that, on which it depends; --report-dir writes both"
        return terminal.field("sent", text)
    if len(request.curl) > _COMMAND:
        text = f"{request.method} {request.url} with a body too long to show; --report-dir writes it"
        return terminal.field("sent", text)
    command = fold_curl(exchange.request.curl, terminal.room)
    if exchange.overlapping:
        command = send_at_once(command, exchange.request.key, sum(each.overlapping for each in finding.exchanges))
    return terminal.command("sent", command)


def _foot(result: Result, terminal: Terminal) -> list[str]:
    return [
        *terminal.wrap(f"audit: {audit_line(result.audit)}", hang=7),
        *terminal.outcome(headline(result)),
    ]
