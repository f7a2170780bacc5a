"""What an organization defines for an object type: fields with their options, relationships, and what a create takes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..spec import Place, Role
from ..spec.profile import custom_pointer

__all__ = ["Choice", "Field", "Relationship", "Resource", "label_of"]


@dataclasses.dataclass(frozen=True)
class Choice:
    """One option of a select field."""

    id: str
    label: str
    description: str


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of an object type.

    Attributes:
        system: whether the vendor defined it; an organization's own fields may be unset with null.
        constraint: whether a value keeps what the fragment says beyond the value type; None where it says no more.
    """

    id: str
    key: str
    label: str
    description: str
    value_type: str
    configuration: Mapping[str, Any]
    options: tuple[Choice, ...] = ()
    system: bool = False
    required: bool = False
    read_only: bool = False
    constraint: Callable[[Any], bool] | None = None

    @property
    def pointer(self) -> str:
        """Where a body sets it."""
        return custom_pointer(Role.VALUE, self.key)

    def option(self, text: str) -> Choice | None:
        """Return the option of that ID or label; an ID wins."""
        by_label = next((option for option in self.options if option.label == text), None)
        return next((option for option in self.options if option.id == text), by_label)


@dataclasses.dataclass(frozen=True)
class Relationship:
    """One relationship of an object type; cardinality is has_one or has_many."""

    key: str
    label: str
    description: str
    cardinality: str
    object_type: str
    required: bool = False
    read_only: bool = False

    @property
    def pointer(self) -> str:
        """Where a body sets it."""
        return custom_pointer(Role.LINK, self.key)


@dataclasses.dataclass(frozen=True)
class Resource:
    """One object type in one organization.

    Attributes:
        prefix: what IDs of new records begin with.
        members: the places of a create's body that are members of the body itself, by name.
        summary: the key of the field that the background job writes; None where there is none.
    """

    object_type: str
    prefix: str
    fields: Mapping[str, Field]
    relationships: Mapping[str, Relationship]
    members: Mapping[str, Place]
    summary: str | None


def label_of(key: str) -> str:
    """Return a label made of a key: its words, the first one capitalized."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^0-9A-Za-z]+", " ", key).strip().lower()
    return words.capitalize() or key
