"""Play a history through a driver and compare each answer, and the records in the end, with the model."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.stateful import RuleBasedStateMachine, rule

from .callers import Caller
from .key_model import KeyModel, Mismatch
from .steps import Key, KeyAnswer, Payload, Step

__all__ = ["Driver", "HistoryMismatchError", "Play", "histories", "history_machine", "play"]


class Driver(Protocol):
    """Takes the steps of one history; made afresh for each, with idempotency keys that no other history uses."""

    def perform(self, step: Step) -> Sequence[KeyAnswer]:
        """Send the step's requests and return what came back: an answer for each copy, in any order.

        A 429 is waited out and sent again. A 409 after a lost answer is retried, with a bound, before it is returned.
        """
        ...

    def records(self, organization: str, *, other_operation: bool) -> int | None:
        """Return how many records this history has made there; None if that is not known, or not yet."""
        ...

    def close(self) -> None:
        """Let go of everything; called once, whatever came before."""
        ...


class HistoryMismatchError(AssertionError):
    """The target did what the model does not permit; raised by state machines, which can fail in no other way."""

    def __init__(self, mismatch: Mismatch) -> None:
        self.mismatch = mismatch
        super().__init__(str(mismatch))


class Play:
    """One history on its way: the steps taken so far and the model that has learned their answers.

    Attributes:
        mismatch: the first thing that the model did not permit; nothing is judged after it.
    """

    def __init__(self, driver: Driver) -> None:
        self.mismatch: Mismatch | None = None
        self._driver = driver
        self._model = KeyModel()
        self._history: tuple[Step, ...] = ()

    def take(self, step: Step) -> Mismatch | None:
        """Perform one step, and return what the model does not permit of what came back."""
        self._history = (*self._history, step)
        answers = self._driver.perform(step)
        if not self._note(self._model.judge(step, answers)):
            self._model = self._model.after(step, answers)
        return self.mismatch

    def end(self) -> Mismatch | None:
        """Count the records, unless a step was a mismatch, close the driver, and return any mismatch."""
        try:
            return self.mismatch or self._note(_miscount(self._model, self._driver, self._history))
        finally:
            self._driver.close()

    def _note(self, mismatch: Mismatch | None) -> Mismatch | None:
        self.mismatch = mismatch and dataclasses.replace(mismatch, history=self._history)
        return self.mismatch


def play(steps: Iterable[Step], driver: Driver) -> Mismatch | None:
    """Play a history until the model does not permit what came back, else to its end, and close the driver."""
    playing = Play(driver)
    try:
        for step in steps:
            if playing.take(step):
                break
    finally:
        playing.end()
    return playing.mismatch


def histories(*, offers: Collection[str] = (), max_steps: int = 12) -> st.SearchStrategy[tuple[Step, ...]]:
    """Draw histories for `play`; they shrink to few and plain steps.

    Args:
        offers: what there is besides a key that may create, by names of `contract.needs`: `no-create`,
            `other-organization`, `other-operation`.
        max_steps: how long a history may be.

    Raises:
        InvalidArgument: an offer has another name, or a history could not have a step.
    """
    if max_steps < 1:
        raise InvalidArgument(f"max_steps={max_steps!r} leaves no step to take")
    return st.lists(_steps(offers), min_size=1, max_size=max_steps).map(tuple)


def history_machine(driver_factory: Callable[[], Driver], offers: Collection[str] = ()) -> type[RuleBasedStateMachine]:
    """Return a state machine class, each run of which is one history played through a driver of its own.

    Run it with `hypothesis.stateful.run_state_machine_as_test`, or through its `TestCase`. It fails with
    `HistoryMismatchError` at the first answer that the model does not permit, or for the number of records in the end.

    Args:
        offers: as in `histories`.
    """

    class HistoryMachine(RuleBasedStateMachine):
        """One history."""

        def __init__(self) -> None:
            super().__init__()
            self.play = Play(driver_factory())

        @rule(step=_steps(offers))
        def send(self, step: Step) -> None:
            """Take one step."""
            if mismatch := self.play.take(step):
                raise HistoryMismatchError(mismatch)

        def teardown(self) -> None:
            """Count the records."""
            earlier = self.play.mismatch
            if (mismatch := self.play.end()) and not earlier:
                raise HistoryMismatchError(mismatch)

    return HistoryMachine


def _steps(offers: Collection[str]) -> st.SearchStrategy[Step]:
    """Steps for which nothing is needed but what is offered, the plainest first."""
    keys = st.sampled_from(Key)
    plain = [
        st.builds(Step, key=keys | st.none()),
        st.builds(Step, payload=st.sampled_from(Payload), key=keys, reformatted=st.booleans()),
        st.builds(Step, payload=st.sampled_from([Payload.FIRST, Payload.SECOND]), key=keys, lost=st.just(True)),
        st.builds(Step, key=keys, copies=st.integers(2, 4)),
        st.builds(Step, key=keys, caller=st.just(Caller.UNKNOWN_KEY)),
    ]
    needing = {
        "no-create": st.builds(Step, key=keys, caller=st.just(Caller.NO_CREATE)),
        "other-organization": st.builds(Step, key=keys, caller=st.just(Caller.OTHER_ORGANIZATION)),
        "other-operation": st.builds(Step, key=keys, other_operation=st.just(True)),
    }
    if unknown := sorted(set(offers) - set(needing)):
        raise InvalidArgument(f"no step needs {', '.join(unknown)}; offers are {', '.join(needing)}")
    return st.one_of(*plain, *(strategy for need, strategy in needing.items() if need in offers))


def _miscount(model: KeyModel, driver: Driver, history: tuple[Step, ...]) -> Mismatch | None:
    for organization in ("own", "other"):
        for other_operation in (False, True):
            counted = driver.records(organization, other_operation=other_operation)
            due = model.records(organization, other_operation=other_operation)
            if counted is not None and not due.least <= counted <= due.most:
                where = f"{organization} organization{', other operation' if other_operation else ''}"
                reason = f"{counted} records in the {where}, where {due} was due"
                return Mismatch(_suspect(history), reason, seen=f"{counted} records")
    return None


def _suspect(history: tuple[Step, ...]) -> str:
    """The clause to blame when every answer was right and the number of records is not: the rarest thing that was done."""
    if any(step.lost for step in history):
        return "idempotency:lost-answer"
    if any(step.copies > 1 for step in history):
        return "idempotency:concurrent"
    return "idempotency:replay" if len({step.payload for step in history}) == 1 else "idempotency:other-body"
