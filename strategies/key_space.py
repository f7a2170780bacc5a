"""Idempotency keys worth sending: of every class of characters that has to be taken, long, short, and nearly agreeing."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from typing import Final

__all__ = [
    "CLASSES",
    "ODD_CHARACTERS",
    "exponent_keys",
    "long_key",
    "near_keys",
    "odd_keys",
    "rewritten_keys",
    "short_key",
    "single_key",
    "twin_keys",
]

CLASSES: Final = "Aa0-_"
"""A character of each class that has to be taken (contract 11)."""
ODD_CHARACTERS: Final = ".:~@/+=$!*&()|,;'?#%^<>[]{}`\"\\"
"""Visible ASCII that a target may refuse in a key, what is seen there most often first."""
_SHORT: Final = 6
"""Digits of a short key. One is enough, but a key lives for a day, and the next run must not find it used."""
_LETTERS: Final = string.ascii_letters + string.digits
_DIGITS: Final = 18


def long_key(key: str, length: int) -> str:
    """Return a key of a length, made of a fresh one, with a character of each class in it."""
    return f"{CLASSES}{key}{CLASSES}".ljust(length, "k")


def short_key(key: str) -> str:
    """Return a key of digits, as short as one can be that no other run will have sent in a day, made of a fresh one."""
    return _digits(key)[-_SHORT:]


def single_key(key: str) -> str:
    """Return a key of one character, made of a fresh one; another run may have sent it today."""
    return _LETTERS[int(_digits(key)) % len(_LETTERS)]


def near_keys(key: str) -> Mapping[str, str]:
    """Return keys that differ from the given one in one respect, by what that is; the given one is a `long_key`.

    Each shows a key store that merges the two: one that folds case, cuts the end or the beginning off, takes a text for a
    number, leaves out punctuation, or takes an underscore for any character, as SQL's LIKE does.
    """
    return {
        "letter case": key.replace("Aa", "aA", 1),
        "last character": f"{key[:-1]}{'1' if key[-1] != '1' else '2'}",
        "first character": f"B{key[1:]}",
        "digit": key.replace("a0", "a1", 1),
        "underscore": key.replace("0-_", "0--", 1),
        "hyphen": key.replace("0-_", "0_", 1),
    }


def twin_keys(key: str) -> Mapping[str, tuple[str, str]]:
    """Return pairs of keys, made of a fresh one, that differ in punctuation alone, or in how a number is written."""
    digits = _digits(key)
    return {"underscore": (f"{key}-a-b", f"{key}-a_b"), "leading zeros": (f"00{digits}", digits)}


def exponent_keys(key: str) -> tuple[str, str]:
    """Return two keys that are one number, one of them written with an exponent; they are made of a fresh key."""
    digits = _digits(key)
    return f"{digits}e2", f"{digits}00"


def rewritten_keys(key: str) -> Mapping[str, str]:
    """Return keys by what is in them, made of a fresh one; the first is plain, and no two are equal.

    Some reader of headers or forms takes each of them for another one: it leaves out or joins spaces, takes off quotes or
    what stands at the end, or undoes the escapes of a URL or of a quoted text. A target may refuse those that hold other
    characters than letters, digits, `-` and `_` (contract 11).
    """
    return {
        "": f"{key}a",
        "a hyphen at the end": f"{key}a-",
        "an underscore at the end": f"{key}a-_",
        "a full stop at the end": f"{key}a-_.",
        "a space inside": f"{key} a",
        "two spaces inside": f"{key}  a",
        "quotes": f'"{key}a"',
        "a backslash": f"{key}\\a",
        "a percent sign": f"{key}%61",
    }


def odd_keys(key: str, characters: str) -> tuple[str, str]:
    """Return two keys, made of a fresh one, that differ after some characters alone: one key to who ends it at any."""
    return f"{key}{characters}a", f"{key}{characters}b"


def _digits(key: str) -> str:
    return str(int(hashlib.sha256(key.encode()).hexdigest()[:16], 16)).rjust(_DIGITS, "9")[:_DIGITS]
