"""Breaches by what a value means: links that lead where they must not, read-only places, custom attributes' values."""

from __future__ import annotations

import dataclasses
import hashlib
import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..spec import Contract, FieldDefinition, Place, Role, Rule
from ..spec.pointer import ABSENT
from ..spec.profile import LINK_MAP
from .breach import Mutation, replace
from .dependents import parents_of
from .places import custom_fields, custom_relationships, ways_to_link
from .schema import json_types, type_of, variants
from .schema_breaches import type_mutations
from .select_types import beginning_of_label
from .value_types import VALUE_TYPES, demanded_values
from .values import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["custom_mutations", "link_mutations", "read_only_mutations", "unknown_id"]


class _Link(NamedTuple):
    pointer: str
    object_type: str | None
    ids: tuple[str, ...]
    many: bool

    def forms(self, wrong: str) -> dict[str, Any]:
        """The ways of writing a wrong ID.

        Beside a right one only where there may be two: of two for one, a target may keep the first and look at no other
        (contract 11).
        """
        found: dict[str, Any] = {"array": [wrong], "one": wrong}
        if not (self.many and self.ids):
            return found
        return {"beside-a-known-one": [*self.ids[:2], wrong], **found, "before-a-known-one": [wrong, self.ids[0]]}


def read_only_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield breaches that set what cannot be set: plausible values, which must be refused; empty ones, which should be.

    For each read-only place of the fragment, then for one that only the definitions call read-only.
    """
    for place in contract.places:
        if place.read_only:
            yield from _plausible(workspace, place)
            yield from _empty(place)
    yield from _defined(contract, workspace)


def link_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield breaches of every link that may be set, the organization's own included.

    It leads to nothing, to an object of another type or organization, or to the same one twice. An ID that stands by itself,
    in an array, and beside one that is right come in another order at each place, so smoke depth has each of them.
    """
    named = [place for place in contract.link_places if not place.read_only]
    links = [_link(workspace, place.pointer, place.key, workspace.linked_type(place)) for place in named]
    relationships = custom_relationships(contract, workspace)
    custom = [_link(workspace, each.pointer, each.key, each.object_type) for each in relationships]
    cardinalities = [workspace.relationships[each.key].cardinality for each in relationships]
    later = [at for at, cardinality in enumerate(cardinalities) if cardinality in cardinalities[:at]]
    for at, link in enumerate((*links, *custom)):
        # Of the custom ones, the first of each cardinality stands for the others in what is seldom looked at one by one.
        short = at - len(links) in later
        yield from _misleading(workspace, link._replace(many=False) if short else link, at, once=not short)
    for at, link in enumerate(custom):
        if at not in later:
            yield from _custom_link_types(contract, link)


def custom_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield breaches of the first custom attribute of each value type that definitions list; smoke has one per rule."""
    seen = set[Rule]()
    for value_type, definitions in custom_fields(contract, workspace).items():
        valid = next((value.value for value in demanded_values(definitions[0])), ABSENT)
        if valid is not ABSENT:
            schema, beside = contract.values[value_type], parents_of(workspace, definitions[0], valid)
            for mutation in (
                *_wrong_types(definitions[0], schema, valid),
                *_wrong_parts(definitions[0], schema, valid),
                *_nonsense(definitions[0], valid),
            ):
                # Of selects, the one that takes a single option is tried first by most who write a server.
                late = mutation.rule is Rule.UNKNOWN_OPTION and isinstance(valid, list)
                smoke = mutation.clause is not None and mutation.rule not in seen and not late
                yield dataclasses.replace(mutation, beside=beside, smoke=smoke)
                seen |= {mutation.rule} if smoke else set()


def unknown_id(known: str) -> str:
    """Return an ID that names nothing, spelled like the known one: same prefix, same kinds of characters, long enough.

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


def _plausible(workspace: Workspace, place: Place) -> Iterator[Mutation]:
    clause, link = f"read-only:{place.pointer}", place.role is Role.LINK
    for at, (variant, value) in enumerate(_plausible_values(workspace, place).items()):
        smoke = at == 0 or (link and at == 1)
        yield Mutation(Rule.READ_ONLY, place.pointer, variant, clause, replace(place.pointer, value), smoke=smoke)


def _plausible_values(workspace: Workspace, place: Place) -> dict[str, Any]:
    """Values that would be valid if the place could be set, so that nothing else is wrong with them."""
    if place.role is Role.LINK:
        return ways_to_link(_linkable(workspace, workspace.linked_type(place)))
    return _plainest_values(workspace.definition_of(place))


def _linkable(workspace: Workspace, object_type: str | None) -> tuple[str, ...]:
    """IDs of a type; where none is known, something that stands for one: what cannot be set is refused whatever it is."""
    others = [ids[0] for ids in workspace.ids.values() if ids]
    return workspace.known_ids(object_type) or tuple(others[:1]) or (PLAIN_TEXT,)


def _plainest_values(definition: FieldDefinition) -> dict[str, Any]:
    """A select's option both ways, else the plainest value."""
    most = 2 if definition.options else 1
    known = {value.feature: value.value for value in demanded_values(definition)[:most]}
    return known or {"text": PLAIN_TEXT}


def _empty(place: Place) -> Iterator[Mutation]:
    clause = f"read-only-empty:{place.pointer}"
    yield Mutation(Rule.READ_ONLY_EMPTY, place.pointer, "null", clause, replace(place.pointer, None), smoke=True)
    name, value = ("array", []) if place.role is Role.LINK else ("string", "")
    yield Mutation(Rule.READ_ONLY_EMPTY, place.pointer, name, clause, replace(place.pointer, value))


def _defined(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """What live definitions call read-only and the fragment does not name: the first of each value type and object type."""
    named, clause, seen = {place.key for place in contract.places}, "definitions:read-only", set[str]()
    for field in workspace.fields.values():
        if field.read_only and field.key not in named and field.value_type not in seen:
            variant, value = next(iter(_plainest_values(field).items()))
            mutate = replace(field.pointer, value)
            yield Mutation(Rule.READ_ONLY, field.pointer, variant, clause, mutate, smoke=not seen)
            seen.add(field.value_type)
    for link in workspace.relationships.values():
        ids = _linkable(workspace, link.object_type)
        if link.read_only and link.key not in named and link.object_type not in seen:
            yield Mutation(Rule.READ_ONLY, link.pointer, "one", clause, replace(link.pointer, ids[0]), smoke=not seen)
            seen.add(link.object_type)


def _link(workspace: Workspace, pointer: str, key: str, object_type: str | None) -> _Link:
    defined = workspace.relationships.get(key)
    many = defined is not None and defined.cardinality == "has_many"
    return _Link(pointer, object_type, workspace.ids_at(key, object_type), many)


def _misleading(workspace: Workspace, link: _Link, at: int, *, once: bool) -> Iterator[Mutation]:
    """Breaches of one link.

    Args:
        once: whether it is tried with one ID twice.
    """
    nothing = unknown_id(link.ids[0] if link.ids else f"{link.object_type}_0")
    yield from _in_forms(link, Rule.UNKNOWN_ID, "link:unknown", [nothing], at)
    if link.ids and once:
        yield _mutation(link, Rule.DUPLICATE_ID, "", None, [link.ids[0], link.ids[0]])
    others = [ids[0] for kind, ids in workspace.ids.items() if ids and kind != link.object_type and ids[0] not in link.ids]
    if link.object_type and others:
        turned = at % len(others)
        yield from _in_forms(link, Rule.OTHER_TYPE, "link:other-type", others[turned:] + others[:turned], at)
    if theirs := workspace.other_ids.get(link.object_type or "", ())[:1]:
        yield from _in_forms(link, Rule.OTHER_ORGANIZATION, "link:other-organization", theirs, at)


def _in_forms(link: _Link, rule: Rule, clause: str, wrong: Sequence[str], at: int) -> Iterator[Mutation]:
    """The forms of a link, another one first at the next place, but where it may stand beside a right one that.

    Smoke depth has the first of each.

    Args:
        wrong: the IDs that the forms take in turn.
    """
    names = [*link.forms(wrong[0])]
    turned = names if len(names) > 2 else names[at % 2 :] + names[: at % 2]
    for number, variant in enumerate(turned):
        value = link.forms(wrong[number % len(wrong)])[variant]
        yield _mutation(link, rule, variant, clause, value, smoke=number == 0)


def _mutation(link: _Link, rule: Rule, variant: str, clause: str | None, value: Any, *, smoke: bool = False) -> Mutation:
    valid = link.ids[0] if link.ids else ABSENT
    return Mutation(rule, link.pointer, variant, clause, replace(link.pointer, value), valid, smoke=smoke)


def _custom_link_types(contract: Contract, link: _Link) -> Iterator[Mutation]:
    """Wrong types of an organization's own relationship; no clause is about its place, so they are observed."""
    maps = [place.schema for place in contract.group_places if place.pointer == LINK_MAP]
    schema = maps[0].get("additionalProperties") if maps else None
    if isinstance(schema, dict) and json_types(schema):
        for mutation in type_mutations(Rule.TYPE, link.pointer, schema, None, link.ids[0]):
            if mutation.variant in {"object", "number"}:
                yield mutation


def _wrong_types(definition: FieldDefinition, schema: Mapping[str, Any], valid: Any) -> Iterator[Mutation]:
    """One string where the value type is an array of strings is only observed: no source says that it is refused."""
    pointer, clause = definition.pointer, f"custom:{definition.value_type}"
    scalar = {"number", "string"} & json_types(schema)
    left_out = {"array-with-null", "array-with-object", *([] if scalar else ["boolean"])}
    lists_strings = "array" in json_types(schema) and "string" not in json_types(schema)
    for mutation in type_mutations(Rule.CUSTOM_TYPE, pointer, schema, clause, valid):
        if mutation.variant == "string" and lists_strings:
            yield Mutation(Rule.CUSTOM_TYPE, pointer, "lone-string", None, replace(pointer, valid[0]), valid)
        elif mutation.variant not in left_out:
            yield mutation


def _wrong_parts(definition: FieldDefinition, schema: Mapping[str, Any], valid: Any) -> Iterator[Mutation]:
    """A part of a wrong type, once for each type that the parts have."""
    tried: set[frozenset[str]] = set()
    parts = [part for variant in variants(schema) for part in variant.get("properties", {}).items()]
    for name, part in parts:
        types = json_types(part)
        if types not in tried:
            tried.add(types)
            wrong = PLAIN_TEXT if type_of(PLAIN_TEXT) not in types else 7
            mutate = replace(definition.pointer, {**valid, name: wrong})
            variant, clause = f"{name}-{type_of(wrong)}", f"custom:{definition.value_type}"
            yield Mutation(Rule.CUSTOM_TYPE, definition.pointer, variant, clause, mutate, valid)


def _nonsense(definition: FieldDefinition, valid: Any) -> Iterator[Mutation]:
    """A value of the right JSON type that makes no sense; that it is refused is demanded of options alone (contract 11)."""
    value_type = VALUE_TYPES[definition.value_type]
    if value_type.nonsense is None:
        return
    made_up, pointer = value_type.nonsense(definition), definition.pointer
    if not value_type.select:
        yield Mutation(Rule.CUSTOM_CONTENT, pointer, "senseless", None, replace(pointer, made_up), valid)
        return
    clause, beginning = f"custom:{definition.value_type}", beginning_of_label(definition.options)
    wrong = {"senseless": made_up}
    if isinstance(valid, list):
        # Comes first, because it also finds a target that looks at the first option alone.
        wrong = {"beside-a-known-one": [*valid, *made_up], **wrong}
    if beginning:
        wrong["prefix"] = [beginning] if isinstance(valid, list) else beginning
    for variant, value in wrong.items():
        yield Mutation(Rule.UNKNOWN_OPTION, pointer, variant, clause, replace(pointer, value), valid)
