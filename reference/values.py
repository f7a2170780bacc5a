"""Whether a JSON value can be what a value type promises; `true` is never a number."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["FITS", "instant"]

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_FULL_NAME_PARTS = {"firstName", "lastName"}
_ADDRESS_TEXTS = {"street", "street2", "city", "state", "postalCode"}
_ADDRESS_DEGREES = {"latitude": 90, "longitude": 180}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_checkbox(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
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
    return isinstance(value, str) and instant(value) is not None


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


def instant(text: str) -> datetime.datetime | None:
    """The moment that an ISO 8601 date and time names, in UTC if it names no offset; None if it is not one."""
    if _DATE_TIME.fullmatch(text) is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


# Whatever is not listed is a string in the documentation: TEXT, MARKDOWN, SOCIAL_HANDLE, SINGLE_SELECT.
FITS: Mapping[str, Callable[[Any], bool]] = {
    "ADDRESS": _is_address,
    "CHECKBOX": _is_checkbox,
    "CURRENCY": _is_number,
    "DATETIME": _is_date_time,
    "EMAIL": _is_one_or_more,
    "FULL_NAME": _is_full_name,
    "MULTI_SELECT": _is_texts,
    "NUMBER": _is_number,
    "TELEPHONE": _is_one_or_more,
    "TEXT": _is_text,
    "URL": _is_one_or_more,
}
