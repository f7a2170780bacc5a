"""One run in one process: prepares the target once, gives each case its tools, and audits it in the end."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import secrets
import shutil
import time
import weakref
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import httpx

from ....reference import Configuration, Reference
from ....reports import Audit, GivenOption, MadeRecord
from ....spec import Clause, Level, TargetError, load
from ....strategies import Breach, Workspace, enumerate_breaches
from ....strategies.pairs import Features
from ..judge import Expect, Inputs
from ..judge.judgement import Judgement
from ..judge.record import CaseRecord, NotVerified, Recorder
from ..judge.subject import features_of
from ..judge.success import RecordShape
from ..wire.client import Client
from ..wire.door import Door
from ..wire.exchange import Exchange
from ..wire.key_command import KEY_COMMAND, print_key, with_key
from ..wire.lane import Lane
from ..wire.ledger import Ledger, Origin, last_return, read_ledger
from ..wire.main_key import KeyShare, MainKey
from ..wire.pacing import Pacer
from ..wire.redaction import Secret, guard_logs
from ..wire.target import API_KEY, Target, read_target
from .audit import audit_run
from .burst import exceed_limits
from .case import Api
from .cleaning import made_records
from .contact import meet
from .deciding import Passed
from .discovery import explore
from .facts import Facts
from .folder import LEDGER, keep_ledger, make_folder, remove_at_exit
from .options import Settings
from .selection import selected_clauses
from .sending import Sender
from .telling import Tell, say
from .world import World

__all__ = ["Case", "Suite"]

_LOW_RATE = 100.0
"""Requests a second of the embedded reference, where its limit is to be gone over."""
_RESERVED = 2
"""Creates of the audit; with several workers, the controller's first look costs as many again."""


@dataclasses.dataclass(frozen=True)
class Case:
    """What one test case works with."""

    name: str
    api: Api
    expect: Expect
    recorder: Recorder
    own: Clause | None

    def wait_for_turn(self) -> None:
        """Wait until all cases before it are reported, where it runs ahead: for what depends on what they found."""
        if self.api.sender.lane:
            self.api.sender.lane.wait_for_turn()


class Suite:
    """The controller's or a worker's side of a run.

    Use `prepare` on the controller, `join` in a worker, and `close` on both.

    Attributes:
        failed: clauses that have failed a case of this process; a clause that a case is not about fails once only.
        notes: what the user should know about what was given.
        in_force: the options that were given, for the report.
        first: what the first look at the target found out.
        needed: for findings so far, what has to be present beside the breach for it to be accepted, the last one first.
        refused: pointer and value of what was not taken in a valid body, and is left out of later ones.
        reduced: by identity, findings about valid bodies with the smallest body that has them.
        ledger: its file; what else the processes of the run leave for each other lies beside it.
    """

    def __init__(
        self,
        settings: Settings,
        world: World,
        ledger: Path,
        workers: int,
        *,
        reference: Reference | None = None,
        transport: httpx.BaseTransport | None = None,
        mask: bytes = b"",
    ) -> None:
        self.settings = settings
        self.contract = world.contract
        self.world = world
        self.failed: set[str] = set()
        self.needed: list[Features] = []
        self.refused: list[tuple[str, Any]] = []
        self.reduced: dict[str, Judgement] = {}
        self._attempts: dict[str, int] = {}
        self.notes = world.target.way.notes
        self.first = CaseRecord("discovery")
        self.in_force: tuple[GivenOption, ...] = ()
        self.ledger = ledger
        self._ledger = Ledger(ledger)
        self._reference = reference
        self._remove: weakref.finalize[..., object] | None = None
        self._shape = RecordShape(world.contract)
        guard_logs(world.target.redactor)
        pacer = Pacer(settings.rate, workers, world.tell, most=settings.in_flight)
        self._mask = mask
        main = _main_key(world.target, KeyShare(ledger.parent, mask))
        self._client = Client(
            world.target, timeout=settings.timeout, pacer=pacer, run=world.run, main=main, transport=transport
        )
        self._door = Door(self._client, main, settings.patience, self._note_return, world.tell)

    @classmethod
    def prepare(
        cls,
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
            transport: what carries requests in place of the network.
            in_force: the options that were given, for the report.
            tell: says a sentence to the user at once.
            environment: the variables that say what the user gives; those of this process when left out.
            writes: whether anything may be created; a run that only lists its cases creates nothing.

        Raises:
            UsageError: an option or a variable cannot be used.
            TargetError: the target cannot be judged.
        """
        contract = load(settings.contract)
        environment = os.environ if environment is None else environment
        with contextlib.ExitStack() as undo:
            folder = make_folder()
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            served = Configuration(rate=_LOW_RATE) if settings.exceed_limits else None
            reference = None if base_url else undo.enter_context(Reference(contract, served))
            if reference:
                base_url, environment = reference.url, reference.environment
            given, environment = environment, with_key(environment, API_KEY)
            mask = secrets.token_bytes(32)
            if environment is not given:
                KeyShare(folder, mask).put(0, environment[API_KEY])
            # What carries requests in place of the network has no way that could be insecure.
            way = dataclasses.replace(settings.way, allow_http=True) if transport else settings.way
            target = read_target(contract, base_url, environment, way)
            name, left = f"lfc-{secrets.token_hex(4)}", _share(settings, workers) if writes else 0
            facts = Facts(folder)
            world = World(contract, target, Workspace(), name, writes_left=left, facts=facts, tell=tell)
            suite = cls(settings, world, folder / LEDGER, workers, reference=reference, transport=transport, mask=mask)
            suite.in_force = in_force
            undo.callback(suite.close, last=False)
            suite._ledger.begin(Origin(name, target.url, settings.contract))
            try:
                suite._look(writes=writes)
            except BaseException:
                if not reference and suite.made():
                    undo.pop_all()
                    suite.close(last=False)
                    keep_ledger(folder)
                raise
            undo.pop_all()
        suite._remove = remove_at_exit(suite, folder)
        return suite

    @classmethod
    def join(cls, settings: Settings, shared: Mapping[str, Any]) -> Suite:
        """A worker's side of a run that `prepare` started; `shared` is what `share` gave."""
        contract = load(settings.contract)
        mask = bytes.fromhex(shared["mask"])
        fetched = KeyShare(Path(shared["ledger"]).parent, mask).take(0)
        environment = shared["environment"] or {**os.environ, **({API_KEY: fetched} if fetched else {})}
        target = read_target(contract, shared["url"], environment, settings.way)
        callers = {name: caller for name, caller in target.callers.items() if name in shared["callers"]}
        world = World(
            contract,
            dataclasses.replace(target, callers=callers, clock_header=shared["clock"]),
            Workspace.from_json(shared["workspace"]),
            shared["run"],
            readable=shared["readable"],
            facts=Facts(Path(shared["ledger"]).parent),
            denied=dict(shared["denied"]),
            writes_left=_share(settings, shared["workers"]),
        )
        suite = cls(settings, world, Path(shared["ledger"]), shared["workers"], mask=mask)
        suite._door.open = True
        for kind in shared["usual"]:
            suite._door.accept(tuple(kind))
        return suite

    @functools.cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """All breaches of the run's depth."""
        settings, world = self.settings, self.world
        return enumerate_breaches(self.contract, world.workspace, settings.depth, world.other_caller, seed=settings.seed)

    @property
    def embedded(self) -> bool:
        """Whether the target is the reference server that the run started itself."""
        return self._reference is not None

    def share(self, workers: int) -> dict[str, Any]:
        """What workers need, as plain data. The only keys in it are the embedded reference's own samples."""
        return {
            "url": self.world.target.url,
            "environment": dict(self._reference.environment) if self._reference else {},
            "callers": list(self.world.target.callers),
            "clock": self.world.target.clock_header,
            "denied": self.world.denied,
            "workspace": self.world.workspace.to_json(),
            "run": self.world.run,
            "readable": self.world.readable,
            "ledger": str(self.ledger),
            "mask": self._mask.hex(),
            "usual": list(self._door.usual),
            "workers": workers,
        }

    @property
    def room(self) -> int:
        """How many creates are to be under way at one time; where several are, all requests leave evenly from now on."""
        return self._client.room("own:write")

    def case(self, name: str, own: Clause | None, attempt: int = 1, lane: Lane | None = None) -> Case:
        """Return the tools of one attempt at a case. Some plugins run cases again, and what was sent must not come twice.

        Args:
            attempt: which one it is at least; this process counts those that it knows of.
            lane: where it runs ahead of its turn.
        """
        self._attempts[name] = max(self._attempts.get(name, 0) + 1, attempt)
        return self._case(name, own, judging=True, attempt=self._attempts[name], lane=lane)

    def quiet(self, name: str, *, hurried: bool = False) -> Case:
        """The tools of a step that judges nothing but what every answer can break, and goes on whatever that shows.

        Args:
            hurried: whether it sends at once, whatever the limit, and takes a 429 as it came.
        """
        return self._case(name, None, judging=False, hurried=hurried)

    def selected(self, clause_id: str) -> bool:
        """Whether the run judges a clause; one that the contract does not have is never judged."""
        return clause_id in self._selected

    @functools.cached_property
    def _selected(self) -> frozenset[str]:
        return selected_clauses(self.settings, self.contract)

    @functools.cached_property
    def judged(self) -> tuple[Clause, ...]:
        """The clauses that the run judges."""
        return tuple(clause for clause in self.contract.clauses if self.selected(clause.id))

    def binds(self, clause_id: str) -> bool:
        """Whether breaking a clause fails a case."""
        level = self.contract.clause(clause_id).level
        return level is Level.MUST or (level is Level.SHOULD and self.settings.strict)

    def record_of(self, case: Case) -> CaseRecord:
        """Return what a case has found out."""
        case.api.note_facts()
        return case.recorder.to_record(case.name, full=self.settings.full)

    def audit(self) -> tuple[Audit, CaseRecord]:
        """Compare the target's records with the ledger of all workers, and judge what only that can show."""
        # The user's budget is for the cases; an audit left half done would say nothing of any of them.
        self.world.writes_left = None
        self.world.note_return(last_return(self.ledger))
        case = self.quiet("audit")
        if self.settings.exceed_limits:
            burst = self.quiet("burst", hurried=True)
            exceed_limits(self.world, case.api, burst.api, case.recorder)
            case.recorder.absorb(burst.recorder)
        audit = audit_run(self.world, case.api, case.recorder, functools.partial(read_ledger, self.ledger))
        return audit, self.record_of(case)

    def passed(self, failing: Collection[str], passed: Mapping[tuple[str, str], Collection[str]]) -> Passed:
        """Return the requests of all workers that nothing was found wrong with."""
        describe = functools.partial(features_of, self.contract, self.world.workspace)
        required = {place.pointer for place in self.contract.places if place.required}
        return Passed(read_ledger(self.ledger), describe, failing, passed, required)

    def made(self) -> tuple[MadeRecord, ...]:
        """Return the records that the run has made so far, of all workers."""
        return made_records(self.contract, read_ledger(self.ledger))

    def close(self, *, last: bool, ended: bool = True) -> None:
        """Let go of everything; the last one, which is the controller, also takes the ledger away.

        Args:
            ended: whether the run came to its end; the ledger of one that did not is kept, unless the target went with it.
        """
        self._client.close()
        self._ledger.close()
        if last and self._reference:
            self._reference.stop()
        if last and self._remove:
            if ended or self.embedded:
                self._remove()
            elif self._remove.detach():
                keep_ledger(self.ledger.parent)

    def meet(self) -> None:
        """See to it that it is the target that answers.

        Raises:
            TargetError: it is not, or it is not up in time.
        """
        meet(self.world, self.quiet("contact").api, self._door, self.settings.wait)

    def _look(self, *, writes: bool) -> None:
        """Looks at the target for the first time.

        Raises:
            TargetError: the target cannot be judged.
        """
        discovery = self.quiet("discovery")
        try:
            meet(self.world, discovery.api, self._door, self.settings.wait)
            if writes and not self.embedded and not self.settings.plan:
                # Before anything is created: a run that is killed can say no more where it is.
                self.world.tell(f"the ledger of what is created is {self.ledger}")
            self.notes += explore(self.world, discovery.api, discovery.recorder, writes=writes)
        except NotVerified as problem:
            raise TargetError(f"{self.world.target.url} cannot be judged: {problem.reason}; {problem.remedy}") from problem
        self.first = self.record_of(discovery)

    def _note_return(self) -> None:
        self._ledger.note_return()
        self.world.note_return(time.time())

    def _case(
        self,
        name: str,
        own: Clause | None,
        *,
        judging: bool,
        attempt: int = 1,
        hurried: bool = False,
        lane: Lane | None = None,
    ) -> Case:
        world = self.world
        recorder = Recorder(self.selected, functools.partial(features_of, world.contract, world.workspace))
        own_id = own.id if own else ""
        inputs = Inputs(world.contract, world.workspace, self._shape, recorder, own_id, lambda: world.smallest_refusal)
        expect = Expect(inputs)
        judge = expect.every if judging else functools.partial(_judge_in_passing, expect)
        # A surplus record in a case about idempotency is that clause's doing, whatever the answers were.
        blamed = own.id if own and own.section == "idempotency" else ""
        sender = Sender(
            world,
            self._client,
            self._door,
            self._ledger,
            recorder,
            name,
            blamed,
            judge,
            attempt,
            whole=judging,
            hurried=hurried,
            lane=lane,
        )
        return Case(name, Api(world, sender, recorder, functools.partial(self._fact, judging)), expect, recorder, own)

    def _fact(self, judging: bool, name: str, attempt: int, lane: Lane | None) -> tuple[Api, Recorder]:
        """The tools with which a fact is found out, in its own name, whichever case asks for it."""
        case = self._case(f"fact {name}", None, judging=judging, attempt=attempt, lane=lane)
        return case.api, case.recorder


def _main_key(target: Target, share: KeyShare) -> MainKey:
    key = target.callers["main"].key or Secret("", API_KEY)
    fetch = functools.partial(print_key, os.environ) if KEY_COMMAND in target.given else None
    return MainKey(key, target.learn, fetch, share)


def _share(settings: Settings, workers: int) -> int | None:
    """How many creates each process may send; what the first look and the audit send is taken off before."""
    if settings.max_writes is None:
        return None
    return max(1, (settings.max_writes - _RESERVED * min(2, workers)) // max(1, workers))


def _judge_in_passing(expect: Expect, exchange: Exchange) -> None:
    """Note what an answer breaks whatever it is about; that none came is for whoever asked."""
    if exchange.status:
        with contextlib.suppress(NotVerified):
            expect.every(exchange)
