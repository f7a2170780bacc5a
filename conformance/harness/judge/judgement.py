"""The outcome of one expectation: the clause, what was expected, and what was seen instead."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TypeAlias

__all__ = ["Judgement", "Judgements", "judge"]


@dataclasses.dataclass(frozen=True)
class Judgement:
    """Whether one expectation of one clause held.

    Attributes:
        expected: one sentence.
        problem: what was seen instead; "" when the expectation held.
    """

    clause: str
    expected: str
    problem: str = ""


Judgements: TypeAlias = Iterator[Judgement]


def judge(clause: str, expected: str, held: bool, observed: str) -> Judgement:
    """A judgement; what was observed is kept only when the expectation did not hold."""
    return Judgement(clause, expected, "" if held else observed)
