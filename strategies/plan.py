"""The plan: beside what each breach is sent, so that every rule meets every feature of a request at each of its places."""

from __future__ import annotations

import collections
import dataclasses
import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ..spec import Contract, Role, Rule
from ..spec.pointer import set_at
from .bodies import smallest_body
from .breach import Breach, Feature, Mutation
from .breaches import mutations
from .callers import Caller
from .coverage import covering_rows
from .dependents import complete
from .depth import Depth
from .packs import Pack, enumerate_packs
from .pairs import Features, Pair, pairs_of
from .places import custom_fields, custom_relationships, custom_ways, valid_values
from .smoke import draw_groups
from .value_types import demanded_values
from .ways import CHUNKED, PLAINLY, Spelling
from .workspace import Workspace

__all__ = [
    "FULL",
    "SMALLEST",
    "breach_in",
    "enumerate_breaches",
    "full_body",
    "possible_pairs",
]


FULL: Final[Features] = frozenset(Feature)
"""Everything at once: a check that any of it switches off is found by one request."""
SMALLEST: Final[Features] = frozenset()
"""The smallest body, without a key, by the main caller, written plainly."""

_IN_CHUNKS: Final = Spelling(framing="chunked")
_CONTEXTS: Final = (FULL, SMALLEST)
"""What the variants of one rule at one place take in turn. They differ in each feature, so both levels of all occur."""


@functools.cache
def _deep_contexts() -> tuple[Features, ...]:
    """Contexts in which each pair of levels of two features occurs, such as the one without the other."""
    rows = covering_rows(dict.fromkeys(Feature, ("with", "without")), 2)
    found = [frozenset(feature for feature in Feature if row[feature] == "with") for row in rows]
    return tuple(dict.fromkeys((*_CONTEXTS, *found)))


def enumerate_breaches(
    contract: Contract,
    workspace: Workspace,
    depth: Depth = Depth.STANDARD,
    caller: Caller = Caller.MAIN,
    *,
    others: Sequence[Caller] = (),
    seed: int = 0,
) -> tuple[Breach, ...]:
    """Return all breaches of the contract that this workspace allows to make, each in its context, in a fixed order.

    From standard depth on each rule whose breach has to be refused meets both levels of each feature at each place, at deep
    depth each pair of levels of two features. Smoke depth has each rule at a place of each kind, and at as many others as it
    takes to meet half of all pairs; most breaches are beside everything. What is only observed is sent in the smallest body.
    Empty where there is no smallest body; `missing_needs` says why.

    Args:
        caller: who else may create, for `Feature.CALLER`; the main caller where there is no other.
        others: more of them; at the places of a rule they take turns, as the ways of writing a request do.
        seed: draws the places of smoke depth.
    """
    if smallest_body(contract, workspace) is None:
        return ()
    contexts = _contexts(contract, workspace, _contexts_at(depth))
    planned = list(_planned(_groups(contract, workspace, depth), contexts, (caller, *others), depth))
    if depth is Depth.SMOKE:
        planned = draw_groups(contract, planned, len(possible_pairs(contract, workspace, caller)) / 2, seed)
    return tuple(itertools.chain.from_iterable(planned))


def breach_in(
    contract: Contract, workspace: Workspace, breach: Breach, features: Features, caller: Caller = Caller.MAIN
) -> Breach:
    """Return the same breach beside other features; by its own caller and in its own way, where it has them."""
    name = breach.rule, breach.place, breach.variant
    mutation = next(each for each in mutations(contract, workspace) if (each.rule, each.place, each.variant) == name)
    own = caller if breach.caller is Caller.MAIN else breach.caller
    again = _context(contract, workspace, features).apply(mutation, (own,))
    kept = again.way == PLAINLY or breach.way == PLAINLY
    return again if kept else dataclasses.replace(again, way=breach.way)


def full_body(contract: Contract, workspace: Workspace, features: Collection[Feature] = FULL) -> dict[str, Any]:
    """Return the smallest body with all that some features add to it.

    Custom attributes hold the values of the first pack: whatever is sent beside them meets values that servers alter.
    """
    body: dict[str, Any] = smallest_body(contract, workspace) or {}
    for pointer, value in _settings(contract, workspace, features):
        body = set_at(body, pointer, value)
    return dict(complete(workspace, body))


def possible_pairs(
    contract: Contract,
    workspace: Workspace,
    caller: Caller = Caller.MAIN,
    *,
    judged: Callable[[str], bool] = bool,
) -> frozenset[Pair]:
    """Return all pairs that do not exclude themselves.

    A pair is excluded where the breach takes the feature away by itself, as leaving out all fields does with custom ones;
    where it brings it; and where the workspace has nothing to make the feature of.

    Args:
        judged: whether the clause of an id counts.
    """
    contexts = _contexts(contract, workspace).values()
    found = [mutation for mutation in mutations(contract, workspace) if judged(mutation.clause or "")]
    return pairs_of(contract, (each.apply(mutation, (caller,)) for mutation in found for each in contexts))


@dataclasses.dataclass(frozen=True)
class _Context:
    """What a breach is sent beside, how, and whether by somebody else."""

    features: Features
    body: dict[str, Any]

    def apply(self, mutation: Mutation, callers: Sequence[Caller], turn: int = 0) -> Breach:
        """Return the breach that a mutation makes here; other callers and ways of writing take turns."""
        breach = mutation.apply(self.body)
        return dataclasses.replace(
            breach,
            caller=callers[turn % len(callers)] if Feature.CALLER in self.features else Caller.MAIN,
            keyed=Feature.KEY in self.features,
            way=_way_of(breach, turn) if Feature.WAY in self.features else PLAINLY,
            beside=tuple(feature for feature in Feature if feature in self.features),
        )


def _way_of(breach: Breach, turn: int) -> Spelling:
    """How a breach is written that is not written plainly; only in chunks where its bytes or its headers are wrong."""
    return _IN_CHUNKS if breach.headers or isinstance(breach.body, bytes) else CHUNKED[turn % len(CHUNKED)]


def _contexts_at(depth: Depth) -> tuple[Features, ...]:
    return _deep_contexts() if depth is Depth.DEEP else _CONTEXTS


def _contexts(
    contract: Contract, workspace: Workspace, chosen: Collection[Features] = _CONTEXTS
) -> dict[Features, _Context]:
    return {features: _context(contract, workspace, features) for features in chosen}


def _context(contract: Contract, workspace: Workspace, features: Features) -> _Context:
    return _Context(features, full_body(contract, workspace, features))


def _groups(contract: Contract, workspace: Workspace, depth: Depth) -> Collection[Sequence[Mutation]]:
    """All mutations, the variants of one rule at one place together."""
    groups: dict[tuple[object, ...], list[Mutation]] = {}
    for mutation in mutations(contract, workspace):
        # A value in an object, as answers show it, is something that many servers look for on its own.
        wrapped = mutation.rule is Rule.TYPE and mutation.variant == "object" and depth is not Depth.SMOKE
        groups.setdefault((mutation.rule, mutation.place, mutation.clause is None, wrapped), []).append(mutation)
    return groups.values()


def _planned(
    groups: Iterable[Sequence[Mutation]], contexts: Mapping[Features, _Context], callers: Sequence[Caller], depth: Depth
) -> Iterator[tuple[Breach, ...]]:
    """The breaches of each group in their contexts; callers and ways of writing take turns at the places of a rule."""
    turns = collections.Counter[Rule]()
    for group in groups:
        rule = group[0].rule
        yield tuple(
            contexts[features].apply(mutation, callers, turns[rule] + at // len(_CONTEXTS))
            for at, (mutation, features) in enumerate(_in_turn(group, depth))
        )
        turns[rule] += 1


def _in_turn(group: Sequence[Mutation], depth: Depth) -> Iterator[tuple[Mutation, Features]]:
    """The variants of one rule at one place, with their contexts."""
    if depth is Depth.SMOKE:
        marked = [mutation for mutation in group if mutation.smoke]
        demanded = group[:1] if group[0].clause else []
        yield from zip(marked or demanded, itertools.cycle(_CONTEXTS if demanded else [SMALLEST]), strict=False)
    elif group[0].clause is None:
        yield from ((mutation, SMALLEST) for mutation in group)
    elif depth is Depth.DEEP:
        # Of the variants some show more plainly than others what a target takes.
        first = [mutation for mutation in group if mutation.smoke] or group[:1]
        yield from itertools.product(first, _deep_contexts())
        rest = [mutation for mutation in group if mutation not in first]
        yield from zip(rest, itertools.cycle(_deep_contexts()), strict=False)
    else:
        variants = itertools.islice(itertools.cycle(group), max(len(group), len(_CONTEXTS)))
        yield from zip(variants, itertools.cycle(_CONTEXTS), strict=False)


def _settings(contract: Contract, workspace: Workspace, features: Collection[Feature]) -> Iterator[tuple[str, Any]]:
    """What features add to the smallest body: by pointer, a value."""
    for place in (*contract.value_places, *contract.link_places):
        ways = valid_values(workspace, place)
        if ways and (place.required or Feature.OPTIONAL in features):
            if place.role is Role.LINK and Feature.ARRAYS in features:
                yield place.pointer, _several(ways)
            elif not place.required and place != contract.marker_place:
                yield place.pointer, next(iter(ways.values()))
    if Feature.CUSTOM_ATTRIBUTES in features:
        for fields in custom_fields(contract, workspace).values():
            yield from ((field.pointer, demanded_values(field)[0].value) for field in fields)
        for pack in _first_pack(contract, workspace):
            taken = [placed for placed in pack.placed if placed.pointer not in workspace.untaken]
            yield from ((placed.pointer, placed.value.value) for placed in taken)
    if Feature.CUSTOM_RELATIONSHIPS in features:
        for link in custom_relationships(contract, workspace):
            ways = custom_ways(workspace, link)
            yield link.pointer, _several(ways) if Feature.ARRAYS in features else ways["one"]


def _first_pack(contract: Contract, workspace: Workspace) -> Sequence[Pack]:
    return [pack for pack in enumerate_packs(contract, workspace, Depth.SMOKE)[:1] if pack.demanded]


def _several(ways: Mapping[str, Any]) -> Any:
    """The links as an array, of several where there may be many."""
    return next(ways[name] for name in ("several", "array", "one") if name in ways)
