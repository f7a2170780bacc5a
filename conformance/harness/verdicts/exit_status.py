"""Decides the exit status of a run: the worst of all that happened in it and around it."""

from __future__ import annotations

import dataclasses
import enum

__all__ = ["Happened", "Status", "decide", "worst"]


class Status(enum.IntEnum):
    """What this suite and pytest mean by an exit status; any other number is the own word of whoever gave it."""

    OK = 0
    """No clause is violated."""
    VIOLATED = 1
    """A clause is violated, or a line of the known-failing list is stale; of pytest: something failed."""
    INTERRUPTED = 2
    """Interrupted; what was found out until then is reported."""
    ERROR = 3
    """An error of ours; of pytest: an error of pytest or of a plugin."""
    UNUSABLE = 4
    """Wrong usage, or a target that cannot be judged."""
    NOT_VERIFIED = 5
    """Nothing was verified, or a case that was to be run was not, or not to its end."""


_WORST_FIRST = (
    Status.ERROR,
    Status.UNUSABLE,
    Status.INTERRUPTED,
    Status.VIOLATED,
    Status.NOT_VERIFIED,
    Status.OK,
)
_BYTE = 256


@dataclasses.dataclass(frozen=True)
class Happened:
    """All that an exit status depends on.

    Attributes:
        session: the status that pytest, and plugins, gave the session.
        judged: whether every failure that pytest counted is a judgement of ours, which the verdicts weigh.
        errors: whether there was an error of ours.
        interrupted: whether the user stopped the run.
        failing: whether what was found out about a clause fails the run.
        verified: whether anything was found out by a case.
        unfinished: whether a case that was to be run was not, or not to its end.
    """

    session: int
    judged: bool = False
    errors: bool = False
    interrupted: bool = False
    failing: bool = False
    verified: bool = True
    unfinished: bool = False


def decide(happened: Happened) -> int:
    """Return the exit status.

    What anybody else says of the session is never improved, but for one thing: pytest counts it as a failure when a
    case fails by a judgement of ours, and whether that fails the run depends on the verdicts.
    """
    explained = happened.session == Status.VIOLATED and happened.judged
    return worst(
        Status.OK if explained else happened.session,
        Status.ERROR if happened.errors else Status.OK,
        Status.INTERRUPTED if happened.interrupted else Status.OK,
        Status.VIOLATED if happened.failing else Status.OK,
        Status.OK if happened.verified and not happened.unfinished else Status.NOT_VERIFIED,
    )


def worst(*statuses: int) -> int:
    """Return the worst of some statuses; the first one that somebody else gave a meaning of their own stands above all.

    The operating system keeps the last eight bits of a status, so 256 is 0 there.
    """
    own = next((status for status in statuses if status % _BYTE not in _WORST_FIRST), None)
    if own is not None:
        return own
    known = {status % _BYTE for status in statuses}
    return int(next(status for status in _WORST_FIRST if status in known))
