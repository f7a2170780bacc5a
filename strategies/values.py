"""Values to send and value types, with what may be expected of them."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from ..spec import FieldDefinition

__all__ = [
    "PLAIN_TEXT",
    "Echo",
    "JsonStrategy",
    "Sameness",
    "Value",
    "ValueType",
    "draw_texts",
    "observed",
]

JsonStrategy: TypeAlias = st.SearchStrategy[Any]
"""Draws JSON values."""

PLAIN_TEXT: Final = "Sample"
"""The plainest text; also what stands at the marker place of the smallest body."""

_EXCLUDED_CATEGORIES: Final = ("C", "Zl", "Zp")
"""Unicode categories that a target may refuse in a text (contract 11, control characters), surrogates included."""


class Echo(enum.StrEnum):
    """How much of a value has to come back once it was accepted (contract 11)."""

    SAME = "same"
    """All of it, as its value type is compared."""
    PRESENT = "present"
    """Something: no source says how much of it survives, such as digits beyond double precision."""
    NONE = "none"
    """Nothing: it may count as no value at all, such as a blank text."""


@dataclasses.dataclass(frozen=True)
class Value:
    """A JSON value of one value type.

    Attributes:
        value: what is sent.
        feature: a short name for what is special about it, unique within its value type.
        demanded: whether a source says that it is accepted; else accepting and refusing are only observed.
        echo: how much of it has to come back once it was accepted.
        source: why it is here: where a server was reported that alters such a value, as `owner/repository#number` on
            GitHub, or a name; "" for an ordinary value of its type.
    """

    value: Any
    feature: str
    demanded: bool = True
    echo: Echo = Echo.SAME
    source: str = ""


class Sameness(enum.StrEnum):
    """How a value that comes back is compared with the one that was sent (contract 11)."""

    EXACTLY = "exactly"
    """The same JSON value of the same type: a text code point for code point, a truth value."""
    NUMBER = "number"
    """The same number, however it is written."""
    INSTANT = "instant"
    """The same moment, in any offset."""
    ENTRIES = "entries"
    """The same entries in the same order, without case; one entry may stand alone or in an array."""
    PARTS = "parts"
    """The same parts; those that were not sent are absent or null."""
    OPTIONS = "options"
    """The same options, each by its ID or by its label, in any order."""
    PRESENCE = "presence"
    """Anything at all: a target may write it in a way of its own."""


@dataclasses.dataclass(frozen=True)
class ValueType:
    """One value type of the vocabulary that answers and definitions use (contract 2).

    Attributes:
        values: all values worth sending to a field, the most ordinary first; none where its options are unknown.
        draw: more values that the sources demand to be accepted; None where there are no more than the listed ones.
        nonsense: a value of the right JSON type that makes no sense; None where there is none.
        select: whether its values are options.
        free_text: whether any text is a value of it.
        sameness: how a value that comes back is compared with the one that was sent.
        fresh: makes a value that no other record holds, of a value and of what tells one create from all others; None
            where there are too few values for that.
    """

    name: str
    values: Callable[[FieldDefinition], tuple[Value, ...]]
    draw: Callable[[FieldDefinition], JsonStrategy] | None = None
    nonsense: Callable[[FieldDefinition], Any] | None = None
    select: bool = False
    free_text: bool = False
    sameness: Sameness = Sameness.PRESENCE
    fresh: Callable[[Any, str], Any] | None = None


def observed(value: Any, feature: str, echo: Echo = Echo.PRESENT, source: str = "") -> Value:
    """Return a value of which no source says whether it is accepted."""
    return Value(value, feature, demanded=False, echo=echo, source=source)


def draw_texts() -> st.SearchStrategy[str]:
    """Draw texts that are not blank and that no ruling lets a target refuse; they shrink to one character."""
    characters = st.characters(exclude_categories=_EXCLUDED_CATEGORIES)
    return st.text(characters, min_size=1, max_size=100).filter(lambda text: not text.isspace())
