"""Variations of idempotency: what a used key does with another body or in a race, and when a key is looked up."""

from __future__ import annotations

import asyncio
from typing import Any

from ..answers import JsonAnswer, Refusal
from ..idempotency import KEY_HEADER
from ..steps import Call
from .variation import Variation, permitted

__all__: list[str] = []


class _BodiesCompared(Variation):
    """Refuses a used key that comes with another body."""

    reuse_status = 409
    reuse_type = "idempotency_conflict"

    def prepare(self) -> None:
        super().prepare()
        self.bodies: dict[int, Any] = {}

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        super().complete(call, answer)
        self.bodies[id(answer)] = call.payload

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        if self.bodies.get(id(answer), call.payload) != call.payload:
            message = "The key was used with another body."
            raise Refusal(self.reuse_status, self.reuse_type, message, "key_reused", KEY_HEADER)
        return super().replay(call, answer)


@permitted("other-body", "409")
class OtherBodyConflicts(_BodiesCompared):
    """A used key with another body is refused with a 409."""


@permitted("other-body", "422")
class OtherBodyUnprocessable(_BodiesCompared):
    """A used key with another body is refused with a 422."""

    reuse_status = 422
    reuse_type = "unprocessable_content"


@permitted("race", "wait")
class LateRequestsWait(Variation):
    """A request whose key is in flight waits for the first one's answer."""

    async def create(self, call: Call) -> JsonAnswer:
        while True:
            try:
                return await super().create(call)
            except Refusal as refusal:
                if refusal.status != 409 or (state := self.find_key_state(call)) is None or state.answer is not None:
                    raise
            await asyncio.sleep(0.002)


@permitted("order", "validate-first")
class ValidatesFirst(Variation):
    """A body is validated before its key is looked up."""

    def recall(self, call: Call) -> JsonAnswer | None:
        self.validate(call)
        return super().recall(call)
