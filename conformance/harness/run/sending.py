"""Sends one case's requests: numbers them, stamps the marker into creates, and enters each create in the books."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from ....reports import body_text
from ....spec import Operation
from ....strategies import PLAIN_TEXT, get_at, set_at
from ..judge.record import CaseRecord, NotVerified
from ..wire.client import Client, Outgoing, TargetLost
from ..wire.exchange import MISSING, Exchange
from ..wire.ledger import Entry, Ledger
from ..wire.marker import has_stamp, stamp
from ..wire.target import Caller
from .world import World

__all__ = ["Draft", "Sender"]

_SURPLUS = "success:once"


@dataclasses.dataclass(frozen=True)
class Draft:
    """The body of a create, ready to be sent any number of times.

    Attributes:
        sent: the JSON value, MISSING when the content is not one.
        stamp: the marker in it, "" when it could carry none.
        path: of the endpoint.
        own: whether it is the endpoint under test, whose records the audit reads.
    """

    content: bytes
    sent: Any
    stamp: str
    path: str
    own: bool = True


class Sender:
    """Sends in the name of one case.

    Everything that makes a request unique (marker, Idempotency-Key, trace) is made of the run's name, the case's
    name, the attempt at it and a count within, so it does not depend on which worker runs the case, or when.

    Attributes:
        record: takes every exchange.
    """

    def __init__(
        self,
        world: World,
        client: Client,
        ledger: Ledger,
        record: CaseRecord,
        case: str,
        clause: str,
        judge: Callable[[Exchange], None],
        attempt: int = 1,
    ) -> None:
        self.record = record
        self._world = world
        self._client = client
        self._ledger = ledger
        self._case = case
        self._clause = clause
        self._judge = judge
        named = case if attempt == 1 else f"{case} attempt {attempt}"
        self._digest = hashlib.sha256(named.encode()).hexdigest()[:6]
        self._count = 0
        self._lock = threading.Lock()

    def number(self) -> str:
        """A fresh number, unique in the run, and of one width: no marker may be the beginning of another."""
        with self._lock:
            self._count += 1
            return f"{self._digest}-{self._count:04d}"

    def caller(self, name: str) -> Caller:
        """The caller of that name.

        Raises:
            NotVerified: no such key was given.
        """
        found = self._world.target.callers.get(name)
        if found is None:
            raise self._world.lack(name)
        return found

    def draft(self, body: Any) -> Draft:
        """The draft of a body for the endpoint under test, with a fresh marker stamped into it.

        Args:
            body: a JSON value, or bytes to send as they are.
        """
        body, marker = self._stamped(body, f"{self._world.run} {self.number()}")
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return Draft(content, MISSING if isinstance(body, bytes) else body, marker, self._world.contract.create.path)

    def draft_other(self, operation: Operation, body: Any) -> Draft:
        """The draft of a body for another create endpoint; every text in it is stamped."""
        body = stamp(body, f"{self._world.run} {self.number()}")
        return Draft(json.dumps(body).encode(), body, "", operation.path, own=False)

    def post(
        self,
        draft: Draft,
        *,
        caller: str = "main",
        headers: Mapping[str, str | None] | None = None,
        later: int = 0,
        abandon: bool = False,
        blame: str = "",
        number: str = "",
    ) -> Exchange:
        """Sends a create.

        Args:
            headers: headers to change; None takes one away.
            later: seconds by which the target's clock is to be ahead.
            abandon: close the connection before the answer.
            blame: the clause broken when a record results that no answer accounts for.
        """
        outgoing = Outgoing(
            number=number or self.number(),
            method="POST",
            path=draft.path,
            caller=self.caller(caller),
            headers=self._headers({**(headers or {}), **self._moved_clock(later)}),
            content=draft.content,
            sent=draft.sent,
            stamp=draft.stamp,
            category="write",
            abandon=abandon,
        )
        self._world.spend_write()
        entry = self._entry(outgoing, draft.own, blame or self._clause or _SURPLUS)
        self._ledger.open(entry)
        exchange = self._transmit(outgoing)
        self._ledger.settle(entry, exchange)
        return self._note(exchange, judged=not abandon)

    def get(self, path: str, caller: str) -> Exchange:
        """Reads."""
        headers = self._headers({"Content-Type": None})
        return self._note(self._transmit(Outgoing(self.number(), "GET", path, self.caller(caller), headers)), judged=True)

    def _stamped(self, body: Any, marker: str) -> tuple[Any, str]:
        place = self._world.contract.marker_place
        if isinstance(body, bytes) and PLAIN_TEXT.encode() in body:
            # A text that is not JSON, or not quite, can still make a record on a target that is too kind.
            return body.replace(PLAIN_TEXT.encode(), f"{marker} {PLAIN_TEXT}".encode()), marker
        if place is None or not isinstance(body, dict):
            return body, ""
        value = get_at(body, place.pointer, MISSING)
        if value is MISSING or not has_stamp(value):
            return body, ""
        return set_at(body, place.pointer, stamp(value, marker)), marker

    def _headers(self, changed: Mapping[str, str | None]) -> dict[str, str]:
        version = self._world.contract.version_header
        headers: dict[str, str | None] = {version.name: version.schema["const"]} if version else {}
        headers |= {"Content-Type": "application/json", **changed}
        return {name: value for name, value in headers.items() if value is not None}

    def _moved_clock(self, later: int) -> dict[str, str]:
        clock = self._world.target.clock_header
        if later and not clock:
            raise self._world.lack("clock")
        return {clock: str(later)} if later else {}

    def _entry(self, outgoing: Outgoing, own: bool, clause: str) -> Entry:
        content, binary = body_text(outgoing.content)
        return Entry(
            number=outgoing.number,
            case=self._case,
            clause=clause,
            stamp=outgoing.stamp,
            own=own and outgoing.caller.organization == "own",
            method=outgoing.method,
            url=self._world.target.url + outgoing.path,
            headers=self._client.shown_headers(outgoing),
            content=content,
            binary=binary,
            sent_at=time.time(),
        )

    def _transmit(self, outgoing: Outgoing) -> Exchange:
        try:
            return self._client.send(outgoing)
        except TargetLost as error:
            raise NotVerified(str(error), "see whether the target is still up, and raise --timeout if it is slow") from error

    def _note(self, exchange: Exchange, *, judged: bool) -> Exchange:
        with self._lock:
            self.record.exchanges.append(exchange)
            if judged:
                self._judge(exchange)
        return exchange
