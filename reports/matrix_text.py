"""Renders a matrix for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from .matrix import Detection, Matrix, ServerRun, matrix_headline
from .terminal import Terminal, no_command

__all__ = ["render_matrix"]

_GLYPHS = {
    Detection.CLEAN: "✓",
    Detection.DETECTED: "✓",
    Detection.MISATTRIBUTED: "≈",
    Detection.MISSED: "✕",
    Detection.FALSE_ALARM: "✕",
    Detection.ERROR: "○",
}


def render_matrix(matrix: Matrix, width: int, color: bool) -> str:
    """Return every row, then those that are not as they should be once more, in full, and the totals.

    There is no line feed at the end, and nothing is wider than `width`.
    """
    terminal = Terminal(max(width, 40) - 1, color)
    return "\n".join(map(no_command, _lines(matrix, terminal)))


def _lines(matrix: Matrix, terminal: Terminal) -> Iterator[str]:
    for group, rows in matrix.groups().items():
        yield terminal.heading(group, f"{len(rows):,}")
        for row in rows:
            yield from terminal.wrap(f"{_GLYPHS[row.outcome]} {row.subject}{_clauses(row)}", 2, hang=4)
        yield ""
    for outcome in (Detection.MISATTRIBUTED, Detection.MISSED, Detection.FALSE_ALARM, Detection.ERROR):
        rows = list(matrix.of(outcome))
        if rows:
            yield terminal.heading(outcome, f"{len(rows):,}")
        for row in rows:
            yield from _in_full(row, terminal)
            yield ""
    if curve := matrix.curve():
        found = ", ".join(f"{count:,} within {writes:,}" for writes, count in curve.items())
        yield from terminal.wrap(f"faults that a request shows, by writes: {found}", hang=2)
    yield from terminal.outcome(matrix_headline(matrix))


def _clauses(row: ServerRun) -> str:
    """Return the clause that is named, and what was blamed where that is not this clause alone."""
    if not row.named or row.blamed == row.named[:1]:
        return "".join(f": {clause}" for clause in row.blamed)
    return f": {row.named[0]} ← {', '.join(row.blamed) or 'nothing'}"


def _in_full(row: ServerRun, terminal: Terminal) -> Iterator[str]:
    yield from terminal.wrap(f"{row.subject}: {row.statement}", 2, hang=2)
    if row.named:
        yield from terminal.field("names", " or ".join(row.named))
    if row.blamed:
        yield from terminal.field("blamed", ", ".join(row.blamed))
    if row.note:
        yield from terminal.command("note", row.note)
