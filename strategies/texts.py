"""Texts worth sending: what a sloppy server trims, folds, cuts, normalizes, unescapes or takes for something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .value import Value

__all__ = ["EXCLUDED_CATEGORIES", "OBSERVED_TEXTS", "PLAIN_TEXT", "TEXTS", "text_of_length"]

PLAIN_TEXT: Final = "Sample"
"""The plainest text; also what stands at the marker place of the smallest body."""

EXCLUDED_CATEGORIES: Final = ("C", "Zl", "Zp")
"""Unicode categories that a target may refuse in a text (contract 11, control characters), surrogates included."""


def text_of_length(length: int) -> str:
    """A text of that many characters; it tells its own places, so that a cut shows where it was made."""
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
