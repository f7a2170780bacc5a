"""Breaches at the writable places that the fragment names: absence, null, wrong types, and what its keywords forbid."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..spec import Contract, Place
from ..spec.pointer import ABSENT, get_at, set_at, without
from .keyword_breaches import keyword_mutations
from .mutation import Mutation, putting
from .places import shapes
from .schema import JSON_TYPES, json_types, variants
from .texts import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["place_mutations", "type_mutations"]

_WRONG_VALUES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "array": lambda valid: [valid],
    "object": lambda valid: {"value": valid},
    "number": lambda _: 7,
    "string": lambda _: PLAIN_TEXT,
    "boolean": lambda _: True,
}
"""A value of each JSON type, made of the valid one where it can hold it. Null is not here: it stands for absence."""

_WRONG_ITEMS: Final[Mapping[str, Any]] = {"number": 7, "null": None, "object": {"value": PLAIN_TEXT}}


def place_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """All breaches of one place by the value that stands there, derived from the place's JSON Schema alone."""
    for place in contract.places:
        if not place.read_only:
            valid = next(iter(shapes(workspace, place).values()), ABSENT)
            yield from _absence(place, valid)
            yield from type_mutations("type", place.pointer, place.schema, f"type:{place.pointer}", valid, smoke=True)
            yield from keyword_mutations(workspace, place, valid)


def type_mutations(
    rule: str, pointer: str, schema: Mapping[str, Any], clause: str | None, valid: Any = ABSENT, *, smoke: bool = False
) -> Iterator[Mutation]:
    """One mutation for each JSON type that the schema does not take, then for each that its array items may not have.

    With `smoke`, the first of them is one of the few that smoke depth sends.
    """
    for name in JSON_TYPES:
        if name not in json_types(schema) and name in _WRONG_VALUES:
            yield Mutation(rule, pointer, name, clause, _wrapping(pointer, name), valid, smoke=smoke)
            smoke = False
    for variant in variants(schema):
        taken = json_types(variant.get("items", {}))
        for name, item in _WRONG_ITEMS.items():
            if name not in taken:
                yield Mutation(rule, pointer, f"array-with-{name}", clause, _appending(pointer, item), valid)


def _wrapping(pointer: str, json_type: str) -> Callable[[Any], Any]:
    return lambda body: set_at(body, pointer, _WRONG_VALUES[json_type](get_at(body, pointer, PLAIN_TEXT)))


def _appending(pointer: str, item: Any) -> Callable[[Any], Any]:
    def spoil(body: Any) -> Any:
        now = get_at(body, pointer, [])
        return set_at(body, pointer, [*(now if isinstance(now, list) else [now]), item])

    return spoil


def _absence(place: Place, valid: Any) -> Iterator[Mutation]:
    """What is required can be neither left out nor null; null for the rest is only observed (contract 11)."""
    clause = f"required:{place.pointer}" if place.required else None
    if place.required:
        leave_out = functools.partial(without, pointer=place.pointer)
        yield Mutation("missing", place.pointer, "", clause, leave_out, valid, smoke=True)
    if "null" not in json_types(place.schema):
        yield Mutation("null", place.pointer, "", clause, putting(place.pointer, None), valid, smoke=place.required)
