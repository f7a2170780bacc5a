"""Judges what a case sends without noting what is found, for whoever looks for a smaller form of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

from ..judge import Judged
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from ..run.suite import Case

__all__ = ["attempt", "try_again"]

_Sent = TypeVar("_Sent")


def try_again(case: Case, sent: _Sent, judge: Callable[[_Sent], object]) -> list[Judgement]:
    """Return what judging something smaller finds; nothing where nothing can be said of it, or no tries are left."""
    if not case.suite.state.spend_try():
        return []
    try:
        return attempt(case, sent, judge)
    except NotVerified:
        return []


def attempt(case: Case, sent: _Sent, judge: Callable[[_Sent], object]) -> list[Judgement]:
    """Return what judging finds broken, without noting it.

    Raises:
        NotVerified: there is nothing to be said.
    """
    with case.recorder.trial() as broken, contextlib.suppress(Judged):
        judge(sent)
    return broken
