"""Separates requests that fail from those that pass, by few features that the latter do not have."""

from __future__ import annotations

import collections
import itertools
import math
from collections.abc import Collection, Sequence
from typing import Final

from .features import GENERAL, KEY, KEYLESS, Feature, Features, generality

__all__ = ["LEAST", "beyond", "is_no_chance", "keyed_alike", "separate"]

LEAST: Final = 3
"""Requests that show together what none of them shows alone."""
_MOST_FEATURES: Final = 3
_MOST_COMPARED: Final = 20
"""Features of which sets are made, those that most failing requests have."""
_LEAST_EXPLAINED: Final = 0.6
"""The part of the failing requests that deciding features have to be in."""
_SEVERAL: Final = ("", "array")
"""Several IDs, which no relationship would be smaller without."""
_CHANCE: Final = 0.1
"""How likely it may be at most that requests are alike though nothing makes them so."""


def separate(failing: Sequence[Features], passing: Collection[Features]) -> tuple[Feature, ...]:
    """Return the few features that most failing requests have together, and next to no passing one; a small set of several.

    Where more of them meet than are tried, it is what all failing requests have and few passing ones.
    """
    least = max(1, int(len(failing) * _LEAST_EXPLAINED))
    shares = collections.Counter(feature for each in failing for feature in each)
    passed_with = {each: sum(each in other for other in passing) for each, count in shares.items() if count >= least}
    candidates = sorted(
        (each for each, count in passed_with.items() if count < len(passing)),
        key=lambda each: (passed_with[each] - shares[each], _preference(each, len(failing))),
    )[:_MOST_COMPARED]
    best: tuple[Feature, ...] = ()
    reached = float(least) - 0.5
    for size in range(1, _MOST_FEATURES + 1):
        for chosen in itertools.combinations(candidates, size):
            passed = sum(each.issuperset(chosen) for each in passing)
            # Another feature has to be worth something, and so has one that passes at times.
            worth = sum(each.issuperset(chosen) for each in failing) * (1 - 0.1 * (size - 1)) - passed
            if worth > reached and passed <= len(failing) // 10:
                best, reached = chosen, worth
    if best:
        return tuple(sorted(best, key=generality))
    common = frozenset.intersection(*failing)
    rare = [each for each in common if 2 * sum(each in other for other in passing) < len(passing)]
    return tuple(sorted((each for each in rare if "" not in each and each[0] not in GENERAL), key=generality))


def beyond(smallest: Features, passing: Sequence[Features]) -> tuple[Feature, ...]:
    """Return what there is in the smallest body that shows a finding and in none that passes; nothing where that is much."""
    general = [(each, "") for each in GENERAL]
    held = [*([_SEVERAL] if _SEVERAL in smallest else general), KEY]
    found = tuple(each for each in held if each in smallest and not any(each in other for other in passing))
    return found if len(found) < _MOST_FEATURES else ()


def keyed_alike(failing: Sequence[Features], passing: Collection[Features]) -> tuple[Feature, ...]:
    """Return whether failing requests had an Idempotency-Key, where all or none had and that is no matter of chance."""
    for form in (KEY, KEYLESS):
        if passing and all(form in each for each in failing):
            share = sum(form in each for each in passing) / len(passing)
            return (form,) if share ** len(failing) <= _CHANCE else ()
    return ()


def is_no_chance(failing: int, passing: int) -> bool:
    """Return whether what all of so many failing requests have and none of the passing ones can hardly be a coincidence."""
    return 1 / math.comb(failing + passing, passing) <= _CHANCE


def _preference(feature: Feature, failing: int) -> tuple[int, Feature]:
    """Which of equal features is named: of many requests the most special one, of few, which show less, the most general."""
    rank, named = generality(feature)
    return rank if failing >= LEAST else -rank, named
