"""Faults of keys in flight: lost in a race, or by a client that left before its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

from ..answers import JsonAnswer, Refusal
from ..steps import Call
from ..store import KeyState
from .fault import Fault, breaks

__all__: list[str] = []


class _Slow(Fault):
    """Takes long enough over a request with a key for another one to come meanwhile."""

    async def work(self, call: Call) -> None:
        await asyncio.sleep(0.04 if call.claim is not None else 0)


@breaks("idempotency:concurrent")
class TwoWinners(_Slow):
    """Requests with one key at the same time make a record each."""

    def claim(self, call: Call) -> None: ...


@breaks("idempotency:concurrent")
class LateOneCrashes(_Slow):
    """A request whose key is in flight is answered with a 500."""

    def in_flight(self, call: Call) -> JsonAnswer | None:
        raise RuntimeError(call.claim)


@breaks("idempotency:concurrent")
class LateOneGetsNothing(_Slow):
    """A request whose key is in flight gets a 200 without a record."""

    def in_flight(self, call: Call) -> JsonAnswer | None:
        return JsonAnswer(200, {"role": call.role})


@breaks("idempotency:concurrent")
class LateOneCreates(_Slow):
    """A request whose key is in flight gets a 409, and makes a record."""

    def in_flight(self, call: Call) -> JsonAnswer | None:
        self.save(call, self.make_record(call))
        return super().in_flight(call)


@breaks("idempotency:concurrent")
class LateOneWins(_Slow):
    """A request whose key is in flight makes a record, and the first one gets a 409."""

    def in_flight(self, call: Call) -> JsonAnswer | None:
        self.complete(call, answer := self.created(call, self.save(call, self.make_record(call))))
        return answer


@breaks("idempotency:other-body", source="mitos-run/mitos#240")
class LateBodyCreates(_Slow):
    """A request whose key is in flight with another body makes a record."""

    def prepare(self) -> None:
        super().prepare()
        self.sent: dict[Hashable, Any] = {}

    def claim(self, call: Call) -> None:
        super().claim(call)
        self.sent[call.claim] = call.payload

    def in_flight(self, call: Call) -> JsonAnswer | None:
        return super().in_flight(call) if self.sent.get(call.claim) == call.payload else None


class _Gone(Fault):
    """Notices that the client left before the answer."""

    async def make(self, call: Call) -> JsonAnswer:
        answer = await super().make(call)
        if call.claim is not None:
            try:
                await asyncio.wait_for(call.receive(), 0.03)
            except TimeoutError:
                return answer
            raise Refusal(499, "client_gone", "No one is there to answer.")
        return answer


@breaks("idempotency:lost-answer")
class LostAnswerFreesKey(_Gone):
    """The key of a client that left is forgotten, though its record was made."""


@breaks("idempotency:lost-answer")
class LostAnswerHoldsKey(_Gone):
    """The key of a client that left stays in flight forever."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        if call.claim is not None and refusal.status == 499:
            self.store.key_states[call.claim] = KeyState()
        return super().refuse(call, refusal)
