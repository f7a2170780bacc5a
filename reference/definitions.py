"""What an organization knows about its objects: fields with their options, and relationships."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Choice", "Field", "Relationship", "Resource", "label_of"]


@dataclasses.dataclass(frozen=True)
class Choice:
    """One choice of a select field."""

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

    def option(self, text: str) -> Choice | None:
        """The option of that ID or label; an ID wins."""
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


@dataclasses.dataclass(frozen=True)
class Resource:
    """One object type in one organization.

    Attributes:
        members: the top-level members that a create takes.
        groups: those of them that are required.
        summary: the key of the field that the background job writes; None where there is none.
        prefix: what IDs of new records begin with.
    """

    object_type: str
    prefix: str
    fields: Mapping[str, Field]
    relationships: Mapping[str, Relationship]
    members: tuple[str, ...]
    groups: tuple[str, ...]
    summary: str | None


def label_of(key: str) -> str:
    """A label made of a key: its words, the first one capitalized."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^0-9A-Za-z]+", " ", key).strip().lower()
    return words.capitalize() or key
