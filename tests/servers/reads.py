"""Answers that create nothing: definitions, records, lists, and what a key may do."""

from __future__ import annotations

import datetime
from typing import Any

from .admission import Call
from .organization import Field, Option, Organization, Thing
from .refusal import Refused
from .store import Record, Store

__all__ = ["Reads"]

_PAGE = 25


class Reads:
    """Makes the bodies of answers."""

    def definitions(self, call: Call) -> Any:
        """Return what fields and relationships an opportunity has."""
        organization = call.store.organization
        if organization.manners.definitions == "forbidden":
            raise Refused(403, "", "definitions are not open to this key")
        marked = organization.manners.mentions_read_only
        return {
            "objectType": "opportunity",
            "fieldDefinitions": {
                key: self.field_definition(organization, field) | ({"readOnly": field.read_only} if marked else {})
                for key, field in organization.fields.items()
            },
            "relationshipDefinitions": {
                key: {
                    "label": key.removeprefix("$").title(),
                    "description": None,
                    "cardinality": "HAS_MANY" if relationship.many else "HAS_ONE",
                    "objectType": relationship.object_type,
                }
                | ({"readOnly": relationship.read_only} if marked else {})
                for key, relationship in organization.relationships.items()
            },
        }

    def field_definition(self, organization: Organization, field: Field) -> dict[str, Any]:
        """Return one field's definition, without `readOnly`."""
        configuration: dict[str, Any] = {}
        if field.options:
            configuration["options"] = [self.option_definition(option) for option in field.options]
        if field.parent:
            configuration["parentFieldKey"] = field.parent
        if field.service:
            configuration["handleService"] = field.service
        if field.multiple:
            configuration["multipleValues"] = True
        definition: dict[str, Any] = {
            "label": field.key.removeprefix("$").replace("_", " ").title(),
            "description": None,
            "valueType": field.type,
            "typeConfiguration": configuration,
        }
        if field.unique:
            (definition if organization.manners.unique_in == "field" else configuration)["unique"] = True
        return definition

    def option_definition(self, option: Option) -> dict[str, Any]:
        """Return one option as definitions list it."""
        parent = {"parentId": option.parent} if option.parent else {}
        return {"id": option.id, "label": option.label, "description": None, **parent}

    def retrieve(self, call: Call, identifier: str) -> Any:
        """Return one record as it is now."""
        record = call.store.find(identifier)
        if record is None:
            raise Refused(404, "", "no such opportunity")
        return self.show(call.store, record, call.now)

    def list_records(self, call: Call) -> Any:
        """Return a page of the index."""
        manners = call.store.organization.manners
        if manners.listing != "served":
            raise Refused(*((403, "", "no list for this key") if manners.listing == "forbidden" else (405, "", "no list")))
        offset, limit = self.paging(call)
        name = call.request.args.get("$name[equal]") if manners.name_filter else None
        records, total = call.store.page(offset, limit, name)
        return {
            "object": "list",
            "data": [self.show(call.store, record, call.now) for record in records],
            "totalCount": total,
        }

    def list_things(self, call: Call, kind: str) -> Any:
        """Return a page of what can be linked to."""
        offset, limit = self.paging(call)
        rows = call.store.things.get(kind, [])
        return {
            "object": "list",
            "data": [self.show_thing(row) for row in rows[offset : offset + limit]],
            "totalCount": len(rows),
        }

    def paging(self, call: Call) -> tuple[int, int]:
        """Return offset and limit as asked for."""
        numbers = []
        for name, least, most, usual in (("offset", 0, 10**9, 0), ("limit", 1, _PAGE, _PAGE)):
            text = call.request.args.get(name, str(usual))
            if not (text.isdecimal() and text.isascii() and len(text) < 10 and least <= int(text) <= most):
                raise Refused(400, "invalid_parameter", f"{name} has to be a number from {least} to {most}", name)
            numbers.append(int(text))
        return numbers[0], numbers[1]

    def validate(self, call: Call) -> Any:
        """Return what the caller's key may do."""
        assert call.key is not None, "the call was admitted"
        return {"active": True, "tokenType": "api_key", "subjectType": "member", "scopes": list(call.key.scopes)}

    def show(self, store: Store, record: Record, now: float) -> dict[str, Any]:
        """Return a record as every answer has it."""
        organization = store.organization
        values = {"$opportunityStatus": organization.fields["$opportunityStatus"].options[0].id, **record.fields}
        wait = organization.manners.summary_after
        if wait is not None and now >= record.created + wait:
            values["$opportunitySummary"] = "A summary of what is known."
        keep_unset = organization.manners.unset == "null"
        shown = {
            "id": record.id,
            "createdAt": _timestamp(record.created),
            "fields": {
                key: {"value": self.show_value(organization, field, values.get(key)), "valueType": field.type}
                for key, field in organization.fields.items()
                if keep_unset or key in values
            },
            "httpLink": f"https://app.example.com/opportunities/{record.id}" if keep_unset else None,
            "relationships": {
                key: {
                    "cardinality": "has_many" if relationship.many else "has_one",
                    "objectType": relationship.object_type,
                    "values": list(record.links.get(key, ())),
                }
                for key, relationship in organization.relationships.items()
                if keep_unset or key in record.links
            },
        }
        more = {"updatedAt": None, "externalId": None, "object": "opportunity"} if organization.manners.extras else {}
        return shown | more

    def show_value(self, organization: Organization, field: Field, value: Any) -> Any:
        """Return a kept value as it is read."""
        if value is None or not field.options or organization.manners.select_value == "id":
            return value
        labels = {option.id: option.label for option in field.options}
        alike = list(labels.values())
        # A label that several options have would not say which: such an option comes back by its ID.
        named = {key: label if alike.count(label) == 1 else key for key, label in labels.items()}
        return [named[item] for item in value] if isinstance(value, list) else named[value]

    def show_thing(self, thing: Thing) -> dict[str, Any]:
        """Return an account, contact or member as lists have it."""
        return {
            "id": thing.id,
            "createdAt": "2026-01-01T00:00:00.000Z",
            "fields": {"$name": {"value": thing.name, "valueType": "TEXT"}},
            "httpLink": None,
            "relationships": {},
        }


def _timestamp(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
