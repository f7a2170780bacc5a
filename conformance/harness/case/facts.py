"""Facts that cases share, such as that the target accepts a body: each is found out once in a run."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ....strategies.ways import PLAINLY, Spelling
from ..judge.record import Recorder
from ..wire.exchange import Exchange
from ..wire.lane import Lane

__all__ = ["Fact", "Facts", "Shared", "control_name"]

_POLL = 0.02
"""Seconds between two looks at what another process finds out."""
_PATIENCE = 120.0
"""Seconds that another process may take; a request that is waited out or repeated takes long."""


@dataclasses.dataclass
class Fact:
    """What came of a request that several cases rest on.

    Attributes:
        exchange: the create; None where there is none to rest on, for the reason of `problem`.
        recorder: what is to be noted of it, by one case; None where another process notes it.
        kept: what was logged and warned of meanwhile, where a case that ran ahead of its turn was the first to ask.
        final: whether it stands in this process however it was answered, since others are made after it.
    """

    exchange: Exchange | None
    recorder: Recorder | None = None
    problem: Exception | None = None
    kept: list[tuple[float, Callable[[], object]]] = dataclasses.field(default_factory=list)
    final: bool = False

    def note_into(self, recorder: Recorder, lane: Lane | None) -> None:
        """Hand over what was noted and kept, unless a case has it already."""
        if self.recorder is not None:
            recorder.absorb(self.recorder)
            self.recorder = None
        self.log_into(lane)

    def log_into(self, lane: Lane | None) -> None:
        """Hand over what was logged and warned of, unless a case has it already."""
        if lane is not None:
            lane.kept += self.kept
            self.kept = []

    @property
    def lasting(self) -> bool:
        """Whether it is one to rest on: the target answered, and not that it has no time."""
        return self.exchange is not None and self.exchange.status not in (0, 429)


@dataclasses.dataclass(frozen=True)
class Shared:
    """A create that several cases rest on.

    Attributes:
        keyed: whether it has a key of its own.
        long: whether that is as long as a key may be.
        key: another one, which is the same for all who ask.
        later: how many seconds the target's clock is to be ahead.
        attempt: which attempt it is of a case that may not use it twice.
        way: how it is written.
        twin: in what two keys nearly agree, and which of the two it has; None for one whose key is like no other.
        compared: whether what it sent has to come back; where that is for its cases to judge, they do.
        turn: which it is of the breaches that are sent one after the other under one key; None for others.
    """

    body: Any
    caller: str = "main"
    keyed: bool = False
    long: bool = False
    key: str | None = None
    later: int = 0
    attempt: int = 1
    way: Spelling = PLAINLY
    twin: tuple[str, int] | None = None
    compared: bool = False
    turn: int | None = None

    @property
    def name(self) -> str:
        """What it is asked for by."""
        if self.turn is not None:
            return f"the breach of turn {self.turn}, attempt {self.attempt}"
        keyed = self.keyed or self.key is not None
        name = control_name(self.body, self.caller, keyed=keyed, later=self.later, way=self.way)
        return name + (" with a long key" if self.long else f" for attempt {self.attempt}" if self.attempt > 1 else "")


class Facts:
    """Finds out each fact once, whoever asks, in whatever process or thread.

    A fact's request is made of its name alone, so it is the same whichever case asks first.

    Args:
        folder: where the processes of a run leave facts for each other; None where there can be only one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[str, Fact] = {}
        self._refusals: dict[str, str] = {}
        self._attempts: dict[str, int] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._since = 0.0

    def ask(self, name: str, find: Callable[[str, int], Fact]) -> Fact:
        """Return the fact of a name.

        Args:
            find: finds it out; takes a name for its request, and which attempt it is in this run.
        """
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            fact = self._look_up(name)
            while fact is None:
                fact = self._find(name, find)
        return fact

    def shown(self, name: str) -> Exchange | None:
        """Return the exchange of a fact that is known, and not older than the target's last return."""
        fact = self._look_up(name)
        return fact.exchange if fact else None

    def refusal_of(self, name: str) -> str | None:
        """Return what the target answered to a control that it refused, "" to another; None where it was not asked."""
        self._look_up(name)
        return self._refusals.get(name)

    def forget(self, moment: float) -> None:
        """Rest on nothing that was found out before that moment, in Unix seconds; what was refused stays refused."""
        self._since = moment
        self._known.clear()

    def _look_up(self, name: str) -> Fact | None:
        fact = self._known.get(name)
        if fact is None and self._folder is not None and (exchange := self._read(name)) is not None:
            fact = self._keep(name, Fact(exchange))
        return fact

    def _keep(self, name: str, fact: Fact) -> Fact:
        if fact.final or fact.lasting:
            self._known[name] = fact
        if fact.exchange is not None and fact.lasting:
            self._refusals[name] = "" if fact.exchange.accepted else fact.exchange.answer
        return fact

    def _find(self, name: str, find: Callable[[str, int], Fact]) -> Fact | None:
        """Find it out here, or return None when it may be known now: another process was about to."""
        attempt = self._attempts[name] = self._attempts.get(name, 0) + 1
        if self._folder is None:
            return self._keep(name, find(_digest(name), attempt))
        claim = self._folder / f"fact-{_digest(name)}-{attempt}"
        with _claimed(claim) as ours:
            if not ours:
                _await(claim)
                return self._look_up(name)
            fact = self._keep(name, find(_digest(name), attempt))
            if fact.exchange is not None and fact.lasting:
                _write(claim.with_name(f"fact-{_digest(name)}.json"), json.dumps(fact.exchange.to_json()))
            return fact

    def _read(self, name: str) -> Exchange | None:
        if self._folder is None:
            return None
        try:
            raw = (self._folder / f"fact-{_digest(name)}.json").read_text("utf-8")
        except FileNotFoundError:
            return None
        exchange = Exchange.from_json(json.loads(raw))
        return exchange if exchange.sent_at >= self._since else None


def control_name(body: Any, caller: str = "main", *, keyed: bool = False, later: int = 0, way: Spelling = PLAINLY) -> str:
    """Return what tells one control from another: its JSON value, who sends it, with a key or without, when, and how."""
    how = "" if caller == "main" and not keyed and way == PLAINLY else f"{caller} {keyed} {way.words}: "
    how = f"{later} s later: {how}" if later else how
    return how + json.dumps(body, sort_keys=True)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@contextlib.contextmanager
def _claimed(path: Path) -> Iterator[bool]:
    """Take what one process alone may do, and give whether it is this one; others see when it is done or is no more."""
    try:
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        yield False
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.write(file, b"held")
        yield True
    finally:
        os.close(file)


def _await(claim: Path) -> None:
    """Wait until the process that has the claim has done with it, or is no more."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and _is_held(claim):
        time.sleep(_POLL)


def _is_held(path: Path) -> bool:
    """Whether the process that has the claim is still at it; the lock of one that has died is open."""
    with path.open("rb") as file:
        if not file.read():
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    part.touch(0o600)
    part.write_text(text, "utf-8")
    part.replace(path)
