"""Words for what a request holds: the rule that it breaks, the kind of a value, and who sends it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ..spec.rules import Rule
from .inert import cut

__all__ = ["breach_phrase", "context_phrase", "features_phrase", "listed", "places_phrase", "share_phrase", "value_phrase"]

_LONGEST = 60
"""Characters of a word from outside, such as the name of a custom attribute."""
_MOST_PLACES = 2
_MOST_KINDS = 2

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
    Rule.UNKNOWN_OPTION: "with a text that is no option ({kind}) at {place}",
    Rule.UNKNOWN_FIELD: "with the unknown field {place}",
    Rule.UNKNOWN_RELATIONSHIP: "with the unknown relationship {place}",
    Rule.UNKNOWN_MEMBER: "with the unknown member {place}",
    Rule.CUSTOM_TYPE: "with {kind} at the custom {place}",
    Rule.CUSTOM_CONTENT: "with a value that makes no sense at the custom {place}",
    Rule.VERSION: "{kind}",
    Rule.HEADER: "with a bad {place} header ({kind})",
    Rule.KEY_TOO_LONG: "with an {place} that is too long ({kind})",
    Rule.KEY_EMPTY: "with an empty {place}",
    Rule.MEDIA_TYPE: "with the Content-Type {kind}",
    Rule.MALFORMED: "with a body that is no JSON text ({kind})",
    Rule.NOT_AN_OBJECT: "with a body that is no JSON object ({kind})",
    Rule.SURVIVES: "with {kind} in its body",
}
_JSON_TYPES: Final = ("array", "boolean", "null", "number", "object", "string")
_KINDS: Final[Mapping[str, str]] = {
    "null": "null",
    "plain": "",
    "one": "",
    "array": "in an array",
    "beside-a-known-one": "in an array beside a known one",
    "of-another-field": "an option of another field",
    "prefix": "an option's label without its last character",
    "other-case": "an option's label in another letter case",
    "trailing-space": "an option's label and a space",
    "made-up": "a made-up one",
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
_VERSIONS: Final[Mapping[str, str]] = {
    "": "without {place}",
    "missing": "without {place}",
    "empty": "with an empty {place}",
    "not-a-date": "with a {place} that is no date",
}
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
_OPTIONAL: Final = "beside optional places"
_ARRAYS: Final = "with IDs in arrays"
_ADDED: Final[Mapping[str, str]] = {
    "beside custom attributes": "a custom attribute",
    "beside custom links": "a custom relationship",
    _OPTIONAL: "an optional field or relationship",
    _ARRAYS: "an array of IDs",
}
"""What a body holds besides what a request is about."""
_CALLERS: Final[Mapping[str, str]] = {
    "no-key": "without a key",
    "unknown-key": "with an unknown key",
    "no-create": "with a key without the create scope",
    "create-only": "with a key that holds the create scope alone",
    "other-organization": "with another organization's key",
    "second": "with another key of the organization",
}
_HEADERS: Final[Mapping[str, str]] = {"Idempotency-Key": "an Idempotency-Key", "Authorization": "another API key"}
_ABSENT, _UNUSUAL = "absent", "unusual"
_CUSTOM = re.compile(r".*/\{(?P<type>\w+)\}")
_CHARACTERS = re.compile(r"(\d+)-characters")
_OPTIONS = re.compile(r"(\d+) by (.*)")
_CALLER = re.compile(r"as (?P<name>.*?)(?:-\d+)?$")


def listed(words: Sequence[str], most: int, last: str = "and", more: str = "more") -> str:
    """Return a list of words as a sentence has it, the first few of many.

    Args:
        last: what stands before the last word: `or` between what was sent in requests of their own.
        more: what the words left out are called.
    """
    shown = [*words[:most], *([f"{len(words) - most:,} {more}"] if len(words) > most else [])]
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def share_phrase(share: tuple[int, int], one: str) -> str:
    """Return which of the requests of a run show something: `about every 10th valid create (54 of 540)`.

    Args:
        share: how many show it, and of how many.
        one: what one of them is called, without its article.
    """
    shown, possible = share
    if shown >= possible:
        return f"every {one}"
    counted = f"({shown:,} of {possible:,})"
    if 2 * shown > possible:
        return f"nearly every {one} {counted}" if 10 * shown > 9 * possible else f"a {one}, in most cases {counted},"
    nth = possible // shown
    ending = {1: "st", 2: "nd", 3: "rd"}.get(nth % 10, "th") if nth // 10 % 10 != 1 else "th"
    return f"about every {nth:,}{ending} {one} {counted}"


def places_phrase(places: Iterable[str], last: str = "or") -> str:
    """Return the places, the first few of many; "the body" for none.

    Args:
        last: `and` where one body holds them all.
    """
    known = list(dict.fromkeys(cut(place, _LONGEST) for place in places if place))
    tops = {place.split("/")[1] for place in known[_MOST_PLACES:] if place.count("/") == 2}
    kind = f"of /{tops.pop()}" if len(tops) == 1 else "of the body" if last == "or" else ""
    more = f"other member{'' if len(known) == _MOST_PLACES + 1 else 's'} {kind}".strip()
    return listed(known, _MOST_PLACES, last, more) if known else "the body"


def breach_phrase(rule: str, places: Iterable[str], kinds: Iterable[str]) -> str:
    """Return what follows `a create` where it breaks a rule, at some places, in some ways."""
    words = list(dict.fromkeys(_kind_phrase(rule, kind) for kind in kinds))
    phrase = _BREACHES.get(rule, "that breaks the rule " + rule.replace("{", "").replace("}", ""))
    # What is the same in each of many ways is due to none of them.
    named = listed(words, _MOST_KINDS, "or") if len(words) <= _MOST_KINDS else ""
    kind = listed(words, _MOST_KINDS, "or", "other" if len(words) == _MOST_KINDS + 1 else "others")
    phrase = phrase.replace("({kind})", f"({named})").replace("{kind}", kind).replace(" ()", "")
    return phrase.replace("{place}", places_phrase(places))


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
    if all(map(_is_named, kinds)) and len(kinds) <= _MOST_KINDS:
        return f"{listed([_value(kind) for kind in kinds], _MOST_KINDS, 'or')} at {places}"
    if sent and len(kinds) == 1:
        return f"the value {sent} at {places}"
    return f"a value{f' such as {sent}' if sent else ''} at {places}"


def _is_named(kind: str) -> bool:
    """Whether there are words for values of a kind."""
    return not _value(kind).startswith("a value (")


def features_phrase(features: Sequence[tuple[str, str]], *, condition: bool = False) -> str:
    """Return what follows `a create` where some features decide; "" for none.

    Args:
        features: pairs of a place or a header, and the form of what stands there.
        condition: whether it is a condition of something else that the body holds.
    """
    # That a named place holds what is usual says nothing.
    telling = [(place, form) for place, form in features if form != "plain" or "{" in place or not place]
    in_body = [_feature(place, form) for place, form in telling if place not in _HEADERS and form != _UNUSUAL]
    headers = [_header(name, form) for name, form in features if name in _HEADERS and form != _ABSENT]
    headers += [f"a wrong or missing {name} header" for name, form in features if form == _UNUSUAL]
    absent = [f"without {_HEADERS[name]}" for name, form in features if name in _HEADERS and form == _ABSENT]
    if condition:
        return _condition(in_body, [*(f"with {each}" for each in headers), *absent])
    words = listed([*in_body, *headers], len(features))
    held = f"with {'both ' if len(in_body) + len(headers) > 1 else ''}{words}" if words else ""
    return listed([each for each in (held, *absent) if each], len(features))


def _condition(in_body: Sequence[str], sent: Sequence[str]) -> str:
    """What has to be so besides: what the body holds, and how it is sent."""
    body = f"the body also has {listed(in_body, len(in_body))}" if in_body else ""
    way = f"{'it is ' if in_body else ''}sent {listed(sent, len(sent))}" if sent else ""
    return f"if {' and '.join(filter(None, [body, way]))}" if body or way else ""


def _header(name: str, form: str) -> str:
    return f"an Idempotency-Key {form}" if name == "Idempotency-Key" and form != "sent" else _HEADERS[name]


def _feature(place: str, form: str) -> str:
    if not form and "{" not in place:
        return cut(place, _LONGEST)
    if not place:
        return "an array of IDs" if form == "array" else _value(form)
    if found := _CUSTOM.fullmatch(place):
        kind = "relationship" if found["type"].islower() else "attribute"
        own = f"a custom {found['type']} {kind}"
        return own if form in ("", "plain", "one ID", "integer", "true") else f"{own} ({_plain(form)})"
    return f"{_value(form)} at {cut(place, _LONGEST)}"


def context_phrase(context: Sequence[str], *, condition: bool = False) -> str:
    """Return how a request was sent, as words that follow `a create`; "" for the usual way.

    Args:
        condition: whether it is a condition of something else that the body holds.
    """
    added = [_ADDED[item] for item in context if item in _ADDED]
    if {_OPTIONAL, _ARRAYS} <= {*context}:
        # Neither does it alone: what both have is an optional link that is an array.
        both = (_ADDED[_OPTIONAL], _ADDED[_ARRAYS])
        added = ["an array of IDs at an optional relationship", *(each for each in added if each not in both)]
    sent = [_sent(item) for item in context if item not in _ADDED]
    if condition:
        return _condition(added, sent)
    return " and ".join([f"with {listed(added, len(added))}", *sent] if added else sent)


def _sent(item: str) -> str:
    found = _CALLER.match(item)
    return _CALLERS.get(found["name"], item) if found else item


def _value(kind: str) -> str:
    if kind in _JSON_TYPES:
        return _with_article(kind)
    if found := _CHARACTERS.fullmatch(kind):
        return f"a text of {int(found[1]):,} characters"
    if found := _OPTIONS.fullmatch(kind):
        return f"an array of {_plain(kind)}"
    return _VALUES.get(kind) or (kind if kind.startswith(("a ", "an ")) else f"a value ({_plain(kind)})")


def _kind_phrase(rule: str, kind: str) -> str:
    if kind == "empty-array":
        return _VALUES["empty array"]
    if rule in (Rule.TYPE, Rule.READ_ONLY_EMPTY, Rule.CUSTOM_TYPE):
        outer, _, inner = kind.partition("-with-")
        noun = _with_article(outer) if outer in _JSON_TYPES else f"a wrong part ({_plain(outer)})"
        empty = "an empty " if rule == Rule.READ_ONLY_EMPTY and outer != "null" else ""
        return f"{empty}{outer}" if empty else noun + (f" that holds {_with_article(inner)}" if inner else "")
    if rule == Rule.VERSION:
        return _VERSIONS.get(kind, f"with an unknown {{place}} ({_plain(kind)})")
    if rule == Rule.MEDIA_TYPE:
        return kind
    return _KINDS.get(kind, _plain(kind))


def _plain(kind: str) -> str:
    if found := _OPTIONS.fullmatch(kind):
        return f"{found[1]} option{'' if found[1] == '1' else 's'} by {found[2]}"
    return cut(kind.replace("-", " ").replace("{", "(").replace("}", ")"), _LONGEST)


def _with_article(json_type: str) -> str:
    if json_type == "null":
        return json_type
    return f"{'an' if json_type[:1] in 'aeiou' else 'a'} {json_type}"
