"""Makes text from outside harmless to show: what a reader cannot see, or a terminal would obey, becomes a visible escape.

A backslash of the text itself stays as it is, so that JSON stays readable; an escape is shown for the eye, not for a parser.
"""

from __future__ import annotations

import functools
import re
import sys
import unicodedata

__all__ = ["cut", "inert", "inert_block", "is_inert"]

# Controls, formats (bidi controls, zero width, tags), surrogates, and the two separators that are not a line feed.
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def inert(text: str) -> str:
    """The text on one line; line feeds and tabs are shown as escapes as well."""
    return _pattern().sub(_escape, text)


def inert_block(text: str) -> str:
    """The text with its line feeds kept, for places that show several lines."""
    return "\n".join(inert(line) for line in text.split("\n"))


def is_inert(text: str) -> bool:
    """Whether the text may be shown as it is on one line."""
    return _pattern().search(text) is None


def cut(text: str, characters: int) -> str:
    """The beginning of a long text, with a note of how much was left out."""
    if len(text) <= characters:
        return text
    return f"{text[:characters]}… ({len(text) - characters:,} more characters)"


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Matches one harmful character. Built once, from the Unicode tables, because a look-up per character is too slow."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if not _harmful(code):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]")


def _harmful(code: int) -> bool:
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or unicodedata.category(chr(code)) in _CATEGORIES


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
