"""The steps from a mistake to an answer: how a refusal says what is wrong and where, and what its body looks like."""

from __future__ import annotations

from typing import Any

from ..spec import profile
from .answers import JsonAnswer, Refusal
from .steps import Call, Steps

__all__ = ["Refusals"]


class Refusals(Steps):
    """The refusals that several rules share, and the answers that refusals become."""

    def param(self, place: str) -> str:
        """Return how an error names a place, which is a pointer into the body or the name of a header or parameter."""
        return profile.place_param(place)

    def missing(self, pointer: str) -> Refusal:
        """Return the refusal of a body without something that is required."""
        return Refusal.bad_request("parameter_missing", f"{self.param(pointer)} is required.", pointer)

    def read_only(self, pointer: str) -> Refusal:
        """Return the refusal of a body that sets a read-only place."""
        return Refusal.bad_request("invalid_configuration", f"{self.param(pointer)} is read-only.", pointer)

    def wrong_type(self, pointer: str, expected: str) -> Refusal:
        """Return the refusal of a value of a wrong type."""
        return Refusal.bad_request("invalid_type", f"{self.param(pointer)} takes {expected}.", pointer)

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        """Return the answer that a refusal becomes."""
        return JsonAnswer(refusal.status, self.error_body(call, refusal), refusal.headers)

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:  # noqa: ARG002 - a fault looks at the call
        """Return the error object in its wrapper; there is no call where no operation was found."""
        return {profile.ERROR: self.error_object(refusal)}

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        """Return type and message, and code and param where there are any."""
        error = {
            profile.TYPE: refusal.type,
            profile.MESSAGE: refusal.message,
            profile.CODE: refusal.code,
            profile.PARAM: None if refusal.place is None else self.param(refusal.place),
        }
        return {name: value for name, value in error.items() if value is not None}

    def crash(self, call: Call, error: Exception) -> JsonAnswer:  # noqa: ARG002 - a fault looks at both
        """Return the answer to a call that met a mistake of the server's own."""
        return self.refuse(call, Refusal(500, "internal_server_error", "The server made a mistake."))
