"""Has words for the rule that a request breaks, and for the way in which it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ..spec.rules import Rule
from .lists import listed, places_phrase
from .value_words import JSON_TYPES, plain_kind, value_noun, with_article

__all__ = ["breach_phrase"]

_MOST_KINDS: Final = 2
_BREACHES: Final[Mapping[str, str]] = {
    Rule.MISSING: "without {place}",
    Rule.NULL: "with null at {place}",
    Rule.EMPTY: "with an empty text at {place}",
    Rule.BLANK: "with a blank text at {place}",
    Rule.EMPTY_ARRAY: "with an empty array at {place}",
    Rule.SHORT: "with a text that is too short at {place}",
    Rule.LONG: "with a text that is too long at {place}",
    Rule.MANY: "with too many entries at {place}",
    Rule.CHOICE: "with a value that is none of those listed at {place}",
    Rule.PATTERN: "with a text of another pattern at {place}",
    Rule.RANGE: "with a number out of range at {place}",
    Rule.TYPE: "with {kind} at {place}",
    Rule.READ_ONLY: "that sets the read-only {place} ({kind})",
    Rule.READ_ONLY_EMPTY: "that sets the read-only {place} to {kind}",
    Rule.UNKNOWN_ID: "with an ID that names nothing ({kind}) at {place}",
    Rule.DUPLICATE_ID: "with one ID twice at {place}",
    Rule.OTHER_TYPE: "with the ID of an object of another type at {place}",
    Rule.OTHER_ORGANIZATION: "with another organization's ID ({kind}) at {place}",
    Rule.UNKNOWN_OPTION: "with an unknown option ({kind}) at {place}",
    Rule.UNKNOWN_FIELD: "with the unknown field {place} ({kind})",
    Rule.UNKNOWN_RELATIONSHIP: "with the unknown relationship {place} ({kind})",
    Rule.UNKNOWN_MEMBER: "with the unknown member {place}",
    Rule.CUSTOM_TYPE: "with {kind} at the custom {place}",
    Rule.CUSTOM_CONTENT: "with a value that makes no sense at the custom {place}",
    Rule.VERSION: "{kind}",
    Rule.HEADER: "with a bad {place} header ({kind})",
    Rule.KEY_TOO_LONG: "with an {place} that is too long ({kind})",
    Rule.KEY_EMPTY: "with an empty {place}",
    Rule.MEDIA_TYPE: "with the Content-Type {kind}",
    Rule.MALFORMED: "with a body that is not JSON ({kind})",
    Rule.NOT_AN_OBJECT: "with a body that is not a JSON object ({kind})",
    Rule.SURVIVES: "with {kind} in its body",
}
_KINDS: Final[Mapping[str, str]] = {
    "null": "null",
    "plain": "",
    "one": "",
    "array": "in an array",
    "beside-a-known-one": "in an array after a known one",
    "before-a-known-one": "in an array before a known one",
    "of-another-field": "an option of another field",
    "prefix": "an option's label without its last character",
    "other-case": "an option's label in another letter case",
    "trailing-space": "an option's label and a space",
    "made-up": "a made-up one",
    "index": "the number of an option, from 0",
    "senseless": "",
    "wide-spaces": "of spaces beyond ASCII",
    "empty": "of no characters",
    "space": "of one space",
    "slipped": "a field of its own",
    "answered": "as answers have it",
    "invalid-utf-8": "bytes that are not UTF-8",
    "utf-16": "in UTF-16",
    "byte-order-mark": "a byte order mark before it",
    "leading-zero": "a number with a leading zero",
    "raw-line-feed": "a line feed inside a string",
    "single-quotes": "strings in single quotes",
    "trailing-comma": "a comma before a closing brace",
    "truncated": "cut off",
    "unknown-escape": "an escape that JSON does not have",
    "white-space": "white space alone",
    "label": "by its label",
    "id": "by its ID",
    "not-a-number": "NaN",
    "infinity": "Infinity",
    "comment": "a comment in it",
    "two-texts": "two texts in a row",
    "by-one": "by one character",
    "by-far": "by far",
    "deep-arrays": "deeply nested arrays",
    "deep-objects": "deeply nested objects",
    "huge-integer": "a huge integer",
    "long-body": "a text of more than a megabyte",
    "long-member": "a member name of many thousands of characters",
    "huge-exponent": "a number with a huge exponent",
    "lone-surrogate": "a lone surrogate",
    "nul-escape": "an escaped NUL",
    "nul-in-duplicate-members": "an escaped NUL and each member twice",
    "duplicate-members": "a member name twice",
}
_BESIDE: Final = (_KINDS["beside-a-known-one"], _KINDS["before-a-known-one"])
_VERSIONS: Final[Mapping[str, str]] = {
    "": "without {place}",
    "missing": "without {place}",
    "empty": "with an empty {place}",
    "longer": "with the known {place} and a character more",
    "near": "with a {place} that is not the known one in its last character",
}


def breach_phrase(rule: str, places: Iterable[str], kinds: Iterable[str]) -> str:
    """Return what follows `a create` where it breaks a rule, at some places, in some ways."""
    words = list(dict.fromkeys(_kind_phrase(rule, kind) for kind in kinds))
    if {*words} == {*_BESIDE}:
        words = ["beside a known one in an array"]
    phrase = _BREACHES.get(rule, "that breaks the rule " + rule.replace("{", "").replace("}", ""))
    # What is the same in each of many ways is due to none of them.
    named = listed(words, _MOST_KINDS, "or") if len(words) <= _MOST_KINDS and all(words) else ""
    kind = listed(words, _MOST_KINDS, "or", "other kinds")
    phrase = phrase.replace("({kind})", f"({named})").replace("{kind}", kind).replace(" ()", "")
    return phrase.replace("{place}", places_phrase(places))


def _kind_phrase(rule: str, kind: str) -> str:
    if kind == "empty-array":
        return value_noun("empty array")
    if rule in (Rule.TYPE, Rule.READ_ONLY_EMPTY, Rule.CUSTOM_TYPE):
        outer, _, inner = kind.partition("-with-")
        wrong = "an array inside an array" if outer == "nested-array" else f"a wrong part ({plain_kind(outer)})"
        noun = with_article(outer) if outer in JSON_TYPES else wrong
        empty = "an empty " if rule == Rule.READ_ONLY_EMPTY and outer != "null" else ""
        return f"{empty}{outer}" if empty else noun + (f" that holds {with_article(inner)}" if inner else "")
    if rule == Rule.VERSION:
        return _VERSIONS.get(kind, "with an unknown {place}" + (f" ({plain_kind(kind)})" if kind != "unknown" else ""))
    if rule == Rule.MEDIA_TYPE:
        return kind
    if rule == Rule.NOT_AN_OBJECT and kind == "empty":
        return "an empty body"
    return _KINDS.get(kind, plain_kind(kind))
