"""Breaches by the value of a custom attribute, derived from its definition and the schema of its value type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..spec import Contract, Role
from ..spec.pointer import ABSENT
from ..spec.profile import custom_pointer
from .mutation import Mutation, putting
from .place_breaches import type_mutations
from .places import custom_fields
from .schema import json_types, type_of, variants
from .texts import PLAIN_TEXT
from .values import demanded_values
from .workspace import FieldDefinition, Workspace

__all__ = ["custom_mutations"]


def custom_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """For the first custom attribute of each value type that the definitions list."""
    for value_type, definitions in custom_fields(contract, workspace).items():
        valid = next((value.value for value in demanded_values(definitions[0])), ABSENT)
        if valid is not ABSENT:
            schema = contract.values[value_type]
            yield from _wrong_types(definitions[0], schema, valid)
            yield from _wrong_parts(definitions[0], schema, valid)
            yield from _wrong_content(definitions[0], valid)


def _wrong_types(definition: FieldDefinition, schema: Mapping[str, Any], valid: Any) -> Iterator[Mutation]:
    """One string where the value type is an array of strings is only observed: no source says that it is refused."""
    pointer = custom_pointer(Role.VALUE, definition.key)
    left_out = {"array-with-null", "array-with-object", *([] if "number" in json_types(schema) else ["boolean"])}
    lists_strings = "array" in json_types(schema) and "string" not in json_types(schema)
    for mutation in type_mutations("custom-type", pointer, schema, f"custom:{definition.value_type}", valid):
        if mutation.variant == "string" and lists_strings:
            lone = putting(pointer, valid[0])
            yield Mutation("custom-type", pointer, "lone-string", None, lone, valid)
        elif mutation.variant not in left_out:
            yield mutation


def _wrong_parts(definition: FieldDefinition, schema: Mapping[str, Any], valid: Any) -> Iterator[Mutation]:
    """A part of a wrong type, once for each type that the parts have."""
    pointer = custom_pointer(Role.VALUE, definition.key)
    tried: set[frozenset[str]] = set()
    parts = [part for variant in variants(schema) for part in variant.get("properties", {}).items()]
    for name, part in parts:
        types = json_types(part)
        if types not in tried:
            tried.add(types)
            wrong = PLAIN_TEXT if type_of(PLAIN_TEXT) not in types else 7
            spoil = putting(pointer, {**valid, name: wrong})
            clause = f"custom:{definition.value_type}"
            yield Mutation("custom-type", pointer, f"{name}-{type_of(wrong)}", clause, spoil, valid)


def _wrong_content(definition: FieldDefinition, valid: Any) -> Iterator[Mutation]:
    """Values of the right JSON type that make no sense; whether they are refused is only observed."""
    pointer = custom_pointer(Role.VALUE, definition.key)
    made_up = f"No such {PLAIN_TEXT.lower()}"
    found: Mapping[str, tuple[str, Any]] = {
        "SINGLE_SELECT": ("unknown-option", made_up),
        "MULTI_SELECT": ("unknown-option", [made_up]),
        "DATETIME": ("custom-content", "2026-02-30T12:00:00Z"),
        "EMAIL": ("custom-content", ["no-at-sign"] if definition.multiple else "no-at-sign"),
        "URL": ("custom-content", ["not a url"] if definition.multiple else "not a url"),
        "TELEPHONE": ("custom-content", ["not a number"]),
        "ADDRESS": ("custom-content", {"city": PLAIN_TEXT, "country": "Switzerland"}),
        "FULL_NAME": ("custom-content", {"firstName": "Ada", "thirdName": PLAIN_TEXT}),
    }
    if definition.value_type in found:
        rule, value = found[definition.value_type]
        yield Mutation(rule, pointer, "senseless", None, putting(pointer, value), valid)
