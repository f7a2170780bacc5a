"""Sends one case's requests through the door: numbers them, and enters each create in the ledger before it leaves."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any

from ....spec import Operation
from ....strategies.ways import PLAINLY, Spelling
from ..judge.record import Limited, NotVerified, Recorder
from ..wire.client import Client
from ..wire.door import Attempt, Door, Trouble
from ..wire.exchange import Exchange
from ..wire.lane import Lane
from ..wire.ledger import Entry, Ledger
from ..wire.outgoing import Draft, Outgoing
from ..wire.target import Credentials
from .composing import Composer, written
from .material import make_draft, make_equal_draft, make_other_draft
from .world import World

__all__ = ["Sender"]

_SURPLUS = "success:once"
_IN_A_ROW = 3
"""Creates that get nothing but 429, one after the other, before it is asked whether all do."""


class Sender:
    """Sends in the name of one case.

    Everything that makes a request unique (marker, Idempotency-Key, trace) is made of the run's name, the case's
    name, the attempt at it and a count within, so it does not depend on which worker runs the case, or when.

    Args:
        judge: hears of each answer that the target gave by itself.
        hurried: whether requests are sent at once, whatever the limit, and a 429 is given as it came.
        lane: the case's own, where it runs ahead of its turn.
        whole: whether its requests belong together, so that it ends where the target was started anew in between.
        recorder: takes every exchange.
    """

    def __init__(
        self,
        world: World,
        client: Client,
        door: Door,
        ledger: Ledger,
        recorder: Recorder,
        case: str,
        clause: str,
        judge: Callable[[Exchange], None],
        attempt: int = 1,
        *,
        whole: bool = True,
        lane: Lane | None = None,
        hurried: bool = False,
    ) -> None:
        self._recorder = recorder
        self._world = world
        self._client = client
        self._door = door
        self._ledger = ledger
        self._case = case
        self._clause = clause
        self._judge = judge
        self._whole = whole
        self._hurried = hurried
        self.lane = lane
        self._returned: float | None = None
        self._composer = Composer(world, hurried=hurried)
        self.attempt = attempt
        named = case if attempt == 1 else f"{case} attempt {attempt}"
        self._digest = hashlib.sha256(named.encode()).hexdigest()[:8]
        self._count = 0
        self._used: set[str | None] = set()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Take what the target is known for now as what the case rests on; only the first time counts."""
        if self._returned is None:
            self._returned = self._world.state.returned_at

    def number(self) -> str:
        """A fresh number, unique in the run, and of one width: no marker may be the beginning of another."""
        with self._lock:
            self._count += 1
            return f"{self._digest}-{self._count:04d}"

    def caller(self, name: str) -> Credentials:
        """The caller of that name.

        Raises:
            NotVerified: no such key was given.
        """
        found = self._world.target.callers.get(name)
        if found is None:
            raise self._world.unmet(name)
        return found

    def draft(self, body: Any) -> Draft:
        """The draft of a body for the endpoint under test, with a fresh marker stamped into it.

        Args:
            body: a JSON value, or bytes to send as they are.
        """
        return make_draft(self._world.contract, self._world.workspace, body, f"{self._world.run} {self.number()}")

    def draft_equal(self, first: Exchange) -> Draft:
        """The draft of the body of an earlier create, for another record."""
        return make_equal_draft(self._world.contract, self._world.workspace, first, f"{self._world.run} {self.number()}")

    def draft_other(self, operation: Operation, body: Any) -> Draft:
        """The draft of a body for another create endpoint; every text in it is stamped."""
        return make_other_draft(operation, body, f"{self._world.run} {self.number()}")

    def post(
        self,
        draft: Draft,
        *,
        caller: str = "main",
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        later: int = 0,
        abandon: bool = False,
        blame: str = "",
        number: str = "",
        overlapping: bool = False,
        way: Spelling = PLAINLY,
    ) -> Exchange:
        """Sends a create.

        Args:
            key: its idempotency key; None for none.
            headers: headers to change; None takes one away.
            later: seconds by which the target's clock is to be ahead.
            abandon: close the connection before the answer.
            blame: the clause broken when a record results that no answer accounts for.
            number: a fresh one when left out.
            overlapping: whether others are sent at the same moment; one of them alone cannot be made again.
            way: how it is written; its caller and its key are for whoever asks.

        Raises:
            Limited: it got nothing but 429.
        """
        plain = self._composer.create(
            draft, self.caller(caller), number or self.number(), key=key, headers=headers, later=later
        )
        outgoing = dataclasses.replace(written(plain, way), abandon=abandon, overlapping=overlapping)
        numbers = itertools.chain([outgoing.number], iter(self.number, ""))
        clause = blame or self._clause or _SURPLUS

        def send() -> Exchange:
            return self._write(dataclasses.replace(outgoing, number=next(numbers)), clause)

        renewable = not overlapping and not abandon and outgoing.key not in self._used
        attempt = Attempt(send, self._write_control, lambda: self._check_key(outgoing.caller), not overlapping, renewable)
        exchange = self._admit(attempt)
        self._used |= {outgoing.key} if outgoing.key else set()
        return self._judged(exchange) if not abandon else exchange

    def delete(self, path: str, caller: str) -> Exchange:
        """Deletes what is at a path."""
        who = self.caller(caller)
        outgoing = self._composer.delete(path, who, self.number())
        attempt = Attempt(
            lambda: self._note(self._client.send(outgoing, self.lane)), self._read_control, lambda: self._check_key(who)
        )
        return self._admit(attempt)

    def room(self, category: str) -> int:
        """Return how many requests of a category, read or write, are to be under way at one time."""
        return self._client.room(f"own:{category}")

    def get(self, path: str, caller: str, number: str = "") -> Exchange:
        """Reads.

        Args:
            number: of the first attempt; a fresh one when left out.

        Raises:
            Limited: it got nothing but 429.
        """
        reader, numbers = self.caller(caller), itertools.chain([number] if number else [], iter(self.number, ""))
        attempt = Attempt(
            lambda: self._read(path, reader, next(numbers)), self._read_control, lambda: self._check_key(reader)
        )
        return self._judged(self._admit(attempt))

    def _admit(self, attempt: Attempt) -> Exchange:
        """The target's own answer.

        Raises:
            NotVerified: there is none, or the target was started anew since this case's first request.
        """
        began = self._returned is not None
        self.begin()
        try:
            exchange = self._door.send(attempt)
        except Trouble as trouble:
            if trouble is self._door.ended:
                self._recorder.end(trouble.reason, trouble.remedy)
            raise NotVerified(trouble.reason, trouble.remedy) from trouble
        if began and self._whole and self._world.state.returned_at != self._returned:
            raise NotVerified("the target was gone in the middle of this case, and is back", "run it again")
        self._returned = self._world.state.returned_at
        return exchange

    def _write(self, outgoing: Outgoing, clause: str) -> Exchange:
        if self.lane:
            self.lane.check()
        self._world.state.spend_write()
        own = outgoing.own and outgoing.caller.organization == "own"
        blank = self._client.unanswered(outgoing)
        entry = Entry(**vars(blank), case=self._case, clause=clause, own=own)
        self._ledger.open(entry)
        exchange = self._client.send(outgoing, self.lane, blank)
        self._ledger.settle(entry, exchange)
        return self._note(exchange)

    def _read(self, path: str, caller: Credentials, number: str = "") -> Exchange:
        outgoing = self._composer.read(path, caller, number or self.number())
        return self._note(self._client.send(outgoing, self.lane))

    def _write_control(self) -> tuple[Exchange, bool]:
        """The plain create, where the target is known to accept it."""
        smallest = self._world.smallest
        if smallest is None or self._world.refusal_of(smallest) != "":
            return self._read_control()
        exchange = self._write_plain(self.caller("main"))
        return exchange, exchange.accepted

    def _read_control(self) -> tuple[Exchange, bool]:
        main, validate = self.caller("main"), self._world.contract.validate
        exchange = self._read(validate.path, main) if validate else self._write_plain(main)
        return exchange, exchange.status < 500

    def _check_key(self, caller: Credentials) -> Exchange:
        """Asks in the plainest way whether the target takes a caller's key (contract 11)."""
        validate = self._world.contract.validate
        exchange = self._read(validate.path, caller) if validate else None
        if exchange is None or exchange.status in (404, 405, 501):
            return self._write_plain(caller)
        return exchange

    def _write_plain(self, caller: Credentials) -> Exchange:
        draft = self.draft(self._world.smallest or {})
        return self._write(self._composer.create(draft, caller, self.number()), _SURPLUS)

    def _note(self, exchange: Exchange) -> Exchange:
        self._world.state.sent.note(exchange)
        with self._lock:
            self._recorder.sent(exchange)
        return exchange

    def _judged(self, exchange: Exchange) -> Exchange:
        with self._lock:
            self._judge(exchange)
        if exchange.too_many and not self._hurried:
            self._see_whether_all_are_limited(exchange)
            raise Limited(exchange)
        return exchange

    def _see_whether_all_are_limited(self, exchange: Exchange) -> None:
        """Send no more creates where several in a row, and the plain one as well, got nothing but 429."""
        state = self._world.state
        if exchange.method == "GET" or state.limited or state.sent.limited_in_a_row < _IN_A_ROW:
            return
        if self._write_plain(self.caller("main")).too_many:
            state.end_writes(exchange)
            ended = Limited(exchange, every=True)
            self._recorder.end(ended.reason, ended.remedy)
