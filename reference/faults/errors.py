"""Faults of the error object: its form, its type, its code, and the place that it names."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ...spec import profile
from ...spec.pointer import join, parent
from ...spec.profile import LINK_MAP, VALUE_MAP
from ..answers import JsonAnswer, Refusal
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
        return {profile.ERROR: refusal.message}


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


class _WithoutMember(Fault):
    """Leaves a member out of the error object."""

    member = ""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        error = super().error_object(refusal)
        return {name: value for name, value in error.items() if name != self.member or not self.chosen(refusal)}

    def chosen(self, refusal: Refusal) -> bool:  # noqa: ARG002 - of any refusal
        """Return whether it is left out here."""
        return True


@breaks("refusal:error")
class ErrorWithoutMessage(_WithoutMember):
    """An error has no message."""

    member = profile.MESSAGE


@breaks("refusal:error")
class UnauthorizedWithoutType(_WithoutMember):
    """The error of a 401 has no type."""

    member = profile.TYPE

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.status == 401


@breaks("refusal:code")
class NoCode(_WithoutMember):
    """A 400 carries no code."""

    member = profile.CODE

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.status == 400


@breaks("refusal:code")
class VersionWithoutCode(_WithoutMember):
    """The refusal of a version carries no code."""

    member = profile.CODE

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.code == "version_header"


@breaks("refusal:code")
class ReadOnlyWithoutCode(_WithoutMember):
    """The refusal of a read-only place carries no code."""

    member = profile.CODE

    def chosen(self, refusal: Refusal) -> bool:
        return refusal.code == "invalid_configuration"


@breaks("refusal:place")
class NoParam(_WithoutMember):
    """A 400 names no place."""

    member = profile.PARAM


@breaks("refusal:place")
class LinksHaveNoParam(_WithoutMember):
    """An error about a relationship names no place."""

    member = profile.PARAM

    def chosen(self, refusal: Refusal) -> bool:
        return parent(refusal.place or "") == LINK_MAP


class _OtherType(Fault):
    """Gives errors of one status the type of another one."""

    status = 0
    type_ = ""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        error = super().error_object(refusal)
        return {**error, profile.TYPE: self.type_} if refusal.status == self.status else error


@breaks("refusal:type")
class OneTypeForAll(Fault):
    """Every error is of the type invalid_request."""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        return {**super().error_object(refusal), profile.TYPE: "invalid_request"}


@breaks("refusal:type")
class ForbiddenSaysUnauthorized(_OtherType):
    """The type of a 403 is unauthorized."""

    status, type_ = 403, "unauthorized"


@breaks("refusal:type")
class UnauthorizedSaysForbidden(_OtherType):
    """The type of a 401 is forbidden."""

    status, type_ = 401, "forbidden"


@breaks("refusal:type")
class MediaTypeSaysBadRequest(_OtherType):
    """The type of a 415 is bad_request."""

    status, type_ = 415, "bad_request"


@breaks("refusal:type")
class TypeIsCode(Fault):
    """The type of a 400 is its code."""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        error = super().error_object(refusal)
        return {**error, profile.TYPE: refusal.code} if refusal.status == 400 else error


class _OtherCode(Fault):
    """Gives errors of one code another one."""

    code = ""
    instead = ""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        error = super().error_object(refusal)
        return {**error, profile.CODE: self.instead} if refusal.code == self.code else error


@breaks("refusal:code")
class MissingSaysType(_OtherCode):
    """The code of something missing is invalid_type."""

    code, instead = "parameter_missing", "invalid_type"


@breaks("refusal:code")
class TypeSaysMissing(_OtherCode):
    """The code of a wrong type is parameter_missing."""

    code, instead = "invalid_type", "parameter_missing"


@breaks("refusal:code")
class RelationshipSaysField(_OtherCode):
    """The code of an unknown relationship is unknown_field."""

    code, instead = "unknown_relationship", "unknown_field"


@breaks("refusal:code")
class LongKeySaysType(_OtherCode):
    """The code of a key that is too long is invalid_type."""

    code, instead = "idempotency_key_too_long", "invalid_type"


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
