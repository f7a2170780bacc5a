"""Packs: many values worth sending in one body, because a server that takes each of them takes them all at once."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ..spec import Contract, FieldDefinition
from ..spec.pointer import set_at
from .bodies import smallest_body
from .dependents import complete
from .depth import Depth
from .places import can_be_set, custom_fields, custom_relationships, custom_ways, valid_values, ways_to_link
from .texts import MARKED_UP, OBSERVED_TEXTS, WITH_MARKS
from .value_types import VALUE_TYPES, demanded_values, values_of
from .values import Echo, Value
from .workspace import Workspace

__all__ = ["Pack", "Placed", "enumerate_packs"]

_SMOKE: Final = 6
_SMOKE_OBSERVED: Final = 1
"""Packs at smoke depth: of values that are demanded to be accepted, and of texts that are only observed."""
_IN_BODIES: Final = 2
"""Values of each type, the first ones, that the bodies of every depth carry."""
_MOST_FIELDS: Final = 4
"""Custom attributes of one value type among which its values are shared out."""
_BEFORE_NULL: Final = 2
"""Values of a custom attribute before null: so most nulls are in one pack, and the first pack sets whatever it names."""
_AMOUNTS: Final = ("CURRENCY", "NUMBER")
"""Value types of system fields that are tried though the fragment does not name them."""
_NULLS: Final = 3
"""Later packs, to which the nulls of attributes with more values are shared out: each is null beside the others' values."""
_CODE: Final = 4
"""Packs after which what was null has a value, and the other way round: bits of an attribute's number."""
_NULL: Final = Value(None, "null", source="bullhorn/fast-rest#29, culturecode/card#31")
"""Demanded of every custom attribute (contract 11); sent to the first one of each value type."""


@dataclasses.dataclass(frozen=True)
class Placed:
    """A value at a place.

    Attributes:
        value_type: of a custom attribute; "" for a place that the fragment names.
    """

    pointer: str
    value: Value
    value_type: str = ""


@dataclasses.dataclass(frozen=True)
class Pack:
    """Values that stand in one body, each at a place of its own.

    Attributes:
        demanded: whether the sources say that each of them is accepted; else what the target does is only observed.
    """

    id: str
    placed: tuple[Placed, ...]
    demanded: bool

    def fill(self, body: Mapping[str, Any], workspace: Workspace, placed: Iterable[Placed] | None = None) -> dict[str, Any]:
        """Return a body, such as the smallest one, with the values in it, or with some of them."""
        for each in self.placed if placed is None else placed:
            body = set_at(body, each.pointer, each.value.value)
        return dict(complete(workspace, body))


def enumerate_packs(contract: Contract, workspace: Workspace, depth: Depth = Depth.STANDARD) -> tuple[Pack, ...]:
    """Return packs that hold each value worth sending to a custom attribute, but for the plainest, in a fixed order.

    First those of the values that are demanded to be accepted, null among them, then those that are only observed: of custom
    attributes, of the marker place, and several IDs for a relationship that may hold one. Smoke depth has the first few
    demanded ones, and of the others texts and what servers are known to alter. Empty where there is no smallest body.
    """
    if smallest_body(contract, workspace) is None:
        return ()
    demanded = [*_demanded(contract, workspace), *_marked(contract)]
    smoke = depth is Depth.SMOKE
    texts = [*_observed(contract, workspace, free_text=True), *_texts(contract)]
    others = [*_observed(contract, workspace, free_text=False)]
    others = [*map(_reported, others)] if smoke else [*others, *_several(contract, workspace)]
    most = (_SMOKE, _SMOKE_OBSERVED) if smoke else (None, None)
    accepted = [
        (*placed, *_beside(contract, workspace, number, placed)) for number, placed in enumerate(_rows(demanded, most[0]))
    ]
    tolerated = [*_rows([*texts, *others], most[1])]
    tolerated += [] if smoke else [*_system(contract, workspace)]
    return (
        *(Pack(f"values-{number}", placed, demanded=True) for number, placed in enumerate(accepted)),
        *(Pack(f"observed-{number}", placed, demanded=False) for number, placed in enumerate(tolerated)),
    )


def _rows(queues: Sequence[Sequence[Placed | None]], most: int | None) -> Iterator[tuple[Placed, ...]]:
    for row in itertools.islice(itertools.zip_longest(*queues), most):
        yield tuple(each for each in row if each is not None)


def _beside(contract: Contract, workspace: Workspace, number: int, placed: Sequence[Placed]) -> Iterator[Placed]:
    """What a later pack holds besides the values that it is there for: links in each form, and what else can be set.

    A custom attribute is null or has a value in turn, so that nearly each is null beside a value of each other one, and the
    other way round. The first packs are what other cases build on, and stay as they are.
    """
    turn, used = number - _BEFORE_NULL, {*workspace.untaken, *(each.pointer for each in placed)}
    if turn < 0:
        return
    for at, (pointer, ways) in enumerate(_links(contract, workspace, alike=turn % 2 == 0)):
        names = [None, *ways]
        if (name := names[(turn + at) % len(names)]) is not None:
            yield Placed(pointer, Value(ways[name], name))
    for at, fields in enumerate(_fields(contract, workspace)):
        values, pointer = demanded_values(fields[0]), fields[0].pointer
        empty = bool(at >> turn % _CODE & 1) is not bool(turn // _CODE % 2) and pointer not in workspace.amendments
        if pointer not in used:
            yield Placed(pointer, _NULL if empty else values[(turn + at) % len(values)], fields[0].value_type)


def _links(contract: Contract, workspace: Workspace, *, alike: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """By pointer, the ways to link at each place that can be set, the organization's own included.

    Args:
        alike: whether all that link to one type begin with the same ID, in place of another one each.
    """
    places = {place.pointer: valid_values(workspace, place) for place in contract.link_places}
    custom = {link.pointer: custom_ways(workspace, link) for link in custom_relationships(contract, workspace)}
    for link in workspace.relationships.values() if alike else ():
        ids = workspace.known_ids(link.object_type)
        for known in (places, custom):
            if known.get(link.pointer):
                known[link.pointer] = ways_to_link(ids, link.cardinality)
    yield from {**places, **custom}.items()


def _demanded(contract: Contract, workspace: Workspace) -> Iterator[list[Placed | None]]:
    later = itertools.cycle(range(_BEFORE_NULL + 1, _BEFORE_NULL + 1 + _NULLS))
    for fields in _fields(contract, workspace):
        values = [value for value in values_of(fields[0]) if value.demanded][_IN_BODIES:]
        for at, field in enumerate(fields):
            own = values[at :: len(fields)]
            null = _NULL if at == 0 and field.pointer not in workspace.amendments else None
            before = next(later) if len(own) > _BEFORE_NULL + _NULLS else _BEFORE_NULL
            row: list[Value | None] = [*own[:before], *[None] * (before - len(own)), null, *own[before:]]
            yield [Placed(field.pointer, value, field.value_type) if value else None for value in row]


def _marked(contract: Contract) -> Iterator[list[Placed | None]]:
    """Texts of the marker place; what one of them holds a server alters wherever it stands."""
    place = contract.marker_place
    if place is not None:
        yield [Placed(place.pointer, text) for text in (WITH_MARKS, MARKED_UP) if place.takes(text.value)]


def _observed(contract: Contract, workspace: Workspace, *, free_text: bool) -> Iterator[list[Placed]]:
    for fields in _fields(contract, workspace):
        alike = VALUE_TYPES[fields[0].value_type].free_text is free_text
        values = [value for value in values_of(fields[0]) if not value.demanded and alike]
        for at, field in enumerate(fields):
            yield [Placed(field.pointer, value, field.value_type) for value in values[at :: len(fields)]]


def _reported(placed: Iterable[Placed]) -> list[Placed]:
    """Those of which a server was reported that alters them, though what comes back can be compared."""
    return [each for each in placed if each.value.source and each.value.echo is Echo.SAME]


def _several(contract: Contract, workspace: Workspace) -> Iterator[list[Placed]]:
    """Two IDs for a relationship that may hold one: `values` shows what was kept (contract 11)."""
    for place in contract.link_places:
        ids = workspace.known_ids(workspace.linked_type(place))
        if not place.read_only and "several" not in valid_values(workspace, place):
            yield [Placed(place.pointer, Value(list(ids[:2]), "two", False, Echo.NONE))] if len(ids) > 1 else []


def _system(contract: Contract, workspace: Workspace) -> Iterator[tuple[Placed, ...]]:
    """System fields that only the definitions list, with their largest value, beside custom links and a custom null.

    Definitions may be silent about which of them are read-only, so they may be refused. Those that hold texts and options
    may be hints that are not stored; a number is something to keep.
    """
    named = {place.key for place in contract.value_places}
    kinds = [field for field in workspace.fields.values() if field.value_type in _AMOUNTS and field.key not in named]
    system = [field for field in kinds if not field.custom and not field.read_only][:_MOST_FIELDS]
    customs = custom_relationships(contract, workspace)
    links = [Placed(each.pointer, Value(custom_ways(workspace, each)["one"], "one")) for each in customs]
    attributes = [fields[0] for fields in itertools.islice(_fields(contract, workspace), 1)]
    nulls = [Placed(each.pointer, _NULL, each.value_type) for each in attributes if each.pointer not in workspace.amendments]
    for field in system:
        largest = max(demanded_values(field), key=lambda value: value.value)
        yield Placed(field.pointer, dataclasses.replace(largest, demanded=False), field.value_type), *links, *nulls


def _texts(contract: Contract) -> Iterator[list[Placed]]:
    place = contract.marker_place
    if place is not None:
        yield [Placed(place.pointer, text) for text in OBSERVED_TEXTS if place.takes(text.value)]


def _fields(contract: Contract, workspace: Workspace) -> Iterator[list[FieldDefinition]]:
    """The attributes of each value type that take the same values: of a select one, else a few that share them out."""
    named = {place.key for place in contract.value_places}
    for value_type, found in custom_fields(contract, workspace).items():
        for field in found:
            alike = [
                other
                for other in workspace.fields.values()
                if other.value_type == value_type
                and other != field
                and other.key not in named
                and other.configuration == field.configuration
                and not VALUE_TYPES[value_type].select
                and can_be_set(other)
            ]
            yield [field, *alike[: _MOST_FIELDS - 1]]
