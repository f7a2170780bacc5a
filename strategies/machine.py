"""A Hypothesis state machine that explores idempotency histories against whatever a driver talks to."""

from __future__ import annotations

from collections.abc import Callable, Collection

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from .play import Driver, Play
from .step import Caller, Key, Payload, Step

__all__ = ["history_machine", "steps"]


def steps(offers: Collection[str] = ()) -> st.SearchStrategy[Step]:
    """Steps for which nothing is needed but what is offered, by names of `contract.needs`; the plainest first."""
    keys = st.sampled_from(Key)
    plain = [
        st.builds(Step, key=keys | st.none()),
        st.builds(Step, payload=st.sampled_from(Payload), key=keys, reformatted=st.booleans()),
        st.builds(Step, payload=st.sampled_from([Payload.FIRST, Payload.SECOND]), key=keys, lost=st.just(True)),
        st.builds(Step, key=keys, copies=st.integers(2, 4)),
        st.builds(Step, key=keys, caller=st.just(Caller.NOBODY)),
    ]
    needing = {
        "no-create": st.builds(Step, key=keys, caller=st.just(Caller.NO_SCOPE)),
        "other-organization": st.builds(Step, key=keys, caller=st.just(Caller.OTHER_ORGANIZATION)),
        "other-operation": st.builds(Step, key=keys, elsewhere=st.just(True)),
    }
    return st.one_of(*plain, *(strategy for need, strategy in needing.items() if need in offers))


def history_machine(driver_factory: Callable[[], Driver], offers: Collection[str] = ()) -> type[RuleBasedStateMachine]:
    """A state machine class, each run of which is one history played through a driver of its own.

    Run it with `hypothesis.stateful.run_state_machine_as_test`, or through its `TestCase`. It fails with
    `play.Departed` at the first answer that the model does not permit, or for the number of records in the end.
    """

    class HistoryMachine(RuleBasedStateMachine):
        """One history."""

        def __init__(self) -> None:
            super().__init__()
            self.play = Play(driver_factory())

        @rule(step=steps(offers))
        def send(self, step: Step) -> None:
            """Take one step."""
            self.play.take(step)

        def teardown(self) -> None:
            """Count the records."""
            self.play.end()

    return HistoryMachine
