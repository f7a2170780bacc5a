"""Shows a finding with the fewest features of a request with which it shows, and sent as plainly as it does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from ....strategies import Breach
from ....strategies.breach import Feature
from ....strategies.pairs import Features, pair_name, pairs_of
from ....strategies.plan import SMALLEST, breach_in
from ....strategies.ways import PLAINLY, Spelling
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from .reduction import attempt
from .suite import Case, Suite

__all__ = ["Narrowing", "Plainest", "judge_narrowest", "judge_plainest"]

Plainest: TypeAlias = Callable[[Spelling, Callable[[Spelling], object]], None]
"""`judge_plainest` for the case at hand."""

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
            sent = _beside(suite, breach, features)
            found = attempt(case, sent, judge)
        except NotVerified:
            if features == SMALLEST:
                raise
            continue
        case.recorder.met += sorted(pair_name(pair) for pair in pairs_of(suite.contract, [sent]))
        case.recorder.broken += (
            _Search(suite, case, breach, features, judge).narrowed(found) if found and features else found
        )
        return


def judge_plainest(case: Case, way: Spelling, judge: Callable[[Spelling], object]) -> None:
    """Judge a request sent in a way; what does not show when it is sent plainly names what is not plain about it.

    Raises:
        NotVerified: nothing can be said of it.
    """
    found = attempt(case, way, judge)
    plain = attempt(case, PLAINLY, judge) if found else []
    rest = [judgement for judgement in found if judgement.clause not in {each.clause for each in plain}]
    case.recorder.broken += plain
    for clause in dict.fromkeys(judgement.clause for judgement in rest):
        shown, now = [each for each in rest if each.clause == clause], way
        for _ in way.words:
            for plainer in now.plainer:
                if again := [each for each in attempt(case, plainer, judge) if each.clause == clause]:
                    shown, now = again, plainer
                    break
        case.recorder.broken += [_worded(judgement, now.words) for judgement in shown]


def _contexts(breach: Breach) -> Iterator[Features]:
    given = frozenset(Feature(word) for word in breach.beside)
    yield from dict.fromkeys((given, given - {Feature.CALLER}, SMALLEST))


@dataclasses.dataclass(frozen=True)
class _Search:
    """Looks for the fewest features of a request with which a breach still shows what was found.

    Attributes:
        features: those that it was found beside.
    """

    suite: Suite
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

        known = next((each for each in self.suite.state.needed if each < features and shows(each)), None)
        if known is None:
            for feature in Feature:
                if feature in features and shows(features - {feature}):
                    features -= {feature}
            self.suite.state.needed.insert(0, features)
        return [_named(judgement, known or features) for judgement in found]

    def _again(self, features: Features) -> list[Judgement]:
        try:
            return attempt(self.case, _beside(self.suite, self.breach, features), self.judge)
        except NotVerified:
            return []


def _named(judgement: Judgement, features: Features) -> Judgement:
    """The judgement with what has to be present; of key and caller the exchange itself tells, save in the sentence."""
    return _worded(judgement, [feature.value for feature in Feature if feature in features])


def _worded(judgement: Judgement, words: Sequence[str]) -> Judgement:
    beside = tuple(word for word in words if word not in (Feature.KEY, Feature.CALLER))
    return dataclasses.replace(judgement, expected=", ".join([judgement.expected, *words]), beside=beside)


def _beside(suite: Suite, breach: Breach, features: Features) -> Breach:
    if frozenset(breach.beside) == features:
        return breach
    return breach_in(suite.contract, suite.world.workspace, breach, features, suite.world.other_caller)
