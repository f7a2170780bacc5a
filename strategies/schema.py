"""Read the JSON Schema of a place: which types it takes, and which alternatives it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["JSON_TYPES", "constrained", "json_types", "type_of", "variants"]

JSON_TYPES: Final = ("array", "object", "number", "string", "boolean", "null")
"""JSON's types (RFC 8259 section 1), those first that can hold another value, and so a run's marker."""


def variants(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the schema's alternatives, each without `anyOf` or `oneOf`; keywords beside the union go with each of them."""
    for union in ("anyOf", "oneOf"):
        if union in schema:
            beside = {key: value for key, value in schema.items() if key != union}
            for alternative in schema[union]:
                yield from variants({**beside, **alternative})
            return
    yield schema


def json_types(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the JSON types that the schema takes; all of them where it does not say, none where it takes nothing."""
    if schema.get("not") == {}:
        return frozenset()
    found: set[str] = set()
    for variant in variants(schema):
        if "type" in variant:
            named = variant["type"]
            found.update([named] if isinstance(named, str) else named)
        elif "const" in variant or "enum" in variant:
            found.update(type_of(value) for value in variant.get("enum", [variant.get("const")]))
        else:
            return frozenset(JSON_TYPES)
    return frozenset("number" if name == "integer" else name for name in found)


def constrained(schema: Mapping[str, Any]) -> bool:
    """Return whether the schema says more than which types it takes."""
    return any(set(variant) - _TYPE_AND_REMARKS for variant in variants(schema))


_TYPE_AND_REMARKS: Final = frozenset({"type", "title", "description", "examples", "default"})


def type_of(value: Any) -> str:
    """Return the JSON type of a parsed JSON value."""
    if isinstance(value, bool):
        return "boolean"
    kinds = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return kinds.get(type(value), "null")
