"""Finds a smallest body that an organization accepts: its own rules may refuse what is in the first one (contract 11)."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from typing import Any

from ....spec import FieldDefinition
from ....spec.pointer import get_at, set_at
from ....strategies import Workspace, demanded_values, smallest_body
from ....strategies.select_types import names_of
from ..case.api import Api
from ..case.world import World
from ..judge.refusal import denies_listed, is_ruling, named_place, names, sign_of
from ..wire.exchange import Exchange
from .left_out import LeftOut

__all__ = ["MOST_THINGS", "SmallestTrial", "further_and_further"]

MOST_THINGS = 10
"""Of a kind, tried one after the other."""
_MOST_OPTIONS = 25
"""Of a select, tried one after the other: an organization may have closed most of its stages."""
_MOST_STEPS = 12
"""Places at which a smallest body is changed until it is accepted."""
_MOST_ATTRIBUTES = 40


class SmallestTrial:
    """Changes the smallest body, for one run, until the target accepts it.

    Args:
        left_out: takes what is refused.
    """

    def __init__(self, world: World, api: Api, left_out: LeftOut) -> None:
        self._world = world
        self._api = api
        self._left_out = left_out

    def find(self) -> bool:
        """Change the smallest body one place at a time until it is accepted; return whether it is."""
        before = self._world.workspace
        for _ in range(_MOST_STEPS):
            answer = self._api.once(self._world.smallest)
            if answer.accepted:
                self._check_spellings()
                return True
            if not (is_ruling(answer) or denies_listed(answer)) or not self._step(answer):
                break
        self._world.state.use(before)
        self._left_out.forget()
        return False

    def _step(self, answer: Exchange) -> bool:
        """Change one place so that the target accepts the body, or refuses something else; return whether one was found."""
        changes = sorted(self._changes(), key=lambda change: not names(answer, change[0]))
        if denies_listed(answer):
            self._left_out.blame("operation:create", named_place(answer), answer)
        before = self._world.workspace
        for pointer, workspaces in changes:
            for count, workspace in enumerate(workspaces, 1):
                self._world.state.use(workspace)
                again = self._api.once(self._world.smallest)
                if denies_listed(again) and sign_of(again) != sign_of(answer) and names(again, pointer):
                    self._left_out.blame("operation:create", pointer, again)
                elif again.accepted or sign_of(again) != sign_of(answer):
                    self._note_step(pointer, count, before, answer)
                    return True
            self._world.state.use(before)
        return False

    def _note_step(self, pointer: str, count: int, before: Workspace, answer: Exchange) -> None:
        if pointer in self._world.workspace.amendments and pointer not in before.amendments:
            point = f"an attribute without which nothing is accepted, at {pointer}"
            self._left_out.observe(point, answer)
        else:
            self._left_out.add(pointer, answer, count)

    def _changes(self) -> Iterator[tuple[str, list[Workspace]]]:
        """By place, the workspaces in which something else stands there in the smallest body."""
        world, workspace = self._world, self._world.workspace
        for place in world.contract.places:
            if place.required and workspace.linked_type(place):
                yield place.pointer, self._with_other_ids(workspace.linked_type(place) or "")
            elif place.required and workspace.known_options(place.key):
                yield place.pointer, self._with_other_options(place.key, functools.partial(self._sent_at, place.pointer))
        for field in self._attributes():
            if field.pointer not in workspace.amendments:
                changed = [
                    dataclasses.replace(workspace, amendments={**workspace.amendments, field.pointer: value.value})
                    for value in demanded_values(field)[:3]
                ]
                yield field.pointer, changed
            elif field.options:
                yield field.pointer, self._with_other_amendments(field)

    def _sent_at(self, pointer: str, workspace: Workspace) -> Any:
        return get_at(smallest_body(self._world.contract, workspace) or {}, pointer, None)

    def _attributes(self) -> list[FieldDefinition]:
        fields = self._world.workspace.fields.values()
        return [field for field in fields if field.custom and not field.read_only and demanded_values(field)][
            :_MOST_ATTRIBUTES
        ]

    def _with_other_ids(self, object_type: str) -> list[Workspace]:
        workspace = self._world.workspace
        ids = workspace.known_ids(object_type)
        later = [ids[at:] for at in further_and_further(len(ids)) if at]
        return [dataclasses.replace(workspace, ids={**workspace.ids, object_type: rest}) for rest in later]

    def _with_other_options(self, key: str, sent: Callable[[Workspace], Any]) -> list[Workspace]:
        """The workspaces in which the option that was sent is left out, then the one sent in its place, and so on."""
        found, workspace = [], self._world.workspace
        for _ in range(_MOST_OPTIONS):
            options = workspace.known_options(key)
            usable = [option for option in options if not option.refused]
            texts = _texts(sent(workspace))
            chosen = next((option for option in usable if {*names_of(option, options)} & {*texts}), None)
            if chosen is None or len(usable) == 1:
                break
            workspace = workspace.without_option(key, chosen)
            found.append(workspace)
        return found

    def _with_other_amendments(self, field: FieldDefinition) -> list[Workspace]:
        def sent(workspace: Workspace) -> Any:
            return demanded_values(workspace.fields[field.key])[0].value

        return [
            dataclasses.replace(workspace, amendments={**workspace.amendments, field.pointer: sent(workspace)})
            for workspace in self._with_other_options(field.key, sent)
        ]

    def _check_spellings(self) -> None:
        """An option that was refused by its label is refused by its ID too, or it was not the option that was refused."""
        smallest = self._world.smallest or {}
        for place in self._world.contract.value_places:
            for option in self._world.workspace.known_options(place.key) if place.required else ():
                if option.refused and option.id and option.id not in _texts(get_at(smallest, place.pointer, None)):
                    by_id = self._api.once(set_at(smallest, place.pointer, option.id))
                    if by_id.accepted:
                        by_label = set_at(smallest, place.pointer, option.label)
                        self._left_out.blame(f"option:{place.pointer}", place.pointer, self._api.once(by_label))


def further_and_further(count: int) -> Iterator[int]:
    """Yield places in a list: the first few, the last, and some between; what is refused often stands together."""
    at, step = 0, 1
    while at < count - 1:
        yield at
        step += at > MOST_THINGS // 2
        at += step
    if count:
        yield count - 1


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
