"""Faults of the error object: its form, its type, its code, and the place that it names."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..call import Answer, Call, Refusal
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("refusal:error")
class ErrorIsText(Fault):
    """A refusal's body is a JSON string."""

    def error_body(self, call: Call | None, refusal: Refusal) -> Any:  # noqa: ARG002 - it tells nothing
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
        return {"error": refusal.message}


class _Error(Fault):
    """Changes the error object."""

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        error = super().error_object(refusal)
        self.change(error, refusal.status)
        return {name: value for name, value in error.items() if value is not None}

    def change(self, error: dict[str, Any], status: int) -> None:
        """Edits it in place; a member that is None is left out."""
        raise NotImplementedError


@breaks("refusal:error")
class ErrorWithoutMessage(_Error):
    """An error has no message."""

    def change(self, error: dict[str, Any], status: int) -> None:  # noqa: ARG002 - of any status
        del error["message"]


@breaks("refusal:error")
class UnauthorizedWithoutType(_Error):
    """The error of a 401 has no type."""

    def change(self, error: dict[str, Any], status: int) -> None:
        error["type"] = None if status == 401 else error["type"]


@breaks("refusal:error")
class RefusalsAreHtml(Fault):
    """A refusal is a page of HTML."""

    def finish(self, call: Call, answer: Answer) -> Response:
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


@breaks("refusal:type")
class OneTypeForAll(_Error):
    """Every error is of the type invalid_request."""

    def change(self, error: dict[str, Any], status: int) -> None:  # noqa: ARG002 - of any status
        error["type"] = "invalid_request"


@breaks("refusal:type")
class ForbiddenSaysUnauthorized(_Error):
    """The type of a 403 is unauthorized."""

    def change(self, error: dict[str, Any], status: int) -> None:
        error["type"] = "unauthorized" if status == 403 else error["type"]


@breaks("refusal:type")
class UnauthorizedSaysForbidden(_Error):
    """The type of a 401 is forbidden."""

    def change(self, error: dict[str, Any], status: int) -> None:
        error["type"] = "forbidden" if status == 401 else error["type"]


@breaks("refusal:type")
class MediaTypeSaysBadRequest(_Error):
    """The type of a 415 is bad_request."""

    def change(self, error: dict[str, Any], status: int) -> None:
        error["type"] = "bad_request" if status == 415 else error["type"]


@breaks("refusal:type")
class TypeIsCode(_Error):
    """The type of a 400 is its code."""

    def change(self, error: dict[str, Any], status: int) -> None:
        error["type"] = error["code"] if status == 400 else error["type"]


@breaks("refusal:code")
class NoCode(_Error):
    """A 400 carries no code."""

    def change(self, error: dict[str, Any], status: int) -> None:
        error["code"] = None if status == 400 else error.get("code")


class _Codes(_Error):
    """Tells one code instead of another."""

    told = ""
    instead: str | None = None

    def change(self, error: dict[str, Any], status: int) -> None:  # noqa: ARG002 - of any status
        if error.get("code") == self.told:
            error["code"] = self.instead


@breaks("refusal:code")
class MissingSaysType(_Codes):
    """The code of something missing is invalid_type."""

    told, instead = "parameter_missing", "invalid_type"


@breaks("refusal:code")
class TypeSaysMissing(_Codes):
    """The code of a wrong type is parameter_missing."""

    told, instead = "invalid_type", "parameter_missing"


@breaks("refusal:code")
class RelationshipSaysField(_Codes):
    """The code of an unknown relationship is unknown_field."""

    told, instead = "unknown_relationship", "unknown_field"


@breaks("refusal:code")
class LongKeySaysType(_Codes):
    """The code of a key that is too long is invalid_type."""

    told, instead = "idempotency_key_too_long", "invalid_type"


@breaks("refusal:code")
class VersionWithoutCode(_Codes):
    """The refusal of a version carries no code."""

    told = "version_header"


@breaks("refusal:code")
class ReadOnlyWithoutCode(_Codes):
    """The refusal of a read-only place carries no code."""

    told = "invalid_configuration"


@breaks("refusal:place")
class NoParam(_Error):
    """A 400 names no place."""

    def change(self, error: dict[str, Any], status: int) -> None:  # noqa: ARG002 - of any status
        error["param"] = None


@breaks("refusal:place")
class ParamIsGroup(_Error):
    """The place that an error names is the group alone."""

    def change(self, error: dict[str, Any], status: int) -> None:  # noqa: ARG002 - of any status
        error["param"] = error.get("param") and error["param"].partition(".")[0]


@breaks("refusal:place")
class ParamIsFirst(Fault):
    """Every error about a field names the first field."""

    def place(self, group: str, key: str = "") -> str:
        first = next(place.key for place in self.contract.value_places)
        return super().place(group, first if key and group == "fields" else key)


@breaks("refusal:place")
class LinksShareParam(Fault):
    """Every error about a relationship names the first relationship."""

    def place(self, group: str, key: str = "") -> str:
        first = next(place.key for place in self.contract.link_places)
        return super().place(group, first if key and group == "relationships" else key)


@breaks("refusal:place")
class LinksHaveNoParam(_Error):
    """An error about a relationship names no place."""

    def change(self, error: dict[str, Any], status: int) -> None:  # noqa: ARG002 - of any status
        if (error.get("param") or "").startswith("relationships."):
            error["param"] = None


@breaks("refusal:place")
class ReadOnlyNamesMarker(Fault):
    """The refusal of a read-only place names a required place."""

    def read_only(self, param: str) -> Refusal:
        required = next(place for place in self.contract.value_places if place.required)
        return super().read_only(self.place(param.partition(".")[0], required.key))
