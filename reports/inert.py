"""Makes text from outside harmless to show: what a reader cannot see, or a terminal would obey, becomes a visible escape.

A backslash of the text itself stays as it is, so that JSON stays readable; an escape is shown for the eye, not for a parser.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["cut", "inert", "inert_block", "is_inert"]

# Controls, formats (bidi controls, zero width, tags), surrogates, and the two separators that are not a line feed.
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Runs of anything but printable ASCII. Nearly all of it is letters, which `isprintable` tells at once for a whole run.
_UNUSUAL = re.compile(r"[^\x20-\x7e]+")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def inert(text: str) -> str:
    """Return the text on one line; line feeds and tabs are shown as escapes as well."""
    return _UNUSUAL.sub(_shown, text)


def inert_block(text: str) -> str:
    """Return the text with its line feeds kept, for places that show several lines."""
    return "\n".join(inert(line) for line in text.split("\n"))


def is_inert(text: str) -> bool:
    """Return whether the text may be shown as it is on one line."""
    return inert(text) == text


def cut(text: str, characters: int) -> str:
    """Return the beginning of a long text, with a note of how much was left out."""
    if len(text) <= characters:
        return text
    return f"{text[:characters]}… ({len(text) - characters:,} more characters)"


def _harmful(code: int) -> bool:
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or unicodedata.category(chr(code)) in _CATEGORIES


def _shown(match: re.Match[str]) -> str:
    run = match.group()
    return (
        run
        if run.isprintable()
        else "".join(_escape(character) if _harmful(ord(character)) else character for character in run)
    )


def _escape(character: str) -> str:
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
