"""The matrix: which clause caught which fault, and how it is told."""

from __future__ import annotations

import json

import pytest

from lightfield_contract.conformance.matrix import Matrix, Outcome, Row, judge_faults
from lightfield_contract.spec import UsageError

ROWS = (
    Row("right", "Right.", ("a:1", "a:2"), ("a:2", "b:1"), 1.5),
    Row("other", "Other.", ("a:1",), ("b:1", "b:2", "b:3"), 1.5),
    Row("missed", "Missed.", ("a:1",), (), 1.5),
    Row("ended", "Ended.", ("a:1",), (), 1.5, "the target refused the key", judged=False),
)
MATRIX = Matrix("smoke", 0, 3.0, ROWS)


def test_outcomes():
    """Any of the named clauses is right; a run without a result is no verdict."""
    assert [row.outcome for row in ROWS] == [Outcome.RIGHT, Outcome.OTHER, Outcome.MISSED, Outcome.ERROR]
    assert [row.subject for row in MATRIX.of(Outcome.MISSED)] == ["missed"]
    assert MATRIX.clauses_blamed == 2.5


def test_text():
    """Worst first, and nothing about what is as it should be."""
    told = MATRIX.render()
    assert told.index("NOT JUDGED (1)") < told.index("MISSED (1)") < told.index("ANOTHER CLAUSE (1)")
    assert "other (a:1): Other.; blamed: b:1, b:2, b:3" in told
    assert "right (" not in told
    assert "2 of 4 faults caught, 1 by the clause that they name; 2.5 clauses blamed for each on average" in told


def test_json():
    """Plain values, the outcome among them."""
    document = json.loads(json.dumps(MATRIX.to_json()))
    assert [row["outcome"] for row in document["rows"]] == [outcome.value for outcome in Outcome]


def test_unknown_fault():
    """Nothing is run."""
    with pytest.raises(UsageError, match="no fault"):
        judge_faults(["keys-ignored", "no such thing"])


def test_a_gross_fault_is_caught():
    """A run in a process of its own, with every step of the real thing."""
    seen: list[tuple[int, int, str]] = []
    matrix = judge_faults(
        ["makes-two", "version-optional"],
        depth="smoke",
        workers=1,
        progress=lambda done, total, row: seen.append((done, total, row.subject)),
    )
    assert [row.outcome for row in matrix.rows] == [Outcome.RIGHT, Outcome.RIGHT]
    assert seen == [(1, 2, "makes-two"), (2, 2, "version-optional")]
