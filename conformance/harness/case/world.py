"""What is fixed during a run, and what cases ask of that and of the state."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

from ....spec import Contract
from ....spec.pointer import last_segment
from ....strategies import Caller, Pack, Workspace, missing_needs
from ..judge.record import NotVerified, unmet
from ..wire.target import Credentials, Target
from .facts import Facts, control_name
from .state import State

__all__ = ["Tell", "World", "say"]

Tell: TypeAlias = Callable[[str], None]
"""Says a sentence to the user at once, past what pytest captures: where the ledger is, what is waited for."""


def say(sentence: str) -> None:
    """Write a sentence to standard error."""
    sys.stderr.write(f"lightfield-contract: {sentence}\n")
    sys.stderr.flush()


@dataclasses.dataclass(frozen=True)
class World:
    """What is fixed during a run, and the state, of which it answers what cases ask.

    Attributes:
        run: the run's name, which every marker starts with.
        facts: what cases share, such as which bodies the target accepts.
        tell: says a sentence to the user at once.
    """

    contract: Contract
    run: str
    state: State
    facts: Facts = dataclasses.field(default_factory=Facts)
    tell: Tell = say

    @property
    def target(self) -> Target:
        """The target, without what it does not bear out."""
        return self.state.target

    @property
    def workspace(self) -> Workspace:
        """What there is to write with."""
        return self.state.bodies.workspace

    @property
    def reader(self) -> Credentials:
        """Who reads: the read key, or the main key where none was given."""
        return self.target.callers.get("read", self.target.callers["main"])

    @property
    def other_caller(self) -> Caller:
        """Who else of the organization may create; the main caller where no key of another one was given."""
        return next(iter(self.other_callers), Caller.MAIN)

    @property
    def other_callers(self) -> tuple[Caller, ...]:
        """All others of the organization who may create."""
        return tuple(caller for caller in (Caller.SECOND, Caller.CREATE_ONLY) if caller in self.target.callers)

    def object_type(self, pointer: str) -> str:
        """What the relationship at a place links to; "" when neither the fragment nor the definitions tell."""
        named = next((place.object_type for place in self.contract.link_places if place.pointer == pointer), None)
        defined = self.workspace.relationships.get(last_segment(pointer))
        return named or (defined.object_type if defined else "")

    def refusal_of(self, body: Any) -> str | None:
        """What the target answered to a body that it refused, "" to another; None when it was not sent in this run."""
        return self.facts.refusal_of(control_name(body))

    def note_return(self, moment: float) -> None:
        """Note that the target was gone until then: what it held in memory may be lost, and what it showed before."""
        if moment > self.state.returned_at:
            self.state.note_return(moment)
            self.facts.forget(moment)

    @property
    def smallest(self) -> dict[str, Any] | None:
        """The smallest valid body, which must not be changed; None where the workspace does not have what it needs."""
        return self.state.bodies.smallest

    @property
    def fullest(self) -> tuple[dict[str, Any], ...]:
        """Bodies with much set, not to be changed: beside all features, in its plainest form, by ID, other options."""
        return self.state.bodies.fullest

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The first packs of values that are demanded to be accepted, the same at every depth."""
        return self.state.bodies.packs

    @property
    def smallest_refusal(self) -> str:
        """What the target answered to the smallest body when it did not accept it; "" when it did, or was not asked."""
        return self.refusal_of(self.smallest) or ""

    def unmet(self, name: str, detail: str = "") -> NotVerified:
        """What to raise where a need of the contract is not met; `detail` is what the target answered, if it was asked."""
        need, denied = self.contract.needs[name], self.state.denied
        return NotVerified(denied[name], need.remedy) if name in denied else unmet(need, detail)

    def missing(self) -> tuple[str, str]:
        """Reason and remedy for there being no valid body at all."""
        if reason := self.state.without_bodies:
            return reason, "give a key that may read definitions"
        wanted = missing_needs(self.contract, self.workspace)
        name, _, place = wanted[0].partition(":")
        need = self.contract.needs[name]
        return f"{need.reason} ({place})", need.remedy
