"""Which values a field takes, and what it keeps of them: one function for each value type."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from .organization import Field, Manners
from .refusal import Refused

__all__ = ["keep_value"]

_SAFE = 2**53 - 1
_ADDRESS = ("street", "street2", "city", "state", "postalCode", "country", "latitude", "longitude")
_HOSTS = {
    "LINKEDIN": "linkedin.com",
    "TWITTER": "x.com twitter.com",
    "FACEBOOK": "facebook.com",
    "INSTAGRAM": "instagram.com",
}
_PATTERNS = {
    ("EMAIL", "strict"): r"[a-z0-9]+([.-][a-z0-9]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+",
    ("EMAIL", "usual"): r"[^@\s]+@[^@\s]+",
    ("URL", "strict"): r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/[!-~]*)?",
    ("URL", "usual"): r"https?://\S+",
    ("TELEPHONE", "strict"): r"\+[1-9][0-9]{6,14}",
    ("TELEPHONE", "usual"): r"\+?[0-9 ().-]{3,}",
}


def keep_value(field: Field, value: Any, manners: Manners, place: str) -> Any:
    """Return what a field without options keeps of a value, None for null.

    Raises:
        Refused: the value is of another JSON type (400), or of a form that the organization does not take (422).
    """
    return None if value is None else _KEEP[field.type](field, value, manners, place)


def check_text(text: str, manners: Manners, place: str, *, blank: bool = True) -> str:
    """Return the text, unless the organization refuses its characters, or that it is blank."""
    if manners.texts == "clean" and any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise Refused(400, "invalid_text", "control characters are not taken", place)
    if blank and not manners.blank and not text.strip():
        raise Refused(422, "blank_text", "a text may not be blank", place)
    return text


def _wrong_type(place: str, wanted: str) -> Refused:
    return Refused(400, "invalid_type", f"expected {wanted}", place)


def _text(_: Field, value: Any, manners: Manners, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(place, "a string")
    return check_text(value, manners, place)


def _checkbox(_: Field, value: Any, __: Manners, place: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong_type(place, "a boolean")
    return value


def _number(_: Field, value: Any, manners: Manners, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type(place, "a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(400, "invalid_number", "the number is too large", place)
    if manners.forms == "strict" and (abs(value) > _SAFE or round(value, 2) != value):
        raise Refused(422, "invalid_number", "two decimals at most, within the safe integers", place)
    return value


def _datetime(_: Field, value: Any, manners: Manners, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(place, "a string")
    exact = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", value)
    try:
        moment = datetime.datetime.fromisoformat(value)
        if moment.tzinfo is not None and (exact or manners.forms != "strict"):
            return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except OverflowError:
        return value
    except ValueError:
        pass
    if manners.forms == "open":
        return check_text(value, manners, place)
    raise Refused(422, "invalid_datetime", "expected date and time with an offset", place)


def _spelled(field: Field, value: Any, manners: Manners, place: str) -> list[str] | str:
    """Keep an e-mail address, URL or telephone number, or a list of such."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in values):
        raise _wrong_type(place, "a string or an array of strings")
    if len(values) > 1 and not field.multiple and field.type != "TELEPHONE":
        raise Refused(422, "too_many_values", "the field holds one value", place)
    pattern = _PATTERNS.get((field.type, manners.forms))
    for item in values:
        if pattern and not re.fullmatch(pattern, item):
            raise Refused(422, "invalid_value", f"not a {field.type.lower()} in a form that is taken", place)
        check_text(item, manners, place)
    if field.type == "EMAIL":
        values = [item.lower() for item in values]
    return values if field.multiple or field.type == "TELEPHONE" or not values else str(values[0])


def _handle(field: Field, value: Any, manners: Manners, place: str) -> str:
    text = _text(field, value, manners, place)
    if field.service and not is_profile(text, field.service):
        raise Refused(422, "invalid_handle", f"expected the URL of a {field.service.lower()} profile", place)
    return text


def is_profile(text: str, service: str) -> bool:
    """Tell whether a text is the https URL of a profile at a service."""
    try:
        parts = urllib.parse.urlsplit(text)
    except ValueError:
        return False
    words = [word for word in parts.path.split("/") if word]
    at_service = (parts.hostname or "").removeprefix("www.") in _HOSTS[service].split()
    if service == "LINKEDIN":
        at_service = at_service and words[:1] in (["in"], ["company"])
        words = words[1:]
    return parts.scheme == "https" and at_service and len(words) == 1 and bool(re.fullmatch(r"[\w.-]+", words[0], re.ASCII))


def _address(_: Field, value: Any, manners: Manners, place: str) -> dict[str, Any]:
    parts = _parts(value, _ADDRESS, manners, place)
    for name, part in parts.items():
        numeric = name in ("latitude", "longitude")
        fits = isinstance(part, int | float) and not isinstance(part, bool) if numeric else isinstance(part, str)
        if part is not None and not fits:
            raise _wrong_type(f"{place}.{name}", "a number" if numeric else "a string")
        if isinstance(part, float) and not math.isfinite(part):
            raise Refused(400, "invalid_number", "the number is too large", f"{place}.{name}")
    country = parts.get("country")
    if country and manners.forms == "strict" and not re.fullmatch("[A-Z]{2}", country):
        raise Refused(422, "invalid_country", "expected two letters", f"{place}.country")
    return parts


def _full_name(_: Field, value: Any, manners: Manners, place: str) -> dict[str, Any]:
    parts = _parts(value, ("firstName", "lastName"), manners, place)
    for name, part in parts.items():
        if part is not None and not isinstance(part, str):
            raise _wrong_type(f"{place}.{name}", "a string")
    return parts


def _parts(value: Any, known: tuple[str, ...], manners: Manners, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong_type(place, "an object")
    unknown = [name for name in value if name not in known]
    if unknown and manners.forms != "open":
        raise Refused(400, "unknown_part", "the object has a part that is not known", place)
    for part in value.values():
        if isinstance(part, str):
            check_text(part, manners, place, blank=False)
    return {name: value.get(name) for name in known}


_KEEP: Mapping[str, Callable[[Field, Any, Manners, str], Any]] = {
    "TEXT": _text,
    "MARKDOWN": _text,
    "CHECKBOX": _checkbox,
    "NUMBER": _number,
    "CURRENCY": _number,
    "DATETIME": _datetime,
    "EMAIL": _spelled,
    "URL": _spelled,
    "TELEPHONE": _spelled,
    "SOCIAL_HANDLE": _handle,
    "ADDRESS": _address,
    "FULL_NAME": _full_name,
}
