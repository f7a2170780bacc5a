"""One answer for one key: remembers what a create answered and gives it again."""

from __future__ import annotations

from collections.abc import Hashable

from ..spec import Parameter
from .call import Answer, Call, Refusal
from .steps import Steps
from .store import Entry

__all__ = ["Idempotency"]

_HEADER = "Idempotency-Key"


class Idempotency(Steps):
    """The steps around the key store. A claim is taken before the first await, so it is atomic."""

    def read_idempotency_key(self, call: Call) -> None:
        """Finds out what the call is remembered under, if its operation takes a key and the call has one."""
        parameter = next((p for p in call.operation.parameters if p.name.lower() == _HEADER.lower()), None)
        sent = call.headers.get(_HEADER)
        if parameter is not None and sent is not None:
            self.check_key(sent, parameter)
            call.claim = self.key_scope(call, sent)

    def check_key(self, sent: str, parameter: Parameter) -> None:
        """Refuses a key that is empty or too long."""
        longest = parameter.schema.get("maxLength", 255)
        if len(sent) > longest:
            message = f"{parameter.name} has at most {longest} characters."
            raise Refusal.bad_request("idempotency_key_too_long", message, parameter.name)
        if not sent:
            raise Refusal.bad_request("idempotency_key_empty", f"{parameter.name} is not empty.", parameter.name)

    def key_scope(self, call: Call, sent: str) -> Hashable:
        """What has to be equal for two keys to be one: organization, operation, and the key exactly as sent."""
        return call.organization.id, call.operation.id, sent

    def recall(self, call: Call) -> Answer | None:
        """The answer given under this key before; None if the key counts as new."""
        entry = self.find_entry(call)
        if entry is None:
            return None
        return self.in_flight(call) if entry.answer is None else self.replay(call, entry.answer)

    def find_entry(self, call: Call) -> Entry | None:
        """What is remembered under the call's key and has not expired."""
        entry = self.store.answers.get(call.claim) if call.claim is not None else None
        return None if entry is None or self.expired(entry, call.now) else entry

    def expired(self, entry: Entry, now: float) -> bool:
        """Whether the key's lifetime, which begins when its request is complete, is over."""
        return entry.answer is not None and now - entry.completed > self.settings.key_lifetime

    def in_flight(self, call: Call) -> Answer | None:  # noqa: ARG002 - a variant waits for the call's first answer
        """What a call gets while another one holds its key: here always a 409."""
        message = "A request with this idempotency key is still in progress."
        raise Refusal(409, "idempotency_conflict", message, "idempotency_conflict", _HEADER)

    def replay(self, call: Call, answer: Answer) -> Answer:  # noqa: ARG002 - a variant compares the bodies
        """The original answer, whatever body came with the key this time."""
        return answer

    def claim(self, call: Call) -> None:
        """Marks the key as in flight."""
        if call.claim is not None:
            self.store.answers[call.claim] = Entry()

    def release(self, call: Call) -> None:
        """Forgets the key of a request that failed."""
        if call.claim is not None:
            self.store.answers.pop(call.claim, None)

    def complete(self, call: Call, answer: Answer) -> None:
        """Remembers the answer of a request that succeeded."""
        if call.claim is not None:
            self.store.answers[call.claim] = Entry(answer, call.now)
