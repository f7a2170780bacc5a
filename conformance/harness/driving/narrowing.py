"""Shows a finding about a breach with the fewest features, and one about a way of sending in the plainest that shows it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from ....strategies import Breach
from ....strategies.breach import Feature
from ....strategies.pairs import Features, pair_name, pairs_of
from ....strategies.plan import SMALLEST, breach_in
from ....strategies.ways import PLAINLY, Spelling
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from ..run.suite import Case, Suite
from .trying import attempt, try_again

__all__ = ["Narrowing", "Plainest", "judge_narrowest", "judge_plainest"]

Plainest: TypeAlias = Callable[[Spelling, Callable[[Spelling], object]], None]
"""`judge_plainest` for the case at hand."""

Narrowing: TypeAlias = Callable[[Breach, Callable[[Breach], object]], None]
"""`judge_narrowest` for the case at hand."""


def judge_narrowest(case: Case, breach: Breach, judge: Callable[[Breach], object]) -> None:
    """Judge a breach in its context, or where the target does not accept its control there, in a smaller one.

    What is found is judged again in the smallest body. What shows there is the finding; else the finding names the fewest
    features with which it shows.

    Raises:
        NotVerified: the target accepts the control in none of the contexts, or no create is sent any more.
    """
    for features in _contexts(breach):
        try:
            sent = _beside(case.suite, breach, features)
            found = attempt(case, sent, judge)
        except NotVerified:
            if features == SMALLEST:
                raise
            case.suite.state.require_writes()
            continue
        case.recorder.cover(sorted(pair_name(pair) for pair in pairs_of(case.suite.contract, [sent])))
        search = _Search(case, breach, features, judge)
        case.recorder.add(search.narrowed(found) if found and features else found)
        return


def judge_plainest(case: Case, way: Spelling, judge: Callable[[Spelling], object]) -> None:
    """Judge a request sent in a way; what does not show when it is sent plainly names what is not plain about it.

    Raises:
        NotVerified: nothing can be said of it.
    """
    found = attempt(case, way, judge)
    plain = attempt(case, PLAINLY, judge) if found else []
    rest = [judgement for judgement in found if judgement.clause not in {each.clause for each in plain}]
    case.recorder.add(plain)
    for clause in dict.fromkeys(judgement.clause for judgement in rest):
        shown = [each for each in rest if each.clause == clause]
        shown, now = _plainest(way, shown, functools.partial(try_again, case, judge=judge))
        case.recorder.add(_worded(judgement, now.words) for judgement in shown)


def _plainest(
    way: Spelling, found: list[Judgement], again: Callable[[Spelling], list[Judgement]]
) -> tuple[list[Judgement], Spelling]:
    """The judgements of one clause in the plainest way that shows it broken, and that way; sent plainly it does not show."""
    for _ in way.words:
        for simpler in way.plainer:
            shown = [each for each in again(simpler) if each.clause == found[0].clause] if simpler != PLAINLY else []
            if shown:
                found, way = shown, simpler
                break
        else:
            break
    return found, way


def _contexts(breach: Breach) -> Iterator[Features]:
    given = frozenset(Feature(word) for word in breach.beside)
    way, caller = {Feature.WAY}, {Feature.CALLER}
    yield from dict.fromkeys((given, given - way, given - caller, given - way - caller, SMALLEST))


@dataclasses.dataclass(frozen=True)
class _Search:
    """Looks for the fewest features of a request with which a breach still shows what was found.

    Attributes:
        features: those that it was found beside.
    """

    case: Case
    breach: Breach
    features: Features
    judge: Callable[[Breach], object]

    def narrowed(self, found: list[Judgement]) -> list[Judgement]:
        """Return what is found in the smallest body, and of the rest, each clause with the features that it needs."""
        self.case.wait_for_turn()
        kept = self._again(SMALLEST)
        for clause in dict.fromkeys(judgement.clause for judgement in found):
            if not any(judgement.clause == clause for judgement in kept):
                kept += self._fewest([each for each in found if each.clause == clause])
        return kept

    def _fewest(self, found: list[Judgement]) -> list[Judgement]:
        """The judgements of one clause, with the fewest features with which it is broken."""
        features = self.features

        def shows(tried: Features) -> bool:
            again = [each for each in self._again(tried) if each.clause == found[0].clause]
            found[:] = again or found
            return bool(again)

        state = self.case.suite.state
        known = next((each for each in state.needed if each < features and shows(each)), None)
        if known is None:
            for feature in Feature:
                if feature in features and shows(features - {feature}):
                    features -= {feature}
            if not state.tries_left:
                return found
            state.needed.insert(0, features)
        features = known or features
        words = [feature.value for feature in Feature if feature in features and feature is not Feature.WAY]
        way = PLAINLY
        if Feature.WAY in features:
            written = _beside(self.case.suite, self.breach, features).way
            found, way = _plainest(written, found, functools.partial(self._again, features))
        return [_worded(judgement, [*words, *way.words]) for judgement in found]

    def _again(self, features: Features, way: Spelling | None = None) -> list[Judgement]:
        sent = _beside(self.case.suite, self.breach, features)
        return try_again(self.case, sent if way is None else dataclasses.replace(sent, way=way), self.judge)


def _worded(judgement: Judgement, words: Sequence[str]) -> Judgement:
    beside = tuple(word for word in words if word not in (Feature.KEY, Feature.CALLER))
    return dataclasses.replace(judgement, expected=", ".join([judgement.expected, *words]), beside=beside)


def _beside(suite: Suite, breach: Breach, features: Features) -> Breach:
    if frozenset(breach.beside) == features:
        return breach
    return breach_in(suite.contract, suite.world.workspace, breach, features, suite.world.other_caller)
