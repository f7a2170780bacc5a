"""Checks what the user states of keys and of the clock before it is used; what the target does not bear out is not used."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from ....spec import UsageError, profile
from ..case.api import Api
from ..case.facts import Shared
from ..case.world import World
from ..judge.record import NotVerified, Recorder
from ..judge.refusal import denies_listed
from ..wire.exchange import Exchange
from ..wire.ledger import read_moment
from ..wire.target import API_KEY, Credentials
from .stated_values import PAGE, list_ids

__all__ = [
    "OTHER",
    "check_clock",
    "check_keys",
    "check_other_caller",
    "check_other_key",
    "check_reader",
    "clock_trial",
    "doubt_reader",
    "drop",
    "note_denied",
]

_READ, OTHER, _NO_CREATE, _SECOND = "read", "other-organization", "no-create", "second"
_OURS = ("main", "no-key", "unknown-key")
HOUR = 3600


def check_keys(world: World, api: Api) -> Iterator[str]:
    """Take away each key that is not what its variable says, as auth/validate has it; yield why."""
    for name, caller in list(world.target.callers.items()):
        if name in _OURS or caller.key is None:
            continue
        if problem := _equal_key(world, caller) or _misfit(world, api, caller):
            yield drop(world, caller, problem)


def check_reader(world: World, api: Api) -> Iterator[str]:
    """Take away a read or second key that lists other objects than the main key does: it is of another organization."""
    for name in (_READ, _SECOND):
        if (caller := world.target.callers.get(name)) is not None:
            yield from _check_organization(world, api, caller)


def _check_organization(world: World, api: Api, reader: Credentials) -> Iterator[str]:
    for collection in world.contract.collections.values():
        theirs, ours = list_ids(api, collection, reader.name), list_ids(api, collection, "main")
        if theirs and ours and not {*theirs} & {*ours} and len(ours) < PAGE:
            seen = f"it lists other objects of the type {collection.object_type} than the key in {API_KEY}"
            yield drop(world, reader, f"{seen}; give a key of the same organization")
            return


def check_other_key(world: World) -> Iterator[str]:
    """Take away a key of another organization with which the same objects are listed as with ours."""
    caller, workspace = world.target.callers.get(OTHER), world.workspace
    shared = [found for name, ids in workspace.other_ids.items() for found in ids if found in workspace.known_ids(name)]
    if caller and shared:
        yield drop(world, caller, f"it lists {shared[0]}, as the other keys do; give a key of another organization")
        world.state.use(dataclasses.replace(workspace, other_ids={}, other_options={}, other_fields={}, other_texts={}))


def check_other_caller(world: World, api: Api) -> Iterator[str]:
    """Take away the key of another caller for whom nothing exists that the main key links to: it is of another organization.

    Its creates are looked at where one that the run needs anyway is refused.
    """
    caller, smallest = world.target.callers.get(world.other_caller), world.smallest
    if caller is None or caller.name == "main" or smallest is None or not denies_listed(api.full()):
        return
    if denies_listed(answer := api.once(smallest, caller=caller.name, keyed=True)):
        seen = f"what the key in {API_KEY} links to does not exist for it ({answer.answer})"
        yield drop(world, caller, f"{seen}; give a key of the same organization")


def drop(world: World, caller: Credentials, problem: str) -> str:
    """Use a caller's key no more; return the sentence that says why."""
    variable = caller.key.variable if caller.key else ""
    sentence = f"{variable} is not used: {problem}"
    world.state.drop_caller(caller.name, sentence)
    return sentence


def doubt_reader(world: World, api: Api, refused: Exchange) -> None:
    """End the run where nothing that the read key alone lists exists for the main key.

    Raises:
        UsageError: so it is.
    """
    types = [place.object_type or "" for place in world.contract.link_places if place.required]
    listed = [name for name in types if name in world.workspace.ids and name not in world.target.given_ids]
    if _READ not in world.target.callers or not listed or not denies_listed(refused):
        return
    if not any(list_ids(api, world.contract.collections.get(name), "main") for name in listed):
        seen = f"each {listed[0]} that is listed with it is unknown to the key in {API_KEY}"
        raise UsageError(f"{API_KEY}_READ: {seen}; give a key of the same organization")


def note_denied(world: World, recorder: Recorder) -> None:
    """Note the clauses for which what the user gave cannot be used."""
    denied = world.state.denied.keys() - ({_READ} if world.state.readable else set())
    for clause in world.contract.clauses:
        for need in (need for need in clause.needs if need.name in denied):
            recorder.cannot(clause.id, world.unmet(need.name))


def check_clock(world: World, api: Api) -> Iterator[str]:
    """Take away a clock header under which `createdAt` does not move; yield why."""
    if world.smallest_refusal != "" or not (trials := clock_trial(world)):
        return
    now, later = api.once(), api.once(trials[0].body, keyed=True, later=trials[0].later)
    moments = [_moment(answer) for answer in (now, later)]
    if later.accepted and None not in moments and (moments[1] or 0) - (moments[0] or 0) >= HOUR / 2:
        return
    variable = "LIGHTFIELD_CLOCK_HEADER"
    problem = f"the header in {variable} is not used: a create with it is answered {later.answer}"
    if later.accepted:
        problem = f"the target ignores the header in {variable}: createdAt stays where it was"
    if later.accepted and None in moments:
        problem = f"the header in {variable} is not used: without a createdAt it is not known whether it moves the clock"
    world.state.drop_clock(problem)
    yield problem


def clock_trial(world: World) -> tuple[Shared, ...]:
    """Return the create that shows whether the clock header moves the clock; none where there is none to try."""
    smallest = world.smallest
    return (Shared(smallest, keyed=True, later=HOUR),) if world.target.clock_header and smallest is not None else ()


def _equal_key(world: World, caller: Credentials) -> str:
    """What is wrong with a key that stands in two variables of which only one can be right."""
    main = world.target.callers["main"].key
    same = main is not None and caller.key is not None and caller.key.reveal() == main.reveal()
    same = same and caller.name not in (_READ, "create-only")
    return f"it is the key in {API_KEY}; give another one" if same else ""


def _misfit(world: World, api: Api, caller: Credentials) -> str:
    wanted, name = set(world.contract.create.scopes), caller.name
    answer = api.get(world.contract.validate, caller=name) if world.contract.validate else None
    if answer is not None and answer.status == 401:
        return "the target refuses the key (401); give one that it knows"
    scopes = profile.key_scopes(answer.body) if answer is not None and answer.status == 200 else None
    if scopes is None:
        return _misfit_as_shown(world, api, name)
    creates = not scopes or wanted <= set(scopes)
    reads = world.contract.collection.list
    if name.startswith(_NO_CREATE) and creates:
        return "the key may create; give one without the create scope"
    if name == "create-only" and set(scopes) != wanted:
        return f"the key holds other scopes than {', '.join(wanted)} alone; give one that holds no other"
    if name == _READ and scopes and reads and not set(reads.scopes) <= set(scopes):
        return f"the key does not hold {', '.join(reads.scopes)}; give one that does"
    return "the key may not create; give one that may" if name in (OTHER, _SECOND) and not creates else ""


def _misfit_as_shown(world: World, api: Api, name: str) -> str:
    """Where nothing tells the scopes of a key, a create shows whether it may; a refused one makes nothing."""
    if not name.startswith(_NO_CREATE) or world.smallest is None:
        return ""
    try:
        accepted = api.create(caller=name).accepted
    except NotVerified:
        return ""
    return "a create with it is accepted, and the target does not tell its scopes" if accepted else ""


def _moment(answer: Exchange) -> float | None:
    return read_moment(profile.creation_time(answer.body))
