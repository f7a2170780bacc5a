"""Shows a finding about a whole body with the smallest body that has it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from ....reports.finding import ACCEPTED_AGAIN
from ....spec.pointer import get_at, set_at
from ....strategies.dependents import complete
from ....strategies.reduce import members_beside, plainer, smaller_bodies
from ..judge.expectation import Expectation
from ..judge.judgement import Judgement
from ..judge.subject import about_value
from ..run.suite import Case, Suite
from .trying import attempt, try_again

__all__ = ["Reduction", "judge_smallest"]

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
            body = alone if any(_same(each, found) for each in try_again(case, alone, judge)) else body
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
        if again := next((each for each in try_again(case, candidate, judge) if _same(each, first)), None):
            smallest, body = dataclasses.replace(again, subject=first.subject), candidate
            candidates = smaller_bodies(case.suite.contract, case.suite.world.workspace, candidate)
    return smallest, body


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
