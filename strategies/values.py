"""Values to send and value types, with what may be expected of them; and the texts that a careless server alters."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from ..spec import FieldDefinition

__all__ = [
    "OBSERVED_TEXTS",
    "PLAIN_TEXT",
    "TEXTS",
    "JsonStrategy",
    "Sameness",
    "Value",
    "ValueType",
    "draw_marked_texts",
    "draw_texts",
    "observed",
    "text_of_length",
]

JsonStrategy: TypeAlias = st.SearchStrategy[Any]
"""Draws JSON values."""

PLAIN_TEXT: Final = "Sample"
"""The plainest text; also what stands at the marker place of the smallest body."""

_EXCLUDED_CATEGORIES: Final = ("C", "Zl", "Zp")
"""Unicode categories that a target may refuse in a text (contract 11, control characters), surrogates included."""


@dataclasses.dataclass(frozen=True)
class Value:
    """A JSON value of one value type.

    Attributes:
        value: what is sent.
        feature: a short name for what is special about it, unique within its value type.
        demanded: whether a source says that it is accepted; else accepting and refusing are only observed.
        echoed: whether, once accepted, it has to come back as contract 11 says for its value type. False where
            no source says how much of it survives, such as digits beyond double precision.
    """

    value: Any
    feature: str
    demanded: bool = True
    echoed: bool = True


class Sameness(enum.StrEnum):
    """How a value that comes back is compared with the one that was sent (contract 11)."""

    EXACTLY = "exactly"
    """The same JSON value of the same type: a text code point for code point, a truth value."""
    NUMBER = "number"
    """The same number, however it is written."""
    INSTANT = "instant"
    """The same moment, in any offset."""
    ENTRIES = "entries"
    """The same entries in the same order; one entry may stand alone or in an array."""
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


def observed(value: Any, feature: str, *, echoed: bool = False) -> Value:
    """Return a value of which no source says whether it is accepted."""
    return Value(value, feature, demanded=False, echoed=echoed)


def text_of_length(length: int) -> str:
    """Return a text of that many characters. It numbers its own positions, so that a cut shows where it was made."""
    numbered = "".join(f"{PLAIN_TEXT} {place:05} " for place in range(0, length, len(PLAIN_TEXT) + 7))
    return f"{numbered[: length - 1]}."


TEXTS: Final[Mapping[str, tuple[Value, ...]]] = {
    "plain": (
        Value(PLAIN_TEXT, "plain"),
        Value("x", "one-character"),
        Value(text_of_length(100), "100-characters"),
        Value("007", "looks-like-a-number"),
        Value("null", "looks-like-null"),
        Value("sAMPLE İıẞß", "letter-case"),
    ),
    "spaces": (
        Value("Sample ", "trailing-space"),
        Value(" Sample", "leading-space"),
        Value("Sample  text", "two-inner-spaces"),
        Value("\u3000Sample\u00a0text\u00a0", "wide-and-fixed-spaces"),
    ),
    "beyond-bmp": (
        Value("Sample 😀", "non-bmp"),
        Value("𝒮ample 𠜎", "non-bmp-letters"),
        Value("Sample 👩‍👩‍👧", "joined-emoji"),
    ),
    "marks": (
        Value("Sample re\u0301sume\u0301", "decomposed"),
        Value("Sample r\u00e9sum\u00e9", "composed"),
        Value("Sample ﬁ Å ½", "compatibility-characters"),
        Value("Sample עברית العربية", "right-to-left"),
    ),
    "special": (
        Value("Sample \"double\" 'single' `back`", "quotes"),
        Value("Sample \\ \\n \\u0041 / %41 +", "backslashes"),
        Value('{"Sample": [null, 1]}', "json"),
        Value("<b>Sample</b> &amp; & Co.", "html"),
        Value("Sample {{0}} ${x} %s #{y}", "template"),
    ),
}
"""Texts that are demanded to be taken and returned code point for code point, by kind; the plainest first."""

OBSERVED_TEXTS: Final[tuple[Value, ...]] = (
    Value(text_of_length(255), "255-characters", demanded=False),
    Value(text_of_length(256), "256-characters", demanded=False),
    Value(text_of_length(10_000), "10000-characters", demanded=False),
    Value("Sample\ttext", "tab", demanded=False),
    Value("Sample\ntext", "line-feed", demanded=False),
    Value("Sample\r\ntext", "carriage-return", demanded=False),
    Value("Sample\u0000text", "nul", demanded=False),
    Value("Sample\u001b[0m\u007f", "escape-and-delete", demanded=False),
    Value("Sample\u200b\ufeff", "zero-width", demanded=False),
    Value("Sample \u202etxet\u202c", "bidirectional-override", demanded=False),
    Value("Sample\u2028text", "line-separator", demanded=False),
    Value("Sample \ue000 \uffff", "private-and-noncharacter", demanded=False),
)
"""Texts that a target may refuse with a 4xx (contract 11); once accepted, they come back as sent. The sources name no
greatest length; 100 characters is what we hold to be safe to demand."""


def draw_texts() -> st.SearchStrategy[str]:
    """Draw texts that are not blank and that no ruling lets a target refuse; they shrink to one character."""
    characters = st.characters(exclude_categories=_EXCLUDED_CATEGORIES)
    return st.text(characters, min_size=1, max_size=100).filter(lambda text: not text.isspace())


def draw_marked_texts() -> st.SearchStrategy[str]:
    """Draw texts for the marker place; they shrink to the plain text of the smallest body."""
    return st.just(PLAIN_TEXT) | draw_texts() | st.sampled_from([text.value for kind in TEXTS.values() for text in kind])
