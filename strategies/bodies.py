"""Valid bodies: the smallest one, and a covering array of their features."""

from __future__ import annotations

import collections
import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..spec import Contract, FieldDefinition, Place, Role
from ..spec.pointer import ABSENT, set_at
from .coverage import covering_rows
from .dependents import complete
from .depth import Depth
from .features import NONE, Factor, Setting, factors_of
from .places import custom_fields, custom_relationships, custom_ways, valid_values
from .select_types import names_of, used_options
from .value_types import VALUE_TYPES
from .values import PLAIN_TEXT
from .workspace import Workspace

__all__ = [
    "Body",
    "enumerate_amendments",
    "enumerate_bodies",
    "missing_needs",
    "other_options_body",
    "selects_of",
    "smallest_body",
]

_STRENGTHS = {Depth.STANDARD: 2, Depth.DEEP: 3}


@dataclasses.dataclass(frozen=True)
class Body:
    """A body that breaks no rule of the contract.

    Attributes:
        value: the JSON value to send.
        features: by factor, which is a place's pointer, the level that this body has; see `features.factors_of`.
        details: by pointer, the feature of the `Value` that stands there, where a level has several.
    """

    value: dict[str, Any]
    features: Mapping[str, str]
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def id(self) -> str:
        """A readable name, unique within one enumeration."""
        levels = (f"{factor}={level}" for factor, level in self.features.items() if level != NONE)
        return ",".join([*levels, *self.details.values()])


def smallest_body(contract: Contract, workspace: Workspace) -> dict[str, Any] | None:
    """Return the required places and no more, each link one ID, each select an option's label, else its ID.

    The marker place holds `PLAIN_TEXT` or, where its schema does not take that, another text. It is set even where it
    is not required, because every create carries a marker.
    None where the workspace does not know what a required place needs; `missing_needs` says what.
    """
    body: dict[str, Any] = {}
    for place in _needed_places(contract):
        plainest = _plainest(contract, workspace, place)
        if plainest is ABSENT:
            return None
        body = set_at(body, place.pointer, plainest)
    for pointer, value in workspace.amendments.items():
        body = set_at(body, pointer, value)
    return dict(complete(workspace, body))


def enumerate_amendments(contract: Contract, workspace: Workspace) -> Iterator[tuple[str, Any]]:
    """Yield what may be changed of the smallest body for a target that does not accept it: one place and value at a time.

    Required places with their other valid values, then optional links set, so that a target which is wrong about one of
    them can be judged in all else.
    """
    for place in contract.places:
        if place.required and place != contract.marker_place:
            yield from ((place.pointer, value) for value in list(valid_values(workspace, place).values())[1:])
    for place in contract.link_places:
        if not place.required:
            yield from ((place.pointer, value) for value in list(valid_values(workspace, place).values())[:1])


def selects_of(contract: Contract, workspace: Workspace) -> dict[str, FieldDefinition]:
    """Return by pointer the selects whose options are sent: those of the fragment, then one custom one of each kind."""
    named = [place for place in contract.value_places if not place.read_only and workspace.known_options(place.key)]
    custom = [field for found in custom_fields(contract, workspace).values() for field in found]
    return {place.pointer: workspace.definition_of(place) for place in named} | {
        field.pointer: field for field in custom if VALUE_TYPES[field.value_type].select
    }


def other_options_body(contract: Contract, workspace: Workspace) -> dict[str, Any]:
    """Return the smallest body with the options and the second IDs that the last body of smoke depth leaves out.

    A select of the fragment has its last option's label, a custom one its ID.
    """
    body = smallest_body(contract, workspace) or {}
    for link in custom_relationships(contract, workspace):
        ways = custom_ways(workspace, link)
        body = set_at(body, link.pointer, ways["several"]) if "several" in ways else body
    for pointer, field in selects_of(contract, workspace).items():
        used = [option for option in used_options(field) if not option.refused] or used_options(field)
        alike = [names_of(option, field.options) for option in used if option.parent == used[-1].parent]
        named = [names[-1] if field.custom else names[0] for names in alike]
        body = set_at(body, pointer, named if field.value_type == "MULTI_SELECT" else named[-1])
    return dict(complete(workspace, body))


def missing_needs(contract: Contract, workspace: Workspace) -> tuple[str, ...]:
    """Return what keeps the smallest body from being made: `need:place`, such as `link:/relationships/$parent`.

    The need is a key of `contract.needs`.
    """
    return tuple(
        f"{'link' if place.role is Role.LINK else 'option'}:{place.pointer}"
        for place in _needed_places(contract)
        if not place.holds_places and not valid_values(workspace, place)
    )


def enumerate_bodies(contract: Contract, workspace: Workspace, depth: Depth = Depth.STANDARD) -> tuple[Body, ...]:
    """Return valid bodies, in a fixed order; each of them is demanded to be accepted and to come back.

    At standard depth every pair of levels of two factors occurs in a body, at deep depth every triple, and each value of
    each place; most bodies set nearly everything. Smoke depth has the smallest body, one with everything set as arrays and
    by ID, and one with everything set once. Empty where there is no smallest body; `missing_needs` says why.
    """
    smallest = smallest_body(contract, workspace)
    if smallest is None:
        return ()
    factors = factors_of(contract, workspace)
    if depth is Depth.SMOKE:
        return tuple(_smoke(workspace, smallest, factors))
    levels = {name: tuple(factor) for name, factor in factors.items()}
    rows = covering_rows(levels, _STRENGTHS[depth])
    return tuple(_filled(workspace, smallest, factors, (*rows, *_rest(factors, rows))))


def _needed_places(contract: Contract) -> list[Place]:
    return [place for place in contract.places if place.required or place == contract.marker_place]


def _plainest(contract: Contract, workspace: Workspace, place: Place) -> Any:
    if place.holds_places:
        return {}
    if place == contract.marker_place and place.takes(PLAIN_TEXT):
        return PLAIN_TEXT
    return next(iter(valid_values(workspace, place).values()), ABSENT)


def _filled(
    workspace: Workspace, smallest: dict[str, Any], factors: Mapping[str, Factor], rows: tuple[dict[str, str], ...]
) -> Iterator[Body]:
    """A body for each row. Where a level has several settings, its occurrences take them in turn."""
    turns = {(name, level): itertools.cycle(found) for name, factor in factors.items() for level, found in factor.items()}
    for row in rows:
        settings = [setting for item in row.items() for setting in next(turns[item])]
        yield _body(workspace, smallest, row, settings)


def _body(workspace: Workspace, smallest: dict[str, Any], features: Mapping[str, str], settings: list[Setting]) -> Body:
    value = smallest
    for setting in settings:
        value = set_at(value, setting.pointer, setting.value)
    details = {setting.pointer: setting.feature for setting in settings if setting.feature}
    return Body(dict(complete(workspace, value)), features, details)


def _rest(factors: Mapping[str, Factor], rows: Sequence[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """More rows, in which what has more settings than the given rows have turns for comes up again."""
    counts = collections.Counter(item for row in rows for item in row.items())
    short = {
        name: [level for level, found in factor.items() for _ in range(len(found) - counts[name, level])]
        for name, factor in factors.items()
    }
    for at in range(max(map(len, short.values()), default=0)):
        yield {name: levels[at] if at < len(levels) else list(factors[name])[-1] for name, levels in short.items()}


def _smoke(workspace: Workspace, smallest: dict[str, Any], factors: Mapping[str, Factor]) -> Iterator[Body]:
    rows = [{name: list(factor)[min(at, len(factor) - 1)] for name, factor in factors.items()} for at in (0, 2, 1)]
    unique = [row for at, row in enumerate(rows) if row not in rows[:at]]
    # The settings of the last row are the plainest ones.
    bodies = list(_filled(workspace, smallest, factors, tuple(unique[::-1])))
    yield from bodies[::-1]
