"""Renders a comparison of runs as one self-contained HTML page."""

from __future__ import annotations

from pathlib import Path

from .compare import Comparison, Kind, Row
from .files import write_files
from .page import render_page

__all__ = ["render_comparison_html", "write_comparison_html"]


def write_comparison_html(comparison: Comparison, path: str | Path) -> None:
    """Writes `render_comparison_html` to a file."""
    write_files({Path(path): render_comparison_html(comparison)})


def render_comparison_html(comparison: Comparison) -> str:
    """The page: the changes, worst first, and every clause in every run."""
    sections: dict[str, list[Row]] = {}
    for row in comparison.rows:
        sections.setdefault(row.section, []).append(row)
    return render_page(
        "comparison.html.j2",
        comparison=comparison,
        changes={kind: comparison.of_kind(kind) for kind in Kind},
        sections=sections,
    )
