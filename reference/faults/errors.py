"""Faults of the error object: its form, its type, its code, and the place that it names."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ...spec import error_form
from ...spec.pointer import join, parent
from ...spec.profile import LINK_MAP, VALUE_MAP
from ..answers import JsonAnswer, Refusal
from ..definitions import Field
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("refusal:error")
class ErrorIsText(Fault):
    """A refusal's body is a JSON string."""

    def error_body(self, call: Call | None, refusal: Refusal) -> Any:  # noqa: ARG002 - whatever was asked
        return refusal.message


@breaks("refusal:error")
class ErrorsAreList(Fault):
    """A refusal's body is a list of errors."""

    def error_body(self, call: Call | None, refusal: Refusal) -> Any:  # noqa: ARG002 - see above
        return {"errors": [self.error_object(refusal)]}


@breaks("refusal:error")
class ErrorIsMessage(Fault):
    """A refusal's error is the message alone."""

    def error_body(self, call: Call | None, refusal: Refusal) -> Any:  # noqa: ARG002 - see above
        return {error_form.ERROR: refusal.message}


@breaks("refusal:error")
class RefusalsAreHtml(Fault):
    """A refusal is a page of HTML."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        if answer.status < 400:
            return response
        headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
        return Response(f"<h1>{answer.status}</h1>", answer.status, headers, "text/html")


@breaks("refusal:error")
class ForbiddenIsEmpty(Fault):
    """A 403 has an empty object for a body."""

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:
        return {} if refusal.status == 403 else super().error_body(call, refusal)


class _Changed(Fault):
    """Changes a member of the error object of some refusals.

    Attributes:
        member, instead: the member's name, and its value; None leaves it out.
        status, code: of the refusals that are changed; all of them where both are left out.
    """

    member = ""
    instead: str | None = None
    status = 0
    code = ""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        error = super().error_object(refusal)
        if self.status in (0, refusal.status) and self.code in ("", refusal.code):
            error[self.member] = self.instead
        return {name: value for name, value in error.items() if value is not None}


@breaks("refusal:error")
class ErrorWithoutMessage(_Changed):
    """An error has no message."""

    member = error_form.MESSAGE


@breaks("refusal:error")
class UnauthorizedWithoutType(_Changed):
    """The error of a 401 has no type."""

    member = error_form.TYPE
    status = 401


@breaks("refusal:type")
class OneTypeForAll(_Changed):
    """Every error is of the type invalid_request."""

    member = error_form.TYPE
    instead = "invalid_request"


@breaks("refusal:type")
class ForbiddenSaysUnauthorized(_Changed):
    """The type of a 403 is unauthorized."""

    member, status, instead = error_form.TYPE, 403, "unauthorized"


@breaks("refusal:type")
class UnauthorizedSaysForbidden(_Changed):
    """The type of a 401 is forbidden."""

    member, status, instead = error_form.TYPE, 401, "forbidden"


@breaks("refusal:type")
class MediaTypeSaysBadRequest(_Changed):
    """The type of a 415 is bad_request."""

    member, status, instead = error_form.TYPE, 415, "bad_request"


@breaks("refusal:type")
class TypeIsCode(Fault):
    """The type of a 400 is its code."""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        error = super().error_object(refusal)
        return {**error, error_form.TYPE: refusal.code} if refusal.status == 400 else error


@breaks("refusal:code")
class NoCode(_Changed):
    """A 400 carries no code."""

    member, status = error_form.CODE, 400


@breaks("refusal:code")
class MissingSaysType(_Changed):
    """The code of something missing is invalid_type."""

    member, code, instead = error_form.CODE, "parameter_missing", "invalid_type"


@breaks("refusal:code")
class TypeSaysMissing(_Changed):
    """The code of a wrong type is parameter_missing."""

    member, code, instead = error_form.CODE, "invalid_type", "parameter_missing"


@breaks("refusal:code")
class CustomTypeSaysUnknown(Fault):
    """The code of a wrong type of an organization's own attribute is unknown_field."""

    def check_type(self, field: Field, value: Any) -> None:
        try:
            super().check_type(field, value)
        except Refusal as refusal:
            if field.system:
                raise
            raise Refusal.bad_request("unknown_field", "There is no such field.", field.pointer) from refusal


@breaks("refusal:code")
class RelationshipSaysField(_Changed):
    """The code of an unknown relationship is unknown_field."""

    member, code, instead = error_form.CODE, "unknown_relationship", "unknown_field"


@breaks("refusal:code")
class UnknownIdInCapitals(_Changed):
    """The code of an unknown ID is spelled in capitals."""

    member, code, instead = error_form.CODE, "referenced_resource_missing", "REFERENCED_RESOURCE_MISSING"


@breaks("refusal:code")
class ReadOnlyInCapitals(_Changed):
    """The code of a read-only place is spelled in capitals."""

    member, code, instead = error_form.CODE, "invalid_configuration", "INVALID_CONFIGURATION"


@breaks("refusal:code")
class LongKeySaysType(_Changed):
    """The code of a key that is too long is invalid_type."""

    member, code, instead = error_form.CODE, "idempotency_key_too_long", "invalid_type"


@breaks("refusal:code")
class VersionWithoutCode(_Changed):
    """The refusal of a version carries no code."""

    member, code = error_form.CODE, "version_header"


@breaks("refusal:code")
class ReadOnlyWithoutCode(_Changed):
    """The refusal of a read-only place carries no code."""

    member, code = error_form.CODE, "invalid_configuration"


@breaks("refusal:place")
class NoParam(_Changed):
    """A 400 names no place."""

    member = error_form.PARAM


@breaks("refusal:place")
class LinksHaveNoParam(Fault):
    """An error about a relationship names no place."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        refusal.place = None if parent(refusal.place or "") == LINK_MAP else refusal.place
        return super().refuse(call, refusal)


@breaks("refusal:place")
class ParamIsGroup(Fault):
    """The place that an error names is the group alone."""

    def param(self, place: str) -> str:
        return super().param(parent(place) or place)


@breaks("refusal:place")
class ParamIsFirst(Fault):
    """Every error about a field names the first field."""

    def param(self, place: str) -> str:
        return super().param(self.contract.value_places[0].pointer if parent(place) == VALUE_MAP else place)


@breaks("refusal:place")
class LinksShareParam(Fault):
    """Every error about a relationship names the first relationship."""

    def param(self, place: str) -> str:
        return super().param(self.contract.link_places[0].pointer if parent(place) == LINK_MAP else place)


@breaks("refusal:place")
class ReadOnlyNamesRequired(Fault):
    """The refusal of a read-only place names a required place."""

    def read_only(self, pointer: str) -> Refusal:
        required = next(place for place in self.contract.value_places if place.required)
        return super().read_only(join(parent(pointer), required.key))
