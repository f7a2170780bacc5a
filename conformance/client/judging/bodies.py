"""Compares the body that a client sent with the one that its caller gave, and says what kind of difference there is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from .check import shown

__all__ = ["Difference", "compare_bodies"]


@dataclasses.dataclass(frozen=True)
class Difference:
    """One difference.

    Attributes:
        kind: the subject of the clause that it breaks: values, keys, links, null, nothing-added, text or numbers.
        text: in a clause of a sentence.
    """

    kind: str
    text: str


def compare_bodies(given: Any, sent: Any, link_groups: frozenset[str]) -> list[Difference]:
    """The differences between a caller's body and the one that arrived.

    Args:
        link_groups: the members of the body whose values are IDs, of which one and an array of one are the same.
    """
    return list(_compare(given, sent, "", link_groups))


def _compare(given: Any, sent: Any, place: str, links: frozenset[str]) -> Iterator[Difference]:
    if isinstance(given, Mapping) and isinstance(sent, Mapping):
        yield from _compare_objects(given, sent, place, links)
    elif place.count("/") == 2 and place.split("/")[1] in links:
        if _ids(given) != _ids(sent):
            yield Difference("links", f"{place} was {shown(given)} and was sent as {shown(sent)}")
    elif given is None or sent is None:
        if given is not sent:
            yield Difference("null", f"{place} was {shown(given)} and was sent as {shown(sent)}")
    elif isinstance(given, list) and isinstance(sent, list) and len(given) == len(sent):
        for number, (one, other) in enumerate(zip(given, sent, strict=True)):
            yield from _compare(one, other, f"{place}/{number}", links)
    elif given != sent or _type(given) != _type(sent):
        kinds = {"text": "text", "number": "numbers"}
        kind = kinds.get(_type(given), "values") if _type(given) == _type(sent) else "values"
        yield Difference(kind, f"{place or 'the body'} was {shown(given)} and was sent as {shown(sent)}")


def _compare_objects(
    given: Mapping[str, Any], sent: Mapping[str, Any], place: str, links: frozenset[str]
) -> Iterator[Difference]:
    if place.count("/") > 1 and given and not given.keys() & sent.keys():
        yield Difference("values", f"{place} was {shown(given)} and was sent as {shown(sent)}")
        return
    missing = [key for key in given if key not in sent]
    added = [key for key in sent if key not in given]
    for key in missing:
        if given[key] is None:
            yield Difference("null", f"{place}/{key} was null and was not sent")
        elif added:
            yield Difference("keys", f"{place}/{key} was not sent, but {', '.join(map(shown, added[:3]))}")
        else:
            yield Difference("values", f"{place}/{key} was not sent")
    if not any(given[key] is not None for key in missing):
        for key in added:
            kind = "null" if sent[key] is None else "nothing-added"
            yield Difference(kind, f"{place}/{key} was not given, and was sent as {shown(sent[key])}")
    for key in given:
        if key in sent:
            yield from _compare(given[key], sent[key], f"{place}/{key}", links)


def _ids(value: Any) -> Any:
    """The IDs of a relationship, in any order; what is no ID stays as it is."""
    if isinstance(value, str):
        return [value]
    return sorted(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else value


def _type(value: Any) -> str:
    names = {str: "text", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")
