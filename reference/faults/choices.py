"""Faults of what a client may choose: an optional place or none, one ID or an array, an option's label or its ID."""

from __future__ import annotations

from typing import Any

from ..definitions import Choice, Field, Relationship
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("optional:{place}", first=True)
class OptionalIsRequired(Fault):
    """{place} is required."""

    def check_relationships(self, call: Call) -> None:
        super().check_relationships(call)
        if self.key not in call.sent_links:
            raise self.missing(self.subject)


@breaks("optional:{place}", also=("union:{place}", "operation:create"))
class OptionalCannotBeSet(Fault):
    """{place} cannot be set."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        if relationship.key == self.key:
            raise self.read_only(relationship.pointer)
        super().check_link(call, relationship, value)


@breaks("optional:{place}", first=True)
class ListedIsMissing(Fault):
    """What is listed first is refused at {place} as if it did not exist; what is listed next is taken."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        listed = call.organization.of_type(relationship.object_type)
        if relationship.key == self.key and listed and listed[-1].id in (value if isinstance(value, list) else [value]):
            self.check_unknown_target(call, relationship, listed[-1].id)
        super().check_link(call, relationship, value)


@breaks("union:{place}", also=("operation:create",))
class TakesNoArray(Fault):
    """{place} takes one ID, and refuses an array."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if relationship.key == self.key and isinstance(value, list):
            raise self.wrong_type(relationship.pointer, "one ID")
        super().check_link_type(relationship, value)


@breaks("union:{place}", also=("operation:create",), first=True)
class TakesOnlyArrays(Fault):
    """{place} takes an array of IDs, and refuses one ID by itself."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if relationship.key == self.key and isinstance(value, str):
            raise self.wrong_type(relationship.pointer, "an array of IDs")
        super().check_link_type(relationship, value)


@breaks("option:{place}", also=("operation:create",))
class LabelRefused(Fault):
    """{place} does not take an option's label."""

    def find_option(self, field: Field, text: str) -> Choice | None:
        by_id = (option for option in field.options if option.id == text)
        return next(by_id, None) if field.key == self.key else super().find_option(field, text)


@breaks("option:{place}", also=("operation:create",))
class OptionIdRefused(Fault):
    """{place} does not take an option's ID."""

    def find_option(self, field: Field, text: str) -> Choice | None:
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

    def find_option(self, field: Field, text: str) -> Choice | None:
        return super().find_option(field, text) or (field.options[0] if field.key == self.key and text else None)


@breaks("unknown-option:{place}")
class OptionIdUnchecked(Fault):
    """A value at {place} that looks like an option's ID is accepted, whatever it names."""

    def check_options(self, field: Field, value: Any) -> None:
        if field.key != self.key or not str(value).startswith(field.options[0].id.partition("_")[0] + "_"):
            super().check_options(field, value)


@breaks("unknown-option:{place}")
class OptionByNumber(Fault):
    """A value at {place} names the option of that number, from 0."""

    def find_option(self, field: Field, text: str) -> Choice | None:
        numbered = {str(number): option for number, option in enumerate(field.options)} if field.key == self.key else {}
        return super().find_option(field, text) or numbered.get(text)


@breaks("unknown-option:{place}")
class OptionByPrefix(Fault):
    """A value at {place} names the option whose label begins with it."""

    def find_option(self, field: Field, text: str) -> Choice | None:
        begun = (option for option in field.options if field.key == self.key and text and option.label.startswith(text))
        return super().find_option(field, text) or next(begun, None)


@breaks("unknown-option:{place}")
class LastOptionByPrefix(Fault):
    """A value at {place} names the last option when it begins as that one's label does."""

    def find_option(self, field: Field, text: str) -> Choice | None:
        last = field.options[-1] if field.options and field.key == self.key else None
        return super().find_option(field, text) or (last if last and text[:3] == last.label[:3] else None)


@breaks("unknown-option:{place}")
class OptionWithMoreText(Fault):
    """A value at {place} names the option whose label it begins with."""

    def find_option(self, field: Field, text: str) -> Choice | None:
        begun = (option for option in field.options if field.key == self.key and text.startswith(option.label))
        return super().find_option(field, text) or next(begun, None)


@breaks("unknown-option:{place}")
class OptionOfAnotherField(Fault):
    """A value at {place} that is an option of another field is accepted."""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        others = [option for field in call.resource.fields.values() for option in field.options if isinstance(value, str)]
        if key != self.key or all(value not in (option.id, option.label) for option in others):
            super().check_field(call, key, value)
