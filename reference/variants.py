"""Combines freedoms into servers that keep the contract in ways of their own, so that the suite blames none of them."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from allpairspy import AllPairs

from ..spec import Contract, Role, UsageError
from . import free_conduct, free_forms
from .freedom import FREEDOMS, Freedom
from .pipeline import Pipeline
from .sample import SampleKeys, sample_store
from .settings import Settings

__all__ = ["FREEDOMS", "Variant", "enumerate_variants", "make_variant"]

# Importing a module is what enters its freedoms.
_MODULES = (free_conduct, free_forms)
_USUAL = "usual"
"""The level of every factor at which the reference server does what it does by itself."""


@dataclasses.dataclass(frozen=True)
class Variant:
    """A server that keeps the contract.

    Attributes:
        choices: by factor, the level; factors at their usual level are left out.
        basis: the weakest basis by which it conforms: `endpoint`, or `all`.
        given: variables that a user would set for want of something that this server does not offer.
        statements: what the server does in its own way, a sentence for each choice.
    """

    choices: Mapping[str, str]
    pipeline: type[Pipeline]
    settings: Settings
    basis: str
    given: Mapping[str, str]
    statements: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A readable name."""
        return " ".join(f"{factor}={level}" for factor, level in self.choices.items()) or _USUAL


def make_variant(contract: Contract, choices: Mapping[str, str]) -> Variant:
    """The server with these freedoms.

    Args:
        choices: by factor, a level of `FREEDOMS`, or `usual`.

    Raises:
        UsageError: there is no such factor or level.
    """
    taken = {factor: level for factor, level in choices.items() if level != _USUAL}
    found = [_find(factor, level) for factor, level in taken.items()]
    pipelines = dict.fromkeys(each.pipeline for each in found if each.pipeline is not Pipeline)
    settings: dict[str, Any] = {name: value for each in found for name, value in each.settings.items()}
    return Variant(
        choices=taken,
        pipeline=type("VariantPipeline", (*pipelines, Pipeline), {"__doc__": "Freedoms together."}),
        settings=Settings(**settings),
        basis="endpoint" if any(each.seed_only for each in found) else "all",
        given=dict(_given(contract)) if "reading" in taken else {},
        statements=tuple(each.statement for each in found),
    )


def enumerate_variants(contract: Contract, rounds: int = 1) -> tuple[Variant, ...]:
    """Servers in which each pair of freedoms occurs.

    A rare freedom would hide most of the others, so it keeps out of the first servers; then come servers with one rare
    freedom beside every other one, and with two.

    Args:
        rounds: how many times each pair of freedoms occurs at least, in other company each time.
    """
    rows = [row for turn in range(rounds) for row in (*_pairs(turn), *_with_rare(turn))]
    return tuple(make_variant(contract, row) for row in rows)


def _levels() -> dict[str, list[str]]:
    """By factor, the levels that combine with everything."""
    return {factor: [_USUAL, *(level for level, each in ways.items() if not each.rare)] for factor, ways in FREEDOMS.items()}


def _pairs(turn: int) -> Iterator[dict[str, str]]:
    # AllPairs makes fewer rows when the factors with most levels come first; turning their levels makes other rows.
    factors = {factor: levels for factor, levels in _levels().items() if len(levels) > 1}
    names = sorted(factors, key=lambda factor: -len(factors[factor]))
    turned = [[*factors[name][turn % len(factors[name]) :], *factors[name][: turn % len(factors[name])]] for name in names]
    for row in AllPairs(turned if turn % 2 == 0 else turned[::-1]):
        yield dict(zip(names if turn % 2 == 0 else names[::-1], row, strict=True))


def _with_rare(turn: int) -> Iterator[dict[str, str]]:
    levels = _levels()
    rare = [(factor, level) for factor, ways in FREEDOMS.items() for level, each in ways.items() if each.rare]
    several = [pair for pair in itertools.combinations(rare, 2) if pair[0][0] != pair[1][0]]
    alone = [(one,) for one in rare for _ in range(max(map(len, levels.values())))]
    for number, chosen in enumerate([*alone, *several], turn):
        # Each factor goes through its levels, and the longest list of levels is gone through beside each rare freedom.
        others = {factor: found[(number + at) % len(found)] for at, (factor, found) in enumerate(levels.items())}
        yield {**others, **dict(chosen)}


def _find(factor: str, level: str) -> Freedom:
    try:
        return FREEDOMS[factor][level]
    except KeyError:
        known = ", ".join(f"{name}={each}" for name, ways in FREEDOMS.items() for each in ways)
        raise UsageError(f"there is no freedom {factor}={level}: known are {known}") from None


def _given(contract: Contract) -> Iterator[tuple[str, str]]:
    """Things to link to, and options of selects, for a suite that can read nothing."""
    store = sample_store(contract, 0)
    organization = store.organizations[store.keys[SampleKeys().full].organization]
    for place in contract.link_places:
        found = organization.of_type(place.object_type or "")
        if found and not place.read_only:
            yield f"LIGHTFIELD_{(place.object_type or '').upper()}_ID", found[0].id
    for place in contract.value_places:
        field = organization.kinds[contract.collection.object_type].fields[place.key]
        if place.role is Role.OPTION and not place.read_only:
            yield f"LIGHTFIELD_{place.key.lstrip('$').upper()}", field.options[0].label
