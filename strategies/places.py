"""What may stand at the places of a body, as far as the workspace knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..spec import Contract, FieldDefinition, Place, RelationshipDefinition, Role, profile
from .schema import constrained
from .value_types import can_repeat, demanded_values, values_of
from .values import Value
from .workspace import USED_IDS, Workspace

__all__ = ["can_be_set", "custom_fields", "custom_relationships", "custom_ways", "valid_values", "ways_to_link"]

_MOST_RELATIONSHIPS: Final = 4
"""Custom relationships that are tried: with several IDs each, a body still holds few links."""


def valid_values(workspace: Workspace, place: Place) -> Mapping[str, Any]:
    """Return valid values of a place by name, the plainest first.

    Links have `one`, `array` and perhaps `several`; selects `label` and `id`; other values the features of those demanded.
    Empty where the workspace knows nothing to set, for read-only places, and for groups.
    """
    if place.read_only or place.holds_places:
        return {}
    if place.role is Role.LINK:
        defined = workspace.relationships.get(place.key)
        linked = workspace.linked_type(place)
        # The first look changes which ID comes first until what has to be linked is accepted.
        ids = workspace.known_ids(linked) if place.required else workspace.ids_at(place.key, linked)
        ways = ways_to_link(ids, defined.cardinality if defined else "")
        return {name: value for name, value in ways.items() if place.takes(value)}
    return {value.feature: value.value for value in _values_of(workspace, place) if value.demanded}


def ways_to_link(ids: tuple[str, ...], cardinality: str = "") -> dict[str, Any]:
    """Return the ways to link: `one` ID, an `array` of it, and `several` where definitions permit many."""
    if not ids:
        return {}
    found: dict[str, Any] = {"one": ids[0], "array": [ids[0]]}
    if cardinality == "has_many" and len(ids) > 1:
        found["several"] = list(ids[:USED_IDS])
    return found


def custom_ways(workspace: Workspace, link: RelationshipDefinition) -> dict[str, Any]:
    """Return the ways to link at a custom relationship, as `ways_to_link` has them."""
    return ways_to_link(workspace.ids_at(link.key, link.object_type), link.cardinality)


def custom_fields(contract: Contract, workspace: Workspace) -> dict[str, tuple[FieldDefinition, ...]]:
    """Return by value type the custom attributes to try: the first that takes one value, the first that takes several.

    An organization may have hundreds; one of a kind shows what a target does with its kind.
    """
    named = {place.key for place in contract.value_places}
    found: dict[str, tuple[FieldDefinition, ...]] = {}
    for field in workspace.fields.values():
        same = found.get(field.value_type, ())
        new = field.multiple not in [other.multiple for other in same]
        if new and field.key not in named and field.value_type in contract.values and can_be_set(field):
            found[field.value_type] = (*same, field)
    return {value_type: found[value_type] for value_type in contract.values if value_type in found}


def can_be_set(field: FieldDefinition) -> bool:
    """Return whether it is a custom attribute that any number of creates can set to a value that we know."""
    return field.custom and not field.read_only and bool(demanded_values(field)) and can_repeat(field)


def custom_relationships(contract: Contract, workspace: Workspace) -> tuple[RelationshipDefinition, ...]:
    """Return the custom relationships to try: the first of each cardinality, then of each type that they link to.

    An organization may have dozens; each of those that are tried has something to link to.
    """
    if not any(place.pointer == profile.LINK_MAP for place in contract.places):
        return ()
    named = {place.key for place in contract.link_places}
    found: list[RelationshipDefinition] = []
    for relationship in workspace.relationships.values():
        writable = relationship.key not in named and relationship.custom and not relationship.read_only
        if writable and workspace.known_ids(relationship.object_type):
            found.append(relationship)
    first = {each.cardinality: each for each in reversed(found)}
    each_kind = {(each.cardinality, each.object_type): each for each in reversed(found)}
    chosen = [each for each in found if each in each_kind.values()]
    return tuple(sorted(chosen, key=lambda each: each not in first.values()))[:_MOST_RELATIONSHIPS]


def _values_of(workspace: Workspace, place: Place) -> tuple[Value, ...]:
    """Values that the place's schema takes, the plainest first; none if its options are unknown."""
    if choices := place.schema.get("enum", [place.schema["const"]] if "const" in place.schema else []):
        return tuple(Value(choice, str(choice)) for choice in choices)
    found = values_of(workspace.definition_of(place))
    return tuple(value for value in found if place.takes(value.value)) if constrained(place.schema) else found
