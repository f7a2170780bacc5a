"""Covering arrays cover, whatever the factors."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightfield_contract.strategies.coverage import covering_rows


def open_combinations(factors: dict[str, list[str]], rows: tuple[dict[str, str], ...], strength: int) -> int:
    """How many combinations no row has."""
    return sum(
        len(set(itertools.product(*(factors[name] for name in chosen))) - {tuple(row[n] for n in chosen) for row in rows})
        for chosen in itertools.combinations(factors, strength)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.integers(1, 3))
def test_every_combination_occurs(counts: list[int], strength: int) -> None:
    """Of any number of factors, with any number of levels, at any strength."""
    factors = {f"factor {at}": [f"level {level}" for level in range(count)] for at, count in enumerate(counts)}
    rows = covering_rows(factors, strength)
    assert open_combinations(factors, rows, min(strength, len(factors))) == 0
    assert all(set(row) == set(factors) for row in rows)
    assert rows == covering_rows(factors, strength)
    assert rows[0] == {name: levels[0] for name, levels in factors.items()}


def test_no_factors_make_no_rows() -> None:
    """There is nothing to combine."""
    assert covering_rows({}, 2) == ()


def test_rows_are_few() -> None:
    """Pairs need as many rows as the two largest factors have pairs, and triples hardly more than that."""
    factors = {f"factor {at}": [str(level) for level in range(count)] for at, count in enumerate([2, 15, 3, 3, 3, 5, 3, 3])}
    assert len(covering_rows(factors, 2)) == 75
    assert len(covering_rows(factors, 3)) <= 1.5 * 225


@pytest.mark.parametrize(("factors", "strength"), [({"a": ["x"]}, 0), ({"a": []}, 2)])
def test_impossible_arguments_are_refused(factors: dict[str, list[str]], strength: int) -> None:
    """A factor without levels makes no row at all, which would look like success."""
    with pytest.raises(ValueError, match="at least 1"):
        covering_rows(factors, strength)
