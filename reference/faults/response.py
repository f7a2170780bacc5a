"""Faults of the response's shape: a member that is missing, of a wrong type, or not what its schema says."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from ...spec import profile
from ...spec.pointer import segments
from ...spec.profile import LINK_MAP, VALUE_MAP
from ..answers import JsonAnswer
from ..definitions import Field, Relationship
from ..steps import Call
from ..store import Record
from .fault import Fault, breaks

__all__: list[str] = []


def _edit(node: Any, path: list[str], change: Callable[[dict[str, Any], str], None]) -> None:
    """Change the member at the end of a path; `*` stands for every member of an object."""
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
        _edit(answer.body, list(segments(self.subject)), lambda node, key: node.pop(key))
        return answer


class _Body(Fault):
    """Changes the body of the answer to a create."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        answer = super().created(call, record)
        self.change(answer.body)
        return answer

    def change(self, body: dict[str, Any]) -> None:
        """Edit it in place."""
        raise NotImplementedError


@breaks(f"response:/{profile.ID}")
class IdIsNumber(_Body):
    """The ID is a number."""

    def change(self, body: dict[str, Any]) -> None:
        body[profile.ID] = next(self._times)


@breaks(f"response:/{profile.ID}")
class IdIsEmpty(_Body):
    """The ID is an empty string."""

    def change(self, body: dict[str, Any]) -> None:
        body[profile.ID] = ""


@breaks(f"response:/{profile.CREATED_AT}")
class CreatedInSeconds(Fault):
    """The creation time is a number of seconds."""

    def render_time(self, seconds: float) -> Any:
        return seconds


@breaks(f"response:/{profile.CREATED_AT}")
class CreatedOnDay(Fault):
    """The creation time is a date without a time."""

    def render_time(self, seconds: float) -> str:
        return super().render_time(seconds)[:10]


@breaks(f"response:/{profile.CREATED_AT}")
class CreatedInWords(Fault):
    """The creation time is written as HTTP writes dates."""

    def render_time(self, seconds: float) -> str:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


@breaks(f"response:{VALUE_MAP}")
class FieldsAreList(_Body):
    """The fields are an array of objects with a key."""

    def change(self, body: dict[str, Any]) -> None:
        body[profile.FIELDS] = [{"key": key, **entry} for key, entry in body[profile.FIELDS].items()]


@breaks(f"response:{VALUE_MAP}/*/{profile.VALUE}", also=(f"response:{VALUE_MAP}",))
class ValuesAreBare(_Body):
    """The fields are bare values, as they are in a request."""

    def change(self, body: dict[str, Any]) -> None:
        body[profile.FIELDS] = {key: entry[profile.VALUE] for key, entry in body[profile.FIELDS].items()}


@breaks(f"response:{VALUE_MAP}/*/{profile.VALUE}")
class UnsetWithoutValue(Fault):
    """A field that is not set comes without a value."""

    def render_field(self, call: Call, record: Record, field: Field) -> dict[str, Any]:
        entry = super().render_field(call, record, field)
        return {name: part for name, part in entry.items() if name != profile.VALUE or part is not None}


@breaks(f"response:{VALUE_MAP}/*/{profile.VALUE_TYPE}")
class ValueTypeLowered(Fault):
    """Value types are written in lower case."""

    def render_value_type(self, field: Field) -> str:
        return super().render_value_type(field).lower()


@breaks(f"response:{VALUE_MAP}/*/{profile.VALUE_TYPE}")
class ValueTypeUnlisted(Fault):
    """The value type of a number is called INTEGER."""

    def render_value_type(self, field: Field) -> str:
        return "INTEGER" if field.value_type == "NUMBER" else super().render_value_type(field)


@breaks(f"response:/{profile.HTTP_LINK}")
class LinkIsRelative(Fault):
    """The link to the record is a path without a host."""

    def render_link(self, record: Record) -> str:
        return f"/{record.object_type}/{record.id}"


@breaks(f"response:/{profile.HTTP_LINK}")
class LinkIsEmpty(Fault):
    """The link to the record is an empty string."""

    def render_link(self, record: Record) -> str:  # noqa: ARG002 - there is none
        return ""


@breaks(f"response:{LINK_MAP}")
class RelationshipsAreNull(_Body):
    """The relationships are null where no optional one is set."""

    def change(self, body: dict[str, Any]) -> None:
        if sum(bool(entry[profile.VALUES]) for entry in body[profile.RELATIONSHIPS].values()) <= 1:
            body[profile.RELATIONSHIPS] = None


@breaks(f"response:{LINK_MAP}/*/{profile.CARDINALITY}")
class CardinalityInWords(Fault):
    """Cardinalities are called one and many."""

    def render_cardinality(self, relationship: Relationship) -> str:
        return relationship.cardinality.removeprefix("has_")


@breaks(f"response:{LINK_MAP}/*/{profile.OBJECT_TYPE}")
class ObjectTypeUnknown(Fault):
    """The object type of a relationship that holds several is null."""

    def render_object_type(self, relationship: Relationship) -> Any:
        return None if relationship.cardinality == "has_many" else relationship.object_type


class _Ids(Fault):
    """Shows the IDs of a relationship in another form."""

    def render_relationship(self, record: Record, relationship: Relationship) -> dict[str, Any]:
        entry = super().render_relationship(record, relationship)
        return {**entry, profile.VALUES: self.change(relationship, entry[profile.VALUES])}

    def change(self, relationship: Relationship, ids: list[str]) -> Any:
        """Return what is shown instead."""
        raise NotImplementedError


@breaks(f"response:{LINK_MAP}/*/{profile.VALUES}")
class OneIsBare(_Ids):
    """The values of a relationship that holds one are the ID alone, not an array."""

    def change(self, relationship: Relationship, ids: list[str]) -> Any:
        return ids[0] if ids and relationship.cardinality == "has_one" else ids


@breaks(f"response:{LINK_MAP}/*/{profile.VALUES}")
class LinksAreObjects(_Ids):
    """The values of a relationship are objects with an ID."""

    def change(self, relationship: Relationship, ids: list[str]) -> Any:  # noqa: ARG002 - of any relationship
        return [{profile.ID: each} for each in ids]


@breaks(f"response:{LINK_MAP}/*/{profile.VALUES}")
class NoLinksIsNull(_Ids):
    """The values of a relationship without links are null."""

    def change(self, relationship: Relationship, ids: list[str]) -> Any:  # noqa: ARG002 - of any relationship
        return ids or None
