"""Whether a value that came back is the value that was sent, by value type (contract 11, echo of custom values)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from ....spec import Option
from ....strategies.value_types import VALUE_TYPES
from ....strategies.values import Sameness
from .expectation import Expectation

__all__ = ["Same", "comparison_of", "parse_timestamp", "same_links"]

_DATE_AND_TIME: Final = re.compile(r"\d{4}[-\dWw]*\d[Tt ]\d\d", re.ASCII)
_ORDINAL: Final = re.compile(r"\A(\d{4})-?(\d{3})(?=[Tt ])", re.ASCII)
_MILLISECOND: Final = datetime.timedelta(milliseconds=1)

Same: TypeAlias = Callable[[Any, Any, Sequence[Option]], bool]
"""Whether the second value is what a conforming server may return for the first; the options are those of the select."""


def parse_timestamp(text: Any) -> datetime.datetime | None:
    """Return an ISO 8601 date and time, in the extended or the basic format; None when the text is not one."""
    if not isinstance(text, str) or not _DATE_AND_TIME.match(text):
        return None
    try:
        return datetime.datetime.fromisoformat(_ORDINAL.sub(_with_month, text).upper())
    except ValueError:
        return None


def _with_month(found: re.Match[str]) -> str:
    """The calendar date of an ordinal date, which Python's reader does not know."""
    year, day = map(int, found.groups())
    return (datetime.date(year, 1, 1) + datetime.timedelta(day - 1)).isoformat()


def comparison_of(value_type: str | None, *, presence: bool = False) -> tuple[Expectation, Same]:
    """Return how values of a type are compared; of a type that is not known here, presence alone is asked for.

    Args:
        presence: whether no source says more of the value than that it comes back at all.
    """
    known = None if presence else VALUE_TYPES.get(value_type or "")
    expectation, same = _COMPARISONS[known.sameness if known else Sameness.PRESENCE]
    return expectation, lambda sent, got, options: got is None if sent is None else same(sent, got, options)


def same_links(sent: Any, values: Any) -> bool:
    """Return whether the IDs of a relationship are those sent, as one ID or as an array; order does not count."""
    wanted = {sent} if isinstance(sent, str) else set(sent or ())
    return isinstance(values, list) and all(isinstance(value, str) for value in values) and set(values) == wanted


def _present(sent: Any, got: Any, _: Sequence[Option]) -> bool:
    """An empty text or array is nothing, unless that was sent."""
    return got is not None and (bool(got) or not sent or isinstance(got, int | float))


def _same_options(sent: Any, got: Any, options: Sequence[Option]) -> bool:
    """Without any options, an option's ID and its label cannot be distinguished; a shared label names any that has it."""
    if not options:
        return got is not None
    wanted, shown = _chosen(sent, options), _chosen(got, options)
    return all(any(one & other for other in shown) for one in wanted) and all(
        any(one & other for other in wanted) for one in shown
    )


def _chosen(value: Any, options: Sequence[Option]) -> list[set[str]]:
    """For each entry the options that it may name; what names none stands for itself."""
    values = value if isinstance(value, list) else [value]
    return [_named(item, options) or {repr(item)} for item in values]


def _named(item: Any, options: Sequence[Option]) -> set[str]:
    by_id = {option.id for option in options if option.id and option.id == item}
    return by_id or {option.id or option.label for option in options if option.label == item}


def _same_exactly(sent: Any, got: Any, _: Sequence[Option]) -> bool:
    return type(sent) is type(got) and bool(sent == got)


def _same_number(sent: Any, got: Any, _: Sequence[Option]) -> bool:
    return isinstance(got, int | float) and not isinstance(got, bool) and bool(sent == got)


def _same_instant(sent: Any, got: Any, _: Sequence[Option]) -> bool:
    before, after = parse_timestamp(sent), parse_timestamp(got)
    if before is None or after is None:
        return bool(sent == got)
    return abs(_aware(before) - _aware(after)) < _MILLISECOND


def _aware(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _same_entries(sent: Any, got: Any, _: Sequence[Option]) -> bool:
    listed = [value if isinstance(value, list) else [value] for value in (sent, got)]
    one, other = ([text.casefold() if isinstance(text, str) else text for text in texts] for texts in listed)
    return one == other


def _same_parts(sent: Any, got: Any, _: Sequence[Option]) -> bool:
    if not isinstance(sent, Mapping) or not isinstance(got, Mapping):
        return False
    return all(got.get(name) == sent.get(name) for name in {*sent, *got})


_COMPARISONS: Final[Mapping[Sameness, tuple[Expectation, Same]]] = {
    Sameness.EXACTLY: (Expectation.SAME_EXACTLY, _same_exactly),
    Sameness.NUMBER: (Expectation.SAME_NUMBER, _same_number),
    Sameness.INSTANT: (Expectation.SAME_INSTANT, _same_instant),
    Sameness.ENTRIES: (Expectation.SAME_ENTRIES, _same_entries),
    Sameness.PARTS: (Expectation.SAME_PARTS, _same_parts),
    Sameness.OPTIONS: (Expectation.SAME_OPTIONS, _same_options),
    Sameness.PRESENCE: (Expectation.PRESENT, _present),
}
