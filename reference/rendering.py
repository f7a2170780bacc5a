"""The steps that write what a client sees: records and refusals."""

from __future__ import annotations

import datetime
from typing import Any

from ..spec import error_form, profile
from .answers import JsonAnswer, Refusal
from .definitions import Field, Relationship
from .resources import sample_data
from .steps import Call, Steps
from .store import Record
from .value_types import codec_of

__all__ = ["Refusals", "Rendering"]


class Refusals(Steps):
    """The refusals that several rules share, and the answers that refusals become."""

    def param(self, place: str) -> str:
        """Return how an error names a place, which is a pointer into the body or the name of a header or parameter."""
        return error_form.place_param(place)

    def missing(self, pointer: str) -> Refusal:
        """Return the refusal of a body without something that is required."""
        return Refusal.bad_request("parameter_missing", f"{self.param(pointer)} is required.", pointer)

    def read_only(self, pointer: str) -> Refusal:
        """Return the refusal of a body that sets a read-only place."""
        return Refusal.bad_request("invalid_configuration", f"{self.param(pointer)} is read-only.", pointer)

    def wrong_type(self, pointer: str, expected: str) -> Refusal:
        """Return the refusal of a value of a wrong type."""
        return Refusal.bad_request("invalid_type", f"{self.param(pointer)} takes {expected}.", pointer)

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        """Return the answer that a refusal becomes."""
        return JsonAnswer(refusal.status, self.error_body(call, refusal), refusal.headers)

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:  # noqa: ARG002 - a fault looks at the call
        """Return the error object in its wrapper; there is no call where no operation was found."""
        return {error_form.ERROR: self.error_object(refusal)}

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        """Return type and message, and code and param where there are any."""
        error = {
            error_form.TYPE: refusal.type,
            error_form.MESSAGE: refusal.message,
            error_form.CODE: refusal.code,
            error_form.PARAM: None if refusal.place is None else self.param(refusal.place),
        }
        return {name: value for name, value in error.items() if value is not None}

    def crash(self, call: Call, error: Exception) -> JsonAnswer:  # noqa: ARG002 - a fault looks at both
        """Return the answer to a call that met a mistake of the server's own."""
        return self.refuse(call, Refusal(500, "internal_server_error", "The server made a mistake."))


class Rendering(Steps):
    """The steps that write records, one member at a time."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        """Return the answer to a successful create."""
        return JsonAnswer(self.created_status(), self.render(call, record))

    def created_status(self) -> int:
        """Return the status of a successful create."""
        return 200

    def render(self, call: Call, record: Record) -> dict[str, Any]:
        """Return a record as a read shows it."""
        return {
            profile.ID: record.id,
            profile.CREATED_AT: self.render_time(record.created),
            profile.FIELDS: self.render_fields(call, record),
            profile.HTTP_LINK: self.render_link(record),
            profile.RELATIONSHIPS: self.render_relationships(call, record),
        }

    def render_time(self, seconds: float) -> str:
        """Return Unix seconds as RFC 3339 writes them, in UTC."""
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def render_link(self, record: Record) -> str | None:
        """Return where a person finds the record."""
        link: str = sample_data()["link"]
        return link.format(object_type=record.object_type, id=record.id)

    def render_fields(self, call: Call, record: Record) -> dict[str, Any]:
        """Return every field that definitions list, set or not."""
        fields = call.organization.resources[record.object_type].fields.values()
        return {field.key: self.render_field(call, record, field) for field in fields}

    def render_field(self, call: Call, record: Record, field: Field) -> dict[str, Any]:
        """Return one value, wrapped with its type."""
        return profile.wrap_value(self.render_value(call, record, field), self.render_value_type(field))

    def render_value(self, call: Call, record: Record, field: Field) -> Any:
        """Return one bare value, null when unset."""
        if field.key == call.organization.resources[record.object_type].summary:
            return self.summary(call, record)
        value = record.fields.get(field.key)
        if value is None:
            return None
        return self.render_options(field, value) if field.options else codec_of(field.value_type).render(value)

    def render_options(self, field: Field, value: Any) -> Any:
        """Return the value of a select."""
        if isinstance(value, list):
            return [self.render_option(field, item) for item in value]
        return self.render_option(field, value)

    def render_option(self, field: Field, option_id: str) -> str:  # noqa: ARG002 - a variation writes the label instead
        """Return one option: its ID."""
        return option_id

    def render_value_type(self, field: Field) -> str:
        """Return the name of a field's value type."""
        return field.value_type

    def summary(self, call: Call, record: Record) -> str | None:
        """Return what the background job wrote; null until it is done."""
        if call.now < record.created + self.configuration.summary_delay:
            return None
        return f"A new {record.object_type} with {len(record.fields)} values and {len(record.links)} links set."

    def render_relationships(self, call: Call, record: Record) -> dict[str, Any]:
        """Return every relationship that definitions list, linked or not."""
        relationships = call.organization.resources[record.object_type].relationships.values()
        return {relationship.key: self.render_relationship(record, relationship) for relationship in relationships}

    def render_relationship(self, record: Record, relationship: Relationship) -> dict[str, Any]:
        """Return one relationship with the IDs that it holds."""
        ids, object_type = self.render_links(record, relationship), self.render_object_type(relationship)
        return profile.wrap_links(ids, object_type, self.render_cardinality(relationship))

    def render_cardinality(self, relationship: Relationship) -> str:
        """Return how many IDs it holds: in lower case, where definitions use upper case."""
        return relationship.cardinality

    def render_object_type(self, relationship: Relationship) -> str:
        """Return what it links to."""
        return relationship.object_type

    def render_links(self, record: Record, relationship: Relationship) -> list[str]:
        """Return the IDs as an array, also of a relationship that holds one."""
        return list(record.links.get(relationship.key, ()))
