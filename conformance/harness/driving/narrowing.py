"""Shows a finding in its smallest form: the fewest features of a request, sent as plainly as it shows, the smallest body."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from ....reports.finding import ACCEPTED_AGAIN
from ....spec.pointer import get_at, set_at
from ....strategies import Breach
from ....strategies.breach import Feature
from ....strategies.dependents import complete
from ....strategies.pairs import Features, pair_name, pairs_of
from ....strategies.plan import SMALLEST, breach_in
from ....strategies.reduce import members_beside, plainer, smaller_bodies
from ....strategies.ways import PLAINLY, Spelling
from ..judge import Judged
from ..judge.expectation import Expectation
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from ..judge.subject import about_value
from ..run.suite import Case, Suite

__all__ = ["Narrowing", "Plainest", "Reduction", "attempt", "judge_narrowest", "judge_plainest", "judge_smallest"]

Plainest: TypeAlias = Callable[[Spelling, Callable[[Spelling], object]], None]
"""`judge_plainest` for the case at hand."""

Narrowing: TypeAlias = Callable[[Breach, Callable[[Breach], object]], None]
"""`judge_narrowest` for the case at hand."""


def judge_narrowest(case: Case, breach: Breach, judge: Callable[[Breach], object]) -> None:
    """Judge a breach in its context, or where the target does not accept its control there, in a smaller one.

    What is found is judged again in the smallest body. What shows there is the finding; else the finding names the fewest
    features with which it shows.

    Raises:
        NotVerified: the target accepts the control in none of the contexts.
    """
    for features in _contexts(breach):
        try:
            sent = _beside(case.suite, breach, features)
            found = attempt(case, sent, judge)
        except NotVerified:
            if features == SMALLEST:
                raise
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
        shown, now = _plainest(way, shown, functools.partial(_again, case, judge=judge))
        case.recorder.add(_worded(judgement, now.words) for judgement in shown)


def _plainest(
    way: Spelling, found: list[Judgement], again: Callable[[Spelling], list[Judgement]]
) -> tuple[list[Judgement], Spelling]:
    """The judgements of one clause in the plainest way that shows it broken, and that way; sent plainly it does not show."""
    for _ in way.words[1:]:
        for simpler in way.plainer:
            if shown := [each for each in again(simpler) if each.clause == found[0].clause]:
                found, way = shown, simpler
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
        return _again(self.case, sent if way is None else dataclasses.replace(sent, way=way), self.judge)


def _worded(judgement: Judgement, words: Sequence[str]) -> Judgement:
    beside = tuple(word for word in words if word not in (Feature.KEY, Feature.CALLER))
    return dataclasses.replace(judgement, expected=", ".join([judgement.expected, *words]), beside=beside)


def _beside(suite: Suite, breach: Breach, features: Features) -> Breach:
    if frozenset(breach.beside) == features:
        return breach
    return breach_in(suite.contract, suite.world.workspace, breach, features, suite.world.other_caller)


_Sent = TypeVar("_Sent")

Reduction: TypeAlias = Callable[[dict[str, Any], Callable[[dict[str, Any]], object]], None]
"""`judge_smallest` for the case at hand."""

_MOST_TRIES = 40
_MOST_REFUSED = 6
"""Things that are not taken, looked for in one body."""
_MOST_REDUCED = 24
"""Findings of a process whose smallest body is looked for, since that costs creates."""


def judge_smallest(case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object]) -> None:
    """Judge a body, and show a finding of each clause with the smallest body that has it, and others where that is known.

    Which those are depends on the case alone, and not on the process that runs it.
    What the target refuses is left out of the body, which is then judged again, and out of all later ones: so one value that
    is not taken hides no other.

    Raises:
        NotVerified: the body could not be judged at all.
    """
    smallest, not_taken = case.suite.world.smallest or {}, case.suite.state.refused
    for _ in range(_MOST_REFUSED):
        known = len(not_taken)
        body = plainer(smallest, body, [pointer for pointer, value in not_taken if get_at(body, pointer, None) == value])
        if found := attempt(case, body, judge):
            case.wait_for_turn()
            if len(not_taken) != known:
                continue
        refused = next((judgement for judgement in found if judgement.expectation is Expectation.CREATED), None)
        if refused is None:
            first = {judgement.clause: judgement for judgement in reversed(found)}
            for judgement in found:
                if judgement is first[judgement.clause]:
                    case.recorder.add([_smallest(case, body, judge, judgement)])
                else:
                    case.recorder.add([case.suite.state.reduced.get(judgement.identity, judgement)])
            return
        reduced, small = _reduce(case, body, judge, refused)
        members = members_beside(smallest, small)
        if small == body and members and _is_accepted_again(case, body):
            case.recorder.add([dataclasses.replace(reduced, symptom=ACCEPTED_AGAIN)])
            return
        # A dependent select brings its parent, which the body may not have had.
        values = [(pointer, get_at(body, pointer, get_at(small, pointer))) for pointer in members]
        case.recorder.add([_about(case.suite, reduced, values)])
        if not members:
            return
        not_taken += [(pointer, get_at(small, pointer)) for pointer in members]


def _is_accepted_again(case: Case, body: dict[str, Any]) -> bool:
    """Whether a body that was refused is accepted in another create, so that nothing in it is to blame."""
    return case.suite.state.spend_try() and case.api.create(body).accepted


def _smallest(case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object], found: Judgement) -> Judgement:
    """The same finding with the smallest body that has it."""
    known = case.suite.state.reduced.get(found.identity)
    if known is None and case.suite.selection.binds(found.clause) and len(case.suite.state.reduced) < _MOST_REDUCED:
        place, smallest = found.subject.place, case.suite.world.smallest or {}
        if place in members_beside(smallest, body):
            alone = complete(case.suite.world.workspace, set_at(smallest, place, get_at(body, place)))
            body = alone if any(_same(each, found) for each in _again(case, alone, judge)) else body
        known = case.suite.state.reduced[found.identity] = _reduce(case, body, judge, found)[0]
    return known or found


def _reduce(
    case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object], first: Judgement
) -> tuple[Judgement, dict[str, Any]]:
    """The judgement of the smallest body that breaks the clause alike, and that body; what it is about stays the same."""
    smallest = first
    candidates = smaller_bodies(case.suite.contract, case.suite.world.workspace, body)
    for _ in range(_MOST_TRIES):
        if (candidate := next(candidates, None)) is None:
            break
        if again := next((each for each in _again(case, candidate, judge) if _same(each, first)), None):
            smallest, body = dataclasses.replace(again, subject=first.subject), candidate
            candidates = smaller_bodies(case.suite.contract, case.suite.world.workspace, candidate)
    return smallest, body


def _again(case: Case, sent: _Sent, judge: Callable[[_Sent], object]) -> list[Judgement]:
    """What judging something smaller finds; nothing where nothing can be said of it, or no tries are left."""
    if not case.suite.state.spend_try():
        return []
    try:
        return attempt(case, sent, judge)
    except NotVerified:
        return []


def _same(one: Judgement, other: Judgement) -> bool:
    """Whether two judgements are about the same thing, whatever value stands there."""
    return (one.clause, one.expectation, one.subject.place) == (other.clause, other.expectation, other.subject.place)


def _about(suite: Suite, judgement: Judgement, members: Sequence[tuple[str, Any]]) -> Judgement:
    """The judgement of a body that was refused, about what the target does not take: pointers and values."""
    contract, workspace = suite.contract, suite.world.workspace
    about = [about_value(contract, workspace, pointer, value) for pointer, value in members]
    if len(about) == 1:
        return dataclasses.replace(judgement, subject=about[0])
    return dataclasses.replace(judgement, beside=tuple(f"with {each.role}: {each.kind}" for each in about))


def attempt(case: Case, sent: _Sent, judge: Callable[[_Sent], object]) -> list[Judgement]:
    """Return what judging finds broken, without noting it.

    Raises:
        NotVerified: there is nothing to be said.
    """
    with case.recorder.trial() as broken, contextlib.suppress(Judged):
        judge(sent)
    return broken
