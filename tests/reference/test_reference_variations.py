"""Servers that keep the contract in ways of their own: each starts, creates and refuses."""

from __future__ import annotations

import itertools

import pytest
from callers import MakeApi

from lightfield_contract.reference.variations import conforming_server, conforming_servers, variations
from lightfield_contract.spec import Contract, UsageError, load

VARIATIONS = variations()
LEVELS = [(factor, level) for factor, ways in VARIATIONS.items() for level in ways]


@pytest.mark.parametrize(("factor", "level"), LEVELS, ids=lambda word: word)
def test_one_variation(make_api: MakeApi, contract: Contract, factor: str, level: str) -> None:
    """A server with one variation creates, replays and refuses."""
    correct = make_api().body()
    server = conforming_server(contract, {factor: level})
    api = make_api(server.configuration, server.pipeline)
    first, again = api.create(correct, "k"), api.create(correct, "k")
    assert first.status_code in (200, 201)
    assert again.json() == first.json()
    assert api.create({}).status_code in (400, 422)
    assert api.send("POST", contract.create.path, key=None, json=correct).status_code == 401


@pytest.mark.parametrize("rare", [False, True])
def test_every_pair_occurs(rare: str) -> None:
    """Each pair of levels of two factors is in some server; of two common ones, in one without rare ones."""
    levels = {
        factor: ["usual", *(level for level, each in ways.items() if rare or not each.rare)]
        for factor, ways in VARIATIONS.items()
    }
    chosen = [
        {factor: server.choices.get(factor, "usual") for factor in levels}
        for server in conforming_servers(load())
        if rare or not any(VARIATIONS[factor][level].rare for factor, level in server.choices.items())
    ]
    for one, other in itertools.combinations(levels, 2):
        seen = {(choices[one], choices[other]) for choices in chosen}
        assert seen == set(itertools.product(levels[one], levels[other])), (one, other)


def test_every_level_occurs() -> None:
    """The rare ones as well, and more rounds make more servers."""
    servers = conforming_servers(load())
    assert {item for server in servers for item in server.choices.items()} == set(LEVELS)
    assert len({server.id for server in conforming_servers(load(), 3)}) > 2 * len(servers)


def test_all_together(make_api: MakeApi, contract: Contract) -> None:
    """The last level of every factor at once still is one server."""
    server = conforming_server(contract, {factor: list(ways)[-1] for factor, ways in VARIATIONS.items()})
    assert server.basis == "endpoint"
    assert make_api(server.configuration, server.pipeline).create(make_api().body()).status_code == 201


def test_what_cannot_be_read_is_given(contract: Contract) -> None:
    """A server that can be read needs nothing; another one is given IDs and options."""
    assert not conforming_server(contract, {}).given
    assert len(conforming_server(contract, {"reading": "refused"}).given) >= 1


def test_unknown_variation() -> None:
    """The message says which there are."""
    with pytest.raises(UsageError, match=r"'time=moon': known are .*status=201"):
        conforming_server(load(), {"time": "moon"})
