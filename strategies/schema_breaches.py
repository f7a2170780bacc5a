"""Breaches that a place's JSON Schema shows: absence, null, wrong types, and what its keywords forbid."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..spec import Contract, Place, Role, Rule
from ..spec.pointer import ABSENT, get_at, set_at, without
from ..spec.profile import LINK_MAP, VALUE_MAP
from .breach import Mutation, replace
from .places import valid_values
from .schema import JSON_TYPES, json_types, variants
from .values import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["schema_mutations", "type_mutations"]

_WRONG_VALUES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "array": lambda valid: [valid],
    "object": lambda valid: {"value": valid},
    "number": lambda valid: int(valid) if isinstance(valid, bool) else 7,
    "string": lambda valid: PLAIN_TEXT if isinstance(valid, str) else json.dumps(valid),
    "boolean": lambda _: False,
}
"""A value of each JSON type, made of the valid one where it can hold it, for a server may take the one for the other.

Null is not here: it stands for absence.
"""

_TAKEN: Final = (("object", "array"), ("array-with-number", "object"))
"""What servers take that look at the type of a value alone, and of a link: a value as answers show it, one in an array."""

_WRONG_ITEMS: Final[Mapping[str, Any]] = {"number": 7, "null": None, "object": {"value": PLAIN_TEXT}}


def schema_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield all breaches of one writable place by the value that stands there."""
    for place in contract.places:
        if not place.read_only:
            valid = next(iter(valid_values(workspace, place).values()), ABSENT)
            clause = f"type:{place.pointer}"
            yield from _absence(place, valid)
            yield from _marked(place, type_mutations(Rule.TYPE, place.pointer, place.schema, clause, valid))
            if place.required and place.role is Role.LINK and valid is not ABSENT:
                yield Mutation(Rule.TYPE, place.pointer, "nested-array", clause, replace(place.pointer, [[valid]]), valid)
            yield from _keyword_mutations(workspace, place, valid)


def type_mutations(
    rule: Rule, pointer: str, schema: Mapping[str, Any], clause: str | None, valid: Any = ABSENT
) -> Iterator[Mutation]:
    """Yield a mutation for each JSON type that the schema does not take, then for each that its items may not have."""
    for name in JSON_TYPES:
        if name not in json_types(schema) and name in _WRONG_VALUES:
            yield Mutation(rule, pointer, name, clause, _wrap(pointer, name, valid), valid)
    if pointer in (VALUE_MAP, LINK_MAP):
        # Some languages have one empty value for an object and for an array.
        yield Mutation(rule, pointer, "empty-array", clause, replace(pointer, []), valid)
    for variant in variants(schema):
        taken = json_types(variant.get("items", {}))
        for name, item in _WRONG_ITEMS.items():
            if name not in taken:
                yield Mutation(rule, pointer, f"array-with-{name}", clause, _append(pointer, item), valid)


def _marked(place: Place, mutations: Iterator[Mutation]) -> list[Mutation]:
    """The mutations, with those first that smoke depth sends: the first one, at a required place two that servers take."""
    found = {mutation.variant: mutation for mutation in mutations}
    names = [name for name in _TAKEN[place.role is Role.LINK] if place.required and name in found] or list(found)[:1]
    rest = [mutation for name, mutation in found.items() if name not in names]
    return [*(dataclasses.replace(found[name], smoke=True) for name in names), *rest]


def _wrap(pointer: str, json_type: str, valid: Any) -> Callable[[Any], Any]:
    usual = PLAIN_TEXT if valid is ABSENT else valid
    return lambda body: set_at(body, pointer, _WRONG_VALUES[json_type](get_at(body, pointer, usual)))


def _append(pointer: str, item: Any) -> Callable[[Any], Any]:
    def mutate(body: Any) -> Any:
        now = get_at(body, pointer, [])
        return set_at(body, pointer, [*(now if isinstance(now, list) else [now]), item])

    return mutate


def _absence(place: Place, valid: Any) -> Iterator[Mutation]:
    """What is required can be neither left out nor null; null for the rest is only observed (contract 11)."""
    clause = _required(place)
    if place.required:
        leave_out = functools.partial(without, pointer=place.pointer)
        yield Mutation(Rule.MISSING, place.pointer, "", clause, leave_out, valid, smoke=True)
    if "null" not in json_types(place.schema):
        nothing = replace(place.pointer, None)
        yield Mutation(Rule.NULL, place.pointer, "", clause, nothing, valid, smoke=place.required)


_Forbidden = tuple[Rule, str, str | None, Any]
"""Rule, variant, clause, value."""


def _keyword_mutations(workspace: Workspace, place: Place, valid: Any) -> Iterator[Mutation]:
    """A mutation for each value that a keyword of the place's schema forbids."""
    for variant in variants(place.schema):
        for keyword, forbid in _KEYWORDS.items():
            if keyword in variant:
                for rule, name, clause, value in forbid(workspace, place, variant):
                    smoke = rule in (Rule.EMPTY, Rule.EMPTY_ARRAY) and clause is not None
                    yield Mutation(rule, place.pointer, name, clause, replace(place.pointer, value), valid, smoke=smoke)


def _required(place: Place) -> str | None:
    return f"required:{place.pointer}" if place.required else None


def _type(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    """Empty and blank values that no keyword forbids. Only a required select says that it takes none of them."""
    taken = json_types(schema)
    if "string" in taken and not schema.get("minLength"):
        if place.role is Role.OPTION:
            yield Rule.EMPTY, "string", _required(place), ""
        else:
            yield from ((Rule.BLANK, name, None, text) for name, text in _BLANKS.items())
    if "array" in taken and not (place.required and schema.get("minItems")):
        yield Rule.EMPTY_ARRAY, "", None, []


_BLANKS: Final = {"empty": "", "space": " ", "wide-spaces": "\u00a0\u3000"}


def _min_length(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    short = (PLAIN_TEXT * schema["minLength"])[: max(0, schema["minLength"] - 1)]
    if schema["minLength"] > 0 and "string" in json_types(schema):
        yield Rule.SHORT if short else Rule.EMPTY, "string", _required(place), short


def _min_items(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    """Required means one. At an optional place nothing is as good as absence (contract 11), and `_type` observes it."""
    if schema["minItems"] > 0 and "array" in json_types(schema) and place.required:
        yield Rule.EMPTY_ARRAY, "", _required(place), []


def _max_items(workspace: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    ids = workspace.known_ids(workspace.linked_type(place))[: schema["maxItems"] + 1]
    if place.role is Role.LINK and "array" in json_types(schema) and len(ids) > schema["maxItems"]:
        yield Rule.MANY, "", f"type:{place.pointer}", list(ids)


def _max_length(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    if "string" in json_types(schema):
        long = (PLAIN_TEXT * (schema["maxLength"] + 1))[: schema["maxLength"] + 1]
        yield Rule.LONG, "", f"type:{place.pointer}", long


def _choice(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    """A value of an allowed type that is none of the listed ones."""
    allowed = schema.get("enum", [schema.get("const")])
    candidates = [*(f"{value} {PLAIN_TEXT}" for value in allowed if isinstance(value, str)), 7, True]
    fitting = (value for value in candidates if value not in allowed)
    yield Rule.CHOICE, "", f"type:{place.pointer}", next(fitting, PLAIN_TEXT)


def _pattern(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    for text in (PLAIN_TEXT, "-", "~ 0 ~", "\u00a0"):
        if not re.search(schema["pattern"], text):
            yield Rule.PATTERN, "", f"type:{place.pointer}", text
            return


def _bound(_: Workspace, place: Place, schema: Mapping[str, Any], *, keyword: str, step: int) -> Iterator[_Forbidden]:
    yield Rule.RANGE, keyword, f"type:{place.pointer}", schema[keyword] + step


_KEYWORDS: Final[Mapping[str, Callable[[Workspace, Place, Mapping[str, Any]], Iterator[_Forbidden]]]] = {
    "type": _type,
    "minLength": _min_length,
    "minItems": _min_items,
    "maxItems": _max_items,
    "maxLength": _max_length,
    "enum": _choice,
    "const": _choice,
    "pattern": _pattern,
    "minimum": functools.partial(_bound, keyword="minimum", step=-1),
    "maximum": functools.partial(_bound, keyword="maximum", step=1),
}
"""A keyword that a fragment begins to use needs its line here, and no other code."""
