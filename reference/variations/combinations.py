"""Combines permitted variations into servers that keep the contract, so that every pair of variations occurs in one."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from ...spec import Contract, Role, UsageError
from ...spec.given import quote
from ..configuration import Configuration
from ..pipeline import Pipeline
from ..sample import SampleKeys, sample_store
from .variation import VariationInfo, variations

__all__ = ["ConformingServer", "conforming_server", "conforming_servers"]

_USUAL = "usual"
"""The level of every factor at which the reference server does what it does by itself."""


@dataclasses.dataclass(frozen=True)
class ConformingServer:
    """A server that keeps the contract in ways of its own.

    Attributes:
        choices: by factor, the level; factors at their usual level are left out.
        basis: the weakest basis by which it conforms: `endpoint`, or `all`.
        given: variables that a user would set because this server offers no way to read the values.
        statements: what the server does otherwise, a sentence for each choice.
    """

    choices: Mapping[str, str]
    pipeline: type[Pipeline]
    configuration: Configuration
    basis: str
    given: Mapping[str, str]
    statements: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A readable name."""
        return " ".join(f"{factor}={level}" for factor, level in self.choices.items()) or _USUAL


def conforming_server(contract: Contract, choices: Mapping[str, str]) -> ConformingServer:
    """Return the server with these variations.

    Args:
        choices: by factor, a level of `variations()`, or `usual`.

    Raises:
        UsageError: there is no such factor or level.
    """
    taken = {factor: level for factor, level in choices.items() if level != _USUAL}
    found = [_find(factor, level) for factor, level in taken.items()]
    configured: dict[str, Any] = {name: value for each in found for name, value in each.configured.items()}
    return ConformingServer(
        choices=taken,
        pipeline=type("ConformingPipeline", (*(each.pipeline for each in found), Pipeline), {}),
        configuration=Configuration(**configured),
        basis="endpoint" if any(each.endpoint_only for each in found) else "all",
        given=dict(_given(contract)) if "reading" in taken else {},
        statements=tuple(each.statement for each in found),
    )


def conforming_servers(contract: Contract, rounds: int = 1) -> tuple[ConformingServer, ...]:
    """Return servers in which each pair of variations occurs.

    A rare variation would hide most of the others, so it keeps out of the first servers; then come servers with one rare
    variation beside every other one, and with two.

    Args:
        rounds: how many times each pair of variations occurs at least, in other company each time.
    """
    rows = [row for turn in range(rounds) for row in (*_pairs(turn), *_with_rare(turn))]
    return tuple(conforming_server(contract, row) for row in rows)


def _levels() -> dict[str, list[str]]:
    """Return by factor the levels that combine with everything."""
    return {
        factor: [_USUAL, *(level for level, each in ways.items() if not each.rare)] for factor, ways in variations().items()
    }


def _pairs(turn: int) -> Iterator[dict[str, str]]:
    # Imported here, because a server with given variations does without.
    from allpairspy import AllPairs

    # AllPairs makes fewer rows when the factors with most levels come first; turning their levels makes other rows.
    factors = {factor: levels for factor, levels in _levels().items() if len(levels) > 1}
    names = sorted(factors, key=lambda factor: -len(factors[factor]))
    turned = [[*factors[name][turn % len(factors[name]) :], *factors[name][: turn % len(factors[name])]] for name in names]
    for row in AllPairs(turned if turn % 2 == 0 else turned[::-1]):
        yield dict(zip(names if turn % 2 == 0 else names[::-1], row, strict=True))


def _with_rare(turn: int) -> Iterator[dict[str, str]]:
    levels = _levels()
    rare = [(factor, level) for factor, ways in variations().items() for level, each in ways.items() if each.rare]
    several = [pair for pair in itertools.combinations(rare, 2) if pair[0][0] != pair[1][0]]
    alone = [(one,) for one in rare for _ in range(max(map(len, levels.values())))]
    for number, chosen in enumerate([*alone, *several], turn):
        # Each factor goes through its levels, and the longest list of levels is gone through beside each rare variation.
        others = {factor: found[(number + at) % len(found)] for at, (factor, found) in enumerate(levels.items())}
        yield {**others, **dict(chosen)}


def _find(factor: str, level: str) -> VariationInfo:
    known = variations()
    if level not in known.get(factor, {}):
        names = ", ".join(f"{name}={each}" for name, ways in known.items() for each in ways)
        raise UsageError(f"there is no variation {quote(f'{factor}={level}')}: known are {names}")
    return known[factor][level]


def _given(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield things to link to, and options of selects, for a suite that can read nothing."""
    store = sample_store(contract, 0)
    organization = store.organizations[store.keys[SampleKeys().full].organization]
    for place in contract.link_places:
        found = organization.of_type(place.object_type or "")
        if found and not place.read_only:
            yield f"LIGHTFIELD_{(place.object_type or '').upper()}_ID", found[0].id
    for place in contract.value_places:
        field = organization.resources[contract.collection.object_type].fields[place.key]
        if place.role is Role.OPTION and not place.read_only:
            yield f"LIGHTFIELD_{place.key.lstrip('$').upper()}", field.options[0].label
