"""The matrix of runs of the suite on itself: what became of each server, and how it is told."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from lightfield_contract.reports import Matrix, Outcome, Row, render_matrix, render_matrix_html, write_matrix_json
from lightfield_contract.reports.matrix import matrix_headline

RIGHT = Row("right", "Right.", "Body", ("a:1", "a:2"), ("a:2", "b:1"), 600, 1.5)
OTHER = Row("other", "Other.", "Body", ("a:1",), ("b:1", "b:2", "b:3"), 600, 1.5)
MISSED = Row("missed", "Missed.", "Refusals", ("a:1",), (), 600, 1.5)
ENDED = Row("ended", "Ended.", "Refusals", ("a:1",), note="the target refused the key")
CLEAN = Row("time=offset", "Clean.", "Conforming servers, seed 0", requests=600)
ACCUSED = Row("time=<b>", "Accused.", "Conforming servers, seed 0", (), ("a:1",), 600)
ALL = (RIGHT, OTHER, MISSED, ENDED, CLEAN, ACCUSED)
MATRIX = Matrix("lightfield-contract 0.1.0", "smoke", (0,), 3.0, ALL)


def test_outcomes():
    """Any of the named clauses is right; nothing is right of a server that keeps the contract; no result is no verdict."""
    wanted = [Outcome.RIGHT, Outcome.OTHER, Outcome.MISSED, Outcome.ERROR, Outcome.CLEAN, Outcome.ACCUSED]
    assert [row.outcome for row in ALL] == wanted
    assert MATRIX.of(Outcome.MISSED, Outcome.ACCUSED) == (MISSED, ACCUSED)
    assert MATRIX.clauses_blamed == 2.5


@pytest.mark.parametrize(
    ("rows", "good"),
    [
        ((RIGHT, OTHER), True),
        ((CLEAN,), True),
        ((RIGHT, MISSED), False),
        ((CLEAN, ACCUSED), False),
        ((RIGHT, ENDED), False),
    ],
)
def test_what_is_good(rows, good):
    """Every fault is caught, by whichever clause, and no conforming server is blamed."""
    matrix = dataclasses.replace(MATRIX, rows=rows)
    assert matrix.good is good
    assert matrix_headline(matrix).word == ("proved" if good else "not proved")
    assert not dataclasses.replace(matrix, interrupted=True).good


def test_headline():
    """Faults and conforming servers are counted apart."""
    assert str(matrix_headline(MATRIX)) == (
        "not proved: 2 of 4 faults caught, 1 by the clause named; 2.5 clauses blamed for each on average; "
        "1 false alarm in 2 runs against conforming servers; 1 not judged; 3 s at smoke depth, seed 0"
    )
    clean = dataclasses.replace(MATRIX, rows=(CLEAN,), seeds=(0, 1))
    assert "proved: no finding in 1 run against conforming servers; 3 s at smoke depth, seeds 0, 1" in str(
        matrix_headline(clean)
    )


def test_text():
    """A line for each server, then those that are not as they should be, worst last, and the totals."""
    told = render_matrix(MATRIX, 120, color=False)
    assert "  ✓ right: a:1 ← a:2, b:1" in told
    assert "  ✕ missed: a:1 ← nothing" in told
    assert told.index("ANOTHER CLAUSE (1)") < told.index("MISSED (1)") < told.index("NOT JUDGED (1)")
    assert "the target refused the key" in told
    assert told.endswith("seed 0")
    assert all(len(line) <= 120 for line in told.splitlines())


def test_json(tmp_path: Path):
    """Plain values, the outcome among them."""
    write_matrix_json(MATRIX, tmp_path / "matrix.json")
    document = json.loads((tmp_path / "matrix.json").read_text("utf-8"))
    assert [row["outcome"] for row in document["rows"]] == [row.outcome.value for row in ALL]
    assert (document["depth"], document["seeds"], document["interrupted"]) == ("smoke", [0], False)


def test_page():
    """Every server is in the table, every blamed or missed clause in the picture, and nothing is taken for markup."""
    html = render_matrix_html(MATRIX)
    assert all(f"<p>{row.statement}</p>" in html for row in ALL)
    assert "time=&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("<rect") == sum(len(row.blamed) for row in ALL) + 1
    assert 'viewBox="0 0 5 6"' in html
