"""What a record looks like from outside."""

from __future__ import annotations

from typing import Any

from .answers import JsonAnswer
from .clock import timestamp
from .definitions import Field, Relationship
from .resources import sample_data
from .steps import Call, Steps
from .store import Record
from .value_types import value_type

__all__ = ["Rendering"]


class Rendering(Steps):
    """The steps that write answers."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        """The answer to a successful create."""
        return JsonAnswer(self.created_status(), self.render(call, record))

    def created_status(self) -> int:
        """The status of a successful create."""
        return 200

    def render(self, call: Call, record: Record) -> dict[str, Any]:
        """A record as a read returns it."""
        return {
            "id": record.id,
            "createdAt": self.render_time(record.created),
            "fields": self.render_fields(call, record),
            "httpLink": self.render_link(record),
            "relationships": self.render_relationships(call, record),
        }

    def render_time(self, seconds: float) -> str:
        """A moment."""
        return timestamp(seconds)

    def render_link(self, record: Record) -> str | None:
        """Where a person finds the record."""
        link: str = sample_data()["link"]
        return link.format(object_type=record.object_type, id=record.id)

    def render_fields(self, call: Call, record: Record) -> dict[str, Any]:
        """Every field that definitions list, set or not."""
        fields = call.organization.resources[record.object_type].fields.values()
        return {field.key: self.render_field(call, record, field) for field in fields}

    def render_field(self, call: Call, record: Record, field: Field) -> dict[str, Any]:
        """One value, wrapped with its type."""
        return {"value": self.render_value(call, record, field), "valueType": self.render_value_type(field)}

    def render_value(self, call: Call, record: Record, field: Field) -> Any:
        """One bare value, null when unset."""
        if field.key == call.organization.resources[record.object_type].summary:
            return self.summary(call, record)
        value = record.fields.get(field.key)
        if value is None:
            return None
        return self.render_options(field, value) if field.options else value_type(field.value_type).render(value)

    def render_options(self, field: Field, value: Any) -> Any:
        """The value of a select."""
        return (
            [self.render_option(field, item) for item in value]
            if isinstance(value, list)
            else self.render_option(field, value)
        )

    def render_option(self, field: Field, option_id: str) -> str:  # noqa: ARG002 - a variant tells the label instead
        """One option: its ID."""
        return option_id

    def render_value_type(self, field: Field) -> str:
        """The name of a field's value type."""
        return field.value_type

    def summary(self, call: Call, record: Record) -> str | None:
        """What the background job wrote; null until it is done."""
        if call.now < record.created + self.configuration.summary_delay:
            return None
        return f"A new {record.object_type} with {len(record.fields)} fields and {len(record.links)} relationships set."

    def render_relationships(self, call: Call, record: Record) -> dict[str, Any]:
        """Every relationship that definitions list, linked or not."""
        relationships = call.organization.resources[record.object_type].relationships.values()
        return {relationship.key: self.render_relationship(record, relationship) for relationship in relationships}

    def render_relationship(self, record: Record, relationship: Relationship) -> dict[str, Any]:
        """One relationship with the IDs that it holds."""
        return {
            "cardinality": self.render_cardinality(relationship),
            "objectType": self.render_object_type(relationship),
            "values": self.render_links(record, relationship),
        }

    def render_cardinality(self, relationship: Relationship) -> str:
        """How many IDs it holds; definitions shout it, records do not."""
        return relationship.cardinality

    def render_object_type(self, relationship: Relationship) -> str:
        """What it links to."""
        return relationship.object_type

    def render_links(self, record: Record, relationship: Relationship) -> list[str]:
        """The IDs, also of a relationship that holds one, as an array."""
        return list(record.links.get(relationship.key, ()))
