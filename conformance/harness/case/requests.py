"""Sends the requests of one case: creates, repeats, reads; of this operation and of others."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Any

from ....spec import Operation
from ....strategies import Caller
from ....strategies.ways import PLAINLY, Spelling
from ..judge.record import NotVerified
from ..wire.exchange import MISSING, Exchange
from ..wire.outgoing import Draft
from .facts import control_name
from .material import Material, smallest_other, unmarked
from .overlapping import Create, Read, Reader, send_together
from .sending import Sender
from .world import World

__all__ = ["LENGTH_REQUIRED", "Requests"]

LENGTH_REQUIRED = 411
"""The status by which a target may ask for a length where a body comes in chunks (RFC 9112)."""

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between the retries of a create whose first answer was lost and which may still be in flight."""
_LONG_KEY = 12
"""Characters without which the beginning of a key is no secret, and may stand anywhere."""
_MARGIN = 0.02
"""Seconds that a target under load may take longer for a create than it took for the first one."""


class Requests:
    """Sends the requests of one case; what it sends is numbered, stamped and booked by the case's sender.

    Methods raise NotVerified where the target or the user does not offer what they need.
    """

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._given = Material(world)
        self.sender = sender
        self.reader = Reader(sender)

    def key(self, length: int = 0) -> str:
        """A fresh Idempotency-Key; of a given length in characters, where one is given."""
        return f"{self._world.run}-{self.sender.number()}".ljust(length, "k")

    @property
    def valued(self) -> dict[str, Any]:
        """The body of a create that has to succeed, whatever its case is about: it carries values that have to come back."""
        return self._given.carrying

    def create(
        self,
        body: Any = MISSING,
        *,
        caller: str = "main",
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        abandon: bool = False,
        blame: str = "",
        later: int = 0,
        way: Spelling = PLAINLY,
    ) -> Exchange:
        """Creates with a body of its own: a fresh marker is stamped into it.

        Args:
            body: a JSON value, or bytes to send as they are; the smallest valid body when left out.
            headers: headers to change; None takes one away.
            abandon: close the connection before the answer.
            blame: the clause broken when a record results that no answer accounts for.
            later: seconds by which the target's clock is to be ahead.
            way: how it is written.
        """
        draft = self.sender.draft(self._given.smallest if body is MISSING else body)
        return self.sender.post(
            draft, caller=caller, key=key, headers=headers, later=later, abandon=abandon, blame=blame, way=way
        )

    def repeat(
        self,
        first: Exchange,
        *,
        caller: str = "main",
        key: str | None = None,
        content: bytes | None = None,
        later: int = 0,
        way: Spelling = PLAINLY,
    ) -> Exchange:
        """Sends the body of an earlier create again, marker and all, with that create's key unless another is given.

        Args:
            content: the same JSON value in another form.
            later: seconds by which the target's clock is to be ahead.
            way: how it is written. A target may ask for a length where it comes in chunks (RFC 9112).
        """
        sent = first.content if content is None else content
        draft = Draft(path=first.path, content=sent, sent=first.sent, stamp=first.stamp)
        again = self.sender.post(draft, caller=caller, key=key or first.key, later=later, way=way)
        if again.status != LENGTH_REQUIRED or way.framing != "chunked":
            return again
        way = dataclasses.replace(way, framing="length")
        return self.sender.post(draft, caller=caller, key=key or first.key, later=later, way=way)

    def equal(self, first: Exchange, *, key: str | None = None, later: int = 0) -> Exchange:
        """Sends the body of an earlier create again as a create of its own: without its key, or when that has expired.

        Values at unique places are fresh, for two records may not hold one (contract 11).
        """
        return self.sender.post(self.sender.draft_equal(first), caller="main", key=key, later=later)

    def reworded(self, first: Exchange) -> Exchange:
        """Sends the body of an earlier create under its key, with a marker, and so a text, of its own."""
        return self.create(unmarked(self._world.contract, first), key=first.key)

    def together(self, times: int, create: Create) -> list[Exchange]:
        """Sends one create several times at the same moment, over connections of their own."""
        return send_together(self.sender, [create] * times)

    def race(self, key: str) -> tuple[list[Exchange], Exchange]:
        """Sends a create three times with a key, and at the same moment another one without; returns what came of each."""
        shared, other = (self.sender.draft(self.valued) for _ in range(2))
        first, beside, *late = send_together(self.sender, [Create(shared, key), Create(other), *[Create(shared, key)] * 2])
        return [first, *late], beside

    def race_of_bodies(self, key: str, times: int) -> list[Exchange]:
        """Sends creates with one key at the same moment, each with a body of its own."""
        return send_together(self.sender, [Create(self.sender.draft(self.valued), key) for _ in range(times)])

    @property
    def other_caller(self) -> str:
        """The name of another caller of the organization that may create; the main one where there is none."""
        return self._world.other_caller

    @property
    def creators(self) -> list[str]:
        """The names of all callers of the organization that may create."""
        return [name for name in (Caller.MAIN, Caller.SECOND, Caller.CREATE_ONLY) if name in self._world.target.callers]

    @property
    def callers_like_main(self) -> list[str]:
        """The names of the callers of the organization that may create, and other things besides, but for the main one."""
        return [name for name in self.creators if name not in (Caller.MAIN, Caller.CREATE_ONLY)]

    def check_key_has_letters(self) -> None:
        """See to it that what is nearly the main key is no key, and long enough to be hidden.

        Raises:
            NotVerified: it may be one.
        """
        keys = [caller.key.reveal() for caller in self._world.target.callers.values() if caller.key]
        main = self._world.target.callers[Caller.MAIN].key
        key = main.reveal() if main else ""
        if len(key) < _LONG_KEY or {key[:-1], key.upper()} & {*keys}:
            raise NotVerified("what is nearly the main key may be a key too", "give a longer key, with small letters")

    def wait_for_change(self, created: Exchange) -> None:
        """Wait until a read shows a record otherwise than its create did, for a moment at most."""
        for pause in _PAUSES[:3]:
            time.sleep(pause)
            with contextlib.suppress(NotVerified):
                read = self.read(created)
                if read.status == 200 and read.body != created.body:
                    return

    def create_other(self, object_type: str, key: str, caller: str = "main") -> Exchange:
        """Makes an object of another type: its smallest body, under the given Idempotency-Key."""
        operation = self._world.contract.collections[object_type].create
        if operation is None:
            raise NotVerified(f"the fragment has no endpoint that makes a {object_type}")
        draft = self.sender.draft_other(operation, smallest_other(operation))
        return self.sender.post(draft, caller=caller, key=key)

    def create_by_other_operation(self, first: Exchange) -> Exchange:
        """Makes an object of any other type under the key of an earlier create."""
        made = self.create_other(self._given.other_object_type(), first.key or "")
        if made.refused:
            self.check_other_operation()
        return made

    def check_other_operation(self) -> None:
        """Sees to it that an object of another type can be made at all, so that a refusal is about the key.

        Raises:
            NotVerified: it cannot.
        """
        control = self.create_other(self._given.other_object_type(), self.key())
        if not control.accepted:
            raise self._world.unmet("other-operation", control.answer)

    def retry(self, lost: Exchange) -> Exchange:
        """Sends a create again whose answer was lost, until its key is no longer in flight."""
        return self.settled(lambda: self.repeat(lost))

    def settled(self, send: Callable[[], Exchange]) -> Exchange:
        """The answer of a create whose key may still be in flight: sent again after each 409, a few times.

        It is sent when a create of this target should be done, so that as a rule one request is enough, and the same seed
        sends as many. A key that stays in flight is waited for to the end once in a run; the next ones get a moment.
        """
        control = self._world.facts.shown(control_name(self._given.smallest))
        time.sleep(_MARGIN + 2 * (control.seconds if control else 0))
        answer = send()
        for pause in _PAUSES[:2] if self._world.state.waited_in_vain else _PAUSES:
            if answer.status != 409:
                return answer
            time.sleep(pause)
            answer = send()
        self._world.state.note_wait(in_vain=answer.status == 409)
        return answer

    def callers(self, role: str) -> list[str]:
        """The names of all callers of a role, of which several may be given."""
        first = self.sender.caller(role).name
        return [name for name in self._world.target.callers if name == first or name.startswith(f"{first}-")]

    def validate(self, caller: str) -> Exchange:
        """Asks what a caller's key may do."""
        exchange = self.get(self._world.contract.validate, caller=caller)
        if exchange.status in (404, 405, 501):
            raise self._world.unmet("validate")
        return exchange

    def delete(self, operation: Operation, record_id: str, caller: str) -> Exchange:
        """Deletes a record."""
        return self.sender.delete(operation.path_of(record_id), caller)

    def read(self, created: Exchange) -> Exchange:
        """Reads the record that a create has made.

        Raises:
            NotVerified: the target does not have the read; a 404 is about the record unless the list and the definitions are
                not there either.
        """
        exchange = self.get(self._world.contract.collection.retrieve, record_id=created.record_id)
        blind = not (self._world.state.readable or self._world.workspace.fields)
        if exchange.status in (405, 501) or (blind and exchange.status == 404):
            raise self._world.unmet("read", exchange.answer)
        return exchange

    def get(
        self, operation: Operation | None, *, caller: str = "", record_id: str = "", query: Mapping[str, Any] | None = None
    ) -> Exchange:
        """Reads, with the read key unless another caller is named."""
        if operation is None:
            raise NotVerified("the fragment does not have the endpoint to read with")
        return self.reader.get(Read(operation, caller or self._world.reader.name, query, record_id))
