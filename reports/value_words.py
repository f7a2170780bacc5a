"""Has words for the kinds of values that a request holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from .inert import cut
from .lists import LONGEST, listed

__all__ = ["JSON_TYPES", "plain_kind", "value_noun", "value_phrase", "with_article"]

_MOST_KINDS: Final = 2
JSON_TYPES: Final = ("array", "boolean", "null", "number", "object", "string")
_VALUES: Final[Mapping[str, str]] = {
    "label": "an option's label",
    "id": "an option's ID",
    "ID": "an option's ID",
    "one ID": "one ID",
    "array of one": "an array of one ID",
    "array": "an array of IDs",
    "array of IDs": "an array of IDs",
    "empty array": "an empty array",
    "two": "a value of two entries",
    "label-and-id": "a label and an ID",
    "one": "a value of one entry",
    "zero": "the number 0",
    "true": "the value true",
    "false": "the value false",
    "nul": "a text with a NUL",
    "utc": "a time in UTC",
    "plain": "a plain value",
    "all-parts": "a value with all its parts",
    "some-parts": "a value with some of its parts",
    "first-only": "a value with its first part alone",
}
_CHARACTERS = re.compile(r"(\d+)-characters")
_OPTIONS = re.compile(r"(\d+) by (.*)")


def value_phrase(kinds: Sequence[str], places: str, sent: str = "") -> str:
    """Return a noun for values of some kinds at some places, for a sentence about what becomes of them.

    Args:
        sent: one of the values as JSON; "" where it is not to be shown.
    """
    if not kinds or "plain" in kinds:
        return f"what is set at {places}"
    lengths = [int(found[1]) for kind in kinds if (found := _CHARACTERS.fullmatch(kind))]
    if len(lengths) == len(kinds):
        shown = [f"{length:,}" for length in sorted(lengths)]
        return f"a text of {listed(shown, len(shown), 'or')} characters at {places}"
    if all(map(_OPTIONS.fullmatch, kinds)) and len(kinds) > 1:
        return f"an array of options at {places}"
    if all(map(_is_named, kinds)) and len(kinds) <= _MOST_KINDS:
        return f"{listed([value_noun(kind) for kind in kinds], _MOST_KINDS, 'or')} at {places}"
    if sent and len(kinds) == 1:
        return f"the value {sent} at {places}"
    return f"a value{f' such as {sent}' if sent else ''} at {places}"


def _is_named(kind: str) -> bool:
    """Whether there are words for values of a kind."""
    return not value_noun(kind).startswith("a value (")


def value_noun(kind: str) -> str:
    """Return a noun for a value of a kind: `a text of 60 characters`, `an option's label`."""
    if kind in JSON_TYPES:
        return with_article(kind)
    if found := _CHARACTERS.fullmatch(kind):
        return f"a text of {int(found[1]):,} characters"
    if found := _OPTIONS.fullmatch(kind):
        return f"an array of {plain_kind(kind)}"
    return _VALUES.get(kind) or (kind if kind.startswith(("a ", "an ")) else f"a value ({plain_kind(kind)})")


def plain_kind(kind: str) -> str:
    """Return the name of a kind of value in words."""
    if found := _OPTIONS.fullmatch(kind):
        return f"{found[1]} option{'' if found[1] == '1' else 's'} by {found[2]}"
    return cut(kind.replace("-", " ").replace("{", "(").replace("}", ")"), LONGEST)


def with_article(json_type: str) -> str:
    """Return the name of a JSON type as a sentence has it: `an array`, `null`."""
    if json_type == "null":
        return json_type
    return f"{'an' if json_type[:1] in 'aeiou' else 'a'} {json_type}"
