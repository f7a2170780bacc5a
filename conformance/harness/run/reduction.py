"""Shows a finding about an enumerated body in its smallest form: sends simpler bodies as long as they fail alike."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any, TypeAlias

from ....strategies.reduce import smaller_bodies
from ..judge import Judged
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from .suite import Case, Suite

__all__ = ["Reduction", "judge_smallest"]

Reduction: TypeAlias = Callable[[dict[str, Any], Callable[[dict[str, Any]], object]], None]
"""`judge_smallest` for the case at hand."""

_MOST_TRIES = 40


def judge_smallest(suite: Suite, case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object]) -> None:
    """Judges a body; when a clause is broken, looks for the smallest body that breaks it.

    The search costs creates, so it is made once for each clause and process.

    Raises:
        NotVerified: the body could not be judged at all.
    """
    found = _attempt(case, body, judge)
    if found:
        case.wait_for_turn()
    new = [judgement for judgement in found if suite.binds(judgement.clause) and judgement.clause not in suite.failed]
    if new:
        found = [*found, *_reduce(suite, case, body, judge, new[0])]
    case.recorder.broken += found


def _reduce(
    suite: Suite, case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object], first: Judgement
) -> list[Judgement]:
    """The judgement of the smallest body that still breaks the clause; what it is about stays what it was at first."""
    tries = iter(range(_MOST_TRIES))
    smallest: list[Judgement] = []
    candidates = smaller_bodies(suite.contract, suite.world.workspace, body)
    while (candidate := next(candidates, None)) is not None and next(tries, None) is not None:
        try:
            again = [other for other in _attempt(case, candidate, judge) if other.clause == first.clause]
        except NotVerified:
            break
        if again:
            smallest = [dataclasses.replace(other, subject=first.subject) for other in again]
            candidates = smaller_bodies(suite.contract, suite.world.workspace, candidate)
    return smallest


def _attempt(case: Case, body: dict[str, Any], judge: Callable[[dict[str, Any]], object]) -> list[Judgement]:
    with case.recorder.trial() as broken, contextlib.suppress(Judged):
        judge(body)
    return broken
