"""Faults of the operation: what it takes, whether it answers, its version header and its media type."""

from __future__ import annotations

from starlette.responses import Response

from ...spec import Parameter
from ..answers import JsonAnswer, Refusal
from ..definitions import Field
from ..idempotency import KEY_HEADER
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("operation:create")
class RefusesEverything(Fault):
    """Every body is refused."""

    def validate(self, call: Call) -> None:  # noqa: ARG002 - it is not looked at
        raise Refusal.bad_request("invalid_configuration", "Nothing can be created.")


@breaks("operation:create")
class RefusesWithoutKey(Fault):
    """A create without an Idempotency-Key is refused."""

    def read_idempotency_key(self, call: Call) -> None:
        super().read_idempotency_key(call)
        if call.claim is None:
            raise Refusal.bad_request("parameter_missing", "A key is required.", KEY_HEADER)


@breaks("operation:create")
class RefusesFullBodies(Fault):
    """A body with both a custom attribute and an optional relationship is refused."""

    def validate(self, call: Call) -> None:
        super().validate(call)
        custom = any(not call.resource.fields[key].system for key in call.sent_values)
        optional = any(not call.resource.relationships[key].required for key in call.sent_links)
        if custom and optional:
            raise Refusal.bad_request("invalid_configuration", "This is too much at once.")


@breaks("operation:create")
class RefusesBeyondBmp(Fault):
    """A text with a character beyond the basic plane is refused."""

    def check_length(self, field: Field, value: object) -> None:
        if isinstance(value, str) and max(value, default="") > "\uffff":
            raise Refusal.bad_request("invalid_type", "Characters take two bytes at most.", field.pointer)
        super().check_length(field, value)


@breaks("operation:create")
class RefusesQuotes(Fault):
    """A text with an apostrophe in it is refused."""

    def check_length(self, field: Field, value: object) -> None:
        if isinstance(value, str) and "'" in value:
            raise Refusal.bad_request("invalid_type", "This looks like an attack.", field.pointer)
        super().check_length(field, value)


@breaks("operation:create")
class RefusesOtherMemberOrder(Fault):
    """A body whose members come in another order than the documented one is refused."""

    def check_members(self, call: Call) -> None:
        super().check_members(call)
        if list(call.payload) != [member for member in call.resource.members if member in call.payload]:
            raise Refusal.bad_request("invalid_configuration", "The members are out of order.")


@breaks("operation:create")
class RefusesCharset(Fault):
    """A Content-Type with a charset parameter is refused."""

    def takes_media_type(self, call: Call, content_type: str) -> bool:
        return ";" not in content_type and super().takes_media_type(call, content_type)


@breaks("operation:create")
class BusyAtTimes(Fault):
    """Every tenth correct create is answered with a 503."""

    async def work(self, call: Call) -> None:
        await super().work(call)
        if self.every(10):
            raise Refusal(503, "service_unavailable", "Try again later.")


@breaks("operation:create", also=("success:status",))
class OnlyAccepts(Fault):
    """A success is a 202."""

    def created_status(self) -> int:
        return 202


@breaks("operation:answers")
class LengthInCharacters(Fault):
    """Content-Length counts characters, so that an answer with more bytes than characters breaks off."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        response.headers["Content-Length"] = str(len(bytes(response.body).decode()))
        return response


@breaks("operation:answers")
class BreaksOffWithKey(Fault):
    """The answer to a create with an idempotency key breaks off before its end."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        if call.role == "create" and "Idempotency-Key" in call.headers:
            response.headers["Content-Length"] = str(len(response.body) + 1)
        return response


@breaks("version:missing")
class VersionOptional(Fault):
    """A request without the version header is accepted."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        if parameter.name in call.headers:
            super().check_fixed_header(call, parameter)


@breaks("version:unknown")
class VersionWithMore(Fault):
    """A version that goes on where the known one ends is accepted."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        if not call.headers.get(parameter.name, "").startswith(parameter.schema["const"]):
            super().check_fixed_header(call, parameter)


@breaks("version:missing")
class VersionMissingIsNotFound(Fault):
    """A request without the version header is answered with a 404."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        if parameter.name not in call.headers:
            raise Refusal(404, "not_found", "There is nothing for this version.", "version_header", parameter.name)
        super().check_fixed_header(call, parameter)


@breaks("version:unknown")
class AnyVersion(Fault):
    """Every version is accepted."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        if parameter.name not in call.headers:
            super().check_fixed_header(call, parameter)


@breaks("version:unknown")
class VersionByBeginning(Fault):
    """A version is accepted that begins as the known one does."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        known = str(parameter.schema["const"])
        if not call.headers.get(parameter.name, "").startswith(known[:-1]):
            super().check_fixed_header(call, parameter)


@breaks("version:unknown")
class LaterVersions(Fault):
    """A version later than the known one is accepted."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        sent = call.headers.get(parameter.name, "")
        if not (sent[:1].isdigit() and sent > parameter.schema["const"]):
            super().check_fixed_header(call, parameter)


@breaks("version:unknown")
class EmptyVersion(Fault):
    """An empty version header is accepted."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        if call.headers.get(parameter.name) != "":
            super().check_fixed_header(call, parameter)


@breaks("media-type:refused")
class AnyMediaType(Fault):
    """A body is taken for JSON whatever its Content-Type says."""

    def takes_media_type(self, call: Call, content_type: str) -> bool:  # noqa: ARG002 - whatever it is
        return True


@breaks("media-type:refused")
class PlainText(Fault):
    """JSON that is sent as text/plain is accepted."""

    def takes_media_type(self, call: Call, content_type: str) -> bool:
        return content_type.startswith("text/plain") or super().takes_media_type(call, content_type)


@breaks("media-type:refused")
class Forms(Fault):
    """JSON that is sent as a form is accepted."""

    def takes_media_type(self, call: Call, content_type: str) -> bool:
        return "form" in content_type or super().takes_media_type(call, content_type)


@breaks("media-type:missing")
class MissingMediaTypeTaken(Fault):
    """A body without a media type is taken for JSON."""

    def check_media_type(self, call: Call) -> None:
        if "Content-Type" in call.headers:
            super().check_media_type(call)


@breaks("media-type:status")
class MediaTypeIsBadRequest(Fault):
    """Another media type is refused with a 400."""

    def check_media_type(self, call: Call) -> None:
        if not self.takes_media_type(call, call.headers.get("Content-Type", "")):
            raise Refusal.bad_request("invalid_type", "The body is JSON.", "Content-Type")
