"""The suite detects mutants of the reference, which nobody chose: a proof that cannot be tuned to."""

from __future__ import annotations
from judged import End, Judged
from mutants import Mutant

def test_a_mutant_is_detected(mutant: Mutant, judged: Judged) -> None:
    """Or it is known why it cannot be."""
    assert judged.end is not End.SURVIVED, mutant
