"""Faults of what makes two keys one: organization, operation, lifetime, length, and the characters of the key."""

from __future__ import annotations

from collections.abc import Hashable

from ...spec import Parameter
from ..answers import JsonAnswer
from ..idempotency import KEY_HEADER
from ..steps import Call
from ..store import KeyState
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("idempotency:other-organization")
class KeysOfAllOrganizations(Fault):
    """An equal key of another organization replays the first one's record."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return call.operation.id, sent


@breaks("idempotency:other-organization")
class OtherOrganizationsKeyConflicts(Fault):
    """A key that another organization used is refused with a 409."""

    def recall(self, call: Call) -> JsonAnswer | None:
        sent = call.headers.get(KEY_HEADER, "")
        others = {(organization, call.operation.id, sent) for organization in self.store.organizations}
        if others - {call.claim} & self.store.key_states.keys() and sent and call.claim not in self.store.key_states:
            return self.in_flight(call)
        return super().recall(call)


@breaks("idempotency:other-organization")
class OtherOrganizationTakesOver(Fault):
    """A key is forgotten when another organization uses an equal one."""

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        super().complete(call, answer)
        sent = call.headers.get(KEY_HEADER)
        for organization in self.store.organizations:
            if organization != call.organization.id:
                self.store.key_states.pop((organization, call.operation.id, sent), None)


@breaks("idempotency:replay")
class KeysOfEachCaller(Fault):
    """A repeat with another API key of the same organization makes another record."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return call.key.token, super().key_scope(call, sent)


@breaks("idempotency:other-operation")
class KeysOfEveryOperation(Fault):
    """The same key on another operation replays the first one's record."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return call.organization.id, sent


@breaks("idempotency:lifetime")
class KeysNeverExpire(Fault):
    """A key never expires."""

    def expired(self, state: KeyState, now: float) -> bool:  # noqa: ARG002 - time does not count
        return False


@breaks("idempotency:lifetime")
class KeysExpireInAnHour(Fault):
    """A key expires after an hour."""

    def expired(self, state: KeyState, now: float) -> bool:
        return state.answer is not None and now - state.completed > 3600


@breaks("idempotency:lifetime")
class ExpiredKeysForgotten(Fault):
    """A key that has expired makes a record each time."""

    def prepare(self) -> None:
        super().prepare()
        self.over: set[Hashable] = set()

    def find_key_state(self, call: Call) -> KeyState | None:
        found = super().find_key_state(call)
        self.over |= {call.claim} if found is None and call.claim in self.store.key_states else set()
        return None if call.claim in self.over else found


@breaks("idempotency:length")
class LongestKeyRefused(Fault):
    """A key of the greatest length is refused."""

    def check_key(self, sent: str, parameter: Parameter) -> None:
        super().check_key(f"{sent}." if sent else sent, parameter)


@breaks("idempotency:length")
class LongestKeyForgotten(Fault):
    """A key of the greatest length is not remembered."""

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        if len(call.headers.get(KEY_HEADER, "")) < self.contract.key_length:
            super().complete(call, answer)
        else:
            self.release(call)


@breaks("idempotency:too-long")
class AnyLength(Fault):
    """A key of any length is accepted, but for an empty one."""

    def check_key(self, sent: str, parameter: Parameter) -> None:
        super().check_key(sent[:1], parameter)


@breaks("idempotency:too-long")
class LongKeyIgnored(Fault):
    """A key that is too long is ignored."""

    def read_idempotency_key(self, call: Call) -> None:
        if len(call.headers.get(KEY_HEADER, "")) <= self.contract.key_length:
            super().read_idempotency_key(call)


@breaks("idempotency:too-long", also=("refusal:no-5xx",))
class LongKeyCrashes(Fault):
    """A key that is too long is answered with a 500."""

    def check_key(self, sent: str, parameter: Parameter) -> None:
        if len(sent) > self.contract.key_length:
            raise OverflowError
        super().check_key(sent, parameter)


@breaks("idempotency:exact")
class KeysFolded(Fault):
    """Keys that differ in letter case alone are one."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return super().key_scope(call, sent.lower())


@breaks("idempotency:exact")
class KeysWithoutSpaces(Fault):
    """Keys that differ in inner spaces alone are one."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return super().key_scope(call, sent.replace(" ", ""))


@breaks("idempotency:exact")
class KeysCut(Fault):
    """Keys that differ after 128 characters alone are one."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return super().key_scope(call, sent[:128])


@breaks("idempotency:exact")
class KeysCutByOne(Fault):
    """Keys that differ in the last character of the greatest length alone are one."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return super().key_scope(call, sent[: self.contract.key_length - 1])
