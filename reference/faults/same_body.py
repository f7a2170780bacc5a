"""Faults of the body under a key: an equal one that counts as another, another one that counts, bodies taken for keys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Hashable
from typing import Any

from ...spec.profile import ID
from ..answers import JsonAnswer, Refusal
from ..idempotency import KEY_HEADER
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


class _Bodies(Fault):
    """Remembers under each key what was sent with it."""

    def prepare(self) -> None:
        super().prepare()
        self.bodies: dict[Hashable, Any] = {}

    def complete(self, call: Call, answer: JsonAnswer) -> None:
        super().complete(call, answer)
        self.bodies[call.claim] = self.fingerprint(call)

    def recall(self, call: Call) -> JsonAnswer | None:
        original = super().recall(call)
        same = original is None or self.bodies[call.claim] == self.fingerprint(call)
        return original if same or original is None else self.differs(call, original)

    def fingerprint(self, call: Call) -> Any:
        """Return what has to be equal for two bodies to be the same."""
        return call.payload

    def differs(self, call: Call, original: JsonAnswer) -> JsonAnswer | None:  # noqa: ARG002 - a fault looks at them
        """Return what is answered when it is not; None takes the key for a new one."""
        raise Refusal(422, "unprocessable_content", "The key was used with another body.", "key_reused", KEY_HEADER)


@breaks("idempotency:same-json")
class BytesCompared(_Bodies):
    """A repeat whose bytes differ is refused, though it is the same JSON value."""

    def fingerprint(self, call: Call) -> Any:
        return call.body


@breaks("idempotency:same-json")
class OrderCompared(_Bodies):
    """A repeat whose members come in another order is refused."""

    def fingerprint(self, call: Call) -> Any:
        return json.dumps(call.payload)


@breaks("idempotency:same-json", also=("idempotency:other-body",))
class OtherBytesCreate(_Bodies):
    """A used key with other bytes makes another record."""

    def fingerprint(self, call: Call) -> Any:
        return call.body

    def differs(self, call: Call, original: JsonAnswer) -> None: ...


@breaks("idempotency:same-json")
class OtherEscapesCreate(_Bodies):
    """A used key with a text in other escapes makes another record."""

    def fingerprint(self, call: Call) -> Any:
        # The order of members and the white space between them do not count.
        return json.dumps(call.payload, sort_keys=True), b"\\u" in call.body

    def differs(self, call: Call, original: JsonAnswer) -> None: ...


@breaks("idempotency:same-json")
class OtherSpacesCreate(_Bodies):
    """A used key with other white space between members makes another record."""

    def fingerprint(self, call: Call) -> Any:
        return json.dumps(call.payload, sort_keys=True), b'": ' in call.body

    def differs(self, call: Call, original: JsonAnswer) -> None: ...


@breaks("idempotency:other-body")
class OtherBodyCreates(_Bodies):
    """A used key with another body makes a second record."""

    def differs(self, call: Call, original: JsonAnswer) -> None: ...


@breaks("idempotency:other-body")
class OtherTextCreates(_Bodies):
    """A used key whose body differs in a text alone makes a second record."""

    def fingerprint(self, call: Call) -> Any:
        return call.sent_values, call.sent_links

    def differs(self, call: Call, original: JsonAnswer) -> JsonAnswer | None:
        values, links = self.bodies[call.claim]
        return None if call.sent_links == links and call.sent_values.keys() == values.keys() else original


@breaks("idempotency:other-body")
class OtherBodyCreatesSilently(_Bodies):
    """A used key with another body gets the original response, and a second record is made."""

    def differs(self, call: Call, original: JsonAnswer) -> JsonAnswer:
        self.save(call, self.make_record(call))
        return original


@breaks("idempotency:other-body")
class OtherBodyConflictsAndCreates(_Bodies):
    """A used key with another body is refused with a 409, and a second record is made a moment later."""

    def differs(self, call: Call, original: JsonAnswer) -> JsonAnswer:
        asyncio.get_running_loop().call_later(0.1, self.save, call, self.make_record(call))
        raise Refusal(409, "conflict", f"The key was used before; {original.status}.", "key_reused", KEY_HEADER)


@breaks("idempotency:other-body")
class OtherBodyChanges(_Bodies):
    """A used key with another body gets the first record's ID with the second body's values."""

    def differs(self, call: Call, original: JsonAnswer) -> JsonAnswer:
        record = self.make_record(call)
        record.id = original.body[ID]
        return self.created(call, record)


@breaks("idempotency:other-body")
class OtherBodyOverwrites(_Bodies):
    """A used key with another body is refused with a 409, and the first record takes the second body's values."""

    def differs(self, call: Call, original: JsonAnswer) -> JsonAnswer:
        record, other = call.organization.index[original.body[ID]], self.make_record(call)
        record.fields, record.links = other.fields, other.links
        raise Refusal(409, "conflict", "The key was used with another body.", "key_reused", KEY_HEADER)


@breaks("idempotency:other-body")
class OtherBodyCrashes(_Bodies):
    """A used key with another body is answered with a 500."""

    def differs(self, call: Call, original: JsonAnswer) -> JsonAnswer:
        raise RuntimeError(call.claim, original.status)


class _EqualBodies(Fault):
    """Gives the answer of an equal body again."""

    def prepare(self) -> None:
        super().prepare()
        self.made: dict[str, JsonAnswer] = {}

    async def make(self, call: Call) -> JsonAnswer:
        name = json.dumps(call.payload, sort_keys=True)
        if not self.chosen(call) or name not in self.made:
            self.made[name] = await super().make(call)
        return self.made[name]

    def chosen(self, call: Call) -> bool:
        """Return whether the call gets an earlier answer."""
        raise NotImplementedError


@breaks("idempotency:no-key")
class EqualBodiesAreOne(_EqualBodies):
    """A request without a key gets the record of an equal one."""

    def chosen(self, call: Call) -> bool:
        return call.claim is None


@breaks("idempotency:two-keys")
class KeysOfEqualBodiesAreOne(_EqualBodies):
    """A request with a key gets the record of an equal one with another key."""

    def chosen(self, call: Call) -> bool:
        return call.claim is not None
