"""Shows a finding about an enumerated body in its smallest form: sends simpler bodies as long as they fail alike."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from ....spec.pointer import get_at, set_at
from ....strategies.dependents import complete
from ....strategies.reduce import members_beside, plainer, smaller_bodies
from ..judge import Judged
from ..judge.expectation import Expectation
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from ..judge.subject import about_value
from .suite import Case, Suite

__all__ = ["Reduction", "attempt", "judge_smallest"]

_Sent = TypeVar("_Sent")

Reduction: TypeAlias = Callable[[dict[str, Any], Callable[[dict[str, Any]], object]], None]
"""`judge_smallest` for the case at hand."""

_MOST_TRIES = 40
_MOST_REFUSED = 6
"""Things that are not taken, looked for in one body."""
_MOST_REDUCED = 12
"""Findings of a process whose smallest body is looked for, since that costs creates."""


def judge_smallest(suite: Suite, case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object]) -> None:
    """Judge a body, and show each finding about it with the smallest body that has it, found once in each process.

    What the target refuses is left out of the body, which is then judged again, and out of all later ones: so one value that
    is not taken hides no other.

    Raises:
        NotVerified: the body could not be judged at all.
    """
    smallest, not_taken = suite.world.smallest or {}, suite.state.refused
    for _ in range(_MOST_REFUSED):
        known = len(not_taken)
        body = plainer(smallest, body, [pointer for pointer, value in not_taken if get_at(body, pointer, None) == value])
        if found := attempt(case, body, judge):
            case.wait_for_turn()
            if len(not_taken) != known:
                continue
        refused = next((judgement for judgement in found if judgement.expectation is Expectation.CREATED), None)
        if refused is None:
            case.recorder.broken += [_smallest(suite, case, body, judge, judgement) for judgement in found]
            return
        reduced, small = _reduce(suite, case, body, judge, refused)
        members = members_beside(smallest, small)
        # A dependent select brings its parent, which the body may not have had.
        values = [(pointer, get_at(body, pointer, get_at(small, pointer))) for pointer in members]
        case.recorder.broken.append(_about(suite, reduced, values))
        if not members:
            return
        not_taken += [(pointer, get_at(small, pointer)) for pointer in members]


def _smallest(
    suite: Suite, case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object], found: Judgement
) -> Judgement:
    """The same finding with the smallest body that has it."""
    known = suite.state.reduced.get(found.identity)
    if known is None and suite.selection.binds(found.clause) and len(suite.state.reduced) < _MOST_REDUCED:
        place, smallest = found.subject.place, suite.world.smallest or {}
        if place in members_beside(smallest, body):
            alone = complete(suite.world.workspace, set_at(smallest, place, get_at(body, place)))
            body = alone if any(_same(each, found) for each in _again(case, alone, judge)) else body
        known = suite.state.reduced[found.identity] = _reduce(suite, case, body, judge, found)[0]
    return known or found


def _reduce(
    suite: Suite, case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object], first: Judgement
) -> tuple[Judgement, dict[str, Any]]:
    """The judgement of the smallest body that breaks the clause alike, and that body; what it is about stays the same."""
    smallest = first
    candidates = smaller_bodies(suite.contract, suite.world.workspace, body)
    for _ in range(_MOST_TRIES):
        if (candidate := next(candidates, None)) is None:
            break
        if again := next((each for each in _again(case, candidate, judge) if _same(each, first)), None):
            smallest, body = dataclasses.replace(again, subject=first.subject), candidate
            candidates = smaller_bodies(suite.contract, suite.world.workspace, candidate)
    return smallest, body


def _again(case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object]) -> list[Judgement]:
    try:
        return attempt(case, body, judge)
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
