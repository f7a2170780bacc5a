"""What a step can answer: a JSON answer, or the refusal that ends a request early."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

__all__ = ["JsonAnswer", "Refusal"]


@dataclasses.dataclass(frozen=True)
class JsonAnswer:
    """A status and a JSON body; headers that every answer carries are added at the end."""

    status: int
    body: Any
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Refusal(Exception):
    """Raised by a step that turns the request down.

    Attributes:
        type: the error's type, which goes with the status.
        code: what is wrong, for a program.
        place: where it is wrong: a JSON Pointer into the body, or the name of a header or a query parameter.
        headers: besides those of every answer.
    """

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002 - the member's name in the error object
        message: str,
        code: str | None = None,
        place: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.message = message
        self.code = code
        self.place = place
        self.headers = headers or {}

    @classmethod
    def bad_request(cls, code: str, message: str, place: str | None = None) -> Refusal:
        """Return a 400: a wrong field, relationship or parameter."""
        return cls(400, "bad_request", message, code, place)
