"""Hypothesis strategies for values that the sources demand to be accepted, one for each value type."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from .texts import EXCLUDED_CATEGORIES, PLAIN_TEXT, TEXTS
from .values import demanded_values, has_minor_unit
from .workspace import FieldDefinition, Option

__all__ = ["marked_texts", "texts", "values"]

Strategy = st.SearchStrategy[Any]

_SAFE: Final = 2**53 - 1
_OFFSETS: Final = tuple(datetime.timezone(datetime.timedelta(minutes=minutes)) for minutes in (0, 330, -480))
_WORD: Final = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
_HUNDREDTHS: Final = 100


def texts() -> st.SearchStrategy[str]:
    """Texts that are not blank and that no ruling lets a target refuse; they shrink to one character."""
    characters = st.characters(exclude_categories=EXCLUDED_CATEGORIES)
    return st.text(characters, min_size=1, max_size=100).filter(lambda text: not text.isspace())


def marked_texts() -> st.SearchStrategy[str]:
    """Texts for the marker place; they shrink to the plain text of the smallest body."""
    return st.just(PLAIN_TEXT) | texts() | st.sampled_from([text.value for kind in TEXTS.values() for text in kind])


def values(definition: FieldDefinition) -> Strategy:
    """Values of a field, the known edges among them; they shrink to the first of `demanded_values`.

    Raises:
        InvalidArgument: the value type is unknown, or it is a select of which no option is known.
    """
    known = [value.value for value in demanded_values(definition)]
    if not known:
        raise InvalidArgument(f"no value is known for {definition.key!r} of type {definition.value_type!r}")
    make = _EXPLORED.get(definition.value_type)
    # The plainest first, because that is what shrinking ends at, and the edges last, because they do not shrink.
    return st.one_of(st.just(known[0]), *([make(definition)] if make else []), st.sampled_from(known))


def _number(_: FieldDefinition) -> Strategy:
    return st.integers(-_SAFE, _SAFE) | _two_decimals(-(10**11), 10**11)


def _currency(definition: FieldDefinition) -> Strategy:
    whole = st.integers(0, 10**9)
    return whole | _two_decimals(0, 10**11) if has_minor_unit(definition) else whole


def _two_decimals(least: int, most: int) -> Strategy:
    """Hundredths from a whole number of them, so that two decimals are all there are."""
    return st.integers(least, most).map(lambda hundredths: hundredths / _HUNDREDTHS)


def _datetime(_: FieldDefinition) -> Strategy:
    least, most = datetime.datetime(1971, 1, 1), datetime.datetime(2100, 1, 1)
    moments = st.datetimes(least, most, timezones=st.sampled_from(_OFFSETS))
    return moments.map(lambda moment: moment.isoformat(timespec="milliseconds"))


def _email(definition: FieldDefinition) -> Strategy:
    return _one_or_more(definition, _WORD.map(lambda word: f"{word}@example.com"))


def _url(definition: FieldDefinition) -> Strategy:
    return _one_or_more(definition, _WORD.map(lambda word: f"https://example.com/{word}"))


def _one_or_more(definition: FieldDefinition, texts: st.SearchStrategy[str]) -> Strategy:
    return st.lists(texts, min_size=1, max_size=3, unique=True) if definition.multiple else texts


def _address(_: FieldDefinition) -> Strategy:
    parts: dict[str, Strategy] = {
        "street": texts(),
        "postalCode": _WORD,
        "country": st.sampled_from(["CH", "GB", "US"]),
        "latitude": _two_decimals(-9000, 9000),
        "longitude": _two_decimals(-18000, 18000),
    }
    return st.fixed_dictionaries({"city": texts()}, optional=parts)


def _full_name(_: FieldDefinition) -> Strategy:
    return st.fixed_dictionaries({"firstName": texts()}, optional={"lastName": texts()})


def _single_select(definition: FieldDefinition) -> Strategy:
    return st.sampled_from(definition.options).flatmap(_names)


def _multi_select(definition: FieldDefinition) -> Strategy:
    options = st.lists(st.sampled_from(definition.options), min_size=1, unique=True)
    return options.flatmap(lambda chosen: st.tuples(*map(_names, chosen)).map(list))


def _names(option: Option) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name in (option.label, option.id) if name])


_EXPLORED: Final[Mapping[str, Callable[[FieldDefinition], Strategy]]] = {
    "ADDRESS": _address,
    "CURRENCY": _currency,
    "DATETIME": _datetime,
    "EMAIL": _email,
    "FULL_NAME": _full_name,
    "MARKDOWN": lambda _: texts(),
    "MULTI_SELECT": _multi_select,
    "NUMBER": _number,
    "SINGLE_SELECT": _single_select,
    "SOCIAL_HANDLE": lambda _: _WORD,
    "TEXT": lambda _: texts(),
    "URL": _url,
}
"""CHECKBOX and TELEPHONE have no more values than those enumerated: made-up numbers may be refused as nobody's."""
