"""Breaches that set what cannot be set: plausible values, which must be refused, and empty ones, which should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..spec import Contract, Place, Role
from ..spec.profile import custom_pointer
from .mutation import Mutation, putting
from .places import definition_of, known_ids, link_shapes, link_type
from .texts import PLAIN_TEXT
from .values import demanded_values
from .workspace import FieldDefinition, Workspace

__all__ = ["read_only_mutations"]


def read_only_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """For each read-only place of the fragment, then for one that only the definitions call read-only."""
    for place in contract.places:
        if place.read_only:
            yield from _plausible(workspace, place)
            yield from _empty(place)
    yield from _defined(contract, workspace)


def _plausible(workspace: Workspace, place: Place) -> Iterator[Mutation]:
    clause, smoke = f"read-only:{place.pointer}", True
    for variant, value in _values(workspace, place).items():
        yield Mutation("read-only", place.pointer, variant, clause, putting(place.pointer, value), smoke=smoke)
        smoke = False


def _values(workspace: Workspace, place: Place) -> dict[str, Any]:
    """Values that would be valid if the place could be set, so that nothing else is wrong with them."""
    if place.role is Role.LINK:
        own = known_ids(workspace, link_type(workspace, place))
        others = [ids[0] for ids in workspace.ids.values() if ids]
        return link_shapes(own or tuple(others[:1]) or (PLAIN_TEXT,))
    return _field_values(definition_of(workspace, place))


def _field_values(definition: FieldDefinition) -> dict[str, Any]:
    """A select's option both ways, else the plainest value."""
    most = 2 if definition.options else 1
    known = {value.feature: value.value for value in demanded_values(definition)[:most]}
    return known or {"text": PLAIN_TEXT}


def _empty(place: Place) -> Iterator[Mutation]:
    clause = f"read-only-empty:{place.pointer}"
    yield Mutation("read-only-empty", place.pointer, "null", clause, putting(place.pointer, None), smoke=True)
    name, value = ("array", []) if place.role is Role.LINK else ("string", "")
    yield Mutation("read-only-empty", place.pointer, name, clause, putting(place.pointer, value))


def _defined(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """What definitions call read-only and the fragment does not know, such as what a later edition closed: observed."""
    named = {place.key for place in contract.places}
    field = next((f for f in workspace.fields.values() if f.read_only and f.key not in named), None)
    if field is not None:
        variant, value = next(iter(_field_values(field).items()))
        pointer = custom_pointer(Role.VALUE, field.key)
        yield Mutation("read-only", pointer, variant, None, putting(pointer, value))
    for link in workspace.relationships.values():
        if link.read_only and link.key not in named and (ids := known_ids(workspace, link.object_type)):
            pointer = custom_pointer(Role.LINK, link.key)
            yield Mutation("read-only", pointer, "one", None, putting(pointer, ids[0]))
            return
