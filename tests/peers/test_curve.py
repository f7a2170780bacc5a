"""The picture of how many faults are found within how many creates."""

from __future__ import annotations

from curve import draw


def test_a_curve_rises_to_what_was_found() -> None:
    """One that is missed leaves it below the top; the label says both numbers."""
    rows = [{"outcome": "detected", "writes": 3}, {"outcome": "detected", "writes": 40}, {"outcome": "missed", "writes": 0}]
    picture = draw([{"depth": "smoke", "rows": rows}])
    assert "smoke: 2 of 3" in picture
    assert picture.count("<path d=") == 2


def test_a_point_stands_where_the_run_of_another_tool_ends() -> None:
    """At the creates that it has sent on average; runs against conforming servers say nothing of faults."""
    fault, conforming = {"kind": "fault", "id": "a"}, {"kind": "conforming", "id": "b"}

    def drawn(times: int) -> str:
        runs = [
            {"row": "peer", "subject": fault, "found": True, "writes": 100 * times},
            {"row": "peer", "subject": fault, "found": False, "writes": 300 * times},
            {"row": "peer", "subject": conforming, "found": False, "writes": 4000},
        ]
        return draw([], [{"titles": {"peer": "another tool"}, "runs": runs}])

    assert "another tool: 1 of 2" in drawn(1)
    assert drawn(1).count("<circle") == 2
    assert drawn(1) != drawn(3)
