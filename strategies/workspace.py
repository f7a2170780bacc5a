"""What was found out about the target's organization; plain data that travels to workers as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..spec import Contract, FieldDefinition, Option, Place, RelationshipDefinition, Role
from .schema import json_types
from .value_types import VALUE_TYPES

__all__ = ["USED_IDS", "Workspace"]

USED_IDS: Final = 3
"""IDs of a type that bodies are made of, where there are so many: what is cut after two, or not looked at, shows."""


@dataclasses.dataclass(frozen=True)
class Workspace:
    """What there is to write with.

    Attributes:
        fields, relationships: definitions by key; empty when definitions cannot be read.
        ids: by object type, IDs of this organization that may be linked to, those given by the user first.
        options: by the key of a select field, the options known; given by the user or read from definitions.
        other_ids, other_options: IDs and options of another organization.
        other_fields: its definitions of fields, by key.
        other_texts: by object type, texts by which its objects could be recognized, those of the first ID among them.
        other_plain: whether it does not take the values that bodies carry.
        amendments: by pointer, what the smallest body needs on this target besides, or in place of, what the contract
            asks for; empty for a target that accepts the smallest body.
        untaken: pointers of custom attributes of which the target takes no other value than the plainest.
    """

    fields: Mapping[str, FieldDefinition] = dataclasses.field(default_factory=dict)
    relationships: Mapping[str, RelationshipDefinition] = dataclasses.field(default_factory=dict)
    ids: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    options: Mapping[str, tuple[Option, ...]] = dataclasses.field(default_factory=dict)
    other_ids: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    other_options: Mapping[str, tuple[Option, ...]] = dataclasses.field(default_factory=dict)
    other_fields: Mapping[str, FieldDefinition] = dataclasses.field(default_factory=dict)
    other_texts: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    other_plain: bool = False
    amendments: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    untaken: tuple[str, ...] = ()

    @property
    def defined(self) -> bool:
        """Whether the target's definitions are known."""
        return bool(self.fields)

    @property
    def other(self) -> Workspace:
        """What there is to write with in the other organization: what is known of that, and nothing of this one.

        Fields whose values no two records may share are left out.
        """
        fields = {key: field for key, field in self.other_fields.items() if not field.unique}
        return Workspace(fields=fields, ids=self.other_ids, options=self.other_options)

    @property
    def unique_fields(self) -> tuple[FieldDefinition, ...]:
        """The fields whose values no two records may share (contract 11)."""
        return tuple(field for field in self.fields.values() if field.unique and not field.read_only)

    def known_ids(self, object_type: str | None) -> tuple[str, ...]:
        """Return IDs of that type that may be linked to; none if the type is unknown."""
        return tuple(self.ids.get(object_type, ())) if object_type else ()

    def ids_at(self, key: str, object_type: str | None) -> tuple[str, ...]:
        """Return the IDs for a relationship, the used ones, beginning with another one for each that links to the same type.

        So a target that mixes up two relationships shows it.
        """
        ids = self.known_ids(object_type)[:USED_IDS]
        alike = [link for link in self.relationships.values() if link.object_type == object_type and not link.read_only]
        order = [link.key for link in sorted(alike, key=lambda link: link.custom)]
        first = order.index(key) % len(ids) if ids and key in order else 0
        return (*ids[first:], *ids[:first])

    def known_options(self, key: str) -> tuple[Option, ...]:
        """Return the options of a select field, those that somebody gave before those that its definition lists."""
        defined = self.fields[key].options if key in self.fields else ()
        return tuple(self.options.get(key, ())) or defined

    def linked_type(self, place: Place) -> str | None:
        """Return the type of object that a place links to, from the fragment, else from the definitions."""
        defined = self.relationships.get(place.key)
        return place.object_type or (defined.object_type if defined else None)

    def definition_of(self, place: Place) -> FieldDefinition:
        """Return a field of the fragment as definitions would describe it; of its value type the fragment is believed."""
        defined = self.fields.get(place.key)
        value_type = place.value_type or (defined.value_type if defined else "") or _type_of_schema(place.schema)
        options = self.known_options(place.key)
        if defined is None:
            return FieldDefinition(place.key, value_type, place.read_only, options)
        return dataclasses.replace(defined, value_type=value_type, read_only=place.read_only, options=options)

    def without_option(self, key: str, option: Option) -> Workspace:
        """Return the workspace with an option of a select marked as refused by the organization's own rules."""
        refused = dataclasses.replace(option, refused=True)
        options = {name: _replaced(known, option, refused) if name == key else known for name, known in self.options.items()}
        fields = {
            name: dataclasses.replace(field, options=_replaced(field.options, option, refused)) if name == key else field
            for name, field in self.fields.items()
        }
        return dataclasses.replace(self, options=options, fields=fields)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, which `from_json` reads."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Workspace:
        """Return the workspace that `to_json` wrote."""
        return cls._decode(**data)

    @classmethod
    def sample(cls, contract: Contract) -> Workspace:
        """Return an organization made up for a contract: everything that it names, and an attribute of each value type.

        For drawing bodies without a target. Nothing in it exists anywhere, so a real target refuses its IDs and options.
        """
        types = dict.fromkeys(place.object_type for place in contract.link_places if place.object_type)
        links = [
            RelationshipDefinition(place.key, place.object_type or "", "has_one", place.read_only)
            for place in contract.link_places
        ]
        links += [RelationshipDefinition(f"sample-{name}s", name, "has_many") for name in list(types)[:1]]
        named = [cls().definition_of(place) for place in contract.value_places]
        custom = [FieldDefinition(f"sample-{name.lower().replace('_', '-')}", name) for name in contract.values]
        fields = [dataclasses.replace(field, options=_sample_options(field)) for field in (*named, *custom)]
        return cls(
            fields={field.key: field for field in fields},
            relationships={link.key: link for link in links},
            ids={name: tuple(f"{name}_sample_{number}" for number in (1, 2, 3)) for name in types},
            options={
                place.key: _sample_options(cls().definition_of(place))
                for place in contract.value_places
                if place.role is Role.OPTION
            },
            other_ids={name: (f"{name}_other_1",) for name in types},
        )

    @classmethod
    def _decode(
        cls,
        *,
        fields: Mapping[str, Any],
        relationships: Mapping[str, Any],
        ids: Mapping[str, Any],
        options: Mapping[str, Any],
        other_ids: Mapping[str, Any],
        other_options: Mapping[str, Any],
        other_fields: Mapping[str, Any],
        other_texts: Mapping[str, Sequence[str]],
        other_plain: bool,
        amendments: Mapping[str, Any],
        untaken: Sequence[str],
    ) -> Workspace:
        return cls(
            fields=_fields(fields),
            relationships={key: RelationshipDefinition(**raw) for key, raw in relationships.items()},
            ids={key: tuple(value) for key, value in ids.items()},
            options={key: _options(value) for key, value in options.items()},
            other_ids={key: tuple(value) for key, value in other_ids.items()},
            other_options={key: _options(value) for key, value in other_options.items()},
            other_fields=_fields(other_fields),
            other_texts={key: tuple(value) for key, value in other_texts.items()},
            other_plain=other_plain,
            amendments=amendments,
            untaken=tuple(untaken),
        )


def _replaced(options: tuple[Option, ...], old: Option, new: Option) -> tuple[Option, ...]:
    return tuple(new if option == old else option for option in options)


def _fields(raw: Mapping[str, Any]) -> dict[str, FieldDefinition]:
    return {key: FieldDefinition(**{**field, "options": _options(field["options"])}) for key, field in raw.items()}


def _options(raw: Any) -> tuple[Option, ...]:
    return tuple(Option(**option) for option in raw)


def _sample_options(field: FieldDefinition) -> tuple[Option, ...]:
    known = VALUE_TYPES.get(field.value_type)
    if known is None or not known.select:
        return ()
    return tuple(Option(f"{field.key.strip('$')}_option_{number}", f"Option {number}") for number in (1, 2, 3))


def _type_of_schema(schema: Mapping[str, Any]) -> str:
    """A value type whose values the schema takes, for a field that names none."""
    fitting = {"string": "TEXT", "number": "NUMBER", "boolean": "CHECKBOX"}
    return next((fitting[name] for name in fitting if name in json_types(schema)), "TEXT")
