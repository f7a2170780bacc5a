"""The steps that give one answer for one key: remember what a create answered, and give it again."""

from __future__ import annotations

from collections.abc import Hashable

from ..spec import Parameter
from .answers import JsonAnswer, Refusal
from .steps import Call, Steps
from .store import KeyState

__all__ = ["KEY_HEADER", "Idempotency"]

KEY_HEADER = "Idempotency-Key"


class Idempotency(Steps):
    """The steps around the key store. A claim is taken before the first await, so it is atomic."""

    def read_idempotency_key(self, call: Call) -> None:
        """Find out what the call is remembered under, if its operation takes a key and the call has one."""
        parameter = next((p for p in call.operation.parameters if p.name.lower() == KEY_HEADER.lower()), None)
        sent = call.headers.get(KEY_HEADER)
        if parameter is not None and sent is not None:
            self.check_key(sent, parameter)
            call.claim = self.key_scope(call, sent)

    def check_key(self, sent: str, parameter: Parameter) -> None:
        """Refuse a key that is empty or too long."""
        longest = parameter.schema.get("maxLength") or self.contract.key_length
        if len(sent) > longest:
            message = f"{parameter.name} has at most {longest} characters."
            raise Refusal.bad_request("idempotency_key_too_long", message, parameter.name)
        if not sent:
            raise Refusal.bad_request("idempotency_key_empty", f"{parameter.name} is not empty.", parameter.name)

    def key_scope(self, call: Call, sent: str) -> Hashable:
        """Return what has to be equal for two keys to be one: organization, operation, and the key exactly as sent."""
        return call.organization.id, call.operation.id, sent

    def recall(self, call: Call) -> JsonAnswer | None:
        """Return the answer given under this key before; None if the key counts as new."""
        state = self.find_key_state(call)
        if state is None:
            return None
        return self.in_flight(call) if state.answer is None else self.replay(call, state.answer)

    def find_key_state(self, call: Call) -> KeyState | None:
        """Return what is remembered under the call's key and has not expired."""
        state = self.store.key_states.get(call.claim) if call.claim is not None else None
        return None if state is None or self.expired(state, call.now) else state

    def expired(self, state: KeyState, now: float) -> bool:
        """Return whether the key's lifetime, which begins when its request is complete, is over."""
        return state.answer is not None and now - state.completed > self.configuration.key_lifetime

    def in_flight(self, call: Call) -> JsonAnswer | None:  # noqa: ARG002 - a variation waits for the call's first answer
        """Return what a call gets while another one holds its key: here always a 409."""
        message = "A request with this idempotency key is still in progress."
        raise Refusal(409, "idempotency_conflict", message, "idempotency_conflict", KEY_HEADER)

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:  # noqa: ARG002 - a variation compares the bodies
        """Return the original answer, whatever body came with the key this time."""
        return answer

    def claim(self, call: Call) -> None:
        """Mark the key as in flight."""
        if call.claim is not None:
            self.store.key_states[call.claim] = KeyState()

    def release(self, call: Call) -> None:
        """Forget the key of a request that failed."""
        if call.claim is not None:
            self.store.key_states.pop(call.claim, None)

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        """Remember the answer of a request that succeeded."""
        if call.claim is not None:
            self.store.key_states[call.claim] = KeyState(answer, call.now)
