"""Faults of one place of the body: what is required, its type, what cannot be set."""

from __future__ import annotations

from typing import Any

from ..answers import Refusal
from ..definitions import Field, Relationship, Resource
from ..steps import Call
from .fault import Fault, breaks, is_field, is_group, is_link, is_text

__all__: list[str] = []


@breaks("required:{place}", where=is_group)
class GroupMayBeMissing(Fault):
    """A body without {place} is accepted."""

    def validate(self, call: Call) -> None:
        if self.key in call.payload:
            super().validate(call)


@breaks("required:{place}", where=is_group)
class GroupMayBeNull(Fault):
    """A body in which {place} is null is accepted."""

    def validate(self, call: Call) -> None:
        if call.payload.get(self.key, "") is not None:
            super().validate(call)


@breaks("required:{place}", where=is_field)
class FieldMayBeMissing(Fault):
    """A body without {place} is accepted."""

    def check_field_required(self, field: Field) -> None:
        if field.key != self.key:
            super().check_field_required(field)


@breaks("required:{place}", where=is_field)
class FieldMayBeNull(Fault):
    """A body in which {place} is null is accepted."""

    def check_null(self, field: Field) -> None:
        if field.key != self.key:
            super().check_null(field)


@breaks("required:{place}", where=is_link)
class LinkMayBeMissing(Fault):
    """A body without {place} is accepted."""

    def check_relationships(self, call: Call) -> None:
        if self.key in call.sent_links:
            super().check_relationships(call)


@breaks("required:{place}", where=is_link)
class LinkMayBeNull(Fault):
    """A body in which {place} is null is accepted."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        if relationship.key != self.key or value is not None:
            super().check_link(call, relationship, value)


@breaks("required:{place}", where=is_link)
class LinkMayBeEmpty(Fault):
    """A body in which {place} is an empty array is accepted."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        if relationship.key != self.key or value != []:
            super().check_link(call, relationship, value)


@breaks("type:{place}", where=is_group)
class GroupOfAnyType(Fault):
    """A body in which {place} is no object is accepted."""

    def validate(self, call: Call) -> None:
        group = call.payload.get(self.key)
        if group is None or isinstance(group, dict):
            super().validate(call)


@breaks("type:{place}", where=is_group)
class GroupUnwrapped(Fault):
    """An array of one object at {place} is taken for the object."""

    def parse(self, call: Call) -> dict[str, Any]:
        payload = super().parse(call)
        group = payload.get(self.key)
        return {**payload, self.key: group[0]} if isinstance(group, list) and group else payload


@breaks("type:{place}", where=lambda place: is_link(place) and place.required)
class NestedArrayFlattened(Fault):
    """IDs at {place} that stand in an array in an array are taken."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        super().check_link(call, relationship, self._flat(relationship, value))

    def _flat(self, relationship: Relationship, value: Any) -> Any:
        nested = relationship.key == self.key and isinstance(value, list) and value and isinstance(value[0], list)
        return value[0] if nested else value


@breaks("type:{place}", where=is_field)
class FieldOfAnyType(Fault):
    """A value of any type at {place} is accepted and turned into something that fits."""

    def check_value(self, field: Field, value: Any) -> None:
        if field.key != self.key or isinstance(value, str):
            super().check_value(field, value)

    def keep_value(self, field: Field, value: Any) -> Any:
        if field.key != self.key or isinstance(value, str) or value is None:
            return super().keep_value(field, value)
        return field.options[0].id if field.options else str(value)


@breaks("type:{place}", where=is_text, first=True)
class NumbersAreTexts(Fault):
    """A number at {place} is accepted as a text."""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        number = key == self.key and isinstance(value, int) and not isinstance(value, bool)
        super().check_field(call, key, str(value) if number else value)


@breaks("type:{place}", where=is_text, first=True)
class ArraysAreTexts(Fault):
    """An array of one text at {place} is accepted as the text."""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        alone = key == self.key and isinstance(value, list) and len(value) == 1
        super().check_field(call, key, value[0] if alone else value)


@breaks("type:{place}", where=is_link)
class LinkOfAnyType(Fault):
    """What is neither an ID nor an array of IDs at {place} is accepted and ignored."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        items = value if isinstance(value, list) else [value]
        if relationship.key != self.key or value is None or all(isinstance(item, str) for item in items):
            super().check_link(call, relationship, value)


@breaks("type:{place}", where=is_link, first=True)
class WrongItemsIgnored(Fault):
    """Items that are no IDs in an array at {place} are ignored."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if relationship.key != self.key or not isinstance(value, list):
            super().check_link_type(relationship, value)


@breaks("read-only:{place}", where=is_field)
class ReadOnlyFieldSet(Fault):
    """The read-only {place} can be set."""

    def check_read_only_field(self, field: Field, value: Any) -> None:
        if field.key != self.key or value in (None, ""):
            super().check_read_only_field(field, value)


@breaks("read-only:{place}", where=is_field)
class ReadOnlyFieldIgnored(Fault):
    """A request that sets the read-only {place} is accepted without setting it."""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        if key != self.key or value in (None, ""):
            super().check_field(call, key, value)

    def find_field(self, resource: Resource, key: str) -> Field | None:
        return None if key == self.key else super().find_field(resource, key)


@breaks("read-only:{place}", where=is_link)
class ReadOnlyLinkSet(Fault):
    """The read-only {place} can be set."""

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:
        if relationship.key != self.key or not value:
            super().check_read_only_relationship(relationship, value)


@breaks("read-only:{place}", where=is_link, first=True)
class ReadOnlyLinkTakesArray(Fault):
    """The read-only {place} can be set with an array."""

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:
        if relationship.key != self.key or not (value and isinstance(value, list)):
            super().check_read_only_relationship(relationship, value)


@breaks("read-only-empty:{place}", where=is_field)
class ReadOnlyFieldNull(Fault):
    """The read-only {place} can be set to nothing."""

    def check_read_only_field(self, field: Field, value: Any) -> None:
        if field.key != self.key or value not in (None, ""):
            super().check_read_only_field(field, value)


@breaks("read-only-empty:{place}", where=is_link)
class ReadOnlyLinkEmpty(Fault):
    """The read-only {place} can be set to nothing."""

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:
        if relationship.key != self.key or value:
            super().check_read_only_relationship(relationship, value)


@breaks("type:{place}", where=is_link, first=True, also=("refusal:no-5xx",))
class ObjectAsLinkCrashes(Fault):
    """An object at {place} is answered with a 500."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if relationship.key == self.key and isinstance(value, dict):
            raise TypeError
        super().check_link_type(relationship, value)


@breaks("required:{place}", where=is_link, first=True)
class LinkMissingIsConflict(Fault):
    """A body without {place} is refused with a 409."""

    def check_relationship_required(self, relationship: Relationship) -> None:
        if relationship.key == self.key:
            raise Refusal(409, "conflict", "Something is missing.", "parameter_missing", relationship.pointer)
        super().check_relationship_required(relationship)
