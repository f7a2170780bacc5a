"""Renders a comparison of runs: for a terminal, as Markdown, and as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .comparison import ChangeKind, ComparedClause, Comparison
from .digest import Headline
from .files import write_files
from .formats.markdown import code_span, plain
from .page import render_page
from .terminal import Terminal, no_command

__all__ = ["render_comparison", "render_comparison_html", "render_comparison_markdown", "write_comparison_html"]

_MOST = 100
"""Changes of a kind that Markdown shows."""


def render_comparison(comparison: Comparison, width: int, color: bool) -> str:
    """Return the changes, worst first, without a line feed at the end; nothing is wider than `width`."""
    terminal = Terminal(max(width, 40) - 1, color)
    return "\n".join(map(no_command, _lines(comparison, terminal)))


def render_comparison_markdown(comparison: Comparison) -> str:
    """Return the changes, worst first."""
    lines = [*_markdown_head(comparison), *_markdown_changes(comparison), *_markdown_observations(comparison)]
    return "\n".join(lines) + "\n"


def render_comparison_html(comparison: Comparison) -> str:
    """Return the page: the changes, worst first, and every clause in every run."""
    sections: dict[str, list[ComparedClause]] = {}
    for row in comparison.clauses:
        sections.setdefault(row.section, []).append(row)
    return render_page(
        "comparison.html.j2",
        comparison=comparison,
        changes={kind: comparison.of_kind(kind) for kind in ChangeKind},
        sections=sections,
    )


def write_comparison_html(comparison: Comparison, path: str | Path) -> None:
    """Write `render_comparison_html` to a file."""
    write_files({Path(path): render_comparison_html(comparison)})


def _lines(comparison: Comparison, terminal: Terminal) -> Iterator[str]:
    for number, run in enumerate(comparison.runs):
        name = "first" if number == 0 else f"run {number + 1}"
        yield from terminal.field(name, f"{run.contract} {run.edition} at {run.target}, {run.started_at}")
    for kind in ChangeKind:
        changes = comparison.of_kind(kind)
        if changes:
            yield ""
            yield terminal.heading(kind, f"{len(changes):,}")
        for change in changes:
            where = f" in run {change.run + 1}" if len(comparison.runs) > 2 else ""
            yield from terminal.wrap(f"{change.clause}: {change.before or 'not there'} → {change.after}{where}", 2, hang=2)
            yield from terminal.wrap(change.observed or change.statement, 4)
    if comparison.observations:
        yield ""
        yield terminal.heading("changed observations", f"{len(comparison.observations):,}")
    for item in comparison.observations:
        seen = " → ".join(" or ".join(observed) or "not seen" for observed in item.observed)
        yield from terminal.wrap(f"{item.point}: {seen}", 2, hang=2)
    yield ""
    word = "regressed" if comparison.regressions else "no regression"
    yield from terminal.outcome(Headline(word, comparison.headline, good=not comparison.regressions))


def _markdown_head(comparison: Comparison) -> Iterator[str]:
    glyph = "❌ regressed" if comparison.regressions else "✅ no regression"
    yield f"## {glyph}: {plain(comparison.headline)}"
    yield ""
    for number, run in enumerate(comparison.runs, start=1):
        what = f"{code_span(run.contract)} edition {code_span(run.edition)}"
        yield f"{number}. {what} at {code_span(run.target)}, {code_span(run.started_at)}"
    yield ""


def _markdown_changes(comparison: Comparison) -> Iterator[str]:
    for kind in ChangeKind:
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


def _markdown_observations(comparison: Comparison) -> Iterator[str]:
    if not comparison.observations:
        return
    yield f"### Changed observations ({len(comparison.observations)})"
    yield ""
    for item in comparison.observations[:_MOST]:
        seen = " → ".join(" or ".join(map(code_span, observed)) or "not seen" for observed in item.observed)
        yield f"- {code_span(item.point)}: {seen}"
    yield ""
