"""Enumerates valid bodies: a covering array of their features, and apart from it what is only observed."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from ..spec import Contract
from ..spec.pointer import set_at
from .coverage import covering_rows
from .depth import Depth
from .features import NONE, Factor, Setting, factors_of, observed_settings
from .smallest import smallest_body
from .workspace import Workspace

__all__ = ["Body", "enumerate_bodies", "observed_bodies"]

_STRENGTHS = {Depth.STANDARD: 2, Depth.DEEP: 3}
_SMOKE_ROWS = 3


@dataclasses.dataclass(frozen=True)
class Body:
    """A body that breaks no rule of the contract.

    Attributes:
        value: the JSON value to send.
        features: by factor, the level that this body has. A factor is a place's pointer, or `custom` for the value type
            of the custom attribute that is set; see `features.factors_of`.
        details: by pointer, the feature of the `Value` that stands there, where a level has several.
        demanded: whether the sources say that it is accepted; else what the target does is only observed.
        echoed: whether, once accepted, all of it has to come back.
    """

    value: dict[str, Any]
    features: Mapping[str, str]
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)
    demanded: bool = True
    echoed: bool = True

    @property
    def id(self) -> str:
        """A readable name, unique within one enumeration."""
        levels = (f"{factor}={level}" for factor, level in self.features.items() if level != NONE)
        return ",".join([*levels, *self.details.values()])


def enumerate_bodies(contract: Contract, workspace: Workspace, depth: Depth = Depth.STANDARD) -> tuple[Body, ...]:
    """Valid bodies, in a fixed order; each of them is demanded to be accepted and to come back.

    At standard depth every pair of levels of two factors occurs in a body, at deep depth every triple. Smoke depth has
    the smallest body, one with everything set once, one with everything set as arrays and by ID, and one with every
    custom attribute. Empty where there is no smallest body; `missing_needs` says why.
    """
    smallest = smallest_body(contract, workspace)
    if smallest is None:
        return ()
    factors = factors_of(contract, workspace)
    if depth is Depth.SMOKE:
        return tuple(_smoke(smallest, factors))
    levels = {name: tuple(factor) for name, factor in factors.items()}
    return tuple(_filled(smallest, factors, covering_rows(levels, _STRENGTHS[depth])))


def observed_bodies(contract: Contract, workspace: Workspace, depth: Depth = Depth.STANDARD) -> tuple[Body, ...]:
    """The smallest body with one value in it whose acceptance no source demands, for each such value; none at smoke."""
    smallest = smallest_body(contract, workspace)
    if smallest is None or depth is Depth.SMOKE:
        return ()
    return tuple(
        Body(
            set_at(smallest, setting.pointer, setting.value),
            features={setting.pointer: setting.feature},
            demanded=False,
            echoed=setting.echoed,
        )
        for setting in observed_settings(contract, workspace)
    )


def _filled(smallest: dict[str, Any], factors: Mapping[str, Factor], rows: tuple[dict[str, str], ...]) -> Iterator[Body]:
    """A body for each row. Where a level has several settings, its occurrences take them in turn."""
    turns = {(name, level): itertools.cycle(found) for name, factor in factors.items() for level, found in factor.items()}
    for row in rows:
        settings = [setting for item in row.items() for setting in next(turns[item])]
        yield _body(smallest, row, settings)


def _body(smallest: dict[str, Any], features: Mapping[str, str], settings: list[Setting]) -> Body:
    value = smallest
    for setting in settings:
        value = set_at(value, setting.pointer, setting.value)
    return Body(value, features, {setting.pointer: setting.feature for setting in settings if setting.feature})


def _smoke(smallest: dict[str, Any], factors: Mapping[str, Factor]) -> Iterator[Body]:
    places = {name: factor for name, factor in factors.items() if name != "custom"}
    plain = {"custom": NONE} if "custom" in factors else {}
    rows = [{name: list(factor)[min(at, len(factor) - 1)] for name, factor in places.items()} for at in range(_SMOKE_ROWS)]
    unique = [row for at, row in enumerate(rows) if row not in rows[:at]]
    yield from _filled(smallest, factors, tuple({**row, **plain} for row in unique))
    if plain:
        first = {name: next(iter(factor)) for name, factor in places.items()}
        settings = [found[0] for level, found in factors["custom"].items() if level != NONE]
        yield _body(smallest, {**first, "custom": "all"}, [setting for found in settings for setting in found])
