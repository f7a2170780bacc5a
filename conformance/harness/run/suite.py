"""One run in one process: gives each case its tools, and audits the target in the end."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from ....reference import Reference
from ....reports import Audit, GivenOption, MadeRecord
from ....spec import Clause, Contract
from ....strategies.pairs import pair_name
from ....strategies.plan import possible_pairs
from ..audit.audit import audit_run
from ..audit.burst import exceed_limits
from ..audit.cleaning import made_records
from ..case.api import Api
from ..case.sending import Sender
from ..case.state import State
from ..case.world import World
from ..judge import Expect, Inputs, Judged
from ..judge.record import CaseRecord, NotVerified, Recorder
from ..judge.shape import RecordShape
from ..judge.subject import features_of
from ..preparation.contact import meet
from ..settings.options import Settings
from ..settings.selection import Selection
from ..verdicts.deciding import Passed
from ..verdicts.features import Usual
from ..wire.client import Client
from ..wire.door import Door
from ..wire.exchange import Exchange
from ..wire.lane import Lane
from ..wire.ledger import Ledger, LedgerReader
from .folder import LEDGER, RunFolder

__all__ = ["Case", "Suite"]


@dataclasses.dataclass(frozen=True)
class Case:
    """What one test case works with."""

    suite: Suite
    name: str
    api: Api
    expect: Expect
    recorder: Recorder
    own: Clause | None

    def wait_for_turn(self) -> None:
        """Wait until all cases before it are reported, where it runs ahead: for what depends on what they found."""
        if self.api.sender.lane:
            self.api.sender.lane.wait_for_turn()


@dataclasses.dataclass(frozen=True, eq=False)
class Suite:
    """The controller's or a worker's side of a run, as `starting` makes it; to be closed at its end.

    Attributes:
        selection: what of the contract it judges.
        folder: the run's own, in which its processes leave things for each other.
        door: through which its requests leave, each entered in the ledger by `booked` before.
        noted: reads the ledger, in which all workers of a run write.
        reference: the embedded server, where that is the target.
        in_force: the options that were given, for the report.
        unguard: takes the guard of keys off the logs again.
    """

    settings: Settings
    world: World
    selection: Selection
    folder: RunFolder
    client: Client
    door: Door
    booked: Ledger
    noted: LedgerReader
    reference: Reference | None
    in_force: tuple[GivenOption, ...]
    unguard: Callable[[], None]

    @property
    def contract(self) -> Contract:
        """The contract by which the run judges."""
        return self.world.contract

    @property
    def state(self) -> State:
        """What changes while the run goes on."""
        return self.world.state

    @property
    def ledger(self) -> Path:
        """The file in which each create is entered before it leaves."""
        return self.folder.path / LEDGER

    @property
    def embedded(self) -> bool:
        """Whether the target is the reference server that the run started itself."""
        return self.reference is not None

    @property
    def room(self) -> int:
        """How many creates are to be under way at one time; where several are, all requests leave evenly from now on."""
        return self.client.room("own:write")

    def case(self, name: str, own: Clause | None, attempt: int = 1, lane: Lane | None = None) -> Case:
        """Return the tools of one attempt at a case. Some plugins run cases again, and what was sent must not come twice.

        Args:
            attempt: which one it is at least; this process counts those that it knows of.
            lane: where it runs ahead of its turn.
        """
        return self._case(name, own, judging=True, attempt=self.state.count_attempt(name, attempt), lane=lane)

    def quiet(self, name: str, *, hurried: bool = False) -> Case:
        """Return the tools of a step that judges nothing but what every answer can break, and goes on whatever that shows.

        Args:
            hurried: whether it sends at once, whatever the limit, and takes a 429 as it came.
        """
        return self._case(name, None, judging=False, hurried=hurried)

    def record_of(self, case: Case) -> CaseRecord:
        """Return what a case has found out."""
        case.api.note_facts()
        return case.recorder.to_record(case.name, self.state.sent, full=self.settings.full)

    def meet(self, api: Api) -> None:
        """See to it that it is the target that answers.

        Args:
            api: what asks.

        Raises:
            TargetError: it is not, or it is not up in time.
        """
        meet(self.world, api, self.door, self.settings.wait)

    def audit(self) -> tuple[Audit, CaseRecord]:
        """Compare the target's records with the ledger of all workers, and judge what only that can show."""
        # An audit left half done would say nothing of any case.
        self.state.lift_budget()
        self.noted.read()
        self.world.note_return(self.noted.returned)
        case = self.quiet("audit")
        if self.settings.exceed_limits:
            burst = self.quiet("burst", hurried=True)
            exceed_limits(self.world, case.api, burst.api, case.recorder)
            case.recorder.absorb(burst.recorder)
        audit = audit_run(self.world, case.api, case.recorder, self.noted.read, lambda: self.possible)
        return audit, self.record_of(case)

    @functools.cached_property
    def possible(self) -> frozenset[str]:
        """The names of the pairs that requests to this organization can meet; none where no create can be correct."""
        if not self.world.smallest:
            return frozenset()
        judged, caller = self.selection.judges, self.world.other_caller
        return frozenset(map(pair_name, possible_pairs(self.contract, self.world.workspace, caller, judged=judged)))

    def leave(self) -> None:
        """Ask nothing of the target any more: one of our own may end beside what is still to be done."""
        if self.reference:
            self.reference.stop(wait=False)

    def passed(self, failing: Collection[str], passed: Mapping[tuple[str, str], Collection[str]]) -> Passed:
        """Return the requests of all workers that nothing was found wrong with."""
        describe = functools.partial(features_of, self.contract, self.world.workspace)
        return Passed(self.noted.read(), describe, failing, passed, Usual.of(self.contract))

    def made(self) -> tuple[MadeRecord, ...]:
        """Return the records that the run has made so far, of all workers."""
        return made_records(self.contract, self.noted.read())

    @property
    def settled(self) -> bool:
        """Whether it is known of every create, of all workers, what came of it."""
        return all(entry.status for entry in self.noted.read())

    def close(self, *, last: bool, ended: bool = True) -> None:
        """Let go of everything; the last one, which is the controller, also takes the ledger away.

        Args:
            ended: whether the run came to its end; the ledger of one that did not is kept, unless the target went with it.
        """
        self.unguard()
        self.client.close()
        self.booked.close()
        if last:
            self.leave()
            self.folder.let_go(keep_ledger=not ended and not self.embedded)

    @functools.cached_property
    def _shape(self) -> RecordShape:
        return RecordShape(self.contract)

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
        recorder = Recorder(self.selection.judges, functools.partial(features_of, world.contract, world.workspace))
        own_id = own.id if own else ""
        inputs = Inputs(world.contract, world.workspace, self._shape, recorder, own_id, lambda: world.smallest_refusal)
        expect = Expect(inputs)
        judge = expect.every if judging else functools.partial(_judge_in_passing, expect)
        # A surplus record in a case about idempotency is that clause's doing, whatever the answers were.
        blamed = own.id if own and own.section == "idempotency" else ""
        sender = Sender(
            world,
            self.client,
            self.door,
            self.booked,
            recorder,
            name,
            blamed,
            judge,
            attempt,
            whole=judging,
            hurried=hurried,
            lane=lane,
        )
        return Case(self, name, Api(world, sender, recorder, functools.partial(self._fact, judging)), expect, recorder, own)

    def _fact(self, judging: bool, name: str, attempt: int, lane: Lane | None) -> tuple[Api, Recorder, Expect]:
        """The tools with which a fact is found out, in its own name, whichever case asks for it."""
        case = self._case(f"fact {name}", None, judging=judging, attempt=attempt, lane=lane)
        return case.api, case.recorder, case.expect


def _judge_in_passing(expect: Expect, exchange: Exchange) -> None:
    """Note what an answer breaks whatever it is about; that none came is for whoever asked."""
    if exchange.status:
        with contextlib.suppress(NotVerified, Judged):
            expect.every(exchange)
