"""Faults of one place of the body: what is required, its type, what cannot be set, options; one for each place."""

# ruff: noqa: D102 - what a step does wrong is said by its class

from __future__ import annotations

from typing import Any

from ..call import Call, Refusal
from ..definitions import Field, Kind, Option, Relationship
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
        if self.key in self.group(call, "relationships"):
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


@breaks("type:{place}", where=is_link)
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

    def find_field(self, kind: Kind, key: str) -> Field | None:
        return None if key == self.key else super().find_field(kind, key)


@breaks("read-only:{place}", where=is_link)
class ReadOnlyLinkSet(Fault):
    """The read-only {place} can be set."""

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:
        if relationship.key != self.key or not value:
            super().check_read_only_relationship(relationship, value)


@breaks("read-only:{place}", where=is_link)
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


@breaks("optional:{place}", first=True)
class OptionalIsRequired(Fault):
    """{place} is required."""

    def check_relationships(self, call: Call) -> None:
        super().check_relationships(call)
        if self.key not in self.group(call, "relationships"):
            raise self.missing(self.place("relationships", self.key))


@breaks("optional:{place}", also=("union:{place}", "operation:create"))
class OptionalCannotBeSet(Fault):
    """{place} cannot be set."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        if relationship.key == self.key:
            raise self.read_only(self.place("relationships", relationship.key))
        super().check_link(call, relationship, value)


@breaks("union:{place}", also=("operation:create",))
class TakesNoArray(Fault):
    """{place} takes one ID, and refuses an array."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if relationship.key == self.key and isinstance(value, list):
            raise self.wrong_type(self.place("relationships", relationship.key), "one ID")
        super().check_link_type(relationship, value)


@breaks("union:{place}", also=("operation:create", "optional:{place}"))
class TakesOnlyArrays(Fault):
    """{place} takes an array of IDs, and refuses one ID by itself."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if relationship.key == self.key and isinstance(value, str):
            raise self.wrong_type(self.place("relationships", relationship.key), "an array of IDs")
        super().check_link_type(relationship, value)


@breaks("option:{place}", also=("operation:create",))
class LabelRefused(Fault):
    """{place} does not take an option's label."""

    def find_option(self, field: Field, text: str) -> Option | None:
        by_id = (option for option in field.options if option.id == text)
        return next(by_id, None) if field.key == self.key else super().find_option(field, text)


@breaks("option:{place}", also=("operation:create",))
class OptionIdRefused(Fault):
    """{place} does not take an option's ID."""

    def find_option(self, field: Field, text: str) -> Option | None:
        by_label = (option for option in field.options if option.label == text)
        return next(by_label, None) if field.key == self.key else super().find_option(field, text)


@breaks("option:{place}", also=("echo:{place}",))
class LabelNamesTheNext(Fault):
    """At {place} an option's label names the option after it."""

    def keep_option(self, field: Field, text: Any) -> Any:
        labels = [option.label for option in field.options]
        if field.key == self.key and text in labels:
            return field.options[(labels.index(text) + 1) % len(labels)].id
        return super().keep_option(field, text)


@breaks("unknown-option:{place}")
class UnknownOptionIsFirst(Fault):
    """A value at {place} that is no option stands for the first one."""

    def find_option(self, field: Field, text: str) -> Option | None:
        return super().find_option(field, text) or (field.options[0] if field.key == self.key and text else None)


@breaks("unknown-option:{place}")
class OptionIdUnchecked(Fault):
    """A value at {place} that looks like an option's ID is accepted, whatever it names."""

    def check_options(self, field: Field, value: Any) -> None:
        if field.key != self.key or not str(value).startswith(field.options[0].id.partition("_")[0] + "_"):
            super().check_options(field, value)


@breaks("unknown-option:{place}")
class OptionByPrefix(Fault):
    """A value at {place} names the option whose label begins with it."""

    def find_option(self, field: Field, text: str) -> Option | None:
        begun = (option for option in field.options if field.key == self.key and text and option.label.startswith(text))
        return super().find_option(field, text) or next(begun, None)


@breaks("unknown-option:{place}")
class OptionOfAnotherField(Fault):
    """A value at {place} that is an option of another field is accepted."""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        others = [option for field in call.kind.fields.values() for option in field.options if isinstance(value, str)]
        if key != self.key or all(value not in (option.id, option.label) for option in others):
            super().check_field(call, key, value)


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
            raise Refusal(409, "conflict", "Something is missing.", "parameter_missing", f"relationships.{self.key}")
        super().check_relationship_required(relationship)
