"""Renders a result as one self-contained HTML page."""

from __future__ import annotations

import dataclasses

from ...spec.contract import Basis
from ..digest import audit_line, by_reason, by_section, headline, of_verdict
from ..format import Format
from ..model import AuditState, Result, Verdict
from ..page import render_page
from ..traffic import chart_requests, measure_endpoints

__all__ = ["FORMAT", "render_html"]

_BROKEN = (Verdict.VIOLATED, Verdict.ADVICE, Verdict.KNOWN_FAILING)


@dataclasses.dataclass(frozen=True)
class _Segment:
    """A stretch of the bar under the headline, in per cent."""

    verdict: Verdict
    count: int
    start: float
    width: float


def render_html(result: Result) -> str:
    """Return the page."""
    return render_page(
        "page.html.j2",
        result=result,
        headline=headline(result),
        segments=_segments(result),
        broken={verdict: of_verdict(result, verdict) for verdict in _BROKEN},
        reasons=by_reason(result),
        sections=by_section(result.clauses),
        bases=[basis for basis in Basis if any(clause.basis == basis for clause in result.clauses)],
        chart=chart_requests(result.timings),
        endpoints=measure_endpoints(result.timings),
        audit=audit_line(result.audit),
        states=AuditState,
    )


FORMAT = Format("html", "report.html", render_html)


def _segments(result: Result) -> tuple[_Segment, ...]:
    segments, start = [], 0.0
    for verdict, count in sorted(result.counts().items(), key=lambda item: -item[0].rank):
        if count:
            width = 100 * count / len(result.clauses)
            segments.append(_Segment(verdict, count, round(start, 3), round(width, 3)))
            start += width
    return tuple(segments)
