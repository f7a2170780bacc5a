"""What smoke depth sends: each rule at a place of each kind, drawn by the seed, and half of what else can meet."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from ..spec import Contract, Rule
from ..spec.pointer import last_segment
from .breach import Breach
from .pairs import Pair, pairs_of

__all__ = ["draw_groups"]

_MOST: Final = 85
"""Breaches, whatever the organization has to write with; a run has 120 creates."""


def draw_groups(
    contract: Contract, groups: Sequence[tuple[Breach, ...]], pairs: float, seed: int
) -> list[tuple[Breach, ...]]:
    """Return groups of breaches in their order: of each kind one that the seed draws, then others until enough is met.

    Of the others, those of clauses that have none yet come first, then those that meet most. What is only
    observed is kept.

    Args:
        groups: breaches of one rule at one place each.
        pairs: how many pairs of a rule at a place and a feature are enough.
    """
    marked = {_name(group) for group in groups if group and group[0].smoke}
    # Of one rule at one place, what is marked comes before all else.
    order = [at for at, group in enumerate(groups) if group and (group[0].smoke or _name(group) not in marked)]
    random.Random(seed).shuffle(order)  # noqa: S311 - no secret
    order.sort(key=lambda at: not groups[at][0].smoke)
    kinds = {kind: at for at in reversed(order) if (kind := _kind(contract, groups[at]))}
    observed = [at for at in order if groups[at] and groups[at][0].clause is None]
    chosen = {*kinds.values(), *observed}
    met: set[Pair] = {pair for at in chosen for pair in pairs_of(contract, groups[at])}
    judged = {groups[at][0].clause for at in chosen}
    gains = {at: len(pairs_of(contract, groups[at])) / len(groups[at]) for at in order}
    for at in sorted(order, key=lambda at: (groups[at][0].clause in judged, -gains[at])):
        if len(met) >= pairs or sum(len(groups[each]) for each in chosen) >= _MOST:
            break
        if not (more := pairs_of(contract, groups[at])) <= met:
            chosen.add(at)
            met |= more
    return [groups[at] for at in sorted(chosen)]


def _name(group: Sequence[Breach]) -> tuple[str, str]:
    return group[0].rule, group[0].place


def _is_system(place: str) -> bool:
    """Whether a place that no fragment names is spelled like those that the API itself defines."""
    return place.startswith("/") and last_segment(place).startswith("$")


def _kind(contract: Contract, group: Sequence[Breach]) -> tuple[object, ...]:
    """What a group has in common with others, of which one is enough; a clause about one place has none for others."""
    if not group or group[0].clause is None:
        return ()
    first = group[0]
    place = contract.find_place(first.place)
    kind = (place.role, place.required, place.read_only) if place else (_is_system(first.place),)
    # Of the value types of custom attributes one is enough, but not of the kinds of select.
    return (first.rule, "custom" if first.rule is Rule.CUSTOM_TYPE else first.clause, *kind)
