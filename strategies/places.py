"""What may stand at the places of a body, as far as the workspace knows: IDs to link to, options, definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..spec import Contract, Place, Role
from .schema import constrained, json_types, takes
from .value import Value
from .values import values_of
from .workspace import FieldDefinition, Option, RelationshipDefinition, Workspace

__all__ = [
    "custom_fields",
    "custom_relationships",
    "definition_of",
    "known_ids",
    "link_shapes",
    "link_type",
    "option_names",
    "place_values",
    "shapes",
]

_SELECTS = ("SINGLE_SELECT", "MULTI_SELECT")


def link_type(workspace: Workspace, place: Place) -> str | None:
    """The type of object that a relationship links to, from the fragment, else from the definitions."""
    defined = workspace.relationships.get(place.key)
    return place.object_type or (defined.object_type if defined else None)


def known_ids(workspace: Workspace, object_type: str | None) -> tuple[str, ...]:
    """IDs of that type that may be linked to; none if the type is unknown."""
    return tuple(workspace.ids.get(object_type, ())) if object_type else ()


def option_names(workspace: Workspace, key: str) -> tuple[Option, ...]:
    """The options known of a select field, those that somebody gave before those that its definition lists."""
    defined = workspace.fields[key].options if key in workspace.fields else ()
    return tuple(workspace.options.get(key, ())) or defined


def definition_of(workspace: Workspace, place: Place) -> FieldDefinition:
    """A field of the fragment as definitions would describe it; what the fragment says of its value type counts."""
    defined = workspace.fields.get(place.key)
    value_type = place.value_type or (defined.value_type if defined else "") or _type_of_schema(place.schema)
    options = option_names(workspace, place.key)
    if defined is None:
        return FieldDefinition(place.key, value_type, place.read_only, options)
    return FieldDefinition(place.key, value_type, place.read_only, options, defined.multiple, defined.configuration)


def place_values(workspace: Workspace, place: Place) -> tuple[Value, ...]:
    """Values for a field of the fragment that its schema takes, the plainest first; none if its options are unknown."""
    if choices := place.schema.get("enum", [place.schema["const"]] if "const" in place.schema else []):
        return tuple(Value(choice, str(choice)) for choice in choices)
    found = values_of(definition_of(workspace, place))
    return tuple(value for value in found if takes(place.schema, value.value)) if constrained(place.schema) else found


def link_shapes(ids: tuple[str, ...], cardinality: str = "") -> dict[str, Any]:
    """The ways to link: `one` ID, an `array` of it, and `two` where the definitions say that there may be many."""
    if not ids:
        return {}
    found: dict[str, Any] = {"one": ids[0], "array": [ids[0]]}
    if cardinality == "has_many" and len(ids) > 1:
        found["two"] = list(ids[:2])
    return found


def shapes(workspace: Workspace, place: Place) -> Mapping[str, Any]:
    """The valid ways of setting a place, by name, the plainest first.

    Relationships have `one`, `array` and perhaps `two`; selects `label` and `id`; other fields the features of their
    demanded values. Empty where the workspace knows nothing to set, for read-only places, and for groups.
    """
    if place.read_only or place.holds_places:
        return {}
    if place.role is Role.LINK:
        defined = workspace.relationships.get(place.key)
        ways = link_shapes(known_ids(workspace, link_type(workspace, place)), defined.cardinality if defined else "")
        return {name: value for name, value in ways.items() if takes(place.schema, value)}
    return {value.feature: value.value for value in place_values(workspace, place) if value.demanded}


def custom_fields(contract: Contract, workspace: Workspace) -> dict[str, tuple[FieldDefinition, ...]]:
    """By value type, the custom attributes to try: the first that takes one value and the first that takes several.

    An organization may have hundreds; one of a kind tells about its kind.
    """
    named = {place.key for place in contract.value_places}
    found: dict[str, tuple[FieldDefinition, ...]] = {}
    for field in workspace.fields.values():
        same = found.get(field.value_type, ())
        known = field.value_type in contract.values and values_of(field)
        new = field.multiple not in [other.multiple for other in same]
        if field.custom and field.key not in named and not field.read_only and known and new:
            found[field.value_type] = (*same, field)
    return {value_type: found[value_type] for value_type in contract.values if value_type in found}


def custom_relationships(contract: Contract, workspace: Workspace) -> tuple[RelationshipDefinition, ...]:
    """The custom relationships to try: the first of each cardinality that has something to link to."""
    named = {place.key for place in contract.link_places}
    found: dict[str, RelationshipDefinition] = {}
    for relationship in workspace.relationships.values():
        writable = relationship.key not in named and relationship.custom and not relationship.read_only
        if writable and known_ids(workspace, relationship.object_type):
            found.setdefault(relationship.cardinality, relationship)
    return tuple(found.values())


def _type_of_schema(schema: Mapping[str, Any]) -> str:
    """A value type whose values the schema takes, for a field that names none."""
    fitting = {"string": "TEXT", "number": "NUMBER", "boolean": "CHECKBOX"}
    return next((fitting[name] for name in fitting if name in json_types(schema)), "TEXT")
