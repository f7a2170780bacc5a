"""Renders a result as one self-contained HTML page."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence

from ...spec.contract import Basis
from ..digest import audit_line, by_reason, by_section, headline, of_verdict, verdict_of
from ..evidence import Contrast, answer_lines, contrasts, other_occurrences
from ..finding import Finding, Occurrence
from ..format import Format
from ..model import AuditState, Observation, Result, Verdict
from ..page import render_page
from ..traffic import chart_requests, measure_endpoints

__all__ = ["FORMAT", "render_html"]

_LINES = 16
_WIDTH = 60
"""Columns of an answer beside its request, where the page is wide."""
_MOST_IDS = 24
"""Clauses that are not verified for one reason, which are folded where they are more."""
_BROKEN = (Verdict.VIOLATED, Verdict.ADVICE, Verdict.KNOWN_FAILING)


@dataclasses.dataclass(frozen=True)
class _Segment:
    """A stretch of the bar under the headline, in per cent."""

    verdict: Verdict
    count: int
    start: float
    width: float


@dataclasses.dataclass(frozen=True)
class _Card:
    """A finding as the page shows it.

    Attributes:
        answer: the body of the judged answer, the place marked; `folded` where what is beside that is left out.
    """

    number: int
    finding: Finding
    occurrences: tuple[Occurrence, ...]
    answer: str
    folded: bool
    contrasts: Sequence[Contrast]


def render_html(result: Result) -> str:
    """Return the page."""
    return render_page(
        "page.html.j2",
        result=result,
        headline=headline(result),
        segments=_segments(result),
        broken={verdict: cards for verdict in _BROKEN if (cards := _cards(result, verdict))},
        clauses_of={verdict: of_verdict(result, verdict) for verdict in _BROKEN},
        by_id={clause.id: clause for clause in result.clauses},
        observed=_grouped(result),
        reasons=by_reason(result),
        most_ids=_MOST_IDS,
        sections=by_section(result.clauses),
        bases=[basis for basis in Basis if any(clause.basis == basis for clause in result.clauses)],
        chart=chart_requests(result.timings),
        endpoints=measure_endpoints(result.timings),
        audit=audit_line(result.audit),
        states=AuditState,
    )


FORMAT = Format("html", "report.html", render_html)


def _cards(result: Result, verdict: Verdict) -> tuple[_Card, ...]:
    """The findings of one verdict, each with its number, which is the same in every form of report."""
    return tuple(
        _Card(
            number=number,
            finding=finding,
            occurrences=tuple(other_occurrences(finding)),
            answer="\n".join(answer := answer_lines(finding, _LINES, _WIDTH)),
            folded=answer != answer_lines(finding, sys.maxsize, _WIDTH),
            contrasts=contrasts(finding),
        )
        for number, finding in enumerate(result.findings, 1)
        if verdict_of(result, finding) is verdict
    )


def _grouped(result: Result) -> dict[str, list[Observation]]:
    """Observations by what they are about, so that equal ones stand together."""
    groups: dict[str, list[Observation]] = {}
    for item in result.observations:
        groups.setdefault(item.point.partition(": ")[0], []).append(item)
    return groups


def _segments(result: Result) -> tuple[_Segment, ...]:
    segments, start = [], 0.0
    for verdict, count in sorted(result.counts().items(), key=lambda item: -item[0].rank):
        if count:
            width = 100 * count / len(result.clauses)
            segments.append(_Segment(verdict, count, round(start, 3), round(width, 3)))
            start += width
    return tuple(segments)
