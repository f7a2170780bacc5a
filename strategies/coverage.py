"""Covering arrays: few rows in which every combination of a few factors' levels occurs."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence

from allpairspy import AllPairs

__all__ = ["covering_rows"]

_Row = dict[int, int]
"""The position of a level by the position of its factor."""

_Combination = tuple[tuple[int, int], ...]
"""Some of a row's items, in the order of the factors."""


def covering_rows(factors: Mapping[str, Sequence[str]], strength: int) -> tuple[dict[str, str], ...]:
    """Return rows, each a level for every factor, in which all combinations of `strength` factors' levels occur.

    Deterministic. With fewer factors than the strength, all combinations of all of them occur.

    Raises:
        ValueError: the strength is below 1, or a factor has no level.
    """
    if strength < 1 or not all(factors.values()):
        raise ValueError("a covering array needs a strength of at least 1 and factors that have levels")
    counts = tuple(len(levels) for levels in factors.values())
    rows = list(_paired(counts)) if strength == 2 <= len(counts) else []
    rows += _completed(counts, rows, min(strength, len(counts)))
    return tuple({name: levels[row[at]] for at, (name, levels) in enumerate(factors.items())} for row in rows)


@functools.cache
def _paired(counts: tuple[int, ...]) -> tuple[_Row, ...]:
    """AllPairs makes fewer rows, and faster, when the factors with most levels come first."""
    largest = sorted(range(len(counts)), key=lambda factor: -counts[factor])
    return tuple(dict(zip(largest, row, strict=True)) for row in AllPairs([range(counts[factor]) for factor in largest]))


def _completed(counts: Sequence[int], rows: Sequence[_Row], strength: int) -> list[_Row]:
    """Rows for what the given ones leave out: AllPairs stops early when it is asked for more than pairs.

    Each begins with a combination that is still open and takes, factor by factor, the level that closes most others.
    """
    open_combinations = _all_combinations(counts, strength)
    for row in rows:
        _close(open_combinations, row, strength)
    found: list[_Row] = []
    while open_combinations:
        row = dict(next(iter(open_combinations)))
        for factor in sorted(set(range(len(counts))) - set(row), key=lambda factor: -counts[factor]):
            row[factor] = _most_closing(open_combinations, row, factor, counts[factor], strength)
        _close(open_combinations, row, strength)
        found.append(row)
    return found


def _all_combinations(counts: Sequence[int], strength: int) -> dict[_Combination, None]:
    """A dictionary for its order: the factors with most levels, which decide how many rows there have to be, first."""
    largest = sorted(range(len(counts)), key=lambda factor: -counts[factor])
    found: dict[_Combination, None] = {}
    for factors in map(sorted, itertools.combinations(largest, strength)):
        for levels in itertools.product(*(range(counts[factor]) for factor in factors)):
            found[tuple(zip(factors, levels, strict=True))] = None
    return found if strength else {}


def _most_closing(open_combinations: Mapping[_Combination, None], row: _Row, factor: int, count: int, strength: int) -> int:
    rests = list(itertools.combinations(sorted(row.items()), strength - 1))
    gains = [sum(tuple(sorted((*rest, (factor, level)))) in open_combinations for rest in rests) for level in range(count)]
    return gains.index(max(gains))


def _close(open_combinations: dict[_Combination, None], row: _Row, strength: int) -> None:
    for combination in itertools.combinations(sorted(row.items()), strength):
        open_combinations.pop(combination, None)
