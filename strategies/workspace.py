"""What was found out about the target's organization; plain data that travels to workers as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..spec import FieldDefinition, Option, RelationshipDefinition

__all__ = ["FieldDefinition", "Option", "RelationshipDefinition", "Workspace"]


@dataclasses.dataclass(frozen=True)
class Workspace:
    """What there is to write with.

    Attributes:
        fields, relationships: definitions by key; empty when definitions cannot be read.
        ids: by object type, IDs of this organization that may be linked to, those given by the user first.
        foreign_ids, foreign_options: IDs and options of another organization.
        options: by the key of a select field, the options known; given by the user or read from definitions.
        amendments: by pointer, what the smallest body needs on this target besides, or in place of, what the contract
            asks for; empty for a target that accepts the smallest body.
    """

    fields: Mapping[str, FieldDefinition] = dataclasses.field(default_factory=dict)
    relationships: Mapping[str, RelationshipDefinition] = dataclasses.field(default_factory=dict)
    ids: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    foreign_ids: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    options: Mapping[str, tuple[Option, ...]] = dataclasses.field(default_factory=dict)
    foreign_options: Mapping[str, tuple[Option, ...]] = dataclasses.field(default_factory=dict)
    amendments: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def defined(self) -> bool:
        """Whether the target's definitions are known."""
        return bool(self.fields)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, which `from_json` reads."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Workspace:
        """The workspace that `to_json` wrote."""
        return cls(
            fields={key: _field(field) for key, field in data["fields"].items()},
            relationships={key: RelationshipDefinition(**value) for key, value in data["relationships"].items()},
            ids={key: tuple(value) for key, value in data["ids"].items()},
            foreign_ids={key: tuple(value) for key, value in data["foreign_ids"].items()},
            options=_choices(data["options"]),
            foreign_options=_choices(data["foreign_options"]),
            amendments=data["amendments"],
        )


def _choices(data: Mapping[str, Any]) -> dict[str, tuple[Option, ...]]:
    return {key: tuple(Option(**option) for option in value) for key, value in data.items()}


def _field(data: Mapping[str, Any]) -> FieldDefinition:
    return FieldDefinition(**{**data, "options": tuple(Option(**option) for option in data["options"])})
