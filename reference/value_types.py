"""The value types: how a value of each is checked, stored and shown. A new one is an entry in `VALUE_TYPES`."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["VALUE_TYPES", "Select", "ValueCodec", "codec_of"]

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_FULL_NAME_PARTS = {"firstName", "lastName"}
_ADDRESS_TEXTS = {"street", "street2", "city", "state", "postalCode"}
_ADDRESS_DEGREES = {"latitude": 90, "longitude": 180}


class Select(enum.Enum):
    """How many options a value names."""

    ONE = enum.auto()
    SEVERAL = enum.auto()


def _unchanged(value: Any) -> Any:
    return value


def _unset(_: str) -> Any:
    return None


@dataclasses.dataclass(frozen=True)
class ValueCodec:
    """What the server does with values of one type; null is handled before any of it.

    Attributes:
        accepts: whether a JSON value is of the type.
        store: the form in which a value is kept; it takes any JSON value, for a fault may keep what should be refused.
        render: the form in which a read shows what is kept.
        select: for types whose values are options of their field, how many; the options themselves are the field's.
        sample: of a record's name, the value that a sample record has; None leaves it unset.
        configuration: what definitions say about fields of the type.
        json_types: the JSON types of fields for which a fragment names no value type and which are taken for this one.
    """

    accepts: Callable[[Any], bool]
    store: Callable[[Any], Any] = _unchanged
    render: Callable[[Any], Any] = _unchanged
    select: Select | None = None
    sample: Callable[[str], Any] = _unset
    configuration: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    json_types: tuple[str, ...] = ()


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_checkbox(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    """Return whether it is a number of double precision; `true` is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond double precision's range
        return False


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_one_or_more(value: Any) -> bool:
    return isinstance(value, str) or _is_texts(value)


def _is_date_time(value: Any) -> bool:
    return isinstance(value, str) and _instant(value) is not None


def _is_full_name(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= _FULL_NAME_PARTS
        and all(part is None or isinstance(part, str) for part in value.values())
    )


def _is_address(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(part is None or _is_part(name, part) for name, part in value.items())
        and (value.keys() <= {*_ADDRESS_TEXTS, *_ADDRESS_DEGREES, "country"})
    )


def _is_part(name: str, part: Any) -> bool:
    if name in _ADDRESS_DEGREES:
        return _is_number(part) and abs(part) <= _ADDRESS_DEGREES[name]
    return isinstance(part, str) and (name != "country" or _COUNTRY.fullmatch(part) is not None)


def _instant(text: str) -> datetime.datetime | None:
    """Return the moment that an ISO 8601 date and time names, in UTC if it names no offset; None if it is not one."""
    if _DATE_TIME.fullmatch(text) is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _with_offset(value: Any) -> Any:
    """Return a date and time as sent, with the offset that it was taken to have."""
    if not _is_date_time(value) or value[-1] in "Zz" or value[-6] in "+-":
        return value
    return f"{value}Z"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _full_name(name: str) -> dict[str, str]:
    first, _, last = name.partition(" ")
    return {"firstName": first, "lastName": last}


def _emails(name: str) -> list[str]:
    local = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    return [f"{local}@lightfield.example"]


_OTHER = ValueCodec(_is_text)
_SEVERAL_VALUES = {"multipleValues": True}

VALUE_TYPES: Mapping[str, ValueCodec] = {
    "ADDRESS": ValueCodec(_is_address),
    "CHECKBOX": ValueCodec(_is_checkbox, sample=lambda _: False, json_types=("boolean",)),
    "CURRENCY": ValueCodec(_is_number, sample=lambda _: 1, configuration={"currency": "USD"}),
    "DATETIME": ValueCodec(_is_date_time, store=_with_offset, sample=lambda _: "2026-03-01T09:00:00Z"),
    "EMAIL": ValueCodec(_is_one_or_more, sample=_emails, configuration=_SEVERAL_VALUES),
    "FULL_NAME": ValueCodec(_is_full_name, sample=_full_name),
    "MARKDOWN": _OTHER,
    "MULTI_SELECT": ValueCodec(_is_texts, select=Select.SEVERAL),
    "NUMBER": ValueCodec(_is_number, sample=lambda _: 1, json_types=("integer", "number")),
    "SINGLE_SELECT": ValueCodec(_is_text, select=Select.ONE),
    "SOCIAL_HANDLE": ValueCodec(_is_text, configuration={"handleService": "TWITTER"}),
    "TELEPHONE": ValueCodec(_is_one_or_more, store=_as_list, configuration=_SEVERAL_VALUES),
    "TEXT": ValueCodec(_is_text, sample=_unchanged),
    "URL": ValueCodec(_is_one_or_more, configuration=_SEVERAL_VALUES),
}
"""By name."""


def codec_of(name: str) -> ValueCodec:
    """Return what the server does with values of the type of that name; a text's where it knows no such type."""
    return VALUE_TYPES.get(name, _OTHER)
