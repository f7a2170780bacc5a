"""Tries what there is to write with before it is relied on: an organization's own rules may refuse some (contract 11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from ....spec import FieldDefinition, Option
from ....spec.pointer import set_at
from ....strategies import Depth, Pack, Placed, Workspace, enumerate_bodies
from ....strategies.bodies import other_options_body, selects_of
from ....strategies.dependents import complete
from ....strategies.places import custom_relationships
from ....strategies.select_types import names_of, used_options
from ....strategies.value_types import VALUE_TYPES
from ....strategies.workspace import USED_IDS
from ..case.api import Api
from ..case.facts import Shared
from ..case.world import World
from ..judge.record import Recorder
from ..judge.refusal import denies_listed, is_ruling
from .computed import leave_out_computed
from .left_out import LeftOut
from .smallest_trial import MOST_THINGS, SmallestTrial, further_and_further

__all__ = ["Trial", "with_few_ids"]


class Trial:
    """Finds, for one run, what the organization accepts; what its rules refuse is left out and noted.

    A refusal that is no ruling is left to the cases, or noted at once where nothing else would send the thing again.
    """

    def __init__(self, world: World, api: Api, recorder: Recorder) -> None:
        self._world = world
        self._api = api
        self._left_out = LeftOut(world, recorder)

    @property
    def notes(self) -> Iterator[str]:
        """What the user should know: how much was left out at each place."""
        return self._left_out.notes

    def find_smallest(self) -> bool:
        """Change the smallest body one place at a time until it is accepted; return whether it is."""
        return SmallestTrial(self._world, self._api, self._left_out).find()

    def try_rest(self, also: Sequence[Shared] = ()) -> None:
        """Try what cases will set beside the smallest body, all of it at once where the target takes that.

        Args:
            also: what else will be asked for.
        """
        contract, smallest = self._world.contract, self._smallest
        fullest, other = self._fullest(), other_options_body(contract, self._world.workspace)
        everything = Shared(self._world.fullest[0], self._world.other_caller, keyed=True)
        self._api.foresee([Shared(fullest), Shared(other), everything, *also])
        together = fullest == smallest or self._api.once(fullest).accepted
        both = together and self._api.once(other).accepted
        if not (both and self._api.full().accepted):
            self._leave_out_computed()
            for place in [place for place in contract.link_places if not place.read_only and not place.required]:
                self._try_link(place.pointer, self._world.object_type(place.pointer), f"optional:{place.pointer}")
            for link in custom_relationships(contract, self._world.workspace):
                self._try_link(link.pointer, link.object_type, "link:custom")
            # A refusal of one of those comes before one of what is computed.
            self._leave_out_computed()
        if not both:
            for pointer, field in selects_of(contract, self._world.workspace).items():
                clause = f"custom:{field.value_type}" if field.custom else f"option:{pointer}"
                self._try_select(pointer, field.key, clause, field)
        self._world.state.use(with_few_ids(self._world.workspace))
        self._try_values()

    def _leave_out_computed(self) -> None:
        for pointer, answer in leave_out_computed(self._world, self._api):
            self._left_out.add(pointer, answer)

    def _try_values(self) -> None:
        """Leave out what the target does not take of the values that nearly all bodies carry; a case judges each of them."""
        pack = next(iter(self._world.packs), None)
        if self._api.full().accepted or pack is None or self._taken(pack, pack.placed):
            return
        untaken = [placed.pointer for placed in pack.placed if not self._taken(pack, [placed])]
        rest = [placed for placed in pack.placed if placed.pointer not in untaken]
        # What is taken value by value may not be taken together, and nearly every create carries it.
        if not self._taken(pack, rest):
            untaken += [placed.pointer for placed in rest]
        self._world.state.use(dataclasses.replace(self._world.workspace, untaken=tuple(untaken)))

    def _taken(self, pack: Pack, placed: Sequence[Placed]) -> bool:
        return self._api.once(self._world.state.bodies.carry(pack, placed)).accepted

    @property
    def _smallest(self) -> dict[str, Any]:
        return self._world.smallest or {}

    def _fullest(self) -> dict[str, Any]:
        """The last body of smoke depth, which has a link at each place and a custom attribute of each type."""
        bodies = enumerate_bodies(self._world.contract, self._world.workspace, Depth.SMOKE)
        return bodies[-1].value if bodies else self._smallest

    def _try_link(self, pointer: str, object_type: str, clause: str) -> None:
        """Find the IDs that the target takes at a place; none of several leaves the first one for the cases to judge."""
        ids = self._world.workspace.known_ids(object_type)
        needed = [place.pointer for place in self._world.contract.link_places if place.required]
        shared = object_type in map(self._world.object_type, needed)
        taken: list[str] = []
        tried = [*further_and_further(len(ids))]
        while tried and len(taken) < USED_IDS:
            at = tried.pop(0)
            answer = self._api.once(set_at(self._smallest, pointer, ids[at]))
            if answer.accepted:
                # What stands beside one that is taken may be taken too.
                tried = tried if taken else [*range(at + 1, min(at + MOST_THINGS, len(ids)))]
                taken.append(ids[at])
            elif denies_listed(answer):
                self._left_out.blame(clause, pointer, answer)
            elif not is_ruling(answer):
                return
            else:
                self._left_out.add(pointer, answer)
        # What the smallest body links to stays the first.
        if (taken and not (shared and taken[0] != ids[0])) or (len(ids) == 1 and not shared and is_ruling(answer)):
            self._keep_ids(object_type, tuple(taken))

    def _keep_ids(self, object_type: str, ids: tuple[str, ...]) -> None:
        workspace = self._world.workspace
        kept = {**workspace.ids, object_type: ids}
        self._world.state.use(dataclasses.replace(workspace, ids={name: found for name, found in kept.items() if found}))

    def _try_select(self, pointer: str, key: str, clause: str, field: FieldDefinition) -> None:
        """Leave out the options that cases would send and that are refused in each spelling; leave one where all are."""
        tried: set[Option] = set()
        before, several = self._world.workspace, VALUE_TYPES[field.value_type].name == "MULTI_SELECT"
        while new := [option for option in used_options(field) if option not in tried]:
            tried.add(new[0])
            if self._is_refused(pointer, clause, new[0], field, several=several):
                self._world.state.use(self._world.workspace.without_option(key, new[0]))
                options = self._world.workspace.known_options(key)
                field = dataclasses.replace(field, options=options)
                if len(options) > 1 and all(option.refused for option in options):
                    self._world.state.use(before)
                    return

    def _is_refused(self, pointer: str, clause: str, option: Option, field: FieldDefinition, *, several: bool) -> bool:
        refused = None
        for name in names_of(option, field.options):
            body = set_at(self._smallest, pointer, [name] if several else name)
            answer = self._api.once(complete(self._world.workspace, body))
            if answer.accepted and refused is not None:
                self._left_out.blame(clause, pointer, refused)
            if answer.accepted or not is_ruling(answer):
                return False
            refused = answer
        if refused is not None:
            self._left_out.add(pointer, refused)
        return refused is not None


def with_few_ids(workspace: Workspace) -> Workspace:
    """Return a workspace with as many IDs of a kind as bodies are made of."""
    return dataclasses.replace(workspace, ids={name: found[:USED_IDS] for name, found in workspace.ids.items()})
