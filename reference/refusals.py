"""How a refusal says what is wrong and where, and what its body looks like."""

from __future__ import annotations

from typing import Any

from .answers import JsonAnswer, Refusal
from .steps import Call, Steps

__all__ = ["Refusals"]


class Refusals(Steps):
    """The steps from a mistake to an answer."""

    def place(self, group: str, key: str = "") -> str:
        """How `param` names a place of the body."""
        return f"{group}.{key}" if key else group

    def group(self, call: Call, name: str) -> dict[str, Any]:
        """What the body has under `fields` or `relationships`, as an object even where it has none."""
        found = call.payload.get(name) if isinstance(call.payload, dict) else None
        return found if isinstance(found, dict) else {}

    def missing(self, param: str) -> Refusal:
        """The refusal of a body without something that is required."""
        return Refusal.bad_request("parameter_missing", f"{param} is required.", param)

    def read_only(self, param: str) -> Refusal:
        """The refusal of a body that sets a read-only place."""
        return Refusal.bad_request("invalid_configuration", f"{param} is read-only.", param)

    def wrong_type(self, param: str, expected: str) -> Refusal:
        """The refusal of a value of a wrong type."""
        return Refusal.bad_request("invalid_type", f"{param} takes {expected}.", param)

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        """The answer that a refusal becomes."""
        return JsonAnswer(refusal.status, self.error_body(call, refusal), refusal.headers)

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:  # noqa: ARG002 - a fault looks at the call
        """The error object in its wrapper; there is no call where no operation was found."""
        return {"error": self.error_object(refusal)}

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        """Type and message, and code and param where there are any."""
        error = {"type": refusal.type, "message": refusal.message, "code": refusal.code, "param": refusal.param}
        return {name: value for name, value in error.items() if value is not None}

    def crash(self, call: Call, error: Exception) -> JsonAnswer:  # noqa: ARG002 - a fault looks at both
        """The answer to a call that met a mistake of the server's own."""
        return self.refuse(call, Refusal(500, "internal_server_error", "The server made a mistake."))
