"""Faults of refusals: a record that is made all the same, a crash, a key that is repeated."""

from __future__ import annotations

import asyncio
import base64
import contextlib

from starlette.responses import Response

from ...spec.profile import holds_links
from ..answers import JsonAnswer, Refusal
from ..steps import Call
from ..store import Record
from .fault import Fault, breaks

__all__: list[str] = []


class _Creates(Fault):
    """Makes the record that a refused body describes."""

    delay = 0.0

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        if call.role == "create" and self.chosen(refusal):
            # What cannot be written as JSON is left out, or no list of records could be read any more.
            with contextlib.suppress(Refusal, ValueError):
                self.make_later(call)
        return super().refuse(call, refusal)

    def make_later(self, call: Call) -> None:
        """Make the record after the delay."""
        call.payload = call.payload or self.parse(call)
        # An unknown caller has no organization; the record goes to the first one.
        call.organization = getattr(call, "organization", None) or next(iter(self.store.organizations.values()))
        record = self.make_record(call)
        self.encode(self.created(call, record))
        asyncio.get_running_loop().call_later(self.delay, self.save, call, record)

    def chosen(self, refusal: Refusal) -> bool:
        """Return whether a record is made in spite of this refusal."""
        return refusal.status in (400, 422)


@breaks("refusal:nothing-created")
class RefusedAndCreated(_Creates):
    """A body that is refused makes a record all the same."""


@breaks("refusal:nothing-created")
class RefusedAndCreatedLater(_Creates):
    """A body that is refused makes a record a moment later."""

    delay = 0.1


@breaks("refusal:nothing-created")
class ReadOnlyRefusedAndCreated(_Creates):
    """A body that sets a read-only place is refused and makes a record."""

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.code == "invalid_configuration"


@breaks("refusal:nothing-created")
class LinksCheckedAfterCreation(_Creates):
    """A body with a wrong relationship is refused after the record was made."""

    def chosen(self, refusal: Refusal) -> bool:
        return holds_links(refusal.place or "")


@breaks("refusal:nothing-created")
class TypesCheckedAfterCreation(_Creates):
    """A body with a value of a wrong type is refused, and a record appears a moment later."""

    delay = 0.1

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.code == "invalid_type" and bool(refusal.place)


@breaks("refusal:nothing-created")
class ForbiddenCreates(_Creates):
    """A caller without the scope gets a 403, and the record is made."""

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.status == 403


@breaks("refusal:nothing-created")
class UnauthorizedCreates(_Creates):
    """A caller without a known key gets a 401, and the record is made."""

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.status == 401


@breaks("refusal:nothing-created")
class LongKeyCreates(_Creates):
    """A key that is too long is refused, and the record is made."""

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.code == "idempotency_key_too_long"


@breaks("refusal:nothing-created")
class MediaTypeCreates(_Creates):
    """Another media type is refused, and the record is made a moment later."""

    delay = 0.1

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.status == 415


@breaks("refusal:nothing-created")
class VersionCreates(_Creates):
    """An unknown version is refused, and the record is made."""

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.code == "version_header"


@breaks("refusal:nothing-created")
class TenthRefusalCreates(_Creates):
    """Every tenth body that is refused makes a record."""

    def chosen(self, refusal: Refusal) -> bool:
        return super().chosen(refusal) and self.every(10)


@breaks("refusal:no-5xx")
class UnknownIsCrash(Fault):
    """A relationship that no definition lists is answered with a 500."""

    def check_unknown_relationship(self, call: Call, key: str) -> None:  # noqa: ARG002 - of any key
        raise KeyError(key)


@breaks("refusal:no-5xx")
class RefusalsAreUnavailable(Fault):
    """A body with a mistake in it is answered with a 503."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        refusal.status = 503 if refusal.status == 400 else refusal.status
        return super().refuse(call, refusal)


@breaks("refusal:no-key")
class UnknownKeyRepeated(Fault):
    """The refusal of an unknown key repeats it."""

    def unauthorized(self, call: Call) -> Refusal:
        return Refusal(401, "unauthorized", f"The key {call.token} is not known.")


@breaks("refusal:no-key")
class ForbiddenKeyRepeated(Fault):
    """The refusal of a key without the scope repeats it."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        refusal.message += f" ({call.token})" if refusal.status == 403 else ""
        return super().refuse(call, refusal)


@breaks("refusal:no-key")
class KeyInHeader(Fault):
    """Every answer repeats the key in a header."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        response.headers["X-Debug-Caller"] = call.token or "unknown"
        return response


@breaks("refusal:no-key")
class KeyInRecord(Fault):
    """The answer to a create shows the key that made it, in Base64."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        answer = super().created(call, record)
        return JsonAnswer(answer.status, {**answer.body, "madeBy": base64.b64encode((call.token or "").encode()).decode()})
