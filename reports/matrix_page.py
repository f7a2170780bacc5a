"""Renders a matrix as one self-contained HTML page: a picture of server by clause, and a table to look things up in."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

from .files import write_files
from .matrix import Detection, Matrix, matrix_headline
from .page import render_page

__all__ = ["render_matrix_html", "write_matrix_html"]

_TONES = {
    Detection.CLEAN: "conforms",
    Detection.DETECTED: "conforms",
    Detection.MISATTRIBUTED: "advice",
    Detection.MISSED: "violated",
    Detection.FALSE_ALARM: "violated",
    Detection.ERROR: "not-verified",
}
"""The style's name for each outcome; verdicts of clauses have the same colours."""


@dataclasses.dataclass(frozen=True)
class _Cell:
    """One clause blamed for one server, or one that should have been: where it stands, and in which tone."""

    column: int
    row: int
    tone: str


def write_matrix_html(matrix: Matrix, path: str | Path) -> None:
    """Write `render_matrix_html` to a file."""
    write_files({Path(path): render_matrix_html(matrix)})


def render_matrix_html(matrix: Matrix) -> str:
    """Return the page."""
    clauses = _clauses(matrix)
    counts = Counter(row.outcome for row in matrix.rows)
    return render_page(
        "matrix.html.j2",
        matrix=matrix,
        headline=matrix_headline(matrix),
        groups=matrix.groups(),
        counts={outcome: counts[outcome] for outcome in reversed(Detection) if counts[outcome]},
        tones=_TONES,
        columns=len(clauses),
        cells=_cells(matrix, clauses),
    )


def _clauses(matrix: Matrix) -> dict[str, int]:
    """Return the column of each clause that is named or blamed, in the order in which they are first named."""
    names = [row.named[0] for row in matrix.rows if row.named]
    names += [clause for row in matrix.rows for clause in (*row.named, *row.blamed)]
    return {clause: column for column, clause in enumerate(dict.fromkeys(names))}


def _cells(matrix: Matrix, clauses: dict[str, int]) -> list[_Cell]:
    cells = []
    for number, row in enumerate(matrix.rows):
        for clause in row.blamed:
            tone = "conforms" if clause in row.named else "advice" if row.outcome is Detection.DETECTED else "violated"
            cells.append(_Cell(clauses[clause], number, tone))
        if row.outcome is Detection.MISSED:
            cells.append(_Cell(clauses[row.named[0]], number, "violated"))
    return cells
