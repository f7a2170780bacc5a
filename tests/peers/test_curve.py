"""The picture of how many faults are found within how many creates."""

from __future__ import annotations

from curve import draw


def test_a_curve_rises_to_what_was_found() -> None:
    """One that is missed leaves it below the top; the label says both numbers."""
    rows = [{"outcome": "detected", "writes": 3}, {"outcome": "detected", "writes": 40}, {"outcome": "missed", "writes": 0}]
    picture = draw([{"depth": "smoke", "rows": rows}])
    assert "smoke: 2 of 3" in picture
    assert picture.count("<path d=") == 2
