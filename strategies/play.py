"""Plays a history through a driver and compares each answer, and the records in the end, with the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from .keystore import Model
from .reply import Departure
from .step import Outcome, Step

__all__ = ["Departed", "Driver", "Play", "play"]


class Driver(Protocol):
    """Takes the steps of one history; made afresh for each, with idempotency keys that no other history uses."""

    def perform(self, step: Step) -> Outcome:
        """Send the step's requests and tell what came back.

        A 429 is waited out and sent again. A 409 after a lost answer is retried, with a bound, before it is told.
        """
        ...

    def records(self, organization: str, *, elsewhere: bool) -> int | None:
        """How many records this history has made there; None if that is not known, or not yet."""
        ...

    def close(self) -> None:
        """Let go of everything; called once, whatever came before."""
        ...


class Departed(AssertionError):
    """The target departed from the model.

    Attributes:
        departure: from which clause, and how.
        history: the steps taken, the departing one last.
    """

    def __init__(self, departure: Departure, history: tuple[Step, ...]) -> None:
        self.departure = departure
        self.history = history
        super().__init__(f"{departure.clause}: {departure.reason}; history: {', '.join(map(repr, history))}")


class Play:
    """One history on its way: the steps taken so far and the model that has learned their outcomes."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.model = Model()
        self.history: tuple[Step, ...] = ()
        self.departed = False

    def take(self, step: Step) -> Outcome:
        """Perform one step.

        Raises:
            Departed: the model does not permit what came back.
        """
        self.history = (*self.history, step)
        outcome = self.driver.perform(step)
        self._raise_for(self.model.judge(step, outcome))
        self.model = self.model.after(step, outcome)
        return outcome

    def end(self) -> None:
        """Count the records, unless the history has departed before, and close the driver.

        Raises:
            Departed: there are more or fewer records than the model allows.
        """
        try:
            if not self.departed:
                self._raise_for(_miscount(self.model, self.driver, self.history))
        finally:
            self.driver.close()

    def _raise_for(self, departure: Departure | None) -> None:
        if departure is not None:
            self.departed = True
            raise Departed(departure, self.history)


def play(steps: Iterable[Step], driver: Driver) -> None:
    """Play a whole history, and close the driver.

    Raises:
        Departed: at the first answer that the model does not permit, or for the number of records in the end.
    """
    playing = Play(driver)
    try:
        for step in steps:
            playing.take(step)
    finally:
        playing.end()


def _miscount(model: Model, driver: Driver, history: tuple[Step, ...]) -> Departure | None:
    for organization in ("own", "other"):
        for elsewhere in (False, True):
            counted = driver.records(organization, elsewhere=elsewhere)
            due = model.records(organization, elsewhere=elsewhere)
            if counted is not None and not due.least <= counted <= due.most:
                where = f"{organization} organization{', other operation' if elsewhere else ''}"
                return Departure(_suspect(history), f"{counted} records in the {where}, where {due} was due")
    return None


def _suspect(history: tuple[Step, ...]) -> str:
    """The clause to blame when every answer was right and the number of records is not: the rarest thing that was done."""
    if any(step.lost for step in history):
        return "idempotency:lost-answer"
    if any(step.copies > 1 for step in history):
        return "idempotency:concurrent"
    return "idempotency:replay" if len({step.payload for step in history}) == 1 else "idempotency:other-body"
