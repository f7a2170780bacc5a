"""Writes what a target did against a clause as plain text, for reports that have one place for all of it."""

from __future__ import annotations

from .digest import judged, plural
from .inert import cut, inert, inert_block
from .model import ClauseResult, Exchange, Finding, Verdict

__all__ = ["answer_text", "clause_evidence", "clause_message"]

_BODY = 4096
_MOST_FINDINGS = 20


def clause_message(clause: ClauseResult) -> str:
    """The verdict and what it rests on, in one line."""
    if clause.verdict in {Verdict.NOT_VERIFIED, Verdict.KNOWN_FAILING}:
        text = f"{clause.verdict}: {clause.reason or 'no reason was given'}"
        return inert(f"{text}; {clause.remedy}" if clause.remedy else text)
    observed = clause.findings[0].observed if clause.findings else clause.statement
    return inert(f"{clause.verdict}: {observed}")


def clause_evidence(clause: ClauseResult) -> str:
    """Statement, source and findings, each with what was expected, observed, sent and answered."""
    texts = [_finding(finding) for finding in clause.findings[:_MOST_FINDINGS]]
    if len(clause.findings) > len(texts):
        texts.append(f"and {plural(len(clause.findings) - len(texts), 'more finding')}")
    return "\n\n".join([inert(clause.statement), f"source: {inert(clause.source)}", *texts])


def answer_text(exchange: Exchange, longest: int = _BODY) -> str:
    """The status line and the body, or why there is none."""
    if exchange.response is None:
        return f"none: {inert(exchange.failure)}"
    response = exchange.response
    return f"{response.status} {inert(response.reason)}\n{inert_block(cut(response.body, longest))}"


def _finding(finding: Finding) -> str:
    lines = [f"case: {inert(finding.case)}", f"expected: {inert(finding.expected)}", f"observed: {inert(finding.observed)}"]
    if exchange := judged(finding.exchanges):
        lines += [f"sent:\n{inert_block(cut(exchange.request.curl, _BODY))}", f"answer: {answer_text(exchange)}"]
    if finding.example:
        lines.append(f"smallest example: {inert_block(cut(finding.example, _BODY))}")
    return "\n".join([*lines, f"rerun: {inert(finding.rerun)}"])
