"""What every case of a run shares: the contract, the target, the workspace, and what was already shown."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

from ....spec import Contract
from ....spec.pointer import last_segment
from ....strategies import Caller, Depth, Workspace, enumerate_bodies, missing_needs, smallest_body
from ....strategies.bodies import other_options_body
from ....strategies.plan import full_body
from ..judge.record import NotVerified, unmet
from ..wire.target import Credentials, Target
from .facts import Facts, control_name
from .telling import Tell, say

__all__ = ["World"]


@dataclasses.dataclass
class World:
    """The given and the found out.

    Attributes:
        run: the run's name, which every marker starts with.
        readable: whether records of the endpoint under test can be read.
        facts: what cases share, such as which bodies the target accepts.
        held_before: how many records the list had before the first create; None where it cannot be read.
        waited_in_vain: whether a key was waited for that stayed in flight.
        writes_left: creates that this process may still send; None for any number.
        tell: says a sentence to the user at once.
        denied: by the name of a need or a caller, why what the user gave for it is not used.
        returned_at: Unix seconds of when the target was last back after it had gone; 0 where it never was.
    """

    contract: Contract
    target: Target
    workspace: Workspace
    run: str
    readable: bool = False
    facts: Facts = dataclasses.field(default_factory=Facts)
    held_before: int | None = None
    writes_left: int | None = None
    waited_in_vain: bool = False
    returned_at: float = 0.0
    tell: Tell = say
    denied: dict[str, str] = dataclasses.field(default_factory=dict)
    _smallest: tuple[Workspace, dict[str, Any] | None] | None = None
    _fullest: tuple[Workspace, tuple[dict[str, Any], ...]] | None = None
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    @property
    def reader(self) -> Credentials:
        """Who reads: the read key, or the main key where none was given."""
        return self.target.callers.get("read", self.target.callers["main"])

    @property
    def other_caller(self) -> Caller:
        """Who else of the organization may create; the main caller where no key of another one was given."""
        others = (Caller.SECOND, Caller.CREATE_ONLY)
        return next((caller for caller in others if caller in self.target.callers), Caller.MAIN)

    def object_type(self, pointer: str) -> str:
        """What the relationship at a place links to; "" when neither the fragment nor the definitions tell."""
        named = next((place.object_type for place in self.contract.link_places if place.pointer == pointer), None)
        defined = self.workspace.relationships.get(last_segment(pointer))
        return named or (defined.object_type if defined else "")

    def refusal_of(self, body: Any) -> str | None:
        """What the target answered to a body that it refused, "" to another; None when it was not sent in this run."""
        return self.facts.refusal_of(control_name(body))

    def note_return(self, moment: float) -> None:
        """Takes note that the target was gone until then: what it held in memory may be lost, and what it showed before."""
        self.returned_at = moment
        self.facts.forget(moment)

    @property
    def smallest(self) -> dict[str, Any] | None:
        """The smallest valid body, which must not be changed; None where the workspace does not have what it needs."""
        if self._smallest is None or self._smallest[0] is not self.workspace:
            self._smallest = self.workspace, smallest_body(self.contract, self.workspace)
        return self._smallest[1]

    @property
    def fullest(self) -> tuple[dict[str, Any], ...]:
        """Bodies with much set, not to be changed: beside all features, in its plainest form, by ID, other options."""
        if self._fullest is None or self._fullest[0] is not self.workspace:
            bodies = enumerate_bodies(self.contract, self.workspace, Depth.SMOKE)
            everything = full_body(self.contract, self.workspace)
            other = other_options_body(self.contract, self.workspace)
            self._fullest = self.workspace, (everything, *(body.value for body in bodies[:0:-1]), other)
        return self._fullest[1]

    @property
    def smallest_refusal(self) -> str:
        """What the target answered to the smallest body when it did not accept it; "" when it did, or was not asked."""
        return self.refusal_of(self.smallest) or ""

    def unmet(self, name: str, detail: str = "") -> NotVerified:
        """What to raise where a need of the contract is not met; `detail` is what the target answered, if it was asked."""
        need = self.contract.needs[name]
        return NotVerified(self.denied[name], need.remedy) if name in self.denied else unmet(need, detail)

    def missing(self) -> tuple[str, str]:
        """Reason and remedy for there being no valid body at all."""
        wanted = missing_needs(self.contract, self.workspace)
        name, _, place = wanted[0].partition(":")
        need = self.contract.needs[name]
        return f"{need.reason} ({place})", need.remedy

    def spend_write(self) -> None:
        """Takes one from the budget of creates.

        Raises:
            NotVerified: nothing is left.
        """
        with self._lock:
            self.require_writes()
            if self.writes_left is not None:
                self.writes_left -= 1

    def require_writes(self) -> None:
        """Raise NotVerified when no create may be sent any more."""
        if self.writes_left == 0:
            raise NotVerified("the run's budget of creates is used up", "raise --max-writes")
