"""The profile of this API: how bodies, answers, definitions and lists are laid out. No other module knows it.

A create's body has two maps: `fields` takes bare values, `relationships` takes IDs. An answer has the same two maps with
each member wrapped. Definitions and pages have members of fixed names. Whoever reads or writes one asks here; of errors,
`error_form`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .places import Role
from .pointer import ABSENT, get_at, join

__all__ = [
    "ACTIVE",
    "CARDINALITY",
    "CREATED_AT",
    "DATA",
    "DESCRIPTION",
    "FIELDS",
    "FIELD_DEFINITIONS",
    "HTTP_LINK",
    "ID",
    "LABEL",
    "LIMIT",
    "LINK_MAP",
    "MULTIPLE_VALUES",
    "OBJECT_TYPE",
    "OFFSET",
    "OPTIONS",
    "PARENT_FIELD",
    "PARENT_ID",
    "READ_ONLY",
    "RELATIONSHIPS",
    "RELATIONSHIP_DEFINITIONS",
    "SCOPES",
    "TOTAL_COUNT",
    "TYPE_CONFIGURATION",
    "UNIQUE",
    "VALUE",
    "VALUES",
    "VALUE_MAP",
    "VALUE_TYPE",
    "AnsweredLinks",
    "AnsweredValue",
    "answered_links",
    "answered_values",
    "creation_time",
    "custom_pointer",
    "filter_query",
    "holds_links",
    "holds_values",
    "key_is_active",
    "key_scopes",
    "page_query",
    "page_records",
    "page_total",
    "read_back",
    "record_id",
    "sent_members",
    "value_pointer",
    "value_types",
    "wrap_links",
    "wrap_value",
]

# A body and a record.
FIELDS: Final = "fields"
RELATIONSHIPS: Final = "relationships"
ID: Final = "id"
CREATED_AT: Final = "createdAt"
HTTP_LINK: Final = "httpLink"
# A member of a record.
VALUE: Final = "value"
VALUE_TYPE: Final = "valueType"
CARDINALITY: Final = "cardinality"
OBJECT_TYPE: Final = "objectType"
VALUES: Final = "values"
# Definitions.
FIELD_DEFINITIONS: Final = "fieldDefinitions"
RELATIONSHIP_DEFINITIONS: Final = "relationshipDefinitions"
LABEL: Final = "label"
DESCRIPTION: Final = "description"
READ_ONLY: Final = "readOnly"
TYPE_CONFIGURATION: Final = "typeConfiguration"
OPTIONS: Final = "options"
MULTIPLE_VALUES: Final = "multipleValues"
UNIQUE: Final = "unique"
PARENT_FIELD: Final = "parentFieldKey"
PARENT_ID: Final = "parentId"
# A page of a list.
DATA: Final = "data"
TOTAL_COUNT: Final = "totalCount"
LIMIT: Final = "limit"
OFFSET: Final = "offset"
# What a key may do.
ACTIVE: Final = "active"
SCOPES: Final = "scopes"

VALUE_MAP: Final = f"/{FIELDS}"
"""The pointer of the map of values, in a request and in a record."""
LINK_MAP: Final = f"/{RELATIONSHIPS}"
"""The pointer of the map of links, in a request and in a record."""


@dataclasses.dataclass(frozen=True)
class AnsweredValue:
    """A value as a record shows it; a member that the record leaves out is ABSENT."""

    pointer: str
    key: str
    value: Any
    value_type: Any


@dataclasses.dataclass(frozen=True)
class AnsweredLinks:
    """A relationship as a record shows it; a member that the record leaves out is ABSENT."""

    pointer: str
    key: str
    ids: Any
    object_type: Any
    cardinality: Any


def custom_pointer(role: Role, key: str) -> str:
    """Return the pointer, in a request, of a key that only the definitions name."""
    return join(LINK_MAP if role is Role.LINK else VALUE_MAP, key)


def holds_links(pointer: str) -> bool:
    """Return whether the pointer is of the map of links, or leads into it."""
    return f"{pointer}/".startswith(f"{LINK_MAP}/")


def holds_values(pointer: str) -> bool:
    """Return whether the pointer is of the map of values, or leads into it."""
    return f"{pointer}/".startswith(f"{VALUE_MAP}/")


def value_types(record_schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the vocabulary of value types, in the order of a record's schema.

    Raises:
        KeyError: the schema lists none.
    """
    entry = record_schema["properties"][FIELDS]["additionalProperties"]
    return tuple(entry["properties"][VALUE_TYPE]["enum"])


def sent_members(body: Any) -> Iterator[tuple[str, Any]]:
    """Yield pointer and bare value of each member that a request sets: values first, then links."""
    for pointer in (VALUE_MAP, LINK_MAP):
        members = get_at(body, pointer, None)
        for key, value in members.items() if isinstance(members, dict) else ():
            yield join(pointer, key), value


def value_pointer(pointer: str) -> str:
    """Return where a record shows the value, or the IDs, that a request sets at the pointer."""
    return join(pointer, VALUES if holds_links(pointer) else VALUE)


def read_back(record: Any, pointer: str) -> Any:
    """Return what a record shows for what a request set at the pointer: a value or IDs; None where it shows nothing.

    ABSENT where the record does not have the form that allows a comparison; that breaks another clause than the echo.
    """
    member, _, key = pointer.removeprefix("/").partition("/")
    entries = get_at(record, f"/{member}", None)
    if not key or not isinstance(entries, dict):
        return ABSENT
    entry = get_at(record, pointer, None)
    if entry is None:
        return None
    if not isinstance(entry, dict):
        return ABSENT
    found = entry.get(VALUES if holds_links(pointer) else VALUE, ABSENT)
    return ABSENT if holds_links(pointer) and not isinstance(found, list) else found


def answered_values(record: Any) -> Iterator[AnsweredValue]:
    """Yield the values that a record shows; what has not the form of one is passed over."""
    for pointer, key, entry in _entries(record, VALUE_MAP):
        yield AnsweredValue(pointer, key, entry.get(VALUE, ABSENT), entry.get(VALUE_TYPE, ABSENT))


def answered_links(record: Any) -> Iterator[AnsweredLinks]:
    """Yield the relationships that a record shows; what has not the form of one is passed over."""
    for pointer, key, entry in _entries(record, LINK_MAP):
        ids, object_type, cardinality = (entry.get(name, ABSENT) for name in (VALUES, OBJECT_TYPE, CARDINALITY))
        yield AnsweredLinks(pointer, key, ids, object_type, cardinality)


def _entries(record: Any, pointer: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    entries = get_at(record, pointer, None)
    for key, entry in entries.items() if isinstance(entries, dict) else ():
        if isinstance(entry, dict):
            yield join(pointer, key), key, entry


def wrap_value(value: Any, value_type: str) -> dict[str, Any]:
    """Return a value in the form that a record shows it in."""
    return {VALUE: value, VALUE_TYPE: value_type}


def wrap_links(ids: Sequence[str], object_type: str, cardinality: str) -> dict[str, Any]:
    """Return a relationship in the form that a record shows it in."""
    return {CARDINALITY: cardinality, OBJECT_TYPE: object_type, VALUES: list(ids)}


def record_id(record: Any) -> str:
    """Return the ID of a record; "" where it shows none."""
    found = record.get(ID) if isinstance(record, dict) else None
    return found if isinstance(found, str) else ""


def creation_time(record: Any) -> str:
    """Return when a record says that it was made, as it says it; "" where it does not."""
    return str(record.get(CREATED_AT, "")) if isinstance(record, dict) else ""


def page_query(limit: int, offset: int | None = None) -> dict[str, Any]:
    """Return the query parameters that ask for one page of a list; without an offset, for its beginning."""
    return {LIMIT: limit} if offset is None else {LIMIT: limit, OFFSET: offset}


def filter_query(key: str, text: str) -> dict[str, str]:
    """Return the query parameter that asks a list for the records whose field has exactly that text."""
    return {f"{key}[equal]": text}


def page_records(page: Any) -> list[Any] | None:
    """Return the records of a page; None if it is not one."""
    found = page.get(DATA) if isinstance(page, dict) else None
    return found if isinstance(found, list) else None


def page_total(page: Any) -> int | None:
    """Return how many records the whole list has; None where the page does not say it."""
    found = page.get(TOTAL_COUNT) if isinstance(page, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def key_scopes(information: Any) -> list[str] | None:
    """Return the scopes that a key holds, none of them for full access; None where the answer does not say it."""
    found = information.get(SCOPES) if isinstance(information, dict) else None
    return found if isinstance(found, list) and all(isinstance(scope, str) for scope in found) else None


def key_is_active(information: Any) -> bool:
    """Return whether the answer says that a key works."""
    return isinstance(information, dict) and information.get(ACTIVE) is True
