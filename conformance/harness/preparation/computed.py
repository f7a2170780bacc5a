"""Finds what may be computed, where definitions do not say what is read-only, and leaves it out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, TypeAlias

from ....spec import FieldDefinition, RelationshipDefinition
from ....spec.pointer import set_at
from ....strategies import Workspace, demanded_values
from ....strategies.dependents import complete
from ..case.api import Api
from ..case.world import World
from ..judge.refusal import names
from ..wire.exchange import Exchange

__all__ = ["leave_out_computed"]

_TRIED = 2
"""Values that an attribute has to refuse before it counts as one that takes none."""
_MOST = 12
"""Attributes and relationships that are tried by themselves, as a refusal names them."""

_Definition: TypeAlias = FieldDefinition | RelationshipDefinition


def leave_out_computed(world: World, api: Api) -> Iterator[tuple[str, Exchange]]:
    """Leave out each custom attribute and relationship that takes nothing, and yield its place with the last refusal.

    Definitions without `readOnly` say nothing (contract 11), so a computed attribute looks as one that a target
    wrongly refuses. Where the definition of any custom one of its kind has it, they say enough, and the cases judge.
    """
    tried: set[str] = set()
    while len(tried) < _MOST and (found := _named(world, api, tried)):
        tried.add(found.pointer)
        if answer := _refusal(world, api, found):
            world.state.use(_without(world.workspace, found))
            yield found.pointer, answer


def _named(world: World, api: Api, tried: set[str]) -> _Definition | None:
    """The first one that the refusal of a body with much set names."""
    kinds: list[list[_Definition]] = [[*world.workspace.fields.values()], [*world.workspace.relationships.values()]]
    custom = [[definition for definition in kind if definition.custom] for kind in kinds]
    silent = [each for kind in custom if all(definition.silent for definition in kind) for each in kind]
    untried = [each for each in silent if each.pointer not in tried and each.pointer not in world.workspace.amendments]
    answers = (api.once(body) for body in (*world.fullest, world.state.bodies.carrying))
    found = (each for answer in answers if answer.refused for each in untried if names(answer, each.pointer))
    return next(found, None)


def _refusal(world: World, api: Api, definition: _Definition) -> Exchange | None:
    """The last of its refusals, where each value is refused for being there; None where one is taken."""
    answer = None
    for value in _values(world.workspace, definition):
        answer = api.once(complete(world.workspace, set_at(world.smallest or {}, definition.pointer, value)))
        if not (answer.refused and names(answer, definition.pointer)):
            return None
    return answer


def _values(workspace: Workspace, definition: _Definition) -> list[Any]:
    if isinstance(definition, FieldDefinition):
        return [value.value for value in demanded_values(definition)[:_TRIED]]
    ids = workspace.known_ids(definition.object_type)[:_TRIED]
    # One that takes arrays alone is wrong, and not computed.
    return [*ids, *([linked] for linked in ids[:1])]


def _without(workspace: Workspace, definition: _Definition) -> Workspace:
    return dataclasses.replace(
        workspace,
        fields={key: field for key, field in workspace.fields.items() if field != definition},
        relationships={key: link for key, link in workspace.relationships.items() if link != definition},
    )
