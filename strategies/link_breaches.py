"""Breaches by what a relationship points at: nothing, an object of another type or organization, the same one twice."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..spec import Contract, Role
from ..spec.pointer import ABSENT
from ..spec.profile import LINK_MAP, custom_pointer
from .mutation import Mutation, putting
from .place_breaches import type_mutations
from .places import custom_relationships, known_ids, link_type
from .schema import json_types
from .workspace import Workspace

__all__ = ["link_mutations", "unknown_id"]


class _Link(NamedTuple):
    pointer: str
    object_type: str | None
    ids: tuple[str, ...]


def link_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """For every relationship that may be set, the organization's own included; smoke depth takes a required one's."""
    named = [place for place in contract.link_places if not place.read_only]
    links = [_Link(p.pointer, kind := link_type(workspace, p), known_ids(workspace, kind)) for p in named]
    custom = [
        _Link(custom_pointer(Role.LINK, found.key), found.object_type, known_ids(workspace, found.object_type))
        for found in custom_relationships(contract, workspace)
    ]
    first = next((place.pointer for place in named if place.required), links[0].pointer if links else "")
    for link in (*links, *custom):
        yield from _pointing_wrongly(workspace, link, smoke=link.pointer == first)
    for link in custom:
        yield from _of_custom(contract, link)


def unknown_id(known: str) -> str:
    """An ID that names nothing, spelled like the known one: same prefix, same kinds of characters, long enough.

    Deterministic, so that two runs send the same.
    """
    last = max(known.rfind(mark) for mark in "_-:") + 1
    digest = hashlib.sha256(known.encode()).digest()
    template = known[last:].ljust(12, "0")
    return known[:last] + "".join(_like(char, digest[i % len(digest)]) for i, char in enumerate(template))


def _like(char: str, number: int) -> str:
    if char in string.digits:
        return string.digits[number % 10]
    if char in "abcdef":
        return "abcdef"[number % 6]
    letters = string.ascii_lowercase if char in string.ascii_lowercase else string.ascii_uppercase
    return letters[number % 26] if char in string.ascii_letters else char


def _pointing_wrongly(workspace: Workspace, link: _Link, *, smoke: bool) -> Iterator[Mutation]:
    nothing = unknown_id(link.ids[0] if link.ids else f"{link.object_type}_0")
    yield _mutation(link, "unknown-id", "one", "link:unknown", nothing, smoke=smoke)
    yield _mutation(link, "unknown-id", "array", "link:unknown", [nothing])
    if link.ids:
        yield _mutation(link, "unknown-id", "beside-a-known-one", "link:unknown", [link.ids[0], nothing])
        yield _mutation(link, "duplicate-id", "", None, [link.ids[0], link.ids[0]])
    others = (ids[0] for kind, ids in workspace.ids.items() if ids and kind != link.object_type and ids[0] not in link.ids)
    if link.object_type and (other := next(others, None)):
        yield _mutation(link, "other-type", "one", "link:other-type", other, smoke=smoke)
    if foreign := workspace.foreign_ids.get(link.object_type or "", ())[:1]:
        yield _mutation(link, "other-organization", "one", "link:other-organization", foreign[0], smoke=smoke)
    if foreign and smoke:
        yield _mutation(link, "other-organization", "array", "link:other-organization", list(foreign))


def _mutation(link: _Link, rule: str, variant: str, clause: str | None, value: Any, *, smoke: bool = False) -> Mutation:
    valid = link.ids[0] if link.ids else ABSENT
    return Mutation(rule, link.pointer, variant, clause, putting(link.pointer, value), valid, smoke=smoke)


def _of_custom(contract: Contract, link: _Link) -> Iterator[Mutation]:
    """Wrong types of an organization's own relationship; no clause is about its place, so they are observed."""
    schema = next(
        (place.schema.get("additionalProperties") for place in contract.group_places if place.pointer == LINK_MAP), None
    )
    if isinstance(schema, dict) and json_types(schema):
        for mutation in type_mutations("type", link.pointer, schema, None, link.ids[0]):
            if mutation.variant in {"object", "number"}:
                yield mutation
