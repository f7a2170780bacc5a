"""Hypothesis strategies for whole bodies and breaches; a breach is made of a drawn body, so its label always fits."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ..spec import Contract, Place, Role
from ..spec.pointer import ABSENT
from ..spec.profile import LINK_MAP, VALUE_MAP
from .breach import Breach
from .breaches import mutations
from .mutation import Mutation, putting
from .places import custom_fields, custom_relationships, definition_of, known_ids, link_type, option_names, shapes
from .schema import JSON_TYPES, constrained, json_types, takes
from .smallest import missing_needs
from .value_strategies import marked_texts, texts, values
from .workspace import Option, Workspace

__all__ = ["bodies", "breach_strategy"]

Strategy = st.SearchStrategy[Any]


def bodies(contract: Contract, workspace: Workspace) -> st.SearchStrategy[dict[str, Any]]:
    """Valid bodies, each demanded to be accepted and to come back; they shrink to `smallest_body`.

    Raises:
        InvalidArgument: the workspace lacks what a required place needs.
    """
    if missing := missing_needs(contract, workspace):
        raise InvalidArgument(f"the workspace lacks what a valid body needs: {', '.join(missing)}")
    needed: dict[str, Strategy] = {}
    spare: dict[str, Strategy] = {}
    for group in (place for place in contract.places if place.holds_places):
        required, optional = _members(contract, workspace, group)
        into = needed if group.required or required else spare
        into[group.key] = _object(required, optional)
    return _object(needed, spare)


def breach_strategy(contract: Contract, workspace: Workspace) -> st.SearchStrategy[Breach]:
    """Breaches whose refusal a source demands, each made of a drawn valid body, which is its control.

    Raises:
        InvalidArgument: the workspace lacks what a required place needs.
    """
    known = [mutation for mutation in mutations(contract, workspace) if mutation.clause is not None]
    controls = bodies(contract, workspace)
    drawn = [*_wrong_types(contract, workspace), *_unknown_options(contract, workspace)]
    # Sampled by position: mutations hold whole bodies, and the strategy's repr would hold all of them. That one_of takes
    # unions apart would also make the enumerated ones, which are nearly all of the rules, one branch of many.
    enumerated = st.sampled_from(range(len(known))).map(lambda position: known[position])
    explored = st.sampled_from(range(len(drawn))).flatmap(lambda position: drawn[position])
    return st.builds(Mutation.applied_to, enumerated | explored, controls)


def _object(required: Mapping[str, Strategy], optional: Mapping[str, Strategy]) -> Strategy:
    """An object with all required members and a few optional ones.

    Each optional member is drawn together with its key, so that the shrinker can take it out in one piece; that is
    what `fixed_dictionaries(optional=...)` does not achieve.
    """
    members = [st.tuples(st.just(key), value) for key, value in optional.items()]
    few = st.lists(st.one_of(members), unique_by=operator.itemgetter(0)) if members else st.just([])
    return st.builds(lambda needed, spare: {**needed, **dict(spare)}, st.fixed_dictionaries(dict(required)), few)


def _members(contract: Contract, workspace: Workspace, group: Place) -> tuple[dict[str, Strategy], dict[str, Strategy]]:
    """Strategies by key: those a body cannot lack, and the others that the workspace knows how to set."""
    required: dict[str, Strategy] = {}
    optional: dict[str, Strategy] = {}
    for place in contract.places:
        if not place.holds_places and place.group == group.key and shapes(workspace, place):
            into = required if place.required or place == contract.marker_place else optional
            into[place.key] = _standing_at(contract, workspace, place)
    if group.pointer == VALUE_MAP:
        found = custom_fields(contract, workspace).values()
        optional.update({field.key: values(field) for fields in found for field in fields})
    if group.pointer == LINK_MAP:
        for link in custom_relationships(contract, workspace):
            optional[link.key] = _links(known_ids(workspace, link.object_type), link.cardinality)
    return required, optional


def _standing_at(contract: Contract, workspace: Workspace, place: Place) -> Strategy:
    if place == contract.marker_place:
        return marked_texts().filter(functools.partial(takes, place.schema)) if constrained(place.schema) else marked_texts()
    if place.holds_value and constrained(place.schema):
        return st.sampled_from(list(shapes(workspace, place).values()))
    if place.holds_value:
        return values(definition_of(workspace, place))
    defined = workspace.relationships.get(place.key)
    return _links(known_ids(workspace, link_type(workspace, place)), defined.cardinality if defined else "")


def _links(ids: tuple[str, ...], cardinality: str) -> Strategy:
    """One ID, or an array of one; of several only where the definitions say that there may be many."""
    most = 3 if cardinality == "has_many" else 1
    one = st.sampled_from(ids)
    return one | st.lists(one, min_size=1, max_size=most, unique=True)


def _wrong_types(contract: Contract, workspace: Workspace) -> Iterator[st.SearchStrategy[Mutation]]:
    """For each place, any value of a type that it does not take."""
    for place in contract.places:
        wrong = [_OF_TYPE[name] for name in JSON_TYPES if name in _OF_TYPE and name not in json_types(place.schema)]
        if wrong and not place.read_only:
            yield _drawn("type", place, f"type:{place.pointer}", st.one_of(wrong), workspace)


def _unknown_options(contract: Contract, workspace: Workspace) -> Iterator[st.SearchStrategy[Mutation]]:
    """For each select, any text that is no option, not even when case and all but letters and digits are overlooked."""
    for place in contract.value_places:
        if place.role is Role.OPTION and not place.read_only and option_names(workspace, place.key):
            others = _texts_besides(option_names(workspace, place.key))
            yield _drawn("unknown-option", place, f"unknown-option:{place.pointer}", others, workspace)


def _texts_besides(options: tuple[Option, ...]) -> st.SearchStrategy[str]:
    known = {_folded(name) for option in options for name in (option.id, option.label)}
    return texts().filter(lambda text: _folded(text) not in known)


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _drawn(rule: str, place: Place, clause: str, wrong: Strategy, workspace: Workspace) -> st.SearchStrategy[Mutation]:
    valid = next(iter(shapes(workspace, place).values()), ABSENT)
    return wrong.map(lambda value: Mutation(rule, place.pointer, "drawn", clause, putting(place.pointer, value), valid))


_SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | texts()
_OF_TYPE: dict[str, Strategy] = {
    "array": st.lists(_SCALARS, max_size=3),
    "object": st.dictionaries(texts(), _SCALARS, max_size=3),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "string": texts(),
    "boolean": st.booleans(),
}
"""By JSON type; null is not here, because it stands for absence."""
