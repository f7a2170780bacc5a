"""The matrix of runs of the suite on itself: what became of each server, and how it is told."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from lightfield_contract.reports import Detection, Matrix, ServerRun, render_matrix, render_matrix_html, write_matrix_json
from lightfield_contract.reports.matrix import matrix_headline

DETECTED = ServerRun("detected", "Detected.", "Body", ("a:1", "a:2"), ("a:2", "b:1"), 600, 1.5)
MISATTRIBUTED = ServerRun("misattributed", "Misattributed.", "Body", ("a:1",), ("b:1", "b:2", "b:3"), 600, 1.5)
MISSED = ServerRun("missed", "Missed.", "Refusals", ("a:1",), (), 600, 1.5)
ENDED = ServerRun("ended", "Ended.", "Refusals", ("a:1",), note="the target refused the key")
CLEAN = ServerRun("time=offset", "Clean.", "Conforming servers, seed 0", requests=600)
FALSE_ALARM = ServerRun("time=<b>", "False alarm.", "Conforming servers, seed 0", (), ("a:1",), 600)
ALL = (DETECTED, MISATTRIBUTED, MISSED, ENDED, CLEAN, FALSE_ALARM)
MATRIX = Matrix("lightfield-contract 0.1.0", "smoke", (0,), 3.0, ALL)


def test_outcomes() -> None:
    """Any of the named clauses will do; none does for a server that keeps the contract; no result is no verdict."""
    assert {row: row.outcome for row in ALL} == {
        DETECTED: Detection.DETECTED,
        MISATTRIBUTED: Detection.MISATTRIBUTED,
        MISSED: Detection.MISSED,
        ENDED: Detection.ERROR,
        CLEAN: Detection.CLEAN,
        FALSE_ALARM: Detection.FALSE_ALARM,
    }
    assert MATRIX.of(Detection.MISSED, Detection.FALSE_ALARM) == (MISSED, FALSE_ALARM)
    assert MATRIX.clauses_blamed == 2.5


@pytest.mark.parametrize(
    ("rows", "good"),
    [
        ((DETECTED, MISATTRIBUTED), True),
        ((CLEAN,), True),
        ((DETECTED, MISSED), False),
        ((CLEAN, FALSE_ALARM), False),
        ((DETECTED, ENDED), False),
    ],
)
def test_what_is_good(rows: tuple[ServerRun, ...], good: bool) -> None:
    """Every fault is found, by whichever clause, and no conforming server is blamed."""
    matrix = dataclasses.replace(MATRIX, rows=rows)
    assert matrix.good is good
    assert matrix_headline(matrix).word == ("proved" if good else "not proved")
    assert not dataclasses.replace(matrix, interrupted=True).good


def test_headline() -> None:
    """Faults and conforming servers are counted separately."""
    assert str(matrix_headline(MATRIX)) == (
        "not proved: 1 of 4 faults detected by the clause named, 1 misattributed, 1 missed; "
        "2.5 clauses blamed for each on average; 1 false alarm in 2 runs against conforming servers; 1 not judged; "
        "3 s at smoke depth, seed 0"
    )
    clean = dataclasses.replace(MATRIX, rows=(CLEAN,), seeds=(0, 1))
    assert "proved: no finding in 1 run against conforming servers; 3 s at smoke depth, seeds 0, 1" in str(
        matrix_headline(clean)
    )


def test_text() -> None:
    """A line for each server, then those that are not as they should be, worst last, and the totals."""
    told = render_matrix(MATRIX, 120, color=False)
    assert "  ✓ detected: a:1 ← a:2, b:1" in told
    assert "  ✕ missed: a:1 ← nothing" in told
    assert told.index("MISATTRIBUTED (1)") < told.index("MISSED (1)") < told.index("NOT JUDGED (1)")
    assert "the target refused the key" in told
    assert told.endswith("seed 0")
    assert all(len(line) <= 120 for line in told.splitlines())


def test_json(tmp_path: Path) -> None:
    """Plain values, the outcome among them."""
    write_matrix_json(MATRIX, tmp_path / "matrix.json")
    document = json.loads((tmp_path / "matrix.json").read_text("utf-8"))
    assert [row["outcome"] for row in document["rows"]] == [row.outcome.value for row in ALL]
    assert (document["depth"], document["seeds"], document["interrupted"]) == ("smoke", [0], False)


def test_page() -> None:
    """Every server is in the table, every blamed or missed clause in the picture, and nothing is taken for markup."""
    html = render_matrix_html(MATRIX)
    assert all(f"<p>{row.statement}</p>" in html for row in ALL)
    assert "time=&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("<rect") == sum(len(row.blamed) for row in ALL) + 1
    assert 'viewBox="0 0 5 6"' in html


def test_the_curve_counts_what_was_found_within_so_many_writes() -> None:
    """Faults that no single request shows are left out, and nothing is said where there are no others."""
    found = [dataclasses.replace(DETECTED, writes=writes) for writes in (8, 20, 31, 0)]
    matrix = Matrix("tool", "smoke", (0,), 1.0, (*found, dataclasses.replace(MISSED, writes=0)))
    assert matrix.curve() == {10: 1, 20: 2, 50: 3}
    assert "2 within 20" in render_matrix(matrix, 100, color=False)
    assert Matrix("tool", "smoke", (0,), 1.0, (DETECTED,)).curve() == {}
