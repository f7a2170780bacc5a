"""What each JSON Schema keyword forbids at a place, besides its types: the empty, the short, the long, the unlisted."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..spec import Place, Role
from .mutation import Mutation, putting
from .places import known_ids, link_type
from .schema import json_types, variants
from .texts import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["keyword_mutations"]


def keyword_mutations(workspace: Workspace, place: Place, valid: Any) -> Iterator[Mutation]:
    """A mutation for each value that a keyword of the place's schema forbids; `valid` is as in `Mutation`."""
    for variant in variants(place.schema):
        for keyword, forbid in _KEYWORDS.items():
            if keyword in variant:
                for rule, name, clause, value in forbid(workspace, place, variant):
                    smoke = rule == "empty-array" and clause is not None
                    yield Mutation(rule, place.pointer, name, clause, putting(place.pointer, value), valid, smoke=smoke)


_Forbidden = tuple[str, str, str | None, Any]
"""Rule, variant, clause, value."""


def _required(place: Place) -> str | None:
    return f"required:{place.pointer}" if place.required else None


def _type(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    """Empty and blank values that no keyword forbids. Only a required select says that it takes none of them."""
    taken = json_types(schema)
    if "string" in taken and not schema.get("minLength"):
        if place.role is Role.OPTION:
            yield "empty", "string", _required(place), ""
        else:
            yield from (("blank", name, None, text) for name, text in _BLANKS.items())
    if "array" in taken and not (place.required and schema.get("minItems")):
        yield "empty-array", "", None, []


_BLANKS: Final = {"empty": "", "space": " ", "wide-spaces": "\u00a0\u3000"}


def _min_length(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    short = (PLAIN_TEXT * schema["minLength"])[: max(0, schema["minLength"] - 1)]
    if schema["minLength"] > 0 and "string" in json_types(schema):
        yield "short" if short else "empty", "string", _required(place), short


def _min_items(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    """Required means one. At an optional place nothing is as good as absence (contract 11), and `_type` observes it."""
    if schema["minItems"] > 0 and "array" in json_types(schema) and place.required:
        yield "empty-array", "", _required(place), []


def _max_items(workspace: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    ids = known_ids(workspace, link_type(workspace, place))[: schema["maxItems"] + 1]
    if place.role is Role.LINK and "array" in json_types(schema) and len(ids) > schema["maxItems"]:
        yield "many", "", f"type:{place.pointer}", list(ids)


def _max_length(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    if "string" in json_types(schema):
        yield "long", "", f"type:{place.pointer}", (PLAIN_TEXT * (schema["maxLength"] + 1))[: schema["maxLength"] + 1]


def _choice(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    """A value of an allowed type that is none of the listed ones."""
    allowed = schema.get("enum", [schema.get("const")])
    candidates = [*(f"{value} {PLAIN_TEXT}" for value in allowed if isinstance(value, str)), 7, True]
    fitting = (value for value in candidates if value not in allowed)
    yield "choice", "", f"type:{place.pointer}", next(fitting, PLAIN_TEXT)


def _pattern(_: Workspace, place: Place, schema: Mapping[str, Any]) -> Iterator[_Forbidden]:
    for text in (PLAIN_TEXT, "-", "~ 0 ~", "\u00a0"):
        if not re.search(schema["pattern"], text):
            yield "pattern", "", f"type:{place.pointer}", text
            return


def _bound(_: Workspace, place: Place, schema: Mapping[str, Any], *, keyword: str, step: int) -> Iterator[_Forbidden]:
    yield "range", keyword, f"type:{place.pointer}", schema[keyword] + step


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
