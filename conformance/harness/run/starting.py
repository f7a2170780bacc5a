"""Starts a run: on the controller, which looks at the target for the first time, and in each worker."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from ....reference import Configuration, Reference
from ....reports import GivenOption
from ....spec import TargetError, load
from ....strategies import Depth, Workspace
from ..case.facts import Facts
from ..case.state import State
from ..case.world import Tell, World, say
from ..judge.record import NotVerified
from ..preparation.discovery import explore
from ..settings.options import Settings
from ..settings.selection import Selection
from ..wire.client import Client
from ..wire.door import Door
from ..wire.key_command import KEY_COMMAND, print_key, with_key
from ..wire.ledger import Ledger, LedgerReader, Origin
from ..wire.main_key import KeyShare, MainKey
from ..wire.pacing import Pacer
from ..wire.redaction import Secret, guard_logs
from ..wire.target import API_KEY, Target, read_target
from .folder import LEDGER, RunFolder
from .suite import Suite

__all__ = ["LOW_RATE", "begin_writes", "join_run", "make_suite", "share_run", "start_run"]

LOW_RATE = 100.0
"""Requests a second of the embedded reference, where its limit is to be gone over."""
_TRIES: Final = {Depth.SMOKE: 120, Depth.STANDARD: 400, Depth.DEEP: 600}
"""Closer looks at what is found, of one or two creates each; without them it is shown as it was found."""
_RESERVED = 2
"""Creates of the audit; with several workers, the controller's first look costs as many again."""


def start_run(
    settings: Settings,
    base_url: str,
    workers: int,
    transport: httpx.BaseTransport | None = None,
    *,
    in_force: tuple[GivenOption, ...] = (),
    tell: Tell = say,
    environment: Mapping[str, str] | None = None,
    writes: bool = True,
) -> Suite:
    """Start a run: the embedded reference where no URL is given, the first look at the target, the first control.

    Args:
        workers: how many processes of xdist share the run; 0 without it.
        transport: what carries requests in place of the network.
        in_force: the options that were given, for the report.
        tell: says a sentence to the user at once.
        environment: the variables that say what the user gives; those of this process when left out.
        writes: whether anything may be created; a run that only lists its cases creates nothing.

    Raises:
        UsageError: an option or a variable cannot be used.
        TargetError: the target cannot be judged.
    """
    given = os.environ if environment is None else environment
    contract, reference = load(settings.contract), None
    with contextlib.ExitStack() as undo:
        folder = RunFolder.make(alone=not workers)
        undo.callback(folder.let_go)
        if not base_url:
            served = Configuration(rate=LOW_RATE) if settings.exceed_limits else None
            reference = undo.enter_context(Reference(contract, served))
            base_url, given = reference.url, reference.environment
        # What carries requests in place of the network has no way that could be insecure.
        way = dataclasses.replace(settings.way, allow_http=True) if transport else settings.way
        target = read_target(contract, base_url, _with_fetched_key(given, folder), way)
        state = State(
            contract,
            target,
            writes_left=_budget(settings, workers) if writes else 0,
            tries_left=_TRIES[settings.depth],
        )
        world = World(contract, f"lfc-{secrets.token_hex(4)}", state, Facts(folder.shared), tell)
        suite = make_suite(settings, world, folder, workers, reference=reference, transport=transport, in_force=in_force)
        undo.pop_all()
    _begin(suite, writes=writes)
    return suite


def _begin(suite: Suite, *, writes: bool) -> None:
    """Open the ledger and look at the target; where that cannot be judged, nothing is left behind."""
    try:
        suite.booked.begin(Origin(suite.world.run, suite.world.target.url, suite.settings.contract))
        _look(suite, writes=writes)
    except BaseException:
        suite.close(last=True, ended=not suite.made())
        raise


def begin_writes(suite: Suite, workers: int) -> bool:
    """Look at the target again, this time with creates; return whether that shows anything else to write with.

    Raises:
        UsageError, TargetError: as `start_run` does.
    """
    before = suite.world.workspace, suite.world.target
    suite.state.begin_writes(_budget(suite.settings, workers))
    _look(suite, writes=True)
    return before != (suite.world.workspace, suite.world.target)


def join_run(settings: Settings, shared: Mapping[str, Any]) -> Suite:
    """Return a worker's side of a run that `start_run` started; `shared` is what `share_run` gave."""
    contract = load(settings.contract)
    folder = RunFolder(Path(shared["folder"]), bytes.fromhex(shared["mask"]), alone=False)
    share = _key_share(folder)
    fetched = share.take(0) if share else None
    environment = shared["environment"] or {**os.environ, **({API_KEY: fetched} if fetched else {})}
    target = read_target(contract, shared["url"], environment, settings.way)
    callers = {name: caller for name, caller in target.callers.items() if name in shared["callers"]}
    state = State(
        contract,
        dataclasses.replace(target, callers=callers, clock_header=shared["clock"]),
        Workspace.from_json(shared["workspace"]),
        readable=shared["readable"],
        denied=shared["denied"],
        writes_left=_budget(settings, shared["workers"]),
        tries_left=_TRIES[settings.depth],
    )
    suite = make_suite(settings, World(contract, shared["run"], state, Facts(folder.shared)), folder, shared["workers"])
    suite.door.begin(map(tuple, shared["usual"]), shared["taken"])
    return suite


def share_run(suite: Suite, workers: int) -> dict[str, Any]:
    """Return what workers need, as plain data. The only keys in it are the embedded reference's own samples."""
    world, state = suite.world, suite.state
    return {
        "url": world.target.url,
        "environment": dict(suite.reference.environment) if suite.reference else {},
        "callers": list(world.target.callers),
        "clock": world.target.clock_header,
        "denied": state.denied,
        "workspace": world.workspace.to_json(),
        "run": world.run,
        "readable": state.readable,
        "folder": str(suite.folder.path),
        "mask": suite.folder.mask.hex(),
        "usual": list(suite.door.usual),
        "taken": list(suite.door.taken),
        "workers": workers,
    }


def make_suite(
    settings: Settings,
    world: World,
    folder: RunFolder,
    workers: int = 0,
    *,
    reference: Reference | None = None,
    transport: httpx.BaseTransport | None = None,
    in_force: tuple[GivenOption, ...] = (),
) -> Suite:
    """Return what sends and judges in this process, without a word to the target."""
    target = world.target
    pacer = Pacer(settings.rate, max(1, workers), world.tell, most=settings.in_flight)
    main = _main_key(target, _key_share(folder))
    booked = Ledger(folder.path / LEDGER)

    def note_return() -> None:
        booked.note_return()
        world.note_return(time.time())

    client = Client(target, timeout=settings.timeout, pacer=pacer, run=world.run, main=main, transport=transport)
    return Suite(
        settings=settings,
        world=world,
        selection=Selection.of(settings, world.contract),
        folder=folder,
        client=client,
        door=Door(client, main, settings.patience, note_return, world.tell),
        booked=booked,
        noted=LedgerReader(folder.path / LEDGER),
        reference=reference,
        in_force=in_force,
        unguard=guard_logs(target.redactor),
    )


def _look(suite: Suite, *, writes: bool) -> None:
    """Look at the target for the first time.

    Raises:
        TargetError: the target cannot be judged.
    """
    world, discovery = suite.world, suite.quiet("discovery")
    try:
        suite.meet(discovery.api)
        begin = functools.partial(_tell_of_ledger, suite)
        world.state.notes += explore(world, discovery.api, discovery.recorder, writes=writes, begin=begin)
    except NotVerified as problem:
        raise TargetError(f"{world.target.url} cannot be judged: {problem.reason}; {problem.remedy}") from problem
    world.state.note_first(suite.record_of(discovery))


def _tell_of_ledger(suite: Suite) -> None:
    """Say where the ledger is, with the first create: a run that is killed can say no more."""
    if not suite.embedded and not suite.settings.plan:
        suite.world.tell(f"the ledger of what is created is {suite.ledger}")


def _with_fetched_key(given: Mapping[str, str], folder: RunFolder) -> Mapping[str, str]:
    """The variables with the key that a command of the user's printed, where there is one; workers take it as well."""
    environment = with_key(given, API_KEY)
    share = _key_share(folder)
    if share and environment is not given:
        share.put(0, environment[API_KEY])
    return environment


def _key_share(folder: RunFolder) -> KeyShare | None:
    return KeyShare(folder.shared, folder.mask) if folder.shared else None


def _main_key(target: Target, share: KeyShare | None) -> MainKey:
    key = target.callers["main"].key or Secret("", API_KEY)
    fetch = functools.partial(print_key, os.environ) if KEY_COMMAND in target.given else None
    return MainKey(key, target.learn, fetch, share)


def _budget(settings: Settings, workers: int) -> int | None:
    """How many creates each process may send; what the first look and the audit send is taken off before."""
    if settings.max_writes is None:
        return None
    processes = max(1, workers)
    return max(1, (settings.max_writes - _RESERVED * min(2, processes)) // processes)
