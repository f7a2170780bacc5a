"""What a scenario is: the operations that a client is asked for, and what the server does to each attempt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeAlias

from ...reference.arrival import Arrival
from ...reference.conduct import PLAIN, Conduct
from ...spec import Contract
from ..harness.wire.redaction import Redactor, Secret
from .message import Answer, Message
from .trouble import CommandTrouble

__all__ = ["Ask", "Played", "Scenario", "ScenarioEvidence", "Step"]

Step: TypeAlias = Conduct | Callable[[str], Conduct]
"""What happens to one attempt, or a function of the other host's URL that says so at the time."""


@dataclasses.dataclass(frozen=True)
class Ask:
    """One operation that a client is asked for.

    Attributes:
        body: which of the bodies of `ClientBodies`.
        label: equal labels make equal bodies; "" for the operation's own number.
        key: the caller's own idempotency key. max_retries: how often to send again at most.
        parallel: how many bodies to create at the same time; 0 for the one alone.
        non_finite: whether the body is to hold NaN.
    """

    body: str = "smallest"
    label: str = ""
    key: str | None = None
    max_retries: int | None = None
    parallel: int = 0
    non_finite: bool = False


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A situation that a client is put in.

    Attributes:
        steps: what happens to the first, second, … attempt of each operation; `then` to every later one.
        prefix: a path that the base URL has. slash: whether the base URL ends in one.
        scaled: whether the client is asked to scale its waits down.
        let_go: seconds of silence after which a client counts as waiting, and is let go; 0 for never.
        deadline: seconds for each operation; 0 for the run's own.
        patient: whether an answer that does not come in time is for a clause of the scenario to judge.
        unreachable: whether nothing listens at the base URL.
    """

    name: str
    statement: str
    steps: tuple[Step, ...] = ()
    then: Step = PLAIN
    asks: tuple[Ask, ...] = (Ask(),)
    prefix: str = ""
    slash: bool = False
    scaled: bool = True
    let_go: float = 0.0
    deadline: float = 0.0
    patient: bool = False
    unreachable: bool = False

    def conduct(self, arrival: Arrival, other_host: str) -> Conduct:
        """What happens to an attempt that arrived."""
        return self.conduct_of(arrival.attempt, other_host)

    def conduct_of(self, attempt: int, other_host: str) -> Conduct:
        """What happens to the attempt of that number, from 1."""
        step = self.steps[attempt - 1] if attempt <= len(self.steps) else self.then
        return step if isinstance(step, Conduct) else step(other_host)


@dataclasses.dataclass(frozen=True)
class Played:
    """One operation as it went.

    Attributes:
        answer: what the client reported; None where it did not, and `trouble` says why.
        arrivals: the requests that arrived during it, in order.
        seconds: how long it took.
        ended: when, as `time.monotonic` has it; the server may not have noticed yet that the client has left.
    """

    ask: Ask
    message: Message
    answer: Answer | None
    trouble: CommandTrouble | None
    arrivals: tuple[Arrival, ...]
    seconds: float
    ended: float

    @property
    def creates(self) -> tuple[Arrival, ...]:
        """The attempts."""
        return tuple(arrival for arrival in self.arrivals if arrival.is_create)

    @property
    def made(self) -> tuple[Arrival, ...]:
        """The attempts that made a record."""
        return tuple(arrival for arrival in self.creates if arrival.made)

    @property
    def scale(self) -> float:
        """The factor that the client applied to its waits."""
        asked = self.message.wait_scale
        return asked if asked is not None and self.applied("waitScale") else 1.0

    def applied(self, name: str) -> bool:
        """Whether the client says that it applied a member of the message."""
        return self.answer is not None and name in self.answer.applied


@dataclasses.dataclass(frozen=True)
class ScenarioEvidence:
    """All that a scenario showed.

    Attributes:
        applies: what the client said to apply when it was asked for a plain create.
        at_other_host: the requests that arrived at the other host.
    """

    contract: Contract
    scenario: Scenario
    base_url: str
    api_key: str
    played: tuple[Played, ...]
    applies: frozenset[str] = frozenset()
    at_other_host: tuple[Arrival, ...] = ()

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name

    @property
    def creates(self) -> tuple[Arrival, ...]:
        """The attempts of all operations."""
        return tuple(arrival for played in self.played for arrival in played.creates)

    def holds_key(self, text: str) -> bool:
        """Whether the API key stands in a text, plainly or encoded."""
        return Redactor([Secret(self.api_key, "LIGHTFIELD_API_KEY")]).holds(text)
