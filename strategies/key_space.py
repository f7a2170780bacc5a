"""Idempotency keys worth sending: of every class of characters that has to be taken, long, short, and nearly agreeing."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from typing import Final

__all__ = ["CLASSES", "exponent_keys", "long_key", "near_keys", "rewritten_keys", "short_key", "twin_keys"]

CLASSES: Final = "Aa0-_"
"""A character of each class that has to be taken (contract 11)."""
_SHORT: Final = 4
"""Characters of a short key. One is enough, but a key lives for a day, and the next run must not find it used."""
_SHORT_LETTERS: Final = string.ascii_letters + string.digits
_DIGITS: Final = 18


def long_key(key: str, length: int) -> str:
    """Return a key of a length, made of a fresh one, with a character of each class in it."""
    return f"{CLASSES}{key}{CLASSES}".ljust(length, "k")


def short_key(key: str) -> str:
    """Return the shortest key that no other run will have sent in a day, made of a fresh one."""
    digest = hashlib.sha256(key.encode()).digest()
    return "".join(_SHORT_LETTERS[byte % len(_SHORT_LETTERS)] for byte in digest[:_SHORT])


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

    Some reader of headers or forms takes each of them for another one: it leaves out or joins spaces, takes quotes off, ends
    a value at a comma or a semicolon, or undoes the escapes of a URL. A target may refuse all but the first (contract 11).
    """
    return {
        "": f"{key}a",
        "inner space": f"{key} a",
        "two inner spaces": f"{key}  a",
        "quotes": f'"{key}a"',
        "comma": f"{key}a,b",
        "semicolon": f"{key}a;b",
        "plus sign": f"{key}+a",
        "percent sign": f"{key}%20a",
    }


def _digits(key: str) -> str:
    return str(int(hashlib.sha256(key.encode()).hexdigest()[:16], 16)).rjust(_DIGITS, "9")[:_DIGITS]
