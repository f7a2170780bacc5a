"""A reference server that stands in for a target, with the definitions and the objects that reads of it showed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import ClassVar

from ..spec import Contract, Definitions, FieldDefinition, Option
from .answers import JsonAnswer, Refusal
from .definitions import Choice, Field, Relationship, Resource, label_of
from .pipeline import Pipeline
from .sample import SampleKeys
from .steps import Call
from .store import ApiKey, Organization, Record
from .value_types import VALUE_TYPES

__all__ = ["Seen", "stand_in"]


@dataclasses.dataclass(frozen=True)
class Seen:
    """What reads of a target showed.

    Attributes:
        definitions: of the object type under test; None where they cannot be read.
        options: of its select fields, by key.
        ids: of what can be linked to, by object type.
        scopes: of the key that creates; none for full access.
        listed: whether its records can be listed.
        validates: whether a key can be asked what it may do.
    """

    definitions: Definitions | None
    options: Mapping[str, tuple[Option, ...]]
    ids: Mapping[str, tuple[str, ...]]
    scopes: tuple[str, ...] = ()
    listed: bool = True
    validates: bool = True


def stand_in(seen: Seen) -> type[Pipeline]:
    """Return the pipeline of a server whose first organization looks like the target's.

    It has none of the rules that an organization may have and definitions do not show.
    """
    return type("StandIn", (_StandIn,), {"seen": seen})


class _StandIn(Pipeline):
    """Answers as the target would, as far as reads can tell."""

    seen: ClassVar[Seen]

    def prepare(self) -> None:
        """Give the organization what was seen."""
        super().prepare()
        organization = next(iter(self.store.organizations.values()))
        own = self.contract.collection.object_type
        resource = _resource(self.contract, organization.resources[own], self.seen)
        organization.resources = {**organization.resources, own: resource}
        for object_type, collection in self.contract.collections.items():
            if object_type != own and collection.list:
                organization.records[object_type] = []
        for object_type, ids in self.seen.ids.items():
            _fill(organization, object_type, ids, self.clock.now())
        token = SampleKeys().full
        self.store.keys[token] = ApiKey(token, organization.id, self.seen.scopes)

    def definitions(self, call: Call) -> JsonAnswer:
        """Refuse them where the target does."""
        if self.seen.definitions is None:
            raise Refusal(403, "forbidden", "The key may not read definitions.")
        return super().definitions(call)

    def list(self, call: Call) -> JsonAnswer:
        """Refuse the list where the target does."""
        if not self.seen.listed and call.collection == self.contract.collection:
            raise Refusal(403, "forbidden", "The key may not list records.")
        return super().list(call)

    def validate_key(self, call: Call) -> JsonAnswer:
        """Have no such operation where the target has none."""
        if not self.seen.validates:
            raise Refusal(404, "not_found", "There is nothing at this path.")
        return super().validate_key(call)


def _resource(contract: Contract, usual: Resource, seen: Seen) -> Resource:
    """The object type under test, with the fields and relationships that the definitions list, and those of the fragment."""
    if seen.definitions is None:
        named = {key: field for key, field in usual.fields.items() if field.system}
        links = {key: link for key, link in usual.relationships.items() if key.startswith("$")}
        return dataclasses.replace(usual, fields=dict(_with_options(named, seen)), relationships=links)
    places = {place.key for place in contract.places}
    fields = {key: field for key, field in usual.fields.items() if key in places}
    fields |= {key: _field(usual, definition) for key, definition in seen.definitions.fields.items()}
    links = {key: link for key, link in usual.relationships.items() if key in places}
    for key, defined in seen.definitions.relationships.items():
        known = usual.relationships.get(key)
        links[key] = Relationship(
            key,
            label_of(key),
            "",
            "has_many" if "many" in defined.cardinality else "has_one",
            known.object_type if known else defined.object_type,
            required=bool(known and known.required),
            read_only=defined.read_only or bool(known and known.read_only),
        )
    summary = usual.summary if usual.summary in fields else None
    return dataclasses.replace(usual, fields=dict(_with_options(fields, seen)), relationships=links, summary=summary)


def _field(usual: Resource, definition: FieldDefinition) -> Field:
    known = usual.fields.get(definition.key)
    value_type = known.value_type if known and known.system else definition.value_type
    return Field(
        id=definition.key,
        key=definition.key,
        label=label_of(definition.key),
        description="",
        value_type=value_type if value_type in VALUE_TYPES else "TEXT",
        configuration=definition.configuration,
        options=_choices(definition.options),
        system=not definition.custom,
        required=bool(known and known.required),
        read_only=definition.read_only or bool(known and known.read_only),
        constraint=known.constraint if known else None,
    )


def _with_options(fields: Mapping[str, Field], seen: Seen) -> Iterator[tuple[str, Field]]:
    for key, field in fields.items():
        known = seen.options.get(key)
        yield key, dataclasses.replace(field, options=_choices(known)) if known else field


def _choices(options: tuple[Option, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(option.id or option.label, option.label or option.id, "") for option in options)


def _fill(organization: Organization, object_type: str, ids: tuple[str, ...], now: float) -> None:
    resource = organization.resources.get(object_type)
    fields = dict.fromkeys(resource.fields) if resource else {}
    for record_id in ids:
        organization.add(Record(record_id, object_type, now, dict(fields), {}))
