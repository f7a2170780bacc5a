"""Finds in what creates agree that were answered with one ID, where the ID seems to be made of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

from ..wire.ledger import Entry

__all__ = ["alike_in"]

_LEAST: Final = 2
"""Groups of creates that say something together."""
_CLOSE: Final = 0.25
"""Seconds between answers that may come in another order than their requests."""


def alike_in(groups: Sequence[Sequence[Entry]]) -> str:
    """Return what the creates of each group have in common and those of any two groups do not; "" for nothing known.

    Args:
        groups: creates that were answered with one ID, and several IDs of them.
    """
    if len(groups) < _LEAST:
        return ""
    for words, trait in _TRAITS.items():
        traits = [{trait(entry.sent) for entry in group} for group in groups]
        if all(len(each) == 1 for each in traits) and len(set.union(*traits)) == len(groups):
            return words
    spans = sorted((min(each.sent_at for each in group), max(each.sent_at for each in group)) for group in groups)
    if any(one[1] > other[0] + _CLOSE for one, other in itertools.pairwise(spans)):
        return ""
    pairs = all(len(group) == _LEAST for group in groups)
    return "that of the one made shortly before" if pairs else "those made shortly after each other share one"


def _members(sent: Any) -> tuple[tuple[str, ...], ...]:
    """The names of the members of a body, map by map."""
    maps = [each for _, each in sorted(sent.items()) if isinstance(each, dict)] if isinstance(sent, dict) else []
    return tuple(tuple(sorted(each)) for each in maps)


_TRAITS: Final[Mapping[str, Callable[[Any], Hashable]]] = {
    "those that set the same members share one": _members,
    "those that set as many members share one": lambda sent: tuple(map(len, _members(sent))),
}
"""By the words for it, what an ID may be made of."""
