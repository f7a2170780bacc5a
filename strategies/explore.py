"""Hypothesis strategies for whole bodies and breaches; a breach is made of a drawn body, so its label always fits."""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Collection, Iterator, Mapping

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ..spec import Contract, Option, Place, Role, Rule
from ..spec.pointer import ABSENT, last_segment, parent
from ..spec.profile import LINK_MAP, VALUE_MAP
from .bodies import missing_needs
from .breach import Breach, Mutation, replace
from .breaches import mutations
from .callers import Caller
from .dependents import complete
from .places import custom_fields, custom_relationships, valid_values
from .schema import JSON_TYPES, constrained, json_types
from .texts import draw_marked_texts
from .value_types import draw_values
from .values import JsonStrategy, draw_texts
from .workspace import Workspace

__all__ = ["breaches", "valid_bodies"]


def valid_bodies(contract: Contract, workspace: Workspace) -> st.SearchStrategy[dict[str, object]]:
    """Draw valid bodies, each demanded to be accepted and to come back; they shrink to `smallest_body`.

    Raises:
        InvalidArgument: an argument is not what it should be, or the workspace has not what a required place needs.
    """
    _check(contract, workspace)
    needed, spare = _members(contract, workspace, "")
    for group in contract.group_places:
        required, optional = _members(contract, workspace, group.pointer)
        into = needed if group.required or required else spare
        into[group.key] = _object(required, optional)
    return _object(needed, spare).map(functools.partial(complete, workspace))


def breaches(
    contract: Contract, workspace: Workspace, *, rules: Collection[Rule] | None = None, caller: Caller = Caller.MAIN
) -> st.SearchStrategy[Breach]:
    """Draw breaches whose refusal a source demands, each made of a drawn valid body, which is its control.

    Args:
        rules: the rules to break; all of them where it is left out.
        caller: who sends some of them, besides the main caller.

    Raises:
        InvalidArgument: an argument is not what it should be, the workspace has not what a required place needs, or
            one of the rules cannot be broken with what the workspace has.
    """
    _check(contract, workspace)
    wanted = set(Rule) if rules is None else set(_checked_rules(rules))
    known = [each for each in mutations(contract, workspace) if each.clause is not None and each.rule in wanted]
    drawn = [*_wrong_types(contract, workspace)] if Rule.TYPE in wanted else []
    drawn += _unknown_options(contract, workspace) if Rule.UNKNOWN_OPTION in wanted else []
    if rules is not None and (idle := sorted(wanted - {mutation.rule for mutation in known})):
        raise InvalidArgument(f"nothing in this contract and workspace can break {', '.join(idle)}")
    # Sampled by position: mutations hold whole bodies, and the strategy's repr would hold all of them. That one_of flattens
    # unions would also make the enumerated ones, which are nearly all of the rules, one branch of many.
    enumerated = st.sampled_from(range(len(known))).map(lambda position: known[position])
    branches = [enumerated]
    if drawn:
        branches.append(st.sampled_from(range(len(drawn))).flatmap(lambda position: drawn[position]))
    made = st.builds(Mutation.apply, st.one_of(branches), valid_bodies(contract, workspace))
    return st.builds(_sent, made, st.booleans(), st.sampled_from(list(dict.fromkeys((Caller.MAIN, caller)))))


def _sent(breach: Breach, keyed: bool, caller: Caller) -> Breach:
    """The breach with a key of its own or without, by one caller or the other."""
    return dataclasses.replace(breach, caller=caller, keyed=keyed and not breach.headers)


def _check(contract: Contract, workspace: Workspace) -> None:
    for value, wanted in ((contract, Contract), (workspace, Workspace)):
        if not isinstance(value, wanted):
            raise InvalidArgument(f"expected a {wanted.__name__}, but got {value!r}")
    if missing := missing_needs(contract, workspace):
        raise InvalidArgument(f"the workspace has not what a valid body needs: {', '.join(missing)}")


def _checked_rules(rules: Collection[Rule]) -> Iterator[Rule]:
    if not rules:
        raise InvalidArgument("rules is empty, so there is nothing to break")
    for rule in rules:
        if rule not in set(Rule):
            raise InvalidArgument(f"{rule!r} is no rule; rules are the members of Rule")
        yield Rule(rule)


def _object(required: Mapping[str, JsonStrategy], optional: Mapping[str, JsonStrategy]) -> JsonStrategy:
    """An object with all required members and a few optional ones.

    Each optional member is drawn together with its key, so that the shrinker can take it out in one piece; that is
    what `fixed_dictionaries(optional=...)` does not achieve.
    """
    members = [st.tuples(st.just(key), value) for key, value in optional.items()]
    few = st.lists(st.one_of(members), unique_by=operator.itemgetter(0)) if members else st.just([])
    return st.builds(lambda needed, spare: {**needed, **dict(spare)}, st.fixed_dictionaries(dict(required)), few)


def _members(
    contract: Contract, workspace: Workspace, pointer: str
) -> tuple[dict[str, JsonStrategy], dict[str, JsonStrategy]]:
    """What an object of places has by key: members that every body needs, others that the workspace knows how to set."""
    required: dict[str, JsonStrategy] = {}
    optional: dict[str, JsonStrategy] = {}
    for place in contract.places:
        if place.parent == pointer and valid_values(workspace, place):
            into = required if place.required or place == contract.marker_place else optional
            into[place.key] = _standing_at(contract, workspace, place)
    if pointer == VALUE_MAP:
        found = custom_fields(contract, workspace).values()
        optional.update({field.key: draw_values(field) for fields in found for field in fields})
    if pointer == LINK_MAP:
        for link in custom_relationships(contract, workspace):
            optional[link.key] = _links(workspace.known_ids(link.object_type), link.cardinality)
    for amended, value in workspace.amendments.items():
        if parent(amended) == pointer:
            # Without it, or with another value, the target accepts nothing.
            optional.pop(last_segment(amended), None)
            required[last_segment(amended)] = st.just(value)
    return required, optional


def _standing_at(contract: Contract, workspace: Workspace, place: Place) -> JsonStrategy:
    if place == contract.marker_place:
        texts = draw_marked_texts()
        return texts.filter(place.takes) if constrained(place.schema) else texts
    if place.holds_value and constrained(place.schema):
        return st.sampled_from(list(valid_values(workspace, place).values()))
    if place.holds_value:
        return draw_values(workspace.definition_of(place))
    defined = workspace.relationships.get(place.key)
    return _links(workspace.known_ids(workspace.linked_type(place)), defined.cardinality if defined else "")


def _links(ids: tuple[str, ...], cardinality: str) -> JsonStrategy:
    """One ID, or an array of one; of several only where the definitions say that there may be many."""
    most = 3 if cardinality == "has_many" else 1
    one = st.sampled_from(ids if most > 1 else ids[:1])
    return one | st.lists(one, min_size=1, max_size=most, unique=True)


def _wrong_types(contract: Contract, workspace: Workspace) -> Iterator[st.SearchStrategy[Mutation]]:
    """For each place, any value of a type that it does not take."""
    for place in contract.places:
        wrong = [_OF_TYPE[name] for name in JSON_TYPES if name in _OF_TYPE and name not in json_types(place.schema)]
        if wrong and not place.read_only:
            yield _drawn(Rule.TYPE, place, f"type:{place.pointer}", st.one_of(wrong), workspace)


def _unknown_options(contract: Contract, workspace: Workspace) -> Iterator[st.SearchStrategy[Mutation]]:
    """For each select, any text that is no option, not even when case and all but letters and digits are overlooked."""
    for place in contract.value_places:
        if place.role is Role.OPTION and not place.read_only and workspace.known_options(place.key):
            others = _texts_besides(workspace.known_options(place.key))
            yield _drawn(Rule.UNKNOWN_OPTION, place, f"unknown-option:{place.pointer}", others, workspace)


def _texts_besides(options: tuple[Option, ...]) -> st.SearchStrategy[str]:
    known = {_folded(name) for option in options for name in (option.id, option.label)}
    return draw_texts().filter(lambda text: _folded(text) not in known)


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _drawn(rule: Rule, place: Place, clause: str, wrong: JsonStrategy, workspace: Workspace) -> st.SearchStrategy[Mutation]:
    valid = next(iter(valid_values(workspace, place).values()), ABSENT)
    return wrong.map(lambda value: Mutation(rule, place.pointer, "drawn", clause, replace(place.pointer, value), valid))


_SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | draw_texts()
_OF_TYPE: dict[str, JsonStrategy] = {
    "array": st.lists(_SCALARS, max_size=3),
    "object": st.dictionaries(draw_texts(), _SCALARS, max_size=3),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "string": draw_texts(),
    "boolean": st.booleans(),
}
"""By JSON type; null is not here, because it stands for absence."""
