"""Faults of the keys of refused requests: they stay in flight, or the refusal is remembered under them."""

from __future__ import annotations

from ...spec.profile import holds_links, holds_values
from ..answers import JsonAnswer, Refusal
from ..steps import Call
from ..store import KeyState
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
