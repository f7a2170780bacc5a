"""Sees to what the other organization's creates need, and whether its key is one of another organization."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from ....spec import Collection
from ..case.api import Api
from ..case.material import Material
from ..case.world import World
from ..judge.record import NotVerified
from .stated_values import linked_types, list_ids
from .statements import OTHER, drop

__all__ = ["check_other_organization", "make_for_other_organization", "make_linked"]


def check_other_organization(world: World, api: Api) -> Iterator[str]:
    """What the other organization cannot create by itself says nothing of how the two are separated."""
    if OTHER not in world.target.callers:
        return
    if not world.state.bodies.of_other_organization:
        theirs, ours = (list_ids(api, world.contract.collection, name) for name in (OTHER, world.reader.name))
        if not theirs or {*theirs} & {*ours}:
            seen = "nothing that it lists or makes is another organization's"
            yield drop(world, world.target.callers[OTHER], f"{seen}; give a key that may also read or create what is linked")
        return
    with contextlib.suppress(NotVerified):
        answer, bodies = api.by_other_organization(), Material(world).of_other_organization
        for body in bodies if not answer.accepted else ():
            answer = api.once(body, caller=OTHER)
            if answer.accepted:
                world.state.use(dataclasses.replace(world.workspace, other_plain=body != bodies[0]))
                break
        if not answer.accepted:
            yield drop(world, world.target.callers[OTHER], f"a correct create with it was answered {answer.answer}")


def make_for_other_organization(world: World, api: Api) -> None:
    """Make what the other organization's creates have to link to and its key does not list; an object of each type."""
    if OTHER not in world.target.callers:
        return
    workspace = world.workspace
    made = {
        name: ids
        for name in sorted(linked_types(world.contract, workspace.relationships) - workspace.other_ids.keys())
        if (ids := make_linked(api, world.contract.collections.get(name), OTHER))
    }
    world.state.use(dataclasses.replace(workspace, other_ids={**workspace.other_ids, **made}))


def make_linked(api: Api, collection: Collection | None, caller: str) -> tuple[str, ...]:
    """The ID of an object that is made of a collection; none where that makes none."""
    if collection is None or collection.create is None:
        return ()
    try:
        made = api.create_other(collection.object_type, api.key(), caller=caller)
    except NotVerified:
        return ()
    return (made.record_id,) if made.record_id else ()
