"""Has words for what a request holds besides what it is about, and for how and by whom it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from .inert import cut
from .lists import LONGEST, listed
from .value_words import plain_kind, value_noun

__all__ = ["context_phrase", "features_phrase"]


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
    "no-key": "without an API key",
    "unknown-key": "with an unknown API key",
    "no-create": "with an API key without the create scope",
    "create-only": "with an API key that holds the create scope alone",
    "other-organization": "with another organization's API key",
    "second": "with another API key of the organization",
}
_HEADERS: Final[Mapping[str, str]] = {"Idempotency-Key": "an Idempotency-Key", "Authorization": "another API key"}
_ABSENT, _UNUSUAL = "absent", "unusual"
_CUSTOM = re.compile(r".*/\{(?P<type>\w+)\}")
_CALLER = re.compile(r"as (?P<name>.*?)(?:-\d+)?$")


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
    body = f"the body has {listed(in_body, len(in_body))}" if in_body else ""
    way = f"{'it is ' if in_body else ''}sent {listed(sent, len(sent))}" if sent else ""
    return f"if {' and '.join(filter(None, [body, way]))}" if body or way else ""


def _header(name: str, form: str) -> str:
    return f"an Idempotency-Key {form}" if name == "Idempotency-Key" and form != "sent" else _HEADERS[name]


def _feature(place: str, form: str) -> str:
    if not form and "{" not in place:
        return cut(place, LONGEST)
    if not place:
        return "an array of several IDs" if form == "array" else value_noun(form)
    if found := _CUSTOM.fullmatch(place):
        kind = "relationship" if found["type"].islower() else "attribute"
        own = f"a custom {found['type']} {kind}"
        return own if form in ("", "plain", "one ID", "integer", "true") else f"{own} ({plain_kind(form)})"
    return f"{value_noun(form)} at {cut(place, LONGEST)}"


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
