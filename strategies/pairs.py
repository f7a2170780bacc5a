"""Pairs of a rule at a place and a feature of a request, there or not: the measure of what the plan covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from ..spec import Contract, Rule, profile
from .breach import Breach, Feature
from .callers import Caller
from .ways import PLAINLY

__all__ = ["Features", "Pair", "pair_name", "pairs_of"]


Features: TypeAlias = frozenset[Feature]

Pair: TypeAlias = tuple[str, str, Feature, bool]
"""A rule, a place, and a feature that is there or is not."""


def pairs_of(contract: Contract, breaches: Iterable[Breach]) -> frozenset[Pair]:
    """Return the pairs of a demanded rule at a place and a feature, there or not, that occur in some breaches."""
    kinds = _Kinds(contract)
    return frozenset(
        (breach.rule, breach.place, feature, feature in present)
        for breach in breaches
        if breach.clause is not None
        for present in [_present(contract, kinds, breach)]
        for feature in Feature
    )


def pair_name(pair: Pair) -> str:
    """Return a text that is a pair's own."""
    rule, place, feature, present = pair
    return f"{rule} at {place or 'the body'} {'' if present else 'not '}{feature}"


class _Kinds(dict[str, Feature | None]):
    """By the pointer of a member that is sent, the feature that it makes by being there; worked out once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def __missing__(self, pointer: str) -> Feature | None:
        self[pointer] = found = self._find(pointer)
        return found

    def _find(self, pointer: str) -> Feature | None:
        place = self._contract.find_place(pointer)
        if place is None:
            custom = Feature.CUSTOM_ATTRIBUTES if profile.holds_values(pointer) else None
            return Feature.CUSTOM_RELATIONSHIPS if profile.holds_links(pointer) else custom
        return None if place.required or place == self._contract.marker_place else Feature.OPTIONAL


def _present(contract: Contract, kinds: Mapping[str, Feature | None], breach: Breach) -> Features:
    """The features that a breach is sent beside: what stands at its own place is none."""
    found = {Feature.KEY} if breach.keyed and not _is_key(contract, breach) else set()
    found |= {Feature.CALLER} if breach.caller is not Caller.MAIN else set()
    found |= {Feature.WAY} if breach.way != PLAINLY else set()
    # Bytes that are no JSON text are made of the valid body.
    body = breach.control if isinstance(breach.body, bytes) and breach.rule is not Rule.NOT_AN_OBJECT else breach.body
    for pointer, value in profile.sent_members(body):
        if breach.place.startswith("/") and f"{pointer}/".startswith(f"{breach.place}/"):
            continue
        if (kind := kinds[pointer]) is not None:
            found.add(kind)
        if isinstance(value, list) and profile.holds_links(pointer):
            found.add(Feature.ARRAYS)
    return frozenset(found)


def _is_key(contract: Contract, breach: Breach) -> bool:
    """Whether it is the key that is wrong."""
    return contract.key_header is not None and breach.place == contract.key_header.name
