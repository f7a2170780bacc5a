"""Renders a comparison of runs for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from .compare import Comparison, Kind
from .digest import Headline
from .terminal import Terminal, no_command

__all__ = ["render_comparison"]


def render_comparison(comparison: Comparison, width: int, color: bool) -> str:
    """The changes, worst first, without a line feed at the end; nothing is wider than `width`."""
    terminal = Terminal(max(width, 40) - 1, color)
    return "\n".join(map(no_command, _lines(comparison, terminal)))


def _lines(comparison: Comparison, terminal: Terminal) -> Iterator[str]:
    for number, run in enumerate(comparison.runs):
        name = "first" if number == 0 else f"run {number + 1}"
        yield from terminal.field(name, f"{run.contract} {run.edition} at {run.target}, {run.started_at}")
    for kind in Kind:
        changes = comparison.of_kind(kind)
        if changes:
            yield ""
            yield terminal.heading(kind, len(changes))
        for change in changes:
            where = f" in run {change.run + 1}" if len(comparison.runs) > 2 else ""
            yield from terminal.wrap(f"{change.clause}: {change.before or 'not there'} → {change.after}{where}", 2, hang=2)
            yield from terminal.wrap(change.observed or change.statement, 4)
    if comparison.observations:
        yield ""
        yield terminal.heading("changed observations", len(comparison.observations))
    for item in comparison.observations:
        seen = " → ".join(" or ".join(observed) or "not seen" for observed in item.observed)
        yield from terminal.wrap(f"{item.point}: {seen}", 2, hang=2)
    yield ""
    word = "regressed" if comparison.regressions else "no regression"
    yield from terminal.outcome(Headline(word, comparison.headline, good=not comparison.regressions))
