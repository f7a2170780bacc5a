"""Idempotency keys worth sending: of every class of characters that has to be taken, long, short, and nearly agreeing."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from typing import Final

__all__ = [
    "CLASSES",
    "LETTER_CASE",
    "ODD_CHARACTERS",
    "digits_key",
    "exponent_keys",
    "long_key",
    "near_keys",
    "odd_keys",
    "rewritten_keys",
    "short_key",
    "single_key",
    "spaced_keys",
    "twin_keys",
]

CLASSES: Final = "Aa0-_"
"""A character of each class that has to be taken (contract 11)."""
ODD_CHARACTERS: Final = ".:~@/+=$!*&()|,;'?#%^<>[]{}`\"\\"
"""Visible ASCII that a target may refuse in a key, what is seen there most often first."""
LETTER_CASE: Final = "letter case"
"""In what a key differs from another one, as its last character is another and the like."""
_SHORT: Final = 7
_LETTERS: Final = string.ascii_letters + string.digits
_DIGITS: Final = 18


def long_key(key: str, length: int) -> str:
    """Return a key of a length, made of a fresh one, with a character of each class in it."""
    return f"{CLASSES}{key}{CLASSES}".ljust(length, "k")


def digits_key(key: str) -> str:
    """Return a key of digits, made of a fresh one."""
    return str(int(hashlib.sha256(key.encode()).hexdigest()[:16], 16)).rjust(_DIGITS, "9")[:_DIGITS]


def short_key(key: str) -> str:
    """Return a key of seven letters and digits, made of a fresh one; no other run will have sent it in a day."""
    number, letters = int(digits_key(key)), ""
    for _ in range(_SHORT - 1):
        number, at = divmod(number, len(_LETTERS))
        letters += _LETTERS[at]
    return f"k{letters}"


def single_key(key: str) -> str:
    """Return a key of one character, made of a fresh one; another run may have sent it today."""
    return _LETTERS[int(digits_key(key)) % len(_LETTERS)]


def near_keys(key: str) -> Mapping[str, str]:
    """Return keys that differ from the given one in one respect, by what that is; the given one is a `long_key`.

    Each shows a key store that merges the two: one that folds case, cuts the end or the beginning off, takes a text for a
    number, leaves out punctuation, or takes an underscore for any character, as SQL's LIKE does.
    """
    return {
        LETTER_CASE: key.replace("Aa", "aA", 1),
        "last character": f"{key[:-1]}{'1' if key[-1] != '1' else '2'}",
        "first character": f"B{key[1:]}",
        "digit": key.replace("a0", "a1", 1),
        "underscore": key.replace("0-_", "0--", 1),
        "hyphen": key.replace("0-_", "0_", 1),
    }


def twin_keys(key: str) -> Mapping[str, tuple[str, str]]:
    """Return pairs of keys, made of a fresh one, that differ in punctuation alone, or in how a number is written."""
    digits = digits_key(key)
    return {"underscore": (f"{key}-a-b", f"{key}-a_b"), "leading zeros": (f"00{digits}", digits)}


def exponent_keys(key: str) -> tuple[str, str]:
    """Return two keys that are one number, one of them written with an exponent; they are made of a fresh key."""
    digits = digits_key(key)
    return f"{digits}e2", f"{digits}00"


def rewritten_keys(key: str) -> Mapping[str, str]:
    """Return keys by what is in them, made of a fresh one; the first is plain, and no two are equal.

    Some reader of headers or forms takes each of them for another one: it takes off quotes or what stands at the end, or
    undoes the escapes of a URL or of a quoted text. A target may refuse those that hold other characters than letters,
    digits, `-` and `_` (contract 11).
    """
    return {
        "": f"{key}a",
        "a hyphen at the end": f"{key}a-",
        "an underscore at the end": f"{key}a-_",
        "a full stop at the end": f"{key}a-_.",
        "quotes": f'"{key}a"',
        "a backslash": f"{key}\\a",
        "a percent sign": f"{key}%61",
    }


def odd_keys(key: str, characters: str) -> tuple[str, str]:
    """Return two keys, made of a fresh one, that differ after some characters alone: one key to who ends it at any."""
    return f"{key}{characters}a", f"{key}{characters}b"


def spaced_keys(key: str, characters: str) -> tuple[str, str]:
    """Return two keys that differ after some characters in the number of spaces: one key also to who joins spaces."""
    return f"{key}{characters} a", f"{key}{characters}  a"
