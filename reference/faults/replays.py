"""Faults of replays: an answer that is not the original one, a record that is made again, a key that is forgotten."""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Hashable

from ...spec import profile
from ..answers import JsonAnswer, Refusal
from ..steps import Call
from ..store import KeyState
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("idempotency:replay")
class KeysIgnored(Fault):
    """Keys are ignored: every repeat makes a record."""

    def find_key_state(self, call: Call) -> KeyState | None:  # noqa: ARG002 - it is not looked for
        return None


@breaks("idempotency:replay")
class KeysOfChunkedRequestsIgnored(Fault):
    """The key of a request whose body comes in chunks is ignored."""

    def read_idempotency_key(self, call: Call) -> None:
        if "transfer-encoding" not in call.headers:
            super().read_idempotency_key(call)


@breaks("idempotency:replay")
class KeysOfEachMediaType(Fault):
    """A repeat with another spelling of the media type makes another record."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return super().key_scope(call, sent), call.headers.get("content-type")


@breaks("idempotency:replay")
class LastKeyOnly(Fault):
    """Only the last key is remembered."""

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        if call.claim is not None:
            self.store.key_states.clear()
        super().complete(call, answer)


@breaks("idempotency:replay")
class ThirteenKeysOnly(Fault):
    """Only the last thirteen keys are remembered."""

    most = 13

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        super().complete(call, answer)
        while len(self.store.key_states) > self.most:
            del self.store.key_states[next(iter(self.store.key_states))]


@breaks("idempotency:replay")
class SixtyKeysOnly(ThirteenKeysOnly):
    """Only the last sixty keys are remembered."""

    most = 60


@breaks("idempotency:replay")
class ForgetsOnFailure(Fault):
    """All keys are forgotten when the request of any of them fails."""

    def release(self, call: Call) -> None:
        super().release(call)
        if call.claim is not None:
            self.store.key_states.clear()


@breaks("idempotency:replay")
class ForgetsOnAnyRefusal(Fault):
    """All keys are forgotten when a body is refused."""

    def release(self, call: Call) -> None:
        super().release(call)
        self.store.key_states.clear()


@breaks("idempotency:replay")
class ForgetsAtTimes(Fault):
    """Every tenth time a key is looked for it is not found."""

    def find_key_state(self, call: Call) -> KeyState | None:
        state = super().find_key_state(call)
        return None if state is not None and self.every(10) else state


@breaks("idempotency:replay")
class SecondReplayCreates(Fault):
    """The second repeat of a request makes another record."""

    def prepare(self) -> None:
        super().prepare()
        self.replays: collections.Counter[Hashable] = collections.Counter()

    def find_key_state(self, call: Call) -> KeyState | None:
        state = super().find_key_state(call)
        self.replays[call.claim] += state is not None
        return None if self.replays[call.claim] == 2 else state


@breaks("idempotency:replay")
class ForgetsArrays(Fault):
    """The key of a body with an array of IDs in it is not remembered."""

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        if any(isinstance(value, list) for value in call.sent_links.values()):
            self.release(call)
        else:
            super().complete(call, answer)


@breaks("idempotency:replay")
class ReplayCreatesSilently(Fault):
    """A repeat gets the original response, and another record is made."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        self.save(call, self.make_record(call))
        return super().replay(call, answer)


@breaks("idempotency:replay")
class ReplayCreatesLater(Fault):
    """A repeat gets the original response, and another record is made a moment later."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        asyncio.get_running_loop().call_later(0.1, self.save, call, self.make_record(call))
        return super().replay(call, answer)


@breaks("idempotency:replay", also=("idempotency:same-json",))
class ReplayInChunksIsShort(Fault):
    """A repeat that comes in chunks gets the original response without its links."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        found = super().replay(call, answer)
        short = {**found.body, profile.RELATIONSHIPS: {}}
        return found if "Content-Length" in call.headers else JsonAnswer(found.status, short)


@breaks("idempotency:replay")
class ReplaySaysCreated(Fault):
    """A repeat gets the original body under another status."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        return JsonAnswer(201, super().replay(call, answer).body)


@breaks("idempotency:replay")
class ReplayIsYounger(Fault):
    """A repeat gets the original response with a creation time of its own."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        return JsonAnswer(answer.status, {**answer.body, profile.CREATED_AT: self.render_time(call.now)})


@breaks("idempotency:replay")
class ReplayIsCurrent(Fault):
    """A repeat gets the record as it is now, with what was written since."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        record = call.organization.index.get(answer.body[profile.ID])
        return JsonAnswer(answer.status, self.render(call, record) if record else answer.body)


@breaks("idempotency:replay")
class ReplayLosesLinks(Fault):
    """A repeat gets the original response without its relationships."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:  # noqa: ARG002 - whatever was asked
        return JsonAnswer(answer.status, {**answer.body, profile.RELATIONSHIPS: {}})


@breaks("idempotency:replay")
class ReplayIsEmpty(Fault):
    """A repeat gets the ID alone."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:  # noqa: ARG002 - whatever was asked
        return JsonAnswer(answer.status, {profile.ID: answer.body[profile.ID]})


@breaks("idempotency:replay")
class ReplayIsConflict(Fault):
    """A repeat of a finished request is refused with a 409."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        raise Refusal(409, "idempotency_conflict", f"{call.role}: the key was used; {answer.status}.", "used")
