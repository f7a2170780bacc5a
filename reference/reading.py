"""The reads that help an observer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .answers import JsonAnswer, Refusal
from .definitions import Field, Relationship, Resource
from .rendering import Rendering
from .steps import Call
from .store import Record

__all__ = ["Reading"]

_PAGE = 25


class Reading(Rendering):
    """The steps of retrieve, list, definitions and validate."""

    def retrieve(self, call: Call) -> JsonAnswer:
        """One record as it is now."""
        record = self.find_record(call)
        if record is None or record.object_type != call.resource.object_type:
            raise Refusal(404, "not_found", "There is no such record.")
        return JsonAnswer(200, self.render(call, record))

    def find_record(self, call: Call) -> Record | None:
        """The record that the path names, among those of the caller's organization."""
        return call.organization.index.get(call.path_id)

    def list(self, call: Call) -> JsonAnswer:
        """A page of records, newest first."""
        limit = self.read_number(call, "limit", 1, _PAGE, _PAGE)
        offset = self.read_number(call, "offset", 0, None, 0)
        found = self.filter(call, self.listed(call))
        end = max(0, len(found) - offset)
        page = found[max(0, end - limit) : end]
        return JsonAnswer(200, self.render_page(call, page[::-1], len(found)))

    def listed(self, call: Call) -> Sequence[Record]:
        """All records of the type that the index holds, oldest first."""
        return call.organization.of_type(call.resource.object_type)

    def render_page(self, call: Call, page: Sequence[Record], total: int) -> dict[str, Any]:
        """A page of records."""
        return {"object": "list", "data": [self.render(call, record) for record in page], "totalCount": total}

    def read_number(self, call: Call, name: str, least: int, most: int | None, usual: int) -> int:
        """A number in the query, refused when it is out of range."""
        text = next((value for key, value in call.query if key == name), None)
        if text is None:
            return usual
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if number < least or (most is not None and number > most):
            raise Refusal.bad_request(
                "invalid_type", f"{name} is a whole number from {least} to {most or 999_999_999}.", name
            )
        return number

    def filter(self, call: Call, records: Sequence[Record]) -> Sequence[Record]:
        """The records that match every `field[equal]` in the query."""
        for name, wanted in call.query:
            if name.endswith("[equal]"):
                key = self.check_filter(call.resource, name)
                records = [record for record in records if record.fields.get(key) == wanted]
        return records

    def check_filter(self, resource: Resource, name: str) -> str:
        """The key of the field that a filter is about."""
        key = name.removesuffix("[equal]")
        if key not in resource.fields:
            raise Refusal.bad_request("unknown_field", "There is no such field to filter by.", name)
        return key

    def definitions(self, call: Call) -> JsonAnswer:
        """The fields and relationships of an object type in this organization."""
        return JsonAnswer(200, self.render_definitions(call.resource))

    def render_definitions(self, resource: Resource) -> dict[str, Any]:
        """All definitions of one object type, by key."""
        return {
            "objectType": resource.object_type,
            "fieldDefinitions": {field.key: self.define_field(field) for field in resource.fields.values()},
            "relationshipDefinitions": {
                each.key: self.define_relationship(each) for each in resource.relationships.values()
            },
        }

    def define_field(self, field: Field) -> dict[str, Any]:
        """One field's definition."""
        options = [{"id": each.id, "label": each.label, "description": each.description} for each in field.options]
        return {
            "id": field.id,
            "label": field.label,
            "description": field.description,
            "valueType": field.value_type,
            "typeConfiguration": {**field.configuration, **({"options": options} if options else {})},
            "readOnly": field.read_only,
        }

    def define_relationship(self, relationship: Relationship) -> dict[str, Any]:
        """One relationship's definition."""
        return {
            "label": relationship.label,
            "description": relationship.description,
            "cardinality": relationship.cardinality.upper(),
            "objectType": relationship.object_type,
            "readOnly": relationship.read_only,
        }

    def validate_key(self, call: Call) -> JsonAnswer:
        """What the caller's key may do."""
        return JsonAnswer(
            200, {"active": True, "tokenType": "api_key", "subjectType": "user", "scopes": list(call.key.scopes)}
        )
