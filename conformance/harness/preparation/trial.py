"""Tries what there is to write with before it is relied on: an organization's own rules may refuse some (contract 11)."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ....reports import ExchangeRole
from ....spec import FieldDefinition, Option
from ....spec.pointer import get_at, set_at
from ....strategies import Depth, Pack, Placed, Workspace, demanded_values, enumerate_bodies, smallest_body
from ....strategies.bodies import other_options_body, selects_of
from ....strategies.dependents import complete
from ....strategies.places import custom_relationships
from ....strategies.select_types import names_of, used_options
from ....strategies.value_types import VALUE_TYPES
from ....strategies.workspace import USED_IDS
from ..case.api import Api
from ..case.facts import Shared
from ..case.world import World
from ..judge.judgement import Evidence
from ..judge.record import Recorder
from ..judge.refusal import denies_listed, is_ruling, judge_listed, named_place, names, sign_of
from ..judge.subject import about_place
from ..wire.exchange import Exchange
from .computed import leave_out_computed

__all__ = ["Trial", "with_few_ids"]

_MOST_THINGS = 10
"""Of a kind, tried one after the other."""
_MOST_OPTIONS = 25
"""Of a select, tried one after the other: an organization may have closed most of its stages."""
_MOST_STEPS = 12
"""Places at which a smallest body is changed until it is accepted."""
_MOST_ATTRIBUTES = 40


class Trial:
    """Finds, for one run, what the organization accepts; what its rules refuse is left out and noted.

    A refusal that is no ruling is left to the cases, or noted at once where nothing else would send the thing again.
    """

    def __init__(self, world: World, api: Api, recorder: Recorder) -> None:
        self._world = world
        self._api = api
        self._recorder = recorder
        self._left_out: dict[str, int] = {}

    @property
    def notes(self) -> Iterator[str]:
        """What the user should know: how much was left out at each place."""
        for place, count in self._left_out.items():
            yield f"{count} left out at {place}, because the organization refuses it; another one is used"

    def find_smallest(self) -> bool:
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
        self._left_out.clear()
        return False

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
            self._leave_out(pointer, answer)

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

    def _step(self, answer: Exchange) -> bool:
        """Change one place so that the target accepts the body, or refuses something else; return whether one was found."""
        changes = sorted(self._changes(), key=lambda change: not names(answer, change[0]))
        if denies_listed(answer):
            self._blame("operation:create", named_place(answer), answer)
        before = self._world.workspace
        for pointer, workspaces in changes:
            for count, workspace in enumerate(workspaces, 1):
                self._world.state.use(workspace)
                again = self._api.once(self._world.smallest)
                if denies_listed(again) and sign_of(again) != sign_of(answer) and names(again, pointer):
                    self._blame("operation:create", pointer, again)
                elif again.accepted or sign_of(again) != sign_of(answer):
                    self._note_step(pointer, count, before, answer)
                    return True
            self._world.state.use(before)
        return False

    def _note_step(self, pointer: str, count: int, before: Workspace, answer: Exchange) -> None:
        if pointer in self._world.workspace.amendments and pointer not in before.amendments:
            point = f"an attribute without which nothing is accepted, at {pointer}"
            self._recorder.observe((point, f"refused with {answer.status}"))
        else:
            self._leave_out(pointer, answer, count)

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
        later = [ids[at:] for at in _further_and_further(len(ids)) if at]
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
        for place in self._world.contract.value_places:
            for option in self._world.workspace.known_options(place.key) if place.required else ():
                if option.refused and option.id and option.id not in _texts(get_at(self._smallest, place.pointer, None)):
                    by_id = self._api.once(set_at(self._smallest, place.pointer, option.id))
                    if by_id.accepted:
                        by_label = set_at(self._smallest, place.pointer, option.label)
                        self._blame(f"option:{place.pointer}", place.pointer, self._api.once(by_label))

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
        tried = [*_further_and_further(len(ids))]
        while tried and len(taken) < USED_IDS:
            at = tried.pop(0)
            answer = self._api.once(set_at(self._smallest, pointer, ids[at]))
            if answer.accepted:
                # What stands beside one that is taken may be taken too.
                tried = tried if taken else [*range(at + 1, min(at + _MOST_THINGS, len(ids)))]
                taken.append(ids[at])
            elif denies_listed(answer):
                self._blame(clause, pointer, answer)
            elif not is_ruling(answer):
                return
            else:
                self._leave_out(pointer, answer)
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
                self._blame(clause, pointer, refused)
            if answer.accepted or not is_ruling(answer):
                return False
            refused = answer
        if refused is not None:
            self._leave_out(pointer, refused)
        return refused is not None

    def _leave_out(self, pointer: str, answer: Exchange, count: int = 1) -> None:
        self._left_out[pointer] = self._left_out.get(pointer, 0) + count
        self._recorder.observe(*[(f"left out at {pointer}", f"refused with {answer.answer}")] * count)

    def _blame(self, clause: str, pointer: str, answer: Exchange) -> None:
        """Note that the target refuses what it lists, and not by a rule about the thing."""
        about = about_place(self._world.contract, self._world.workspace, pointer)
        self._recorder.note([judge_listed(answer, clause, about)], [Evidence(ExchangeRole.JUDGED, answer)])


def with_few_ids(workspace: Workspace) -> Workspace:
    """Return a workspace with as many IDs of a kind as bodies are made of."""
    return dataclasses.replace(workspace, ids={name: found[:USED_IDS] for name, found in workspace.ids.items()})


def _further_and_further(count: int) -> Iterator[int]:
    """Places in a list of so many: the first few, the last, and some between; what is refused often stands together."""
    at, step = 0, 1
    while at < count - 1:
        yield at
        step += at > _MOST_THINGS // 2
        at += step
    if count:
        yield count - 1


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
