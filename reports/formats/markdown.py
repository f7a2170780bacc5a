"""Renders a result as Markdown for a CI job's summary or a comment.

All text from outside stands in code spans, code elements and fenced blocks, where GitHub gives nothing a meaning: no HTML,
no links, no mentions. Of text that is ours, so do the words that would mean something.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ..digest import audit_line, by_reason, headline, of_verdict, verdict_of
from ..evidence import answer_lines, contrasts, header_lines, other_occurrences, status_line
from ..finding import Finding
from ..format import Format
from ..inert import cut, inert, inert_block
from ..lists import plural
from ..model import Result, Verdict

__all__ = ["FORMAT", "code_block", "code_span", "plain", "render_markdown"]

_GLYPHS = {True: "✅", False: "❌"}
_BROKEN = (Verdict.VIOLATED, Verdict.ADVICE, Verdict.KNOWN_FAILING)
_BODY = 1000
_LINES = 30
_MOST_FINDINGS = 30
_MOST_CLAUSES = 12
_MOST_OCCURRENCES = 10
_MOST_OBSERVATIONS = 50
_SPECIAL = re.compile(r"[\\`*\[\]<>&#$~|@]|\b_|_\b|:\S|www\.|^\(?/\w")
_WORD = re.compile(r"(?P<before>[(]?)(?P<word>.*?)(?P<after>[,.;:)]*)")


def render_markdown(result: Result) -> str:
    """Return the summary; GitHub takes one of 1 MB, and this stays well below."""
    lines = [
        *_head(result),
        *_causes(result),
        *_gaps(result),
        *_evidence(result),
        *_observations(result),
        *_foot(result),
    ]
    return "\n".join(lines) + "\n"


FORMAT = Format("markdown", "summary.md", render_markdown)


def plain(text: str) -> str:
    """Return text that reads the same rendered or not, on one line: a word that Markdown would take for more is code."""
    return " ".join(_plain_word(word) if _SPECIAL.search(word) else word for word in inert(text).split(" "))


def _plain_word(text: str) -> str:
    """Return a word as code, the punctuation around it left out of it."""
    parts = _WORD.fullmatch(text)
    if parts is None or not _SPECIAL.search(parts["word"]):
        return code_span(text)
    word = parts["word"]
    ours = len(word) > 2 and word[0] == word[-1] == "`" and "`" not in word[1:-1]
    return f"{parts['before']}{word if ours else code_span(word)}{parts['after']}"


def code_span(text: str, longest: int = 300) -> str:
    """Return text in a code span, on one line; the fence is longer than any in the text."""
    line = cut(inert(text), longest) or " "
    fence = "`" * (_longest_fence(line) + 1)
    return f"{fence} {line} {fence}" if "`" in line or line != line.strip() else f"{fence}{line}{fence}"


def code_block(text: str, language: str = "") -> list[str]:
    """Return text in a fenced block."""
    block = inert_block(text)
    fence = "`" * max(3, _longest_fence(block) + 1)
    return [f"{fence}{language}", *block.split("\n"), fence]


def _longest_fence(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _head(result: Result) -> Iterator[str]:
    run = result.run
    line = headline(result)
    yield f"## {_GLYPHS[line.good]} {plain(str(line))}"
    yield ""
    yield f"{code_span(run.contract)} edition {code_span(run.edition)} at {code_span(run.target)}"
    yield ""


def _causes(result: Result) -> Iterator[str]:
    """The sentences of all findings, under their verdicts, each with a link to its evidence."""
    numbers = {finding.id: number for number, finding in enumerate(result.findings, 1)}
    for verdict in _BROKEN:
        found = [finding for finding in result.findings if verdict_of(result, finding) is verdict]
        clauses = of_verdict(result, verdict)
        if not found:
            continue
        yield f"### {str(verdict).capitalize()}: {plural(len(found), 'finding')}, {plural(len(clauses), 'clause')}"
        yield ""
        for finding in found[:_MOST_FINDINGS]:
            yield f"{numbers[finding.id]}. {code_span(finding.cause)}"
        if len(found) > _MOST_FINDINGS:
            yield ""
            yield f"and {plural(len(found) - _MOST_FINDINGS, 'more finding')}"
        yield ""


def _evidence(result: Result) -> Iterator[str]:
    for number, finding in list(enumerate(result.findings, 1))[:_MOST_FINDINGS]:
        verdict = verdict_of(result, finding)
        # Markdown has no meaning in the lines of an HTML block.
        cause = html.escape(inert(finding.cause), quote=False)
        yield f"<details><summary>{number}. {verdict}: <code>{cause}</code></summary>"
        yield ""
        yield from _finding(result, finding)
        yield "</details>"
        yield ""


def _finding(result: Result, finding: Finding) -> Iterator[str]:
    clauses = {clause.id: clause for clause in result.clauses}
    for name in finding.clauses[:_MOST_CLAUSES]:
        clause = clauses.get(name)
        statement = f" {clause.level}, {clause.basis}: {plain(clause.statement)} ({plain(clause.source)})" if clause else ""
        reason = f"; {code_span(clause.reason)}" if clause and clause.verdict is Verdict.KNOWN_FAILING else ""
        yield f"- **{code_span(name)}**{statement}{reason}"
    if len(finding.clauses) > _MOST_CLAUSES:
        yield f"- and {plural(len(finding.clauses) - _MOST_CLAUSES, 'more clause')}"
    others = other_occurrences(finding)
    yield from (f"- also: {code_span(each.sentence)}" for each in others[:_MOST_OCCURRENCES])
    if len(others) > _MOST_OCCURRENCES:
        yield f"- and {plural(len(others) - _MOST_OCCURRENCES, 'more occurrence')}"
    yield f"- run just this: {code_span(finding.rerun, _BODY)}"
    yield ""
    if exchange := finding.judged:
        yield from code_block(cut(exchange.request.curl, 4 * _BODY), "sh")
        yield ""
        yield from code_block("\n".join([status_line(exchange), *header_lines(finding), *answer_lines(finding, _LINES)]))
        yield ""
    for each in contrasts(finding):
        yield f"{each.heading[:1].upper()}{each.heading[1:]}:"
        yield ""
        yield from code_block("\n".join(each.lines), "diff")
        yield ""


def _gaps(result: Result) -> Iterator[str]:
    reasons = by_reason(result)
    if not reasons:
        return
    yield f"### Not verified ({sum(len(reason.clauses) for reason in reasons)})"
    yield ""
    for reason in reasons:
        remedy = f"; {code_span(reason.remedy)}" if reason.remedy else ""
        yield f"- {plural(len(reason.clauses), 'clause')}: {code_span(reason.reason)}{remedy}"
        yield f"  - {', '.join(code_span(clause.id) for clause in reason.clauses)}"
    yield ""


def _observations(result: Result) -> Iterator[str]:
    if not result.observations:
        return
    yield f"<details><summary>Observations ({len(result.observations)})</summary>"
    yield ""
    for item in result.observations[:_MOST_OBSERVATIONS]:
        yield f"- {code_span(item.point)}: {code_span(item.observed)}, {plural(item.count, 'time')}"
    yield ""
    yield "</details>"
    yield ""


def _foot(result: Result) -> Iterator[str]:
    run = result.run
    yield f"Audit: {code_span(audit_line(result.audit))}"
    yield ""
    for note in result.notes:
        yield f"Note: {code_span(note)}"
        yield ""
    traffic = f"{plural(run.writes, 'write')}, {plural(run.reads, 'read')}, {run.seconds:.1f} s"
    yield f"{code_span(run.tool)}, depth {code_span(run.depth)}, basis {code_span(run.basis)}, seed {run.seed}, {traffic}"
