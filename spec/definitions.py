"""What the definitions endpoint says of an organization's fields and relationships, as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from . import profile
from .places import Role

__all__ = ["Definitions", "FieldDefinition", "Option", "RelationshipDefinition", "read_definitions"]


@dataclasses.dataclass(frozen=True)
class Option:
    """One choice of a select field; each part may be unknown, which is an empty string.

    Attributes:
        parent: of a dependent select, the ID of the option of the parent field beside which it may be chosen.
        refused: whether the organization's own rules were seen to refuse it; definitions do not say that.
    """

    id: str = ""
    label: str = ""
    parent: str = ""
    refused: bool = False


@dataclasses.dataclass(frozen=True)
class FieldDefinition:
    """A field, as the definitions endpoint describes it.

    Attributes:
        key: with its `$` when it is a system field.
        multiple: whether the type configuration says that it takes several values.
        unique: whether a value that another record holds may be refused.
        parent: of a dependent select, the key of the field on which its options depend; else "".
        configuration: the type configuration as it came, for what the other attributes do not tell.
        silent: whether the definition does not say whether it is read-only.
    """

    key: str
    value_type: str
    read_only: bool = False
    options: tuple[Option, ...] = ()
    multiple: bool = False
    unique: bool = False
    parent: str = ""
    configuration: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    silent: bool = False

    @property
    def custom(self) -> bool:
        """Whether it is an organization's own attribute rather than a system field."""
        return not self.key.startswith("$")

    @property
    def pointer(self) -> str:
        """Where a request sets it."""
        return profile.custom_pointer(Role.VALUE, self.key)


@dataclasses.dataclass(frozen=True)
class RelationshipDefinition:
    """A relationship, as the definitions endpoint describes it; cardinality is in lower case.

    Attributes:
        silent: whether the definition does not say whether it is read-only.
    """

    key: str
    object_type: str
    cardinality: str
    read_only: bool = False
    silent: bool = False

    @property
    def custom(self) -> bool:
        """Whether it is an organization's own relationship rather than a system one."""
        return not self.key.startswith("$")

    @property
    def pointer(self) -> str:
        """Where a request sets it."""
        return profile.custom_pointer(Role.LINK, self.key)


@dataclasses.dataclass(frozen=True)
class Definitions:
    """All definitions of one object type, by key."""

    fields: Mapping[str, FieldDefinition] = dataclasses.field(default_factory=dict)
    relationships: Mapping[str, RelationshipDefinition] = dataclasses.field(default_factory=dict)


def read_definitions(answer: Any) -> Definitions:
    """Return what an answer of the definitions endpoint says; what has not the documented form is passed over."""
    return Definitions(
        {key: _field(key, raw) for key, raw in _members(answer, profile.FIELD_DEFINITIONS)},
        {key: _relationship(key, raw) for key, raw in _members(answer, profile.RELATIONSHIP_DEFINITIONS)},
    )


def _members(answer: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    members = answer.get(name) if isinstance(answer, Mapping) else None
    for key, raw in members.items() if isinstance(members, dict) else ():
        if isinstance(raw, dict):
            yield key, raw


def _text(raw: Mapping[str, Any], name: str) -> str:
    return str(raw.get(name) or "")


def _field(key: str, raw: Mapping[str, Any]) -> FieldDefinition:
    configuration = raw.get(profile.TYPE_CONFIGURATION)
    configuration = configuration if isinstance(configuration, dict) else {}
    options = configuration.get(profile.OPTIONS)
    return FieldDefinition(
        key=key,
        value_type=str(raw.get(profile.VALUE_TYPE, "")),
        read_only=raw.get(profile.READ_ONLY) is True,
        options=tuple(
            Option(_text(option, profile.ID), _text(option, profile.LABEL), _text(option, profile.PARENT_ID))
            for option in (options if isinstance(options, list) else ())
            if isinstance(option, dict)
        ),
        multiple=bool(configuration.get(profile.MULTIPLE_VALUES, False)),
        unique=any(bool(said.get(profile.UNIQUE, False)) for said in (raw, configuration)),
        parent=str(configuration.get(profile.PARENT_FIELD) or ""),
        configuration=configuration,
        silent=not isinstance(raw.get(profile.READ_ONLY), bool),
    )


def _relationship(key: str, raw: Mapping[str, Any]) -> RelationshipDefinition:
    return RelationshipDefinition(
        key=key,
        object_type=str(raw.get(profile.OBJECT_TYPE, "")),
        cardinality=str(raw.get(profile.CARDINALITY, "")).lower(),
        read_only=raw.get(profile.READ_ONLY) is True,
        silent=not isinstance(raw.get(profile.READ_ONLY), bool),
    )
