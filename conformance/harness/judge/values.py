"""Whether a value that came back is the value that was sent, by value type (contract 11, echo of custom values)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ....spec import Option

__all__ = ["parse_timestamp", "same_links", "same_value"]


def parse_timestamp(text: Any) -> datetime.datetime | None:
    """An ISO 8601 date and time; None when the text is not one."""
    if not isinstance(text, str) or ":" not in text:
        return None
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return None


def same_value(value_type: str | None, sent: Any, got: Any, options: Sequence[Option] = ()) -> bool:
    """Whether `got` is what a conforming server may return for `sent`.

    Args:
        value_type: None, or a type that is not known here, asks for presence alone.
        options: those known of a select; without any, an option's ID and its label cannot be told apart.
    """
    if sent is None:
        return got is None
    compare = _BY_TYPE.get(value_type or "")
    if value_type in ("SINGLE_SELECT", "MULTI_SELECT"):
        return _options(sent, options) == _options(got, options) if options else got is not None
    return compare(sent, got) if compare else got is not None


def same_links(sent: Any, values: Any) -> bool:
    """Whether the IDs of a relationship are those sent, as one ID or as an array; order does not count."""
    wanted = {sent} if isinstance(sent, str) else set(sent or ())
    return isinstance(values, list) and all(isinstance(value, str) for value in values) and set(values) == wanted


def _options(value: Any, options: Sequence[Option]) -> set[Any]:
    known = {name: option.id or option.label for option in options for name in (option.label, option.id) if name}
    values = value if isinstance(value, list) else [value]
    return {known.get(item, item) if isinstance(item, str) else repr(item) for item in values}


def _exact(sent: Any, got: Any) -> bool:
    return type(sent) is type(got) and bool(sent == got)


def _number(sent: Any, got: Any) -> bool:
    return isinstance(got, int | float) and not isinstance(got, bool) and bool(sent == got)


def _instant(sent: Any, got: Any) -> bool:
    before, after = parse_timestamp(sent), parse_timestamp(got)
    if before is None or after is None:
        return bool(sent == got)
    return _aware(before) == _aware(after)


def _aware(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _one_or_more(sent: Any, got: Any) -> bool:
    listed = [value if isinstance(value, list) else [value] for value in (sent, got)]
    return bool(listed[0] == listed[1])


def _parts(sent: Any, got: Any) -> bool:
    if not isinstance(sent, Mapping) or not isinstance(got, Mapping):
        return False
    return all(got.get(name) == sent.get(name) for name in {*sent, *got})


_BY_TYPE: Mapping[str, Callable[[Any, Any], bool]] = {
    "ADDRESS": _parts,
    "CHECKBOX": _exact,
    "CURRENCY": _number,
    "DATETIME": _instant,
    "EMAIL": _one_or_more,
    "FULL_NAME": _parts,
    "MARKDOWN": _exact,
    "NUMBER": _number,
    "TEXT": _exact,
}
