"""How a run ends: the worst of all that happened."""

from __future__ import annotations

import itertools

import pytest

from lightfield_contract.conformance.harness.verdicts.exit_status import Happened, decide, worst

COMBINATIONS = list(itertools.product((False, True), repeat=5))
"""Of: an error of ours, interrupted, a clause that fails the run, nothing verified, an unfinished case."""

# For each status of the session, the run's status in the order of the combinations.
TABLE = {
    0: "0555 1111 2222 2222 3333 3333 3333 3333",
    1: "1111 1111 2222 2222 3333 3333 3333 3333",
    2: "2222 2222 2222 2222 3333 3333 3333 3333",
    3: "3333 3333 3333 3333 3333 3333 3333 3333",
    4: "4444 4444 4444 4444 3333 3333 3333 3333",
    5: "5555 1111 2222 2222 3333 3333 3333 3333",
    6: "6666 6666 6666 6666 6666 6666 6666 6666",
    7: "7777 7777 7777 7777 7777 7777 7777 7777",
}


def row(session: int, *, judged: bool) -> str:
    """The run's status for each combination, as in the table."""
    found = [
        str(decide(Happened(session, judged, errors, interrupted, failing, not nothing, unfinished)))
        for errors, interrupted, failing, nothing, unfinished in COMBINATIONS
    ]
    return " ".join("".join(found[at : at + 4]) for at in range(0, len(found), 4))


@pytest.mark.parametrize("session", TABLE)
def test_the_worst_of_all_counts(session: int) -> None:
    """No combination of what this suite found is better than the session's own status, or than the worst of them."""
    assert row(session, judged=False) == TABLE[session]


def test_a_failure_that_is_a_judgement_of_ours_is_weighed_by_the_verdicts() -> None:
    """Of pytest's own statuses this is the only one that may get better."""
    assert {session: row(session, judged=True) for session in TABLE} == {**TABLE, 1: TABLE[0]}


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((0, 5), 5),
        ((5, 1), 1),
        ((1, 2), 2),
        ((2, 4), 4),
        ((4, 3), 3),
        ((3, 7), 7),
        ((7, 77), 7),
        ((0, 256), 0),
        ((0, -1), -1),
    ],
)
def test_the_order_of_statuses(statuses: tuple[int, int], expected: int) -> None:
    """One that a plugin gave a meaning of its own stands above all; what the operating system takes for 0 is 0."""
    assert worst(*statuses) == expected
    assert type(worst(*statuses)) is int
