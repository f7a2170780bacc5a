"""What changes while a run goes on: one object, which all of its cases share."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from ....spec import Contract
from ....strategies import Breach, Workspace
from ....strategies.pairs import Features
from ..judge.judgement import Judgement
from ..judge.record import CaseRecord, Limited, NotVerified
from ..wire.exchange import Exchange
from ..wire.sent import SentCreates
from ..wire.target import Target
from .bodies import Bodies

__all__ = ["State"]

_BODIES = "bodies"
"""Stands for the need of all that has to be accepted."""


class State:
    """What changes while a run goes on; each change has a method, or is a list or a mapping to add to.

    The first look at a target changes what is known of it; from the first case on, that stays.

    Args:
        writes_left: creates that this process may send; None for any number.
        tries_left: how often this process may send something smaller to narrow down what it finds.

    Attributes:
        target: without what the target does not bear out.
        bodies: what many cases start from, with the workspace of which they are made.
        readable: whether records of the endpoint under test can be read.
        held_before: how many records the list had before the first create; None where it cannot be read.
        denied: by the name of a need or a caller, why what the user gave for it is not used.
        notes: what the user should know about what was given.
        first: what the first look at the target found out.
        writes_left: creates that this process may still send; None for any number.
        tries_left: how often this process may still send something smaller to narrow down what it finds.
        returned_at: Unix seconds of when the target was last back after it had gone; 0 where it never was.
        waited_in_vain: whether a key was waited for that stayed in flight.
        failed: clauses that have failed a case of this process; a clause that a case is not about fails once only.
        needed: for findings so far, what has to be present beside the breach for it to be accepted, the last one first.
        refused: pointer and value of what was not taken in a valid body, and is left out of later ones.
        reduced: by identity, findings about valid bodies with the smallest body that has them.
        sent: the creates that this process has sent.
        limited: a create that got nothing but 429 like all others, so that none is sent any more; None while they are sent.
        turns: breaches that are sent one after the other under one key, as long as each is refused.
    """

    def __init__(
        self,
        contract: Contract,
        target: Target,
        workspace: Workspace | None = None,
        *,
        readable: bool = False,
        denied: Mapping[str, str] | None = None,
        writes_left: int | None = None,
        tries_left: int = 0,
    ) -> None:
        self.target = target
        self.bodies = Bodies(contract, Workspace() if workspace is None else workspace)
        self.readable = readable
        self.held_before: int | None = None
        self.denied = dict(denied or {})
        self.notes = list(target.way.notes)
        self.first = CaseRecord("discovery")
        self.writes_left = writes_left
        self.tries_left = tries_left
        self.returned_at = 0.0
        self.waited_in_vain = False
        self.failed: set[str] = set()
        self.needed: list[Features] = []
        self.refused: list[tuple[str, Any]] = []
        self.reduced: dict[str, Judgement] = {}
        self.sent = SentCreates()
        self.turns: tuple[Breach, ...] = ()
        self.limited: Exchange | None = None
        self._attempts: dict[str, int] = {}
        self._lock = threading.Lock()

    def use(self, workspace: Workspace) -> None:
        """Write with this from now on."""
        self.bodies = dataclasses.replace(self.bodies, workspace=workspace)

    def plan_turns(self, breaches: Sequence[Breach]) -> None:
        """Let these breaches be sent one after the other under one key, whichever case sends one first."""
        self.turns = tuple(breaches)

    def drop_caller(self, name: str, reason: str) -> None:
        """Use a caller's key no more."""
        callers = {other: caller for other, caller in self.target.callers.items() if other != name}
        self.target = dataclasses.replace(self.target, callers=callers)
        self.denied.setdefault(name, reason)

    def drop_bodies(self, answer: str) -> None:
        """Write nothing that has to be accepted: the organization may ask for what only definitions tell (contract 11)."""
        reason = f"a rule of the organization refuses the smallest body ({answer})"
        self.denied[_BODIES] = f"{reason}, and its definitions, which would tell what it asks for, could not be read"
        self.use(Workspace())

    @property
    def without_bodies(self) -> str:
        """Why nothing is written that has to be accepted; "" where it is."""
        return self.denied.get(_BODIES, "")

    def drop_clock(self, reason: str) -> None:
        """Move the target's clock no more."""
        self.target = dataclasses.replace(self.target, clock_header="")
        self.denied["clock"] = reason

    def note_held(self, count: int | None) -> None:
        """Note how many records the list has; None where it cannot be read."""
        self.held_before, self.readable = count, count is not None

    def note_first(self, record: CaseRecord) -> None:
        """Note what the first look found out."""
        self.first = record

    def note_return(self, moment: float) -> None:
        """Note that the target was gone until then: what it held in memory may be lost."""
        self.returned_at = moment

    def note_wait(self, *, in_vain: bool) -> None:
        """Note that a key was waited for."""
        self.waited_in_vain |= in_vain

    def count_attempt(self, case: str, least: int) -> int:
        """Return which attempt at a case begins: one more than this process knows of, or `least`."""
        self._attempts[case] = max(self._attempts.get(case, 0) + 1, least)
        return self._attempts[case]

    def spend_write(self) -> None:
        """Take one from the budget of creates.

        Raises:
            NotVerified: nothing is left.
        """
        with self._lock:
            self.require_writes()
            if self.writes_left is not None:
                self.writes_left -= 1

    def spend_try(self) -> bool:
        """Return whether what was found may be tried once more with something smaller."""
        with self._lock:
            allowed = self.tries_left > 0
            self.tries_left -= allowed
        return allowed

    def begin_writes(self, most: int | None) -> None:
        """Let creates be sent; None for any number."""
        self.writes_left = most

    def end_writes(self, limited: Exchange) -> None:
        """Send no more creates, for the target answers all of them with 429.

        Args:
            limited: one that was.
        """
        self.limited = limited

    def require_writes(self) -> None:
        """Raise NotVerified when no create may be sent any more."""
        if self.limited is not None:
            raise Limited(self.limited, every=True)
        if self.writes_left == 0:
            raise NotVerified("the run's budget of creates is used up", "raise --max-writes")

    def lift_budget(self) -> None:
        """Let any number of creates be sent: the user's budget is for the cases."""
        self.begin_writes(None)
