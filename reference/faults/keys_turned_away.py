"""Faults of the keys of requests that are turned away: used up by a 401, 403 or 429, or served to who may not have them."""

from __future__ import annotations

from ...spec.profile import ID
from ..answers import JsonAnswer, Refusal
from ..idempotency import KEY_HEADER
from ..steps import Call
from ..store import ApiKey, KeyState
from .fault import Fault, breaks

__all__: list[str] = []


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
