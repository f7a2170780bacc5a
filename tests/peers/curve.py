"""Draws how many faults are found within how many creates, as an SVG.

A curve for each matrix that `faults --run --json FILE` wrote, and a point for each row of what `compare.py --json FILE` did:
that tells when a tool's run had ended, and not when it found a fault.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

__all__ = ["draw", "main"]

_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 300, 56, 24
_MOST = 4000
"""Creates at the right edge; the axis is logarithmic."""
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_COLOURS = ("#1b6ca8", "#b3521e", "#3a7d44", "#7a4fa3", "#a8801b", "#8a8a8a")
_STYLE = """text { font: 12px system-ui, sans-serif; fill: #444 } .grid { stroke: #ccc }
@media (prefers-color-scheme: dark) { text { fill: #ccc } .grid { stroke: #555 } }"""
_TITLE = "<title>Faults found within creates sent</title>"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(prog="curve.py", description=__doc__)
    parser.add_argument("matrices", nargs="+", type=Path, metavar="FILE", help="one for each curve")
    parser.add_argument("--peers", action="append", default=[], type=Path, metavar="FILE", help="a point for each row")
    options = parser.parse_args(arguments)
    matrices, compared = (
        [json.loads(path.read_text("utf-8")) for path in paths] for paths in (options.matrices, options.peers)
    )
    sys.stdout.write(draw(matrices, compared))
    return 0


def draw(matrices: Sequence[Any], compared: Sequence[Any] = ()) -> str:
    """Return the picture: a curve for each matrix, a point for each row that was compared, in per cent of its faults."""
    points = [(title, runs) for each in compared for title, runs in _rows(each)]
    body = [*_axes(), *(line for at, matrix in enumerate(matrices) for line in _curve(at, matrix))]
    body += [line for at, (title, runs) in enumerate(points, len(matrices)) for line in _point(at, title, runs)]
    size = f"{_WIDTH + 2 * _LEFT} {_HEIGHT + 3 * _TOP}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img">'
    return "\n".join([head, _TITLE, f"<style>{_STYLE}</style>", *body, "</svg>", ""])


def _axes() -> Iterator[str]:
    for part in range(0, 101, 25):
        yield f'<path class="grid" d="M{_LEFT} {_y(part)}h{_WIDTH}"/>'
        yield f'<text x="{_LEFT - 8}" y="{_y(part) + 4}" text-anchor="end">{part} %</text>'
    for tick in _TICKS:
        yield f'<text x="{_x(tick)}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">{tick:,}</text>'
    yield f'<text x="{_LEFT + _WIDTH / 2}" y="{_TOP + _HEIGHT + 38}" text-anchor="middle">creates sent</text>'


def _curve(at: int, matrix: Any) -> Iterator[str]:
    """A step for each fault that a request shows; what only the audit shows is found when the run ends."""
    rows, colour = matrix["rows"], _COLOURS[at % len(_COLOURS)]
    found = [row for row in rows if row["outcome"] == "detected"]
    last = max((row["writes"] for row in found), default=0)
    spent = sorted(row["writes"] or last for row in found)
    path = f"M{_x(1)} {_y(0)}" + "".join(f"H{_x(writes)}V{_y(100 * n / len(rows))}" for n, writes in enumerate(spent, 1))
    label = f"{matrix['depth']}: {len(found):,} of {len(rows):,}"
    yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    yield f'<path d="M{_LEFT + 12} {_TOP + 14 + 18 * at}h20" stroke="{colour}" stroke-width="2"/>'
    yield f'<text x="{_LEFT + 38}" y="{_TOP + 18 + 18 * at}">{label}</text>'


def _rows(compared: Any) -> Iterator[tuple[str, list[Any]]]:
    """The title and the runs against faults of each row."""
    broken = [run for run in compared["runs"] if run["subject"]["kind"] == "fault"]
    for name in dict.fromkeys(run["row"] for run in broken):
        yield compared["titles"][name], [run for run in broken if run["row"] == name]


def _point(at: int, title: str, runs: Sequence[Any]) -> Iterator[str]:
    """Where a tool's run ends: the creates that it has sent by then, on average, and what it has found."""
    colour, found = _COLOURS[at % len(_COLOURS)], sum(run["found"] for run in runs)
    x, y = _x(round(sum(run["writes"] for run in runs) / len(runs))), _y(100 * found / len(runs))
    yield f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>'
    yield f'<circle cx="{_LEFT + 22}" cy="{_TOP + 14 + 18 * at}" r="5" fill="{colour}"/>'
    yield f'<text x="{_LEFT + 38}" y="{_TOP + 18 + 18 * at}">{title}: {found:,} of {len(runs):,}</text>'


def _x(writes: int) -> float:
    return round(_LEFT + _WIDTH * math.log(max(1, writes)) / math.log(_MOST), 1)


def _y(percent: float) -> float:
    return round(_TOP + _HEIGHT * (1 - percent / 100), 1)


if __name__ == "__main__":
    sys.exit(main())
