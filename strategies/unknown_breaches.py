"""Breaches by naming what nobody defined: an option, a field, a relationship, a member of the body."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from ..spec import Contract, Place, Role
from ..spec.pointer import ABSENT, join
from ..spec.profile import LINK_MAP, custom_pointer
from .mutation import Mutation, putting
from .places import option_names, shapes
from .texts import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["unknown_mutations"]

_SLUGS: Final = {
    Role.VALUE: ("conformance_no_such_field", "$conformanceNoSuchField"),
    Role.LINK: ("conformance_no_such_link", "$conformanceNoSuchLink"),
}
_MEMBER: Final = "conformanceNoSuchMember"


def unknown_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Options, fields, relationships and members that neither the fragment nor the definitions know."""
    for place in contract.value_places:
        if place.role is Role.OPTION and not place.read_only:
            yield from _options(workspace, place)
    yield from _field_slugs(contract, workspace)
    yield from _relationship_slugs(contract, workspace)
    yield from _members(contract)


def _options(workspace: Workspace, place: Place) -> Iterator[Mutation]:
    clause = f"unknown-option:{place.pointer}"
    valid = next(iter(shapes(workspace, place).values()), ABSENT)
    options = option_names(workspace, place.key)
    known = {text for option in options for text in (option.id, option.label)}
    made_up = _unused(f"No such {PLAIN_TEXT.lower()}", known)
    yield Mutation("unknown-option", place.pointer, "made-up", clause, putting(place.pointer, made_up), valid, smoke=True)
    if (other := _option_of_another(workspace, place.key, known)) is not None:
        yield Mutation("unknown-option", place.pointer, "of-another-field", clause, putting(place.pointer, other), valid)
    if prefix := next(
        (option.label[:-1] for option in options if option.label[:-1].strip() and option.label[:-1] not in known), ""
    ):
        yield Mutation("unknown-option", place.pointer, "prefix", clause, putting(place.pointer, prefix), valid)
    label = next((option.label for option in options if option.label.swapcase() not in known), "")
    if label:
        spoil = putting(place.pointer, label.swapcase())
        yield Mutation("unknown-option", place.pointer, "other-case", None, spoil, valid)
        yield Mutation("unknown-option", place.pointer, "trailing-space", None, putting(place.pointer, f"{label} "), valid)


def _option_of_another(workspace: Workspace, key: str, known: Collection[str]) -> str | None:
    others = (field.options for field in workspace.fields.values() if field.key != key)
    ids = (option.id for options in others for option in options)
    return next((option_id for option_id in ids if option_id and option_id not in known), None)


def _field_slugs(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    known = {*workspace.fields, *(place.key for place in contract.value_places)}
    yield from _slugs(Role.VALUE, "unknown-field", "unknown:field", known, PLAIN_TEXT)


def _relationship_slugs(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    known = {*workspace.relationships, *(place.key for place in contract.link_places)}
    linked = next((ids[0] for ids in workspace.ids.values() if ids), PLAIN_TEXT)
    if any(place.pointer == LINK_MAP for place in contract.places):
        yield from _slugs(Role.LINK, "unknown-relationship", "unknown:relationship", known, linked)


def _slugs(role: Role, rule: str, clause: str, known: Collection[str], value: Any) -> Iterator[Mutation]:
    for slug in _SLUGS[role]:
        pointer = custom_pointer(role, _unused(slug, known))
        bare = not slug.startswith("$")
        yield Mutation(rule, pointer, "", clause, putting(pointer, value), smoke=bare)


def _members(contract: Contract) -> Iterator[Mutation]:
    """Members beside the groups: a made-up one, a field that slipped out of its group, one that only answers have."""
    schema = contract.create.request_schema
    if schema.get("additionalProperties") is not False:
        return
    names = {"made-up": _MEMBER}
    if slipped := [place.key for place in contract.value_places if place.required]:
        names["slipped"] = slipped[0]
    answered = contract.create.response_schema.get("properties", ())
    if others := [name for name in answered if name not in schema["properties"]]:
        names["answered"] = others[0]
    for variant, name in names.items():
        pointer = join("", name)
        smoke = variant == "made-up"
        yield Mutation("unknown-member", pointer, variant, "unknown:member", putting(pointer, PLAIN_TEXT), smoke=smoke)


def _unused(name: str, known: Collection[str]) -> str:
    while name in known:
        name += "_"
    return name
