"""Shows a finding about an enumerated body in its smallest form: sends simpler bodies as long as they fail alike."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from ....spec.pointer import get_at
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


def judge_smallest(suite: Suite, case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object]) -> None:
    """Judge a body; when a clause is broken, look for the smallest body that breaks it.

    What the target refuses is left out of the body, which is then judged again, and out of all later ones: so one value that
    is not taken hides no other. The search costs creates, so for other clauses it is made once for each and process.

    Raises:
        NotVerified: the body could not be judged at all.
    """
    smallest = suite.world.smallest or {}
    for _ in range(_MOST_REFUSED):
        body = plainer(smallest, body, [pointer for pointer, value in suite.refused if get_at(body, pointer, None) == value])
        found = attempt(case, body, judge)
        new = [judgement for judgement in found if suite.binds(judgement.clause) and judgement.clause not in suite.failed]
        refused = next((judgement for judgement in found if judgement.expectation is Expectation.CREATED), None)
        if not (first := refused or next(iter(new), None)):
            case.recorder.broken += found
            return
        reduced, small = _reduce(suite, case, body, judge, first)
        if refused is None:
            case.recorder.broken += [*found, *reduced]
            return
        members = members_beside(smallest, small)
        case.recorder.broken += [_about(suite, each, body, members) for each in reduced or found]
        if not members:
            return
        suite.refused += [(pointer, get_at(small, pointer)) for pointer in members]


def _reduce(
    suite: Suite, case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object], first: Judgement
) -> tuple[list[Judgement], dict[str, Any]]:
    """The judgement of the smallest body that still breaks the clause, and that body; what it is about stays the same."""
    tries = iter(range(_MOST_TRIES))
    smallest: list[Judgement] = []
    candidates = smaller_bodies(suite.contract, suite.world.workspace, body)
    while (candidate := next(candidates, None)) is not None and next(tries, None) is not None:
        try:
            again = [other for other in attempt(case, candidate, judge) if other.clause == first.clause]
        except NotVerified:
            break
        if again:
            smallest, body = [dataclasses.replace(other, subject=first.subject) for other in again], candidate
            candidates = smaller_bodies(suite.contract, suite.world.workspace, candidate)
    return smallest, body


def _about(suite: Suite, judgement: Judgement, body: dict[str, Any], members: Sequence[str]) -> Judgement:
    """The judgement of a body that was refused, about what the target does not take; its value as it was at first."""
    contract, workspace = suite.contract, suite.world.workspace
    about = [about_value(contract, workspace, pointer, get_at(body, pointer)) for pointer in members]
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
