"""One run in one process: prepares the target once, gives each case its tools, and closes the books."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from ....reference import Reference
from ....reports import Audit, try_writing
from ....spec import Clause, Level, UsageError, load
from ....strategies import Breach, Workspace, breaches
from ..judge import Expect
from ..judge.record import CaseRecord
from ..judge.shape import RecordShape
from ..wire.client import Client
from ..wire.exchange import Exchange
from ..wire.ledger import Ledger, read_ledger
from ..wire.pacing import Pacer
from ..wire.redaction import guard_logs
from ..wire.target import read_target
from .audit import balance
from .case import Api
from .discovery import explore
from .sending import Sender
from .settings import Settings
from .world import World

__all__ = ["Case", "Suite"]

_LEDGER_ROOM = 1024 * 1024
"""Bytes that the books of a standard run take."""
_RESERVED = 2
"""Creates of the audit; with several workers, the controller's first look costs as many again."""


@dataclasses.dataclass(frozen=True)
class Case:
    """What one test case works with."""

    api: Api
    expect: Expect
    record: CaseRecord
    own: Clause | None

    @contextlib.contextmanager
    def aside(self) -> Iterator[CaseRecord]:
        """Judges into a record apart, for an attempt whose findings may not stand; all else is kept in the case's own."""
        apart = CaseRecord()
        self.api.sender.record = self.expect.record = apart
        try:
            yield apart
        finally:
            self.api.sender.record = self.expect.record = self.record
            self.record.exchanges += apart.exchanges
            self.record.seen += apart.seen
            for clause, count in apart.kept.items():
                self.record.kept[clause] = self.record.kept.get(clause, 0) + count


class Suite:
    """The controller's or a worker's side of a run.

    Use `prepare` on the controller, `join` in a worker, and `close` on both.

    Attributes:
        failed: clauses that have failed a case of this process; a clause that a case is not about fails once only.
        notes: what the user should know about what was given.
        first: what the first look at the target found out, as a case's record.
        ledger: the file of the books; what else the processes of the run leave for each other lies beside it.
    """

    def __init__(
        self,
        settings: Settings,
        world: World,
        ledger: Path,
        workers: int,
        reference: Reference | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.settings = settings
        self.contract = world.contract
        self.world = world
        self.failed: set[str] = set()
        self._attempts: dict[str, int] = {}
        self.notes: tuple[str, ...] = ()
        self.first: dict[str, Any] = CaseRecord().to_json("discovery")
        self.ledger = ledger
        self._ledger = Ledger(ledger)
        self._reference = reference
        self._remove: Callable[[], object] | None = None
        self._shape = RecordShape(world.contract)
        guard_logs(world.target.redactor)
        pacer = Pacer(settings.rate, workers)
        self._client = Client(world.target, timeout=settings.timeout, pacer=pacer, run=world.run, transport=transport)

    @classmethod
    def prepare(cls, settings: Settings, base_url: str, workers: int, transport: httpx.BaseTransport | None = None) -> Suite:
        """Starts a run: the embedded reference where no URL is given, the first look at the target, the first control.

        Args:
            transport: what carries requests in place of the network.

        Raises:
            UsageError: an option or a variable cannot be used.
            TargetError: the target cannot be judged.
        """
        contract = load(settings.contract)
        reference = None if base_url else Reference(contract)
        folder = _make_folder()
        try:
            environment: Mapping[str, str] = os.environ
            if reference:
                reference.start()
                base_url, environment = reference.url, reference.environment
            target = read_target(contract, base_url, environment)
            world = World(
                contract, target, Workspace(), f"lfc-{secrets.token_hex(4)}", writes_left=_share(settings, workers)
            )
            suite = cls(settings, world, folder / "ledger.jsonl", workers, reference, transport)
            discovery = suite.quiet("discovery")
            suite.notes = explore(world, discovery.api)
            suite.first = discovery.record.to_json("discovery", full=settings.full)
        except BaseException:
            if reference:
                reference.stop()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        suite._remove = weakref.finalize(suite, _remove_folder, folder, os.getpid())
        return suite

    @classmethod
    def join(cls, settings: Settings, shared: Mapping[str, Any]) -> Suite:
        """A worker's side of a run that `prepare` started; `shared` is what `share` gave."""
        contract = load(settings.contract)
        target = read_target(contract, shared["url"], {**os.environ, **shared["environment"]})
        callers = {name: caller for name, caller in target.callers.items() if name in shared["callers"]}
        world = World(
            contract,
            dataclasses.replace(target, callers=callers),
            Workspace.from_json(shared["workspace"]),
            shared["run"],
            readable=shared["readable"],
            controls=dict(shared["controls"]),
            writes_left=_share(settings, shared["workers"]),
        )
        return cls(settings, world, Path(shared["ledger"]), shared["workers"])

    @functools.cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """All breaches of the run's depth."""
        return breaches(self.contract, self.world.workspace, self.settings.depth)

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
            "workspace": self.world.workspace.to_json(),
            "run": self.world.run,
            "readable": self.world.readable,
            "controls": self.world.controls,
            "ledger": str(self.ledger),
            "workers": workers,
        }

    def case(self, name: str, own: Clause | None, attempt: int = 1) -> Case:
        """Return the tools of one attempt at a case. Some plugins run cases again, and what was sent must not come twice.

        Args:
            attempt: which one it is at least; this process counts those that it knows of.
        """
        self._attempts[name] = max(self._attempts.get(name, 0) + 1, attempt)
        return self._case(name, own, judging=True, attempt=self._attempts[name])

    def quiet(self, name: str) -> Case:
        """The tools of a step that judges nothing by itself."""
        return self._case(name, None, judging=False)

    def selected(self, clause_id: str) -> bool:
        """Whether the run judges a clause; one that the contract does not have is judged by nobody."""
        return clause_id in self._selected

    @functools.cached_property
    def _selected(self) -> frozenset[str]:
        return frozenset(clause.id for clause in self.contract.clauses if self.settings.selects(clause))

    def binds(self, clause_id: str) -> bool:
        """Whether breaking a clause fails a case."""
        level = self.contract.clause(clause_id).level
        return level is Level.MUST or (level is Level.SHOULD and self.settings.strict)

    def audit(self) -> tuple[Audit, CaseRecord]:
        """Balances the books of all workers, and judges what only they can show."""
        # The user's budget is for the cases; an audit left half done would say nothing of any of them.
        self.world.writes_left = None
        case = self.quiet("audit")
        sheet = balance(self.world, case.api, case.record, read_ledger(self.ledger))
        record = case.record
        record.violations = [violation for violation in record.violations if self.selected(violation.clause)]
        record.kept = {clause: count for clause, count in record.kept.items() if self.selected(clause)}
        return sheet, record

    def close(self, *, last: bool) -> None:
        """Let go of everything; the last one, which is the controller, also takes the books away."""
        self._client.close()
        self._ledger.close()
        if last and self._reference:
            self._reference.stop()
        if last and self._remove:
            self._remove()

    def _case(self, name: str, own: Clause | None, *, judging: bool, attempt: int = 1) -> Case:
        record = CaseRecord()
        expect = Expect(self.world, self._shape, record, own, self.selected)
        judge = expect.every if judging else _ignore
        # A surplus record in a case about idempotency is that clause's doing, whatever the answers were.
        blamed = own.id if own and own.section == "idempotency" else ""
        sender = Sender(self.world, self._client, self._ledger, record, name, blamed, judge, attempt)
        return Case(Api(self.world, sender), expect, record, own)


def _ignore(_: Exchange) -> None:
    """Judges nothing."""


def _make_folder() -> Path:
    """Make the folder of the books, and see whether it has room for them.

    Raises:
        UsageError: there is no such room.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="lightfield-contract-"))
    except OSError as error:
        raise UsageError(f"no temporary folder can be made ({error.strerror}): name one in TMPDIR") from error
    try:
        try_writing([folder / "ledger.jsonl"], _LEDGER_ROOM)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        told = f"the books cannot be kept in {folder.parent} ({error.strerror}): make room, or name another folder in TMPDIR"
        raise UsageError(told) from error
    return folder


def _remove_folder(folder: Path, owner: int) -> None:
    """Remove it, also when the interpreter ends without having closed the suite; a process that was forked leaves it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _share(settings: Settings, workers: int) -> int | None:
    """How many creates each process may send; what the first look and the audit send is taken off before."""
    if settings.max_writes is None:
        return None
    return max(1, (settings.max_writes - _RESERVED * min(2, workers)) // max(1, workers))
