"""Finds what requests that fail have in common and those that pass do not: of their texts, and of their Idempotency-Keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

__all__ = ["trait_of_bodies", "trait_of_keys"]

_TEXTS: Final[Mapping[str, re.Pattern[str]]] = {
    "a character beyond U+FFFF": re.compile("[\U00010000-\U0010ffff]"),
    "a line feed": re.compile(r"\n"),
    "a tab": re.compile(r"\t"),
    "an apostrophe": re.compile("'"),
    "a quotation mark": re.compile('"'),
    "a less-than sign": re.compile("<"),
    "an ampersand": re.compile("&"),
    "a percent sign": re.compile("%"),
    "a backslash": re.compile(r"\\"),
    "a character outside ASCII": re.compile("[^\x00-\x7f]"),
}
"""What a text can hold that a target may fail by, the most special first."""
_KEYS: Final[Mapping[str, re.Pattern[str]]] = {
    "an underscore": re.compile("_"),
    "a hyphen": re.compile("-"),
    "a capital letter": re.compile("[A-Z]"),
    "a small letter": re.compile("[a-z]"),
    "a digit": re.compile("[0-9]"),
}
_LEAST_LONG: Final = 50
"""Characters of a text whose length may be what a target fails by."""


def trait_of_bodies(failing: Sequence[bytes], passing: Sequence[bytes]) -> str:
    """Return what the texts of all failing bodies hold, and those of no passing body; "" for nothing known."""
    for within in (False, True):
        shown, others = ([list(_texts(each, within)) for each in some] for some in (failing, passing))
        lengths, most = ([max(map(len, texts), default=0) for texts in some] for some in (shown, others))
        if lengths and most and min(lengths) >= _LEAST_LONG and min(lengths) > max(most):
            return f"a text of {min(lengths):,} characters or more"
        if found := _common(_TEXTS, ["\0".join(texts) for texts in shown], ["\0".join(texts) for texts in others]):
            return found
    return ""


def trait_of_keys(failing: Sequence[str], passing: Sequence[str]) -> str:
    """Return what follows `an Idempotency-Key` where all failing ones have what no passing one has; "" for nothing known."""
    if not failing or not passing:
        return ""
    lengths, others = ([len(key) for key in some] for some in (failing, passing))
    if max(lengths) < min(others):
        return f"of {max(lengths)} characters or fewer (one of {min(others)} characters is accepted)"
    if found := _common(_KEYS, failing, passing):
        return f"that has {found} (one without is accepted)"
    if min(lengths) > max(others):
        return f"of {min(lengths)} characters or more (one of {max(others)} characters is accepted)"
    return ""


def _common(traits: Mapping[str, re.Pattern[str]], failing: Sequence[str], passing: Sequence[str]) -> str:
    """The first trait that all failing texts show and next to no passing one."""
    if not failing or not passing:
        return ""
    found = (name for name, pattern in traits.items() if all(map(pattern.search, failing)))
    few = len(failing) // 10
    return next((name for name in found if sum(map(bool, map(traits[name].search, passing))) <= few), "")


def _texts(body: bytes, within: bool) -> Iterator[str]:
    """The texts of a JSON body, but for the names of members.

    Args:
        within: whether to look into values that are objects or arrays.
    """
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return
    maps = [each for each in sent.values() if isinstance(each, dict)] if isinstance(sent, dict) else []
    pending: list[Any] = [value for each in maps for value in each.values()]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif within and isinstance(value, list):
            pending += value
        elif within and isinstance(value, dict):
            pending += value.values()
