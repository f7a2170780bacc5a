"""Faults of the key store: keys that are used up by a refusal or lost in a race, and answers served to the wrong caller."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

from ...spec.profile import ID, holds_links, holds_values
from ..answers import JsonAnswer, Refusal
from ..idempotency import KEY_HEADER
from ..steps import Call
from ..store import ApiKey, KeyState
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("idempotency:failure")
class FailureStaysInFlight(Fault):
    """The key of a refused request stays in flight forever."""

    def release(self, call: Call) -> None: ...


class _RefusalKept(Fault):
    """Remembers a refusal under its key."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        answer = super().refuse(call, refusal)
        if call.claim is not None and refusal.status == 400 and self.chosen(refusal):
            self.store.key_states[call.claim] = KeyState(answer, call.now)
        return answer

    def chosen(self, refusal: Refusal) -> bool:  # noqa: ARG002 - a fault looks at it
        """Return whether this refusal is remembered."""
        return True


@breaks("idempotency:failure")
class RefusalIsReplayed(_RefusalKept):
    """A refusal is remembered under its key."""


@breaks("idempotency:failure")
class FieldRefusalIsReplayed(_RefusalKept):
    """A refusal for a field is remembered under its key."""

    def chosen(self, refusal: Refusal) -> bool:
        return holds_values(refusal.place or "")


@breaks("idempotency:failure")
class LinkRefusalIsReplayed(_RefusalKept):
    """A refusal for a relationship is remembered under its key."""

    def chosen(self, refusal: Refusal) -> bool:
        return holds_links(refusal.place or "")


@breaks("idempotency:failure", source="KanishJebaMathewM/Truxify#2869")
class OptionRefusalIsReplayed(_RefusalKept):
    """A refusal for an unknown option is remembered under its key."""

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.code == "invalid_option"


@breaks("idempotency:failure", source="KanishJebaMathewM/Truxify#2869")
class ReadOnlyRefusalIsReplayed(_RefusalKept):
    """A refusal for a read-only place is remembered under its key."""

    def chosen(self, refusal: Refusal) -> bool:
        return "read-only" in refusal.message


class _EarlyRefusalKept(Fault):
    """Remembers a refusal that is made before the key is read."""

    status, code = 0, ""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        answer = super().refuse(call, refusal)
        if refusal.status == self.status and self.code in (refusal.code, ""):
            self.read_idempotency_key(call)
            if call.claim is not None and self.find_key_state(call) is None:
                self.store.key_states[call.claim] = KeyState(answer, call.now)
        return answer


@breaks("idempotency:failure", source="KanishJebaMathewM/Truxify#2869")
class MediaTypeRefusalIsReplayed(_EarlyRefusalKept):
    """A refusal for the media type is remembered under its key."""

    status = 415


@breaks("idempotency:failure", source="KanishJebaMathewM/Truxify#2869")
class VersionRefusalIsReplayed(_EarlyRefusalKept):
    """A refusal for the version is remembered under its key."""

    status, code = 400, "version_header"


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


@breaks("idempotency:unauthorized")
class ForbiddenUsesUpKey(Fault):
    """A request that is refused for its scope uses up its key."""

    def authorize(self, call: Call) -> None:
        try:
            super().authorize(call)
        except Refusal:
            self.read_idempotency_key(call)
            if self.find_key_state(call) is None:
                self.claim(call)
            raise


@breaks("idempotency:unauthorized")
class UnauthorizedUsesUpKey(Fault):
    """A request that is refused for its API key uses up its idempotency key."""

    def prepare(self) -> None:
        super().prepare()
        self.burnt: set[str] = set()

    def unauthorized(self, call: Call) -> Refusal:
        self.burnt |= {call.headers[KEY_HEADER]} if KEY_HEADER in call.headers else set()
        return super().unauthorized(call)

    def recall(self, call: Call) -> JsonAnswer | None:
        original = super().recall(call)
        return self.in_flight(call) if original is None and call.headers.get(KEY_HEADER) in self.burnt else original


@breaks("idempotency:not-served")
class ServedWithoutScope(Fault):
    """The original response is served to a caller without the scope."""

    def authorize(self, call: Call) -> None:
        try:
            super().authorize(call)
        except Refusal:
            self.read_idempotency_key(call)
            if self.find_key_state(call) is None:
                raise


@breaks("idempotency:not-served")
class ServedToAnyone(Fault):
    """The original response is served to a caller without a known API key."""

    def authenticate(self, call: Call) -> None:
        try:
            super().authenticate(call)
        except Refusal:
            claims = [claim for claim in self.store.key_states if isinstance(claim, tuple)]
            owner = next((claim[0] for claim in claims if claim[-1] == call.headers.get(KEY_HEADER)), None)
            if owner is None:
                raise
            call.key, call.organization = ApiKey("", owner), self.store.organizations[owner]


@breaks("idempotency:not-served")
class ForbiddenNamesRecord(Fault):
    """The 403 of a caller without the scope says which record the key made."""

    def authorize(self, call: Call) -> None:
        try:
            super().authorize(call)
        except Refusal as refusal:
            self.read_idempotency_key(call)
            state = self.find_key_state(call)
            refusal.message += f" It made {state.answer.body[ID]}." if state and state.answer else ""
            raise


class _Limited(Fault):
    """Answers every fifth request with a new key with a 429, and leaves its key in flight."""

    def limit_rate(self, call: Call) -> None:
        super().limit_rate(call)
        self.read_idempotency_key(call)
        if call.claim is not None and self.find_key_state(call) is None and self.chosen():
            refusal = Refusal(429, "too_many_requests", "Slow down.", headers={"Retry-After": "0"})
            self.store.key_states[call.claim] = self.state(call, refusal)
            raise refusal

    def chosen(self) -> bool:
        """Return whether this request is answered so."""
        return self.every(5)

    def state(self, call: Call, refusal: Refusal) -> KeyState:  # noqa: ARG002 - there is no answer
        """Return what is remembered under the key."""
        return KeyState()


@breaks("idempotency:rate-limited")
class LimitedUsesUpKey(_Limited):
    """A 429 leaves its key in flight."""


@breaks("idempotency:rate-limited")
class FirstLimitedUsesUpKey(_Limited):
    """The first request with a key gets a 429, and the key stays in flight."""

    def chosen(self) -> bool:
        return next(self._times) == 1


@breaks("idempotency:rate-limited")
class LimitedIsReplayed(_Limited):
    """A 429 is remembered under its key."""

    def state(self, call: Call, refusal: Refusal) -> KeyState:
        return KeyState(self.refuse(call, refusal), call.now)
