"""Renders a result as Markdown for a CI job's summary or a comment.

All text from outside stands in code spans and fenced blocks, where Markdown gives nothing a meaning: no HTML, no links,
no mentions. Text of the catalogue, which is ours, is escaped by character references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..digest import answer_text, audit_line, by_reason, headline, of_verdict, plural
from ..finding import Finding
from ..format import Format
from ..inert import cut, inert, inert_block
from ..model import ClauseResult, Result, Verdict

__all__ = ["FORMAT", "code_block", "code_span", "plain", "render_markdown"]

_GLYPHS = {True: "✅", False: "❌"}
_BODY = 1000
_MOST_CLAUSES = 50
_MOST_OBSERVATIONS = 50
_SPECIAL = re.compile(r"[\\`*_\[\]<>&#$~|!@:]")


def render_markdown(result: Result) -> str:
    """Return the summary; GitHub takes one of 1 MB, and this stays well below."""
    return "\n".join([*_head(result), *_broken(result), *_gaps(result), *_observations(result), *_foot(result)]) + "\n"


FORMAT = Format("markdown", "summary.md", render_markdown)


def plain(text: str) -> str:
    """Return text that Markdown takes literally, on one line."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", inert(text))


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
    yield "| verdict | clauses |"
    yield "| --- | ---: |"
    for verdict, count in sorted(result.counts().items(), key=lambda item: -item[0].rank):
        if count:
            yield f"| {verdict} | {count} |"
    yield ""


def _broken(result: Result) -> Iterator[str]:
    for verdict in (Verdict.VIOLATED, Verdict.ADVICE, Verdict.KNOWN_FAILING):
        clauses = of_verdict(result, verdict)
        if clauses:
            yield f"### {str(verdict).capitalize()} ({len(clauses)})"
            yield ""
        for clause in clauses[:_MOST_CLAUSES]:
            yield from _clause(result, clause)
        if len(clauses) > _MOST_CLAUSES:
            yield from (f"- {code_span(clause.id)}" for clause in clauses[_MOST_CLAUSES:])
            yield ""


def _clause(result: Result, clause: ClauseResult) -> Iterator[str]:
    findings = result.findings_of(clause)
    yield f"- **{code_span(clause.id)}** {clause.level}, {clause.basis}: {plain(clause.statement)} ({plain(clause.source)})"
    if clause.reason:
        yield f"  - reason: {code_span(clause.reason)}"
    if findings:
        yield from _finding(findings[0])
    if len(findings) > 1:
        yield f"  - and {plural(len(findings) - 1, 'more finding')}"
    yield ""


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  - expected: {code_span(finding.expected)}"
    yield f"  - observed: {code_span(finding.observed)}"
    yield f"  - run just this: {code_span(finding.rerun, 1000)}"
    exchange = finding.judged
    if exchange is None:
        return
    yield ""
    yield "  <details><summary>What was sent, and what came back</summary>"
    yield ""
    for line in [
        *code_block(cut(exchange.request.curl, 4 * _BODY), "sh"),
        *code_block(answer_text(exchange, _BODY)),
        *(["Smallest example:", "", *code_block(cut(finding.example, _BODY), "json")] if finding.example else []),
    ]:
        yield f"  {line}" if line else ""
    yield ""
    yield "  </details>"


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
