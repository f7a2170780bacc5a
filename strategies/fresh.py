"""Fresh values for places that definitions call unique: like a given value, and held by no other record."""

from __future__ import annotations

import datetime
import hashlib
import re
from typing import Any, Final

__all__ = [
    "fresh_address",
    "fresh_date",
    "fresh_email",
    "fresh_handle",
    "fresh_name",
    "fresh_number",
    "fresh_telephone",
    "fresh_text",
    "fresh_url",
]

_LONG: Final = 100
_SAFE: Final = 2**53 - 1
_MOMENT: Final = re.compile(r"(19[7-9]|20\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)")
_SCHEME_AND_HOST: Final = re.compile(r"https?://[^/?#]+")


def fresh_text(value: Any, token: str) -> Any:
    """Return a text with the token in it; white space at the ends and a length of 100 characters or more are kept."""
    rest = value.lstrip() if isinstance(value, str) else ""
    if not rest:
        return value
    head = value[: len(value) - len(rest)]
    return f"{head}{token} {rest[len(token) + 1 :] if len(value) >= _LONG else rest}"


def fresh_email(value: Any, token: str) -> Any:
    """Return addresses of the same domains."""
    return _each(value, lambda text: re.sub("@", f".{_word(token)}@", text, count=1))


def fresh_url(value: Any, token: str) -> Any:
    """Return addresses on the same hosts, with one more segment first."""
    return _each(value, lambda text: _SCHEME_AND_HOST.sub(rf"\g<0>/{_word(token)}", text, count=1))


def fresh_telephone(value: Any, token: str) -> Any:
    """Return numbers of New Jersey in place of those that are a plus sign and digits."""
    if not isinstance(value, list):
        return value
    numbers = [f"+1201{_number(f'{token} {at}', 8 * 10**6) + 2 * 10**6}" for at in range(len(value))]
    plain = [isinstance(text, str) and re.fullmatch(r"\+\d+", text) for text in value]
    return [number if is_plain else text for number, is_plain, text in zip(numbers, plain, value, strict=True)]


def fresh_handle(value: Any, token: str) -> Any:
    """Return a longer handle, or the URL of a profile with one."""
    return _each(value, lambda text: f"{text}{_word(token)}" if text.strip() else text)


def fresh_number(value: Any, token: str) -> Any:
    """Return a number with the same sign and the same decimals, within the safe integers."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _SAFE:
        return value
    whole = _number(token, 10**9)
    decimals = 0 if isinstance(value, int) else round(abs(value) % 1, 2)
    return -(whole + decimals) if value < 0 else whole + decimals


def fresh_date(value: Any, token: str) -> Any:
    """Return an earlier moment, in the same form; what is not the strict form of contract 11 stays."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return value
    try:
        moment = datetime.datetime.fromisoformat(value) - datetime.timedelta(seconds=_number(token, 10**9))
    except ValueError:
        return value
    text = moment.isoformat(timespec="milliseconds" if "." in value else "seconds")
    return text.replace("+00:00", "Z") if value.endswith("Z") else text


def fresh_address(value: Any, token: str) -> Any:
    """Return an address in another street."""
    street = value.get("street") if isinstance(value, dict) else None
    return {**value, "street": fresh_text(street or "Street", token)} if isinstance(value, dict) else value


def fresh_name(value: Any, token: str) -> Any:
    """Return a name with another last name."""
    last = value.get("lastName") if isinstance(value, dict) else None
    return {**value, "lastName": fresh_text(last or "Sample", token)} if isinstance(value, dict) else value


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, list):
        return [change(item) if isinstance(item, str) else item for item in value]
    return change(value) if isinstance(value, str) else value


def _word(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _number(token: str, below: int) -> int:
    return int(hashlib.sha256(token.encode()).hexdigest()[:16], 16) % below
