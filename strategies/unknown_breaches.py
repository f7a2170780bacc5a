"""Breaches by naming what no definition lists: an option, a field, a relationship, a member of the body."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from ..spec import Contract, Place, Role, Rule
from ..spec.pointer import ABSENT, join
from ..spec.profile import LINK_MAP, VALUE_MAP
from .breach import Mutation, replace
from .places import valid_values
from .select_types import beginning_of_label
from .values import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["unknown_mutations"]

_FIELD: Final = "conformance_no_such_field"
_RELATIONSHIP: Final = "constructor"
"""No relationship, but what every object of some languages has, so that a look-up may find it among the definitions."""
_MEMBER: Final = "conformanceNoSuchMember"
_NOTHING: Final[Mapping[str, Any]] = {"null": None, "empty-array": []}
"""What a target may overlook at a key that it does not know."""


def unknown_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield options, fields, relationships and members that neither the fragment nor the definitions know."""
    for place in contract.value_places:
        if place.role is Role.OPTION and not place.read_only:
            yield from _options(workspace, place)
    yield from _fields(contract, workspace)
    if any(place.pointer == LINK_MAP for place in contract.places):
        yield from _relationships(contract, workspace)
    yield from _members(contract)


def _fields(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    known = {*workspace.fields, *(place.key for place in contract.value_places)}
    made_up, respelled = _unused(_FIELD, known), _unused(_respelled(contract.value_places, _FIELD), known)
    rule, clause = Rule.UNKNOWN_FIELD, "unknown:field"
    yield from _at_key(rule, join(VALUE_MAP, made_up), clause, {"": PLAIN_TEXT, **_NOTHING})
    yield from _at_key(rule, join(VALUE_MAP, respelled), clause, {"null": None, "": PLAIN_TEXT})


def _relationships(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    known = {*workspace.relationships, *(place.key for place in contract.link_places)}
    made_up, respelled = _unused(_RELATIONSHIP, known), _unused(_respelled(contract.link_places, _RELATIONSHIP), known)
    linked = next((ids[0] for ids in workspace.ids.values() if ids), PLAIN_TEXT)
    rule, clause = Rule.UNKNOWN_RELATIONSHIP, "unknown:relationship"
    yield from _at_key(rule, join(LINK_MAP, made_up), clause, {"": linked, **_NOTHING})
    yield from _at_key(rule, join(LINK_MAP, respelled), clause, {"array": [linked], "": linked})


def _options(workspace: Workspace, place: Place) -> Iterator[Mutation]:
    options = workspace.known_options(place.key)
    known = {text for option in options for text in (option.id, option.label)}
    clause = f"unknown-option:{place.pointer}"
    prefix = beginning_of_label(options)
    if prefix:
        # Comes first, because it also finds a target that takes any text.
        yield _option(workspace, place, "prefix", clause, prefix, smoke=True)
    if (other := _option_of_another(workspace, place.key, known)) is not None:
        yield _option(workspace, place, "of-another-field", clause, other, smoke=True)
    yield _option(workspace, place, "made-up", clause, _unused(f"No such {PLAIN_TEXT.lower()}", known), smoke=not prefix)
    for label in [option.label for option in options if option.label][:1]:
        yield _option(workspace, place, "longer", clause, _unused(f"{label} {PLAIN_TEXT}", known))
    # A target may keep its options in a list, and look a text up there as in an object.
    yield _option(workspace, place, "index", clause, _unused("0", known))
    if label := next((option.label for option in options if option.label.swapcase() not in known), ""):
        yield _option(workspace, place, "other-case", None, label.swapcase())
        yield _option(workspace, place, "trailing-space", None, f"{label} ")


def _option(
    workspace: Workspace, place: Place, variant: str, clause: str | None, text: str, *, smoke: bool = False
) -> Mutation:
    valid = next(iter(valid_values(workspace, place).values()), ABSENT)
    mutate = replace(place.pointer, text)
    return Mutation(Rule.UNKNOWN_OPTION, place.pointer, variant, clause, mutate, valid, smoke=smoke)


def _option_of_another(workspace: Workspace, key: str, known: Collection[str]) -> str | None:
    others = (field.options for field in workspace.fields.values() if field.key != key)
    ids = (option.id for options in others for option in options)
    return next((option_id for option_id in ids if option_id and option_id not in known), None)


def _at_key(rule: Rule, pointer: str, clause: str, values: Mapping[str, Any]) -> Iterator[Mutation]:
    """Values at a key that nothing has; smoke has the first one."""
    for number, (variant, value) in enumerate(values.items()):
        yield Mutation(rule, pointer, variant, clause, replace(pointer, value), smoke=number == 0)


def _respelled(places: Iterable[Place], made_up: str) -> str:
    """The key of a required place in other letters, for a target that compares keys without case."""
    return next((place.key for place in places if place.required), made_up).swapcase()


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
        mutate = replace(pointer, PLAIN_TEXT)
        yield Mutation(Rule.UNKNOWN_MEMBER, pointer, variant, "unknown:member", mutate, smoke=smoke)


def _unused(name: str, known: Collection[str]) -> str:
    while name in known:
        name += "_"
    return name
