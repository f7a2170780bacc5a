"""The suite detects changes of the reference that nobody chose, which is a proof that it cannot be tuned to."""

from __future__ import annotations

import pytest
from judged_mutants import End, Judged
from mutant_reasons import reason_of
from mutants import Mutant, drawn


def test_a_mutant_is_detected(mutant: Mutant, judged: Judged) -> None:
    """Or it is written down why it cannot be."""
    if judged.end is End.STILLBORN:
        pytest.skip(f"{judged.end.value}: {judged.printed}")
    assert judged.end is not End.SURVIVED or reason_of(mutant), f"{judged.end.value}\n{mutant}"


def test_a_seed_draws_the_same() -> None:
    """On every machine, and others for another seed."""
    first, again, other = drawn(3, 1), drawn(3, 1), drawn(3, 2)
    assert first == again
    assert not {mutant.id for mutant in first} & {mutant.id for mutant in other}


def test_a_mutant_differs_in_one_place() -> None:
    """Its line as it was stands in the module, and its line as it is now in what is judged."""
    for mutant in drawn(10, 3):
        assert mutant.before != mutant.after
        assert mutant.after in mutant.source
