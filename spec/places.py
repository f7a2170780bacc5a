"""Places of a request body: a JSON Pointer with the role that a value plays there."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Mapping
from typing import Any

from .pointer import last_segment, parent, segments
from .validator import Validator

__all__ = ["Place", "Role"]


class Role(enum.StrEnum):
    """What stands at a place."""

    TEXT = "text"
    """A free text, which can carry the marker of a run."""
    OPTION = "option"
    """One of the options of a select, by ID or by label."""
    LINK = "link"
    """The ID of an object of one type, or an array of such IDs."""
    VALUE = "value"
    """A value of any other value type."""
    GROUP = "group"
    """An object of named members, each of which is a place of its own."""
    MAP = "map"
    """A group that takes custom keys besides the named ones."""


@dataclasses.dataclass(frozen=True)
class Place:
    """One place of the request body that the fragment names.

    Attributes:
        pointer: its JSON Pointer (RFC 6901), such as `/fields/$title`.
        schema: its JSON Schema, all references inlined.
        value_type: of a value, the name of its value type, where the fragment refers to one.
        object_type: of a link, the type of object that it leads to, where the fragment says it.
    """

    pointer: str
    role: Role
    required: bool
    read_only: bool
    schema: Mapping[str, Any]
    value_type: str | None = None
    object_type: str | None = None

    @property
    def key(self) -> str:
        """The name of the member in the object that holds it."""
        return last_segment(self.pointer)

    @property
    def parent(self) -> str:
        """The pointer of the object that holds it; "" for a member of the body itself."""
        return parent(self.pointer)

    @property
    def group(self) -> str:
        """The name of the body's member that it is or lies in."""
        return segments(self.pointer)[0]

    @property
    def holds_value(self) -> bool:
        """Whether a value stands there, rather than links or an object of places."""
        return self.role in (Role.TEXT, Role.OPTION, Role.VALUE)

    @property
    def holds_places(self) -> bool:
        """Whether it is an object whose members are places."""
        return self.role in (Role.GROUP, Role.MAP)

    def takes(self, value: Any) -> bool:
        """Return whether a value is valid by the place's schema."""
        return self._validator.is_valid(value)

    @functools.cached_property
    def _validator(self) -> Validator:
        return Validator(self.schema)
