"""Faults of replays: an answer that is not the original one, a record that is made again, a key that is forgotten."""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Hashable

from ...spec import Contract
from ..call import Answer, Call, Refusal
from ..clock import Clock
from ..settings import Settings
from ..store import Entry
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("idempotency:replay")
class KeysIgnored(Fault):
    """Keys are ignored: every repeat makes a record."""

    def find_entry(self, call: Call) -> Entry | None:  # noqa: ARG002 - it is not looked for
        return None


@breaks("idempotency:replay")
class LastKeyOnly(Fault):
    """Only the last key is remembered."""

    def complete(self, call: Call, answer: Answer) -> None:
        if call.claim is not None:
            self.store.answers.clear()
        super().complete(call, answer)


@breaks("idempotency:replay")
class TenKeysOnly(Fault):
    """Only the last ten keys are remembered."""

    def complete(self, call: Call, answer: Answer) -> None:
        super().complete(call, answer)
        while len(self.store.answers) > 10:
            del self.store.answers[next(iter(self.store.answers))]


@breaks("idempotency:replay")
class ForgetsOnFailure(Fault):
    """All keys are forgotten when the request of any of them fails."""

    def release(self, call: Call) -> None:
        super().release(call)
        if call.claim is not None:
            self.store.answers.clear()


@breaks("idempotency:replay")
class ForgetsOnAnyRefusal(Fault):
    """All keys are forgotten when a body is refused."""

    def release(self, call: Call) -> None:
        super().release(call)
        self.store.answers.clear()


@breaks("idempotency:replay")
class ForgetsAtTimes(Fault):
    """Every tenth time a key is looked for it is not found."""

    def find_entry(self, call: Call) -> Entry | None:
        entry = super().find_entry(call)
        return None if entry is not None and self.every(10) else entry


@breaks("idempotency:replay")
class SecondReplayCreates(Fault):
    """The second repeat of a request makes another record."""

    def __init__(self, contract: Contract, settings: Settings | None = None, clock: Clock | None = None) -> None:
        super().__init__(contract, settings, clock)
        self.replays: collections.Counter[Hashable] = collections.Counter()

    def find_entry(self, call: Call) -> Entry | None:
        entry = super().find_entry(call)
        self.replays[call.claim] += entry is not None
        return None if self.replays[call.claim] == 2 else entry


@breaks("idempotency:replay")
class ForgetsArrays(Fault):
    """The key of a body with an array of IDs in it is not remembered."""

    def complete(self, call: Call, answer: Answer) -> None:
        if any(isinstance(value, list) for value in self.group(call, "relationships").values()):
            self.release(call)
        else:
            super().complete(call, answer)


@breaks("idempotency:replay")
class ReplayCreatesSilently(Fault):
    """A repeat gets the original response, and another record is made."""

    def replay(self, call: Call, answer: Answer) -> Answer:
        self.save(call, self.make_record(call))
        return super().replay(call, answer)


@breaks("idempotency:replay")
class ReplayCreatesLater(Fault):
    """A repeat gets the original response, and another record is made a moment later."""

    def replay(self, call: Call, answer: Answer) -> Answer:
        asyncio.get_running_loop().call_later(0.1, self.save, call, self.make_record(call))
        return super().replay(call, answer)


@breaks("idempotency:replay")
class ReplaySaysCreated(Fault):
    """A repeat gets the original body under another status."""

    def replay(self, call: Call, answer: Answer) -> Answer:
        return Answer(201, super().replay(call, answer).body)


@breaks("idempotency:replay")
class ReplayIsYounger(Fault):
    """A repeat gets the original response with a creation time of its own."""

    def replay(self, call: Call, answer: Answer) -> Answer:
        return Answer(answer.status, {**answer.body, "createdAt": self.render_time(call.now)})


@breaks("idempotency:replay")
class ReplayLosesLinks(Fault):
    """A repeat gets the original response without its relationships."""

    def replay(self, call: Call, answer: Answer) -> Answer:  # noqa: ARG002 - whatever was asked
        return Answer(answer.status, {**answer.body, "relationships": {}})


@breaks("idempotency:replay")
class ReplayIsEmpty(Fault):
    """A repeat gets the ID alone."""

    def replay(self, call: Call, answer: Answer) -> Answer:  # noqa: ARG002 - whatever was asked
        return Answer(answer.status, {"id": answer.body["id"]})


@breaks("idempotency:replay")
class ReplayIsConflict(Fault):
    """A repeat of a finished request is refused with a 409."""

    def replay(self, call: Call, answer: Answer) -> Answer:
        raise Refusal(409, "idempotency_conflict", f"{call.role}: the key was used; {answer.status}.", "used")
