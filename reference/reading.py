"""The steps of the reads: retrieve, list, definitions and validate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..spec import profile
from .answers import JsonAnswer, Refusal
from .definitions import Choice, Field, Relationship, Resource
from .rendering import Rendering
from .steps import Call
from .store import Record

__all__ = ["Reading"]

_PAGE = 25
_LARGEST_NUMBER = 999_999_999
_FILTER = "[equal]"


class Reading(Rendering):
    """The steps that answer a read."""

    def retrieve(self, call: Call) -> JsonAnswer:
        """Return one record as it is now."""
        record = self.find_record(call)
        if record is None or record.object_type != call.resource.object_type:
            raise Refusal(404, "not_found", "There is no such record.")
        return JsonAnswer(200, self.render(call, record))

    def find_record(self, call: Call) -> Record | None:
        """Return the record that the path names, among those of the caller's organization."""
        return call.organization.index.get(call.path_id)

    def list(self, call: Call) -> JsonAnswer:
        """Return a page of records, newest first."""
        limit = self.read_number(call, profile.LIMIT, 1, _PAGE, _PAGE)
        offset = self.read_number(call, profile.OFFSET, 0, _LARGEST_NUMBER, 0)
        found = self.filter(call, self.listed(call))
        end = max(0, len(found) - offset)
        page = found[max(0, end - limit) : end]
        return JsonAnswer(200, self.render_page(call, page[::-1], len(found)))

    def listed(self, call: Call) -> Sequence[Record]:
        """Return all records of the type that the index holds, oldest first."""
        return call.organization.of_type(call.resource.object_type)

    def render_page(self, call: Call, page: Sequence[Record], total: int) -> dict[str, Any]:
        """Return a page of records."""
        records = [self.render(call, record) for record in page]
        return {"object": "list", profile.DATA: records, profile.TOTAL_COUNT: total}

    def read_number(self, call: Call, name: str, least: int, most: int, usual: int) -> int:
        """Return a number of the query, which is refused when it is out of range."""
        text = next((value for key, value in call.query if key == name), None)
        if text is None:
            return usual
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not least <= number <= most:
            raise Refusal.bad_request("invalid_type", f"{name} is a whole number from {least} to {most}.", name)
        return number

    def filter(self, call: Call, records: Sequence[Record]) -> Sequence[Record]:
        """Return the records that match every `field[equal]` in the query."""
        for name, wanted in call.query:
            if name.endswith(_FILTER):
                key = self.check_filter(call.resource, name)
                records = [record for record in records if record.fields.get(key) == wanted]
        return records

    def check_filter(self, resource: Resource, name: str) -> str:
        """Return the key of the field that a filter is about."""
        key = name.removesuffix(_FILTER)
        if key not in resource.fields:
            raise Refusal.bad_request("unknown_field", "There is no such field to filter by.", name)
        return key

    def definitions(self, call: Call) -> JsonAnswer:
        """Return the fields and relationships of an object type in this organization."""
        return JsonAnswer(200, self.render_definitions(call.resource))

    def render_definitions(self, resource: Resource) -> dict[str, Any]:
        """Return all definitions of one object type, by key."""
        fields, relationships = resource.fields.values(), resource.relationships.values()
        return {
            profile.OBJECT_TYPE: resource.object_type,
            profile.FIELD_DEFINITIONS: {each.key: self.define_field(each) for each in fields},
            profile.RELATIONSHIP_DEFINITIONS: {each.key: self.define_relationship(each) for each in relationships},
        }

    def define_field(self, field: Field) -> dict[str, Any]:
        """Return one field's definition."""
        options = [self.define_option(field, option) for option in field.options]
        return {
            profile.ID: field.id,
            profile.LABEL: field.label,
            profile.DESCRIPTION: field.description,
            profile.VALUE_TYPE: field.value_type,
            profile.TYPE_CONFIGURATION: {**field.configuration, **({profile.OPTIONS: options} if options else {})},
            profile.READ_ONLY: field.read_only,
        }

    def define_option(self, field: Field, option: Choice) -> dict[str, Any]:  # noqa: ARG002 - a fault looks at the field
        """Return one option of a select's definition."""
        return {profile.ID: option.id, profile.LABEL: option.label, profile.DESCRIPTION: option.description}

    def define_relationship(self, relationship: Relationship) -> dict[str, Any]:
        """Return one relationship's definition."""
        return {
            profile.LABEL: relationship.label,
            profile.DESCRIPTION: relationship.description,
            profile.CARDINALITY: relationship.cardinality.upper(),
            profile.OBJECT_TYPE: relationship.object_type,
            profile.READ_ONLY: relationship.read_only,
        }

    def validate_key(self, call: Call) -> JsonAnswer:
        """Return what the caller's key may do."""
        scopes = list(call.key.scopes)
        return JsonAnswer(200, {profile.ACTIVE: True, "tokenType": "api_key", "subjectType": "user", profile.SCOPES: scopes})
