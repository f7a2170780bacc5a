"""What valid bodies differ in: the factors of a body, the levels of each, and what each level sets."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from ..spec import Contract, Place
from .places import custom_fields, custom_relationships, custom_ways, valid_values
from .texts import TEXTS
from .value_types import values_of
from .workspace import Workspace

__all__ = ["NONE", "SET", "Factor", "Setting", "factors_of"]

NONE: Final = "none"
"""The level of a factor that leaves something out."""

SET: Final = "set"
"""The level of a custom attribute that sets it."""

_MOST_LEVELS: Final = 4
"""Of a place that is neither select nor marker place; rows grow with the product of the two largest factors."""


@dataclasses.dataclass(frozen=True)
class Setting:
    """One value at one place; `feature` says which of several, and is empty where the level says it all."""

    pointer: str
    value: Any
    feature: str = ""


Factor = Mapping[str, tuple[tuple[Setting, ...], ...]]
"""By level, the alternatives of what it sets: each some settings, none of them for `NONE`."""


def factors_of(contract: Contract, workspace: Workspace) -> dict[str, Factor]:
    """Return all factors of this contract's bodies, each with at least one level; first levels make the smallest body.

    - the marker place: the kinds of `TEXTS`
    - a link, custom ones included: `none` if it is optional, `one`, `array`, and `several` if it takes many
    - a select: `none` if it is optional, `label`, `id`
    - another value: `none` if it is optional, and features of its values
    - a custom attribute, one of each value type: `none`, or `set` to its values in turn

    With all custom ones at `none` a body is of the typed branch of the union.
    """
    found: dict[str, Factor] = {}
    for place in (*contract.value_places, *contract.link_places):
        factor = _text_factor(place) if place == contract.marker_place else _place_factor(workspace, place)
        if factor:
            found[place.pointer] = factor
    for relationship in custom_relationships(contract, workspace):
        pointer = relationship.pointer
        found[pointer] = {NONE: ((),), **_levels(pointer, custom_ways(workspace, relationship))}
    for field in [field for fields in custom_fields(contract, workspace).values() for field in fields]:
        values = [value for value in values_of(field) if value.demanded]
        found[field.pointer] = {
            NONE: ((),),
            SET: tuple((Setting(field.pointer, value.value, value.feature),) for value in values),
        }
    return found


def _text_factor(place: Place) -> Factor:
    found = {
        kind: tuple((Setting(place.pointer, text.value, text.feature),) for text in texts if place.takes(text.value))
        for kind, texts in TEXTS.items()
    }
    return {kind: alternatives for kind, alternatives in found.items() if alternatives}


def _place_factor(workspace: Workspace, place: Place) -> Factor:
    ways = valid_values(workspace, place)
    if place.holds_value and len(ways) > _MOST_LEVELS:
        ways = dict(list(ways.items())[:_MOST_LEVELS])
    return {**({} if place.required or not ways else {NONE: ((),)}), **_levels(place.pointer, ways)}


def _levels(pointer: str, ways: Mapping[str, Any]) -> Factor:
    return {name: ((Setting(pointer, value),),) for name, value in ways.items()}
