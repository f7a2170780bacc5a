"""Puts a client in one scenario, over a server of its own, and gathers what that showed."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping

from starlette.types import Receive, Scope, Send

from ...reference import Configuration, Pipeline, SampleKeys, make_app
from ...reference.arrival import Arrival
from ...reference.conduct import PLAIN
from ...reference.scripted import Loop, Scripted
from ...spec import Contract, profile
from .command import ClientUnderTest
from .material import ClientBodies
from .message import Message
from .scenario import Ask, Played, Scenario, ScenarioEvidence
from .trouble import CommandTrouble, TroubleError

__all__ = ["TIMEOUT", "Stage", "Staged", "play"]

TIMEOUT = 1.5
"""Seconds after which a client is asked to give up a request."""
_WAIT_SCALE = 0.1
_OTHER_RECORD: Mapping[str, object] = {
    profile.ID: "other_host_1",
    profile.CREATED_AT: "2026-03-01T09:30:00Z",
    profile.HTTP_LINK: None,
    profile.FIELDS: {},
    profile.RELATIONSHIPS: {},
}


@dataclasses.dataclass(frozen=True)
class Staged:
    """A scenario that is set up.

    Attributes:
        url: the base URL to give to the client.
        server: what listens, there or, for a client that reaches nothing, at another port.
        other: the host that redirects lead to.
    """

    scenario: Scenario
    url: str
    server: Scripted
    other: Scripted


@dataclasses.dataclass(frozen=True)
class Stage:
    """What scenarios need to be set up.

    Attributes:
        loop: where the servers live.
        deadline: seconds that an operation may take.
        pipeline: the reference to serve, such as one with permitted variations.
    """

    contract: Contract
    loop: Loop
    material: ClientBodies
    deadline: float = 15.0
    pipeline: type[Pipeline] = Pipeline

    @property
    def api_key(self) -> str:
        """The key that the client is given."""
        return SampleKeys().full

    @contextlib.contextmanager
    def staged(self, scenario: Scenario, observe: Callable[[Arrival], None] = lambda _: None) -> Iterator[Staged]:
        """The scenario's servers, while they listen."""
        create = self.contract.create.path
        other = Scripted(_answer_anything, create, lambda _: PLAIN)
        self.loop.run(other.start())
        other_url = f"{other.url.replace('127.0.0.1', 'localhost')}{create}"
        app = make_app(self.contract, Configuration(), self.pipeline)
        server = Scripted(
            app, create, lambda arrival: scenario.conduct(arrival, other_url), prefix=scenario.prefix, observe=observe
        )
        self.loop.run(server.start())
        try:
            url = _closed_port() if scenario.unreachable else server.url
            yield Staged(scenario, url + ("/" if scenario.slash else ""), server, other)
        finally:
            self.loop.run(server.stop())
            self.loop.run(other.stop())

    def message(self, staged: Staged, number: int, ask: Ask) -> Message:
        """What the client is asked for."""
        name = staged.scenario.name
        label = ask.label or str(number)
        bodies = tuple(self.material.body(ask.body, f"{name} {label} {place}") for place in range(ask.parallel or 1))
        return Message(
            id=f"{name}/{number}",
            base_url=staged.url,
            body=bodies[0],
            timeout=TIMEOUT,
            wait_scale=_WAIT_SCALE if staged.scenario.scaled else None,
            idempotency_key=ask.key,
            max_retries=ask.max_retries,
            non_finite=self.material.number_place if ask.non_finite else None,
            parallel=bodies if ask.parallel else (),
        )


def play(
    stage: Stage, scenario: Scenario, client: ClientUnderTest, applies: frozenset[str] = frozenset()
) -> ScenarioEvidence:
    """Plays the scenario to its end, whatever the client does.

    Args:
        applies: what the client said to apply when it was asked for a plain create.
    """
    with stage.staged(scenario) as staged:
        played = []
        for number, ask in enumerate(scenario.asks, 1):
            played.append(_ask(stage, staged, number, ask, client))
            if played[-1].trouble is not None:
                break
        at_other_host = tuple(staged.other.arrivals)
        return ScenarioEvidence(stage.contract, scenario, staged.url, stage.api_key, tuple(played), applies, at_other_host)


def _ask(stage: Stage, staged: Staged, number: int, ask: Ask, client: ClientUnderTest) -> Played:
    staged.server.operation = number
    message = stage.message(staged, number, ask)
    started = time.monotonic()
    deadline = started + (staged.scenario.deadline or stage.deadline)
    answer, trouble = None, None
    try:
        answer = client.call(message, deadline, lambda: _waits(staged))
    except TroubleError as error:
        trouble = CommandTrouble(error.trouble.kind, error.trouble.text)
    ended = time.monotonic()
    arrivals = tuple(arrival for arrival in staged.server.arrivals if arrival.operation == number)
    return Played(ask, message, answer, trouble, arrivals, ended - started, ended)


def _waits(staged: Staged) -> bool:
    """Whether the client has been silent for so long that it is seen to wait."""
    if not staged.scenario.let_go or not staged.server.arrivals:
        return False
    ended = staged.server.arrivals[-1].ended
    return ended is not None and time.monotonic() > ended + staged.scenario.let_go


def _closed_port() -> str:
    """The URL of a port at which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def _answer_anything(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - an ASGI app
    """Another host, which takes everything and answers with a record that no API of ours made."""
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(_OTHER_RECORD).encode()})
