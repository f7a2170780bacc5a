"""The form of this API's errors: which members one has, and how its `param` names a place. No other module knows it."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Final

from .pointer import join, last_segment, segments

__all__ = ["CODE", "ERROR", "MESSAGE", "PARAM", "TYPE", "ErrorObject", "names_place", "place_param", "read_error"]

ERROR: Final = "error"
TYPE: Final = "type"
MESSAGE: Final = "message"
CODE: Final = "code"
PARAM: Final = "param"


@dataclasses.dataclass(frozen=True)
class ErrorObject:
    """What a refusal says, as it came: a member that it leaves out is None, and none need be a string.

    Attributes:
        wrapped: whether it came inside `{"error": ...}`. Some of the vendor's pages print it without (contract 3).
    """

    type: Any
    message: Any
    code: Any
    param: Any
    wrapped: bool


def read_error(body: Any) -> ErrorObject | None:
    """Return the error object of a refusal, with or without its wrapper; None if there is none."""
    wrapped = isinstance(body, dict) and ERROR in body
    found = body[ERROR] if wrapped else body
    if not isinstance(found, dict) or not found:
        return None
    return ErrorObject(found.get(TYPE), found.get(MESSAGE), found.get(CODE), found.get(PARAM), wrapped)


def place_param(pointer: str) -> str:
    """Return how an error's `param` names a place of the body, such as `fields.$title`; anything else as it is."""
    return ".".join(part for part in segments(pointer) if part) if pointer.startswith("/") else pointer


def names_place(param: str, place: str) -> bool:
    """Return whether a `param` names a place: `fields.$x`, `fields.x`, `/fields/$x` or `$x` for `/fields/$x` (contract 11).

    What lies deeper than the place names it as well, as in `relationships.$x[0]`. A header is compared without case.
    """
    if not place.startswith("/"):
        return param.strip().lower() == place.lower()
    wanted, named, own = (_parts(path) for path in (place, param, join("", last_segment(place))))
    return named[: len(wanted)] == wanted or named[: len(own)] == own


def _parts(path: str) -> list[str]:
    """The names that a path is made of; a name that holds what others are parted by is parted as well."""
    names = segments(path) if path.startswith("/") else (path,)
    parts = [part for name in names for part in re.split(r"[/.\[\]]+", name.strip()) if part]
    return [part.removeprefix("$") for part in parts]
