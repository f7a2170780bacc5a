"""Servers that keep the contract in ways of their own: each starts, creates and refuses."""

from __future__ import annotations

import itertools

import pytest

from lightfield_contract.reference.freedom import FREEDOMS
from lightfield_contract.reference.variants import enumerate_variants, make_variant
from lightfield_contract.spec import UsageError, load

LEVELS = [(factor, level) for factor, ways in FREEDOMS.items() for level in ways]


@pytest.mark.parametrize(("factor", "level"), LEVELS, ids=lambda word: word)
def test_one_freedom(make_api, contract, factor, level):
    """A server with one freedom creates, replays and refuses."""
    correct = make_api().body()
    variant = make_variant(contract, {factor: level})
    api = make_api(variant.settings, variant.pipeline)
    first, again = api.create(correct, "k"), api.create(correct, "k")
    assert first.status_code in (200, 201)
    assert again.json() == first.json()
    assert api.create({}).status_code in (400, 422)
    assert api.send("POST", contract.create.path, key=None, json=correct).status_code == 401


@pytest.mark.parametrize("rare", [False, True])
def test_every_pair_occurs(rare):
    """Each pair of levels of two factors is in some server; of two common ones, in one without rare ones."""
    levels = {
        factor: ["usual", *(level for level, each in ways.items() if rare or not each.rare)]
        for factor, ways in FREEDOMS.items()
    }
    chosen = [
        {factor: variant.choices.get(factor, "usual") for factor in levels}
        for variant in enumerate_variants(load())
        if rare or not any(FREEDOMS[factor][level].rare for factor, level in variant.choices.items())
    ]
    for one, other in itertools.combinations(levels, 2):
        seen = {(choices[one], choices[other]) for choices in chosen}
        assert seen == set(itertools.product(levels[one], levels[other])), (one, other)


def test_every_level_occurs():
    """The rare ones as well, and more rounds make more servers."""
    variants = enumerate_variants(load())
    assert {item for variant in variants for item in variant.choices.items()} == set(LEVELS)
    assert len({variant.id for variant in enumerate_variants(load(), 3)}) > 2 * len(variants)


def test_all_together(make_api, contract):
    """The last level of every factor at once still is one server."""
    variant = make_variant(contract, {factor: list(ways)[-1] for factor, ways in FREEDOMS.items()})
    assert variant.basis == "endpoint"
    assert make_api(variant.settings, variant.pipeline).create(make_api().body()).status_code == 201


def test_what_cannot_be_read_is_given(contract):
    """A server that can be read needs nothing; another one is given IDs and options."""
    assert not make_variant(contract, {}).given
    assert len(make_variant(contract, {"reading": "refused"}).given) >= 1


def test_unknown_freedom():
    """The message says which there are."""
    with pytest.raises(UsageError, match=r"time=moon: known are .*status=201"):
        make_variant(load(), {"time": "moon"})
