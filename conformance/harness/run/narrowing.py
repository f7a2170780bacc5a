"""Shows a finding about a breach beside the fewest features of a request with which it is accepted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TypeAlias

from ....strategies import Breach
from ....strategies.plan import SMALLEST, Feature, Features, breach_in
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from .reduction import attempt
from .suite import Case, Suite

__all__ = ["Narrowing", "judge_narrowest"]

Narrowing: TypeAlias = Callable[[Breach, Callable[[Breach], object]], None]
"""`judge_narrowest` for the case at hand."""


def judge_narrowest(suite: Suite, case: Case, breach: Breach, judge: Callable[[Breach], object]) -> None:
    """Judge a breach in its context, or where the target does not accept its control there, in a smaller one.

    What is found is judged again in the smallest body. What shows there is the finding; else the finding names the fewest
    features with which it shows.

    Raises:
        NotVerified: the target accepts the control in none of the contexts.
    """
    for features in _contexts(breach):
        try:
            found = attempt(case, _beside(suite, breach, features), judge)
        except NotVerified:
            if features == SMALLEST:
                raise
            continue
        case.recorder.broken += _narrowed(suite, case, breach, features, judge, found) if found and features else found
        return


def _contexts(breach: Breach) -> Iterator[Features]:
    given = frozenset(Feature(word) for word in breach.beside)
    yield from dict.fromkeys((given, given - {Feature.CALLER}, SMALLEST))


def _narrowed(
    suite: Suite,
    case: Case,
    breach: Breach,
    features: Features,
    judge: Callable[[Breach], object],
    found: list[Judgement],
) -> list[Judgement]:
    """What is found in the smallest body, and of the rest, each clause with the features that it needs."""
    case.wait_for_turn()
    kept = _again(suite, case, breach, SMALLEST, judge)
    for clause in dict.fromkeys(judgement.clause for judgement in found):
        if not any(judgement.clause == clause for judgement in kept):
            kept += _fewest(suite, case, breach, features, judge, [each for each in found if each.clause == clause])
    return kept


def _fewest(
    suite: Suite,
    case: Case,
    breach: Breach,
    features: Features,
    judge: Callable[[Breach], object],
    found: list[Judgement],
) -> list[Judgement]:
    """The judgements of one clause, with the fewest features with which it is broken."""

    def shows(tried: Features) -> bool:
        again = [each for each in _again(suite, case, breach, tried, judge) if each.clause == found[0].clause]
        found[:] = again or found
        return bool(again)

    known = next((each for each in suite.needed if each < features and shows(each)), None)
    if known is None:
        for feature in Feature:
            if feature in features and shows(features - {feature}):
                features -= {feature}
        suite.needed.insert(0, features)
    return [_named(judgement, known or features) for judgement in found]


def _named(judgement: Judgement, features: Features) -> Judgement:
    """The judgement with what has to be present; of key and caller the exchange itself tells, save in the sentence."""
    words = [feature.value for feature in Feature if feature in features]
    beside = tuple(word for word in words if word not in (Feature.KEY, Feature.CALLER))
    return dataclasses.replace(judgement, expected=", ".join([judgement.expected, *words]), beside=beside)


def _again(
    suite: Suite, case: Case, breach: Breach, features: Features, judge: Callable[[Breach], object]
) -> list[Judgement]:
    try:
        return attempt(case, _beside(suite, breach, features), judge)
    except NotVerified:
        return []


def _beside(suite: Suite, breach: Breach, features: Features) -> Breach:
    if frozenset(breach.beside) == features:
        return breach
    return breach_in(suite.contract, suite.world.workspace, breach, features, suite.world.other_caller)
