"""The steps that check whether a body keeps the rules of its object type; the first mistake found is the one refused."""

from __future__ import annotations

from typing import Any

from ..spec import Place
from ..spec.pointer import join
from ..spec.profile import LINK_MAP, VALUE_MAP
from .answers import Refusal
from .definitions import Choice, Field, Relationship, Resource
from .rendering import Refusals
from .steps import Call
from .store import Record
from .value_types import codec_of

__all__ = ["Validation"]


class _FieldSteps(Refusals):
    """The steps that check fields, one place and one rule at a time."""

    def check_fields(self, call: Call) -> None:
        """Check each field that was sent, then that no required one is missing."""
        sent = call.sent_values
        for key, value in sent.items():
            self.check_field(call, key, value)
        for field in call.resource.fields.values():
            if field.required and field.key not in sent:
                self.check_field_required(field)

    def check_field(self, call: Call, key: str, value: Any) -> None:
        """Check one field that was sent."""
        field = self.find_field(call.resource, key)
        if field is None:
            self.check_unknown_field(call, key)
        elif field.read_only:
            self.check_read_only_field(field, value)
        elif value is None:
            self.check_null(field)
        else:
            self.check_value(field, value)

    def find_field(self, resource: Resource, key: str) -> Field | None:
        """Return the definition that a key in the body names."""
        return resource.fields.get(key)

    def check_unknown_field(self, call: Call, key: str) -> None:  # noqa: ARG002 - a fault looks at the call
        """Refuse a field that no definition lists."""
        raise Refusal.bad_request("unknown_field", "There is no such field.", join(VALUE_MAP, key))

    def check_read_only_field(self, field: Field, value: Any) -> None:  # noqa: ARG002 - a fault looks at the value
        """Refuse to have a read-only field set, to whatever value."""
        raise self.read_only(field.pointer)

    def check_field_required(self, field: Field) -> None:
        """Refuse to do without a required field."""
        raise self.missing(field.pointer)

    def check_null(self, field: Field) -> None:
        """Refuse null for a system field, unless the fragment allows it; an organization's own field is unset by it."""
        allowed = field.constraint is not None and field.constraint(None)
        if field.system and not allowed:
            raise self.wrong_type(field.pointer, f"a {field.value_type} value, not null")

    def check_value(self, field: Field, value: Any) -> None:
        """Check a value against its value type, its options, and whatever else the fragment says."""
        self.check_type(field, value)
        self.check_length(field, value)
        self.check_options(field, value)
        self.check_constraint(field, value)

    def check_type(self, field: Field, value: Any) -> None:
        """Refuse a value that its value type does not allow."""
        if not codec_of(field.value_type).accepts(value):
            raise self.wrong_type(field.pointer, f"a {field.value_type} value")

    def check_length(self, field: Field, value: Any) -> None:
        """Refuse a text that is longer than the server stores."""
        longest = self.configuration.text_limit
        if isinstance(value, str) and len(value) > longest:
            raise Refusal.bad_request("value_too_long", f"A text has at most {longest} characters.", field.pointer)

    def check_options(self, field: Field, value: Any) -> None:
        """Refuse a value of a select that is no option of it."""
        if field.options:
            for text in value if isinstance(value, list) else [value]:
                if self.find_option(field, text) is None:
                    message = "The value is neither the ID nor the label of an option."
                    raise Refusal.bad_request("invalid_option", message, field.pointer)

    def find_option(self, field: Field, text: str) -> Choice | None:
        """Return the option of that ID or label, compared exactly."""
        return field.option(text)

    def check_constraint(self, field: Field, value: Any) -> None:
        """Refuse a value that breaks what the fragment says beyond the value type."""
        if field.constraint is not None and not field.constraint(value):
            raise self.wrong_type(field.pointer, "a value that the field's schema allows")


class _RelationshipSteps(Refusals):
    """The steps that check relationships, one place and one rule at a time."""

    def check_relationships(self, call: Call) -> None:
        """Check each relationship that was sent, then that no required one is missing."""
        sent = call.sent_links
        for key, value in sent.items():
            self.check_relationship(call, key, value)
        for relationship in call.resource.relationships.values():
            if relationship.required and relationship.key not in sent:
                self.check_relationship_required(relationship)

    def check_relationship(self, call: Call, key: str, value: Any) -> None:
        """Check one relationship that was sent."""
        relationship = self.find_relationship(call.resource, key)
        if relationship is None:
            self.check_unknown_relationship(call, key)
        elif relationship.read_only:
            self.check_read_only_relationship(relationship, value)
        else:
            self.check_link(call, relationship, value)

    def find_relationship(self, resource: Resource, key: str) -> Relationship | None:
        """Return the definition that a key in the body names."""
        return resource.relationships.get(key)

    def check_unknown_relationship(self, call: Call, key: str) -> None:  # noqa: ARG002 - a fault looks at the call
        """Refuse a relationship that no definition lists."""
        raise Refusal.bad_request("unknown_relationship", "There is no such relationship.", join(LINK_MAP, key))

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:  # noqa: ARG002 - see above
        """Refuse to have a read-only relationship set, to whatever value."""
        raise self.read_only(relationship.pointer)

    def check_relationship_required(self, relationship: Relationship) -> None:
        """Refuse to do without a required relationship."""
        raise self.missing(relationship.pointer)

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        """Check the IDs given for a relationship that may be set."""
        self.check_link_type(relationship, value)
        ids = self.link_ids(value)
        self.check_link_count(relationship, ids)
        for record_id in ids:
            self.check_target(call, relationship, record_id)

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        """Refuse what is neither an ID nor an array of IDs."""
        if not all(isinstance(item, str) for item in (value if isinstance(value, list) else [value])):
            raise self.wrong_type(relationship.pointer, "an ID or an array of IDs")

    def link_ids(self, value: Any) -> tuple[str, ...]:
        """Return the IDs, each once, in the order in which they were given."""
        given = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(item for item in given if isinstance(item, str)))

    def check_link_count(self, relationship: Relationship, ids: tuple[str, ...]) -> None:
        """Refuse nothing where one ID is required, and several where there is room for one."""
        if relationship.required and not ids:
            self.check_relationship_required(relationship)
        if relationship.cardinality == "has_one" and len(ids) > 1:
            raise self.too_many_links(relationship)

    def too_many_links(self, relationship: Relationship) -> Refusal:
        """Return the refusal of several IDs for a relationship that holds one."""
        message = f"{self.param(relationship.pointer)} holds one ID."
        return Refusal.bad_request("invalid_configuration", message, relationship.pointer)

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        """Refuse an ID that names nothing of the right type in the caller's organization."""
        target = self.find_target(call, record_id)
        if target is None:
            self.check_unknown_target(call, relationship, record_id)
        elif target.object_type != relationship.object_type:
            self.check_other_type(relationship, target)

    def find_target(self, call: Call, record_id: str) -> Record | None:
        """Return the record that an ID names, among those of the caller's organization."""
        return call.organization.index.get(record_id)

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:  # noqa: ARG002 - see above
        """Refuse an ID that names nothing here. Another organization's ID gets the very same answer."""
        message = f"{self.param(relationship.pointer)} names something that does not exist."
        raise Refusal.bad_request("referenced_resource_missing", message, relationship.pointer)

    def check_other_type(self, relationship: Relationship, target: Record) -> None:  # noqa: ARG002 - see above
        """Refuse the ID of an object of another type."""
        message = f"{self.param(relationship.pointer)} names something that is no {relationship.object_type}."
        raise Refusal.bad_request("relationship_entity_missing", message, relationship.pointer)


class Validation(_FieldSteps, _RelationshipSteps):
    """The steps between the parsed body and its record."""

    def validate(self, call: Call) -> None:
        """Refuse a body with a mistake in it."""
        self.check_members(call)
        self.check_groups(call)
        self.check_fields(call)
        self.check_relationships(call)

    def check_members(self, call: Call) -> None:
        """Refuse members of the body that the fragment does not name."""
        for name in call.payload:
            if name not in call.resource.members:
                message = "The body has a member that is not documented."
                raise Refusal.bad_request("unknown_field", message, join("", name))

    def check_groups(self, call: Call) -> None:
        """Check that the groups of the body are there if they are required, and are objects."""
        for name, place in call.resource.members.items():
            if name not in call.payload:
                if place.required:
                    raise self.missing(place.pointer)
            elif place.holds_places and not isinstance(call.payload[name], dict):
                raise self.wrong_type(place.pointer, "an object")
            elif not place.holds_places and not _keeps(place, call.payload[name]):
                raise self.wrong_type(place.pointer, "what the fragment says")


def _keeps(place: Place, value: Any) -> bool:
    """Whether a value is what a fragment says of a member of the body that is no object of places."""
    # Imported here, because few fragments need it.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(place.schema).is_valid(value)
