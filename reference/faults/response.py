"""Faults of the response's shape: a member that is missing, of a wrong type, or not what its schema says."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from ..answers import JsonAnswer
from ..definitions import Field, Relationship
from ..steps import Call
from ..store import Record
from .fault import Fault, breaks

__all__: list[str] = []


def _edit(node: Any, path: list[str], change: Callable[[dict[str, Any], str], None]) -> None:
    """Changes the member at the end of a path; `*` stands for every member of an object."""
    for key in list(node) if path[0] == "*" else path[:1]:
        if len(path) > 1:
            _edit(node[key], path[1:], change)
        else:
            change(node, key)


@breaks("response:{place}")
class MemberMissing(Fault):
    """The answer to a create has no {place}."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        answer = super().created(call, record)
        _edit(answer.body, self.subject.split("/")[1:], lambda node, key: node.pop(key))
        return answer


class _Body(Fault):
    """Changes the body of the answer to a create."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        answer = super().created(call, record)
        self.change(answer.body)
        return answer

    def change(self, body: dict[str, Any]) -> None:
        """Edits it in place."""
        raise NotImplementedError


@breaks("response:/id")
class IdIsNumber(_Body):
    """The ID is a number."""

    def change(self, body: dict[str, Any]) -> None:
        body["id"] = next(self._times)


@breaks("response:/id")
class IdIsEmpty(_Body):
    """The ID is an empty string."""

    def change(self, body: dict[str, Any]) -> None:
        body["id"] = ""


@breaks("response:/createdAt")
class CreatedInSeconds(Fault):
    """The creation time is a number of seconds."""

    def render_time(self, seconds: float) -> Any:
        return seconds


@breaks("response:/createdAt")
class CreatedOnDay(Fault):
    """The creation time is a date without a time."""

    def render_time(self, seconds: float) -> str:
        return super().render_time(seconds)[:10]


@breaks("response:/createdAt")
class CreatedInWords(Fault):
    """The creation time is written as HTTP writes dates."""

    def render_time(self, seconds: float) -> str:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


@breaks("response:/fields")
class FieldsAreList(_Body):
    """The fields are an array of objects with a key."""

    def change(self, body: dict[str, Any]) -> None:
        body["fields"] = [{"key": key, **entry} for key, entry in body["fields"].items()]


@breaks("response:/fields/*/value", also=("response:/fields",))
class ValuesAreBare(_Body):
    """The fields are bare values, as they are in a request."""

    def change(self, body: dict[str, Any]) -> None:
        body["fields"] = {key: entry["value"] for key, entry in body["fields"].items()}


@breaks("response:/fields/*/value")
class UnsetWithoutValue(Fault):
    """A field that is not set comes without a value."""

    def render_field(self, call: Call, record: Record, field: Field) -> dict[str, Any]:
        entry = super().render_field(call, record, field)
        return entry if entry["value"] is not None else {"valueType": entry["valueType"]}


@breaks("response:/fields/*/valueType")
class ValueTypeLowered(Fault):
    """Value types are written in lower case."""

    def render_value_type(self, field: Field) -> str:
        return super().render_value_type(field).lower()


@breaks("response:/fields/*/valueType")
class ValueTypeUnlisted(Fault):
    """The value type of a number is called INTEGER."""

    def render_value_type(self, field: Field) -> str:
        return "INTEGER" if field.value_type == "NUMBER" else super().render_value_type(field)


@breaks("response:/httpLink")
class LinkIsRelative(Fault):
    """The link to the record is a path without a host."""

    def render_link(self, record: Record) -> str:
        return f"/{record.object_type}/{record.id}"


@breaks("response:/httpLink")
class LinkIsEmpty(Fault):
    """The link to the record is an empty string."""

    def render_link(self, record: Record) -> str:  # noqa: ARG002 - there is none
        return ""


@breaks("response:/relationships")
class RelationshipsAreNull(_Body):
    """The relationships are null where no optional one is set."""

    def change(self, body: dict[str, Any]) -> None:
        if sum(bool(entry["values"]) for entry in body["relationships"].values()) <= 1:
            body["relationships"] = None


@breaks("response:/relationships/*/cardinality")
class CardinalityInWords(Fault):
    """Cardinalities are called one and many."""

    def render_cardinality(self, relationship: Relationship) -> str:
        return relationship.cardinality.removeprefix("has_")


@breaks("response:/relationships/*/objectType")
class ObjectTypeUnknown(Fault):
    """The object type of a relationship that holds several is null."""

    def render_object_type(self, relationship: Relationship) -> Any:
        return None if relationship.cardinality == "has_many" else relationship.object_type


@breaks("response:/relationships/*/values")
class OneIsBare(Fault):
    """The values of a relationship that holds one are the ID alone, not an array."""

    def render_links(self, record: Record, relationship: Relationship) -> Any:
        ids = super().render_links(record, relationship)
        return ids[0] if ids and relationship.cardinality == "has_one" else ids


@breaks("response:/relationships/*/values")
class LinksAreObjects(Fault):
    """The values of a relationship are objects with an ID."""

    def render_links(self, record: Record, relationship: Relationship) -> Any:
        return [{"id": each} for each in super().render_links(record, relationship)]


@breaks("response:/relationships/*/values")
class NoLinksIsNull(Fault):
    """The values of a relationship without links are null."""

    def render_links(self, record: Record, relationship: Relationship) -> Any:
        return super().render_links(record, relationship) or None
