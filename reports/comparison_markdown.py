"""Renders a comparison of runs as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from .compare import Comparison, Kind
from .markdown import code_span, plain

__all__ = ["render_comparison_markdown"]

_MOST = 100


def render_comparison_markdown(comparison: Comparison) -> str:
    """The changes, worst first."""
    return "\n".join([*_head(comparison), *_changes(comparison), *_observations(comparison)]) + "\n"


def _head(comparison: Comparison) -> Iterator[str]:
    glyph = "❌ regressed" if comparison.regressions else "✅ no regression"
    yield f"## {glyph}&#58; {plain(comparison.headline)}"
    yield ""
    for number, run in enumerate(comparison.runs, start=1):
        what = f"{code_span(run.contract)} edition {code_span(run.edition)}"
        yield f"{number}. {what} at {code_span(run.target)}, {code_span(run.started_at)}"
    yield ""


def _changes(comparison: Comparison) -> Iterator[str]:
    for kind in Kind:
        changes = comparison.of_kind(kind)
        if not changes:
            continue
        yield f"### {str(kind).capitalize()} ({len(changes)})"
        yield ""
        for change in changes[:_MOST]:
            where = f" in run {change.run + 1}" if len(comparison.runs) > 2 else ""
            yield f"- {code_span(change.clause)}: {change.before or 'not there'} → {change.after}{where}"
            yield f"  - {code_span(change.observed) if change.observed else plain(change.statement)}"
        if len(changes) > _MOST:
            yield f"- and {len(changes) - _MOST} more"
        yield ""


def _observations(comparison: Comparison) -> Iterator[str]:
    if not comparison.observations:
        return
    yield f"### Changed observations ({len(comparison.observations)})"
    yield ""
    for item in comparison.observations[:_MOST]:
        seen = " → ".join(" or ".join(map(code_span, observed)) or "not seen" for observed in item.observed)
        yield f"- {code_span(item.point)}: {seen}"
    yield ""
