"""What a judge of a client's clause gives: checks, each of which held or did not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from ....reference.arrival import Arrival
from ..scenario import ScenarioEvidence

__all__ = ["MANY_RECORDS", "Check", "Checks", "Judge", "check", "shown", "status_words"]

_LONGEST: Final = 160
"""Characters of a value that is shown."""
MANY_RECORDS: Final = "more than one record for one operation"
"""The symptom of attempts that a server cannot know for one operation."""


@dataclasses.dataclass(frozen=True)
class Check:
    """Whether one expectation held.

    Attributes:
        expected: one sentence.
        problem: what was seen instead; "" when it held.
        arrivals: the requests that show it, in order; the last is the one judged.
        symptom: what it has in common with others of the same cause; "" where what was seen says it.
    """

    expected: str
    problem: str = ""
    arrivals: tuple[Arrival, ...] = ()
    symptom: str = ""


Checks: TypeAlias = Iterator[Check]


@dataclasses.dataclass(frozen=True)
class Judge:
    """How one clause is judged.

    Attributes:
        look: finds the checks in the evidence of a scenario; none where it says nothing of the clause.
        scenarios: the names of those that are looked at; empty for all.
        separate: whether each scenario shows a way of its own to break the clause.
    """

    clause: str
    look: Callable[[ScenarioEvidence], Checks]
    scenarios: tuple[str, ...] = ()
    separate: bool = False

    def wants(self, scenario: str) -> bool:
        """Whether a scenario is looked at."""
        return not self.scenarios or scenario in self.scenarios


def check(held: bool, expected: str, observed: str, *arrivals: Arrival, symptom: str = "") -> Check:
    """A check; what was observed is kept only when the expectation did not hold."""
    return Check(expected, "" if held else observed, arrivals, symptom)


def shown(value: object) -> str:
    """Return a JSON value as JSON text in ASCII, cut where it is long."""
    text = json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def status_words(status: int | None) -> str:
    """Return what an error that a client reports says of its status."""
    return "without a status" if status is None else f"of status {status}"
