"""Renders a result as GitHub workflow commands, which a job prints and GitHub shows as annotations."""

from __future__ import annotations

from collections.abc import Iterator

from .digest import by_reason, headline, verdict_of
from .finding import Finding
from .inert import cut, inert
from .lists import plural
from .model import Result, Verdict

__all__ = ["render_annotations"]

# GitHub shows ten of a kind for a step, and drops the rest without a word.
_MOST = 10
_LONGEST = 1000


def render_annotations(result: Result) -> str:
    """Return the commands, one to a line: errors, then warnings, then notices."""
    return "".join(f"{line}\n" for line in _commands(result))


def _commands(result: Result) -> Iterator[str]:
    errors, warnings = _of_verdict(result, Verdict.VIOLATED), _of_verdict(result, Verdict.ADVICE)
    if result.run.strict:
        errors, warnings = errors + warnings, []
    yield from _of_kind("error", result, errors)
    yield from _of_kind("warning", result, warnings)
    for reason in by_reason(result)[: _MOST - 1]:
        remedy = f"; {reason.remedy}" if reason.remedy else ""
        yield _command("notice", f"not verified: {plural(len(reason.clauses), 'clause')}", f"{reason.reason}{remedy}")
    line = headline(result)
    yield _command("notice", f"{result.run.contract}: {line.word}", line.detail)


def _of_verdict(result: Result, verdict: Verdict) -> list[Finding]:
    return [finding for finding in result.findings if verdict_of(result, finding) is verdict]


def _of_kind(kind: str, result: Result, findings: list[Finding]) -> Iterator[str]:
    # The last place is kept for the number of those that are not shown.
    shown = findings if len(findings) <= _MOST else findings[: _MOST - 1]
    for finding in shown:
        verdict = verdict_of(result, finding)
        yield _command(kind, f"{verdict}: {finding.clause}", cut(finding.cause, _LONGEST), *_others(finding))
    if len(shown) < len(findings):
        yield _command(kind, "and more", f"{plural(len(findings) - len(shown), 'more finding')}; the job summary lists them")


def _others(finding: Finding) -> Iterator[str]:
    if len(finding.clauses) > 1:
        yield f"clauses: {', '.join(finding.clauses)}"


def _command(kind: str, title: str, *lines: str) -> str:
    return f"::{kind} title={_data(title).replace(':', '%3A').replace(',', '%2C')}::{'%0A'.join(map(_data, lines))}"


def _data(text: str) -> str:
    return inert(text).replace("%", "%25")
