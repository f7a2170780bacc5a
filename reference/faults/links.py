"""Faults of what a body names: unknown fields and relationships, and links that lead where they must not."""

from __future__ import annotations

from typing import Any

from ..answers import Refusal
from ..definitions import Relationship
from ..steps import Call
from ..store import Record
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("unknown:field")
class UnknownFieldIgnored(Fault):
    """A field that no definition lists is ignored."""

    def check_unknown_field(self, call: Call, key: str) -> None: ...


@breaks("unknown:field")
class UnknownSystemFieldIgnored(Fault):
    """A field that no definition lists is ignored when it is spelled like a system field."""

    def check_unknown_field(self, call: Call, key: str) -> None:
        if not key.startswith("$"):
            super().check_unknown_field(call, key)


@breaks("unknown:field")
class UnknownCustomFieldIgnored(Fault):
    """A field that no definition lists is ignored when it is spelled like a custom one."""

    def check_unknown_field(self, call: Call, key: str) -> None:
        if key.startswith("$"):
            super().check_unknown_field(call, key)


@breaks("unknown:field", source="accordproject/concerto#1273")
class UnknownFieldNullIgnored(Fault):
    """A field that no definition lists is ignored when it is null."""

    def check_unknown_field(self, call: Call, key: str) -> None:
        if call.sent_values[key] is not None:
            super().check_unknown_field(call, key)


@breaks("unknown:field")
class UnknownFieldEmptyIgnored(Fault):
    """A field that no definition lists is ignored when it holds an empty array."""

    def check_unknown_field(self, call: Call, key: str) -> None:
        if call.sent_values[key] != []:
            super().check_unknown_field(call, key)


@breaks("unknown:field")
class KnownFieldInOtherLettersIgnored(Fault):
    """A field that no definition lists is ignored when one has its name in other letters."""

    def check_unknown_field(self, call: Call, key: str) -> None:
        if key.casefold() not in {field.casefold() for field in call.resource.fields}:
            super().check_unknown_field(call, key)


@breaks("unknown:relationship")
class InheritedNamesKnown(Fault):
    """A relationship that is called like what each object of a language has is ignored."""

    def check_unknown_relationship(self, call: Call, key: str) -> None:
        if key not in ("constructor", "toString", "valueOf"):
            super().check_unknown_relationship(call, key)


@breaks("unknown:relationship")
class UnknownRelationshipIgnored(Fault):
    """A relationship that no definition lists is ignored."""

    def check_unknown_relationship(self, call: Call, key: str) -> None: ...


@breaks("unknown:relationship")
class UnknownSystemRelationshipIgnored(Fault):
    """A relationship that no definition lists is ignored when it is spelled like a system one."""

    def check_unknown_relationship(self, call: Call, key: str) -> None:
        if not key.startswith("$"):
            super().check_unknown_relationship(call, key)


@breaks("unknown:relationship")
class UnknownEmptyRelationshipIgnored(Fault):
    """A relationship that no definition lists is ignored where nothing is linked."""

    def check_unknown_relationship(self, call: Call, key: str) -> None:
        if call.sent_links[key]:
            super().check_unknown_relationship(call, key)


@breaks("unknown:member")
class UnknownMemberIgnored(Fault):
    """A top-level member that is not documented is ignored."""

    def check_members(self, call: Call) -> None: ...


@breaks("link:unknown")
class LinksToNothing(Fault):
    """An ID that names nothing is accepted."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if self.store.find_anywhere(record_id) is not None:
            super().check_unknown_target(call, relationship, record_id)


@breaks("link:unknown")
class OptionalLinksToNothing(Fault):
    """An ID that names nothing is accepted in relationships that are not required."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if relationship.required or self.store.find_anywhere(record_id) is not None:
            super().check_unknown_target(call, relationship, record_id)


@breaks("link:unknown")
class OnlyFirstLinkChecked(Fault):
    """Of an array of IDs only the first is looked up."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        super().check_link(call, relationship, value[:1] if isinstance(value, list) and len(value) > 1 else value)


@breaks("link:unknown")
class ArraysOfNothing(Fault):
    """An ID that names nothing is accepted when it stands in an array."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        known = [item for item in value if self.store.find_anywhere(item)] if isinstance(value, list) else []
        if known or not isinstance(value, list) or not value:
            super().check_link(call, relationship, value)


@breaks("link:unknown")
class UnknownLinkDropped(Fault):
    """An ID that names nothing is left out without a word."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if self.store.find_anywhere(record_id) is not None:
            super().check_unknown_target(call, relationship, record_id)

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        kept = super().keep_links(call)
        return {key: tuple(each for each in ids if self.find_target(call, each)) for key, ids in kept.items()}


@breaks("link:other-type")
class LinksToAnyType(Fault):
    """The ID of an object of another type is accepted."""

    def check_other_type(self, relationship: Relationship, target: Record) -> None: ...


@breaks("link:other-type")
class OptionalLinksToAnyType(Fault):
    """The ID of an object of another type is accepted in relationships that are not required."""

    def check_other_type(self, relationship: Relationship, target: Record) -> None:
        if relationship.required:
            super().check_other_type(relationship, target)


@breaks("link:other-type")
class LinksToMembers(Fault):
    """The ID of a member is accepted, whatever the relationship links to."""

    def check_other_type(self, relationship: Relationship, target: Record) -> None:
        if target.object_type != "member":
            super().check_other_type(relationship, target)


@breaks("link:other-organization")
class LinksAcrossOrganizations(Fault):
    """The ID of another organization's object is accepted."""

    def find_target(self, call: Call, record_id: str) -> Record | None:  # noqa: ARG002 - that is the fault
        return self.store.find_anywhere(record_id)


@breaks("link:other-organization")
class OptionalLinksAcrossOrganizations(Fault):
    """The ID of another organization's object is accepted in relationships that are not required."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if relationship.required or self.store.find_anywhere(record_id) is None:
            super().check_unknown_target(call, relationship, record_id)


@breaks("link:other-organization")
class ArraysAcrossOrganizations(Fault):
    """The ID of another organization's object is accepted when it stands in an array."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        unowned = value and isinstance(value, list) and all(self.store.find_anywhere(item) for item in value)
        if not unowned or any(self.find_target(call, item) for item in value):
            super().check_link(call, relationship, value)


@breaks("link:other-organization")
class NamesOtherOrganizationsObject(Fault):
    """The refusal of another organization's ID shows what it names."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        target = self.store.find_anywhere(record_id)
        if target is not None:
            named = ", ".join(value for value in target.fields.values() if isinstance(value, str))
            message = f"You may not link to {named}."
            raise Refusal.bad_request("referenced_resource_missing", message, relationship.pointer)
        super().check_unknown_target(call, relationship, record_id)


@breaks("link:custom")
class CustomLinkRefused(Fault):
    """A custom relationship cannot be set."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        if not relationship.key.startswith("$"):
            self.check_unknown_relationship(call, relationship.key)
        super().check_link(call, relationship, value)


@breaks("link:custom")
class CustomLinkDropped(Fault):
    """A custom relationship is accepted and not set."""

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        return {key: ids for key, ids in super().keep_links(call).items() if key.startswith("$")}


@breaks("link:custom")
class CustomLinkTakesNoArray(Fault):
    """A custom relationship takes one ID, and refuses an array."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if not relationship.key.startswith("$") and isinstance(value, list):
            raise self.wrong_type(relationship.pointer, "one ID")
        super().check_link_type(relationship, value)


@breaks("link:once")
class LinksTwice(Fault):
    """An ID that is given twice makes two links."""

    def link_ids(self, value: Any) -> tuple[str, ...]:
        return tuple(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str))

    def check_link_count(self, relationship: Relationship, ids: tuple[str, ...]) -> None:
        super().check_link_count(relationship, tuple(dict.fromkeys(ids)))


@breaks("link:other-type")
class OtherTypeInArray(Fault):
    """An ID of another type of object is accepted in an array."""

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        in_array = isinstance(call.sent_links.get(relationship.key), list)
        if not in_array or self.find_target(call, record_id) is None:
            super().check_target(call, relationship, record_id)


@breaks("link:other-type")
class OtherTypeBehindFirst(Fault):
    """Of several IDs, only the type of the first is looked at."""

    def check_other_type(self, relationship: Relationship, target: Record) -> None:
        if self.first == target.id:
            super().check_other_type(relationship, target)

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        self.first = value[0] if isinstance(value, list) and value else value
        super().check_link(call, relationship, value)


@breaks("link:other-organization")
class OtherOrganizationBehindFirst(Fault):
    """Of several IDs, only the first is looked for in the caller's organization alone."""

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        sent = call.sent_links.get(relationship.key)
        first = not isinstance(sent, list) or sent[0] == record_id
        if first or self.store.find_anywhere(record_id) is None:
            super().check_target(call, relationship, record_id)
