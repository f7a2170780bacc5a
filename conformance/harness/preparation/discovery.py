"""Finds out, before the first case, whether the target can be judged and what there is to write with."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ....spec import Collection, Definitions, FieldDefinition, Option, TargetError, profile, read_definitions
from ....spec.pointer import get_at, set_at
from ....strategies import Workspace, enumerate_amendments
from ..audit.listing import count_records
from ..case.api import Api
from ..case.overlapping import Read
from ..case.world import World
from ..judge.record import Recorder
from ..judge.refusal import is_ruling
from ..wire.exchange import Exchange
from ..wire.trouble import trouble
from .contact import doubt, objection, overlap
from .other_organization import check_other_organization, make_for_other_organization, make_linked
from .stated_values import (
    PAGE,
    check_ids,
    check_options,
    choose_option,
    linked_types,
    list_ends,
    list_texts,
    reject_unlisted,
)
from .statements import (
    OTHER,
    check_clock,
    check_keys,
    check_other_caller,
    check_other_key,
    check_reader,
    clock_trial,
    doubt_reader,
    note_denied,
)
from .trial import Trial, with_few_ids

__all__ = ["explore", "reject_unknown_key"]

_NOT_THIS_API = (404, 405, 501)


def explore(
    world: World, api: Api, recorder: Recorder, *, writes: bool = True, begin: Callable[[], None] = lambda: None
) -> tuple[str, ...]:
    """Fills the world: checks the keys, reads the workspace, and tries it with the first creates.

    Args:
        recorder: takes what only the first look can show.
        writes: whether it may create; else it is left at what reads show.
        begin: called when it is known that the target is this API and takes the key.

    Returns:
        Notes for the report: what was given and cannot be used.

    Raises:
        TargetError: the target cannot be judged: unreachable, key refused, not this API.
        UsageError: the target does not have what the user gave to write with.
    """
    _check_main_key(world, api)
    with api.reader.foreseeing(_reads(world)):
        notes = [*check_keys(world, api), *check_reader(world, api)]
        reject_unlisted(world, api)
        world.state.use(_read_workspace(world, api, writes=writes))
        notes += check_other_key(world)
        world.state.note_held(count_records(world, api))
        if not writes:
            world.state.use(with_few_ids(world.workspace))
            return tuple(notes)
        check_ids(world, api)
        check_options(world, api)
        make_for_other_organization(world, api)
    if world.state.writes_left == 0:
        return tuple(notes)
    notes += _send_first_control(world, api, recorder, begin)
    notes += check_clock(world, api)
    notes += check_other_organization(world, api)
    note_denied(world, recorder)
    return tuple(notes)


def _reads(world: World) -> Iterator[Read]:
    """What the first look reads of an ordinary target."""
    contract, callers = world.contract, world.target.callers
    asked = [name for name, caller in callers.items() if caller.key and name not in ("main", "unknown-key")]
    yield from (Read(contract.validate, name) for name in asked if contract.validate)
    given = {world.reader.name, *({"main"} & callers.keys() if "read" in callers else ()), *({OTHER} & callers.keys())}
    own, linked = contract.collection, {place.object_type for place in contract.link_places if not place.read_only}
    for name, collection in contract.collections.items():
        for caller in sorted(given if name in linked else given - {OTHER}):
            if collection.list and (name in linked or "read" in callers):
                yield Read(collection.list, caller, profile.page_query(PAGE))
    for operation, query in ((own.definitions, None), (own.list, profile.page_query(1))):
        if operation:
            yield Read(operation, world.reader.name, query)
    if own.definitions and OTHER in callers:
        yield Read(own.definitions, OTHER)


def reject_unknown_key(world: World, api: Api) -> Exchange | None:
    """See that the target knows the main key; return what it says of it, where it can be asked.

    Raises:
        TargetError: it refuses the key.
    """
    if world.contract.validate is None:
        return None
    answer = api.get(world.contract.validate, caller="main")
    if answer.status == 401:
        hint = overlap(world.target.address, world.contract) or f"is it a key for this target?{doubt(answer)}"
        raise TargetError(f"{world.target.url} refused the key in LIGHTFIELD_API_KEY (401): {hint}")
    return answer


def _check_main_key(world: World, api: Api) -> None:
    answer = reject_unknown_key(world, api)
    if answer is None:
        return
    scopes = profile.key_scopes(answer.body) if answer.status == 200 else None
    missing = [scope for scope in world.contract.create.scopes if scopes and scope not in scopes]
    if missing:
        raise TargetError(f"the key in LIGHTFIELD_API_KEY does not hold {', '.join(missing)}: give a key that may create")


def _read_workspace(world: World, api: Api, *, writes: bool) -> Workspace:
    definitions = _read_definitions(world, api, world.reader.name)
    # What the user gave is looked at before anything is made.
    options = _options(world, definitions.fields)
    ids: dict[str, tuple[str, ...]] = {}
    other_ids: dict[str, tuple[str, ...]] = {}
    other_texts: dict[str, tuple[str, ...]] = {}
    for name in sorted(linked_types(world.contract, definitions.relationships)):
        collection = world.contract.collections.get(name)
        ids[name] = world.target.given_ids.get(name) or _find(api, collection, (world.reader.name, "main"), writes=writes)
        if OTHER in world.target.callers:
            other_ids[name] = _find(api, collection, (OTHER,), writes=False)
            other_texts[name] = list_texts(api, collection, OTHER)
    theirs = _read_definitions(world, api, OTHER) if OTHER in world.target.callers else Definitions()
    return Workspace(
        fields=definitions.fields,
        relationships=definitions.relationships,
        ids={name: found for name, found in ids.items() if found},
        other_ids={name: found for name, found in other_ids.items() if found},
        options=options,
        other_options={key: field.options for key, field in theirs.fields.items() if field.options},
        other_fields=theirs.fields,
        other_texts={name: found for name, found in other_texts.items() if found},
    )


def _read_definitions(world: World, api: Api, caller: str) -> Definitions:
    operation = world.contract.collection.definitions
    return read_definitions(_json(api.get(operation, caller=caller))) if operation else Definitions()


def _options(world: World, fields: Mapping[str, FieldDefinition]) -> dict[str, tuple[Option, ...]]:
    """The options of each select field, one that the user gave first."""
    found = {key: field.options for key, field in fields.items() if field.options}
    for key, given in world.target.given_options.items():
        known = found.get(key, ())
        chosen = choose_option(world, key, given, known)
        found[key] = (chosen, *(option for option in known if option != chosen))
    return found


def _find(api: Api, collection: Collection | None, callers: tuple[str, ...], *, writes: bool) -> tuple[str, ...]:
    """IDs of a collection: listed, else made, else none."""
    if collection is None:
        return ()
    for caller in dict.fromkeys(callers):
        if ids := list_ends(api, collection, caller):
            return ids
    return make_linked(api, collection, callers[-1]) if writes else ()


def _send_first_control(world: World, api: Api, recorder: Recorder, begin: Callable[[], None]) -> Iterator[str]:
    body = world.smallest
    # An empty object creates nothing, and still tells whether this is the API and whether the key is taken.
    answer = api.create({}) if body is None else api.once(body)
    path = f"POST {world.contract.create.path}"
    if answer.status in _NOT_THIS_API:
        hint = overlap(world.target.address, world.contract) or "is the base URL right?"
        raise TargetError(f"{world.target.url} is not this API: {path} was answered {answer.answer}; {hint}")
    if trouble(answer):
        raise TargetError(objection(world.target, world.contract, answer))
    if answer.status in (401, 403):
        hint = f"give a key that may create{doubt(answer)}"
        raise TargetError(f"{path} refused the key in LIGHTFIELD_API_KEY ({answer.answer}): {hint}")
    begin()
    if body is None:
        return
    trial = Trial(world, api, recorder)
    if not answer.accepted and not trial.find_smallest():
        doubt_reader(world, api, answer)
        yield from _amend(world, api, body)
    if world.smallest_refusal and is_ruling(answer) and not world.workspace.fields:
        world.state.drop_bodies(answer.answer)
    elif world.smallest_refusal == "":
        trial.try_rest(clock_trial(world))
        yield from check_other_caller(world, api)
    yield from trial.notes


def _amend(world: World, api: Api, body: dict[str, Any]) -> Iterator[str]:
    """Looks for a body that the target accepts though it refuses the smallest one, to judge it in all else."""
    for pointer, value in enumerate_amendments(world.contract, world.workspace):
        amended = set_at(body, pointer, value)
        if api.once(amended).accepted:
            world.state.use(dataclasses.replace(world.workspace, amendments={pointer: value}))
            missing = get_at(body, pointer, None) is None
            found = f"requires {pointer}, which is optional" if missing else f"refuses the usual value at {pointer}"
            yield f"the target {found}: all bodies of this run have {'it' if missing else 'another one there'}"
            return


def _json(answer: Exchange) -> Mapping[str, Any]:
    return answer.body if answer.status == 200 and isinstance(answer.body, dict) else {}
