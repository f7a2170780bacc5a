"""What an SDK's own pytest suite holds: a server to call, and a scenario that judges what the SDK made of it."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Iterator
from typing import Any

from ...reference import SampleKeys
from ...reference.arrival import Arrival
from ...reference.scripted import Loop
from ...spec import UsageError, load_client
from ...spec.given import did_you_mean
from ..harness.settings.selection import Selection
from .judging import JUDGES
from .material import ClientBodies
from .message import ABSENT, Answer, Failure
from .playing import Stage, Staged
from .scenario import Ask, Played, ScenarioEvidence
from .scenarios import SCENARIOS

__all__ = ["PlayedScenario", "Server", "open_scenario", "open_server"]


@dataclasses.dataclass(frozen=True)
class Server:
    """A server that keeps the contract.

    Attributes:
        url: its base URL. api_key: a key that may create.
        body: a body that it accepts.
        requests: every request so far, in order; `json()` gives a body.
    """

    url: str
    api_key: str
    body: dict[str, Any]
    requests: list[Arrival]


class PlayedScenario:
    """A scenario that an SDK is put in: report to it what the SDK made of the answer, and it judges that and the requests.

    Attributes:
        url, api_key, body: what to create, where, and with which key.
        requests: every request so far.
    """

    def __init__(self, stage: Stage, staged: Staged) -> None:
        message = stage.message(staged, 1, Ask())
        self.url, self.api_key, self.body = staged.url, stage.api_key, message.body
        self.requests = staged.server.arrivals
        self._stage, self._staged, self._message = stage, staged, message
        self._answer: Answer | None = None
        self._started = time.monotonic()
        staged.server.operation = 1

    def created(self, record: Any) -> None:
        """Tell what the SDK returned; an object with an `id` will do."""
        reported = record if isinstance(record, dict) or not hasattr(record, "id") else {"id": record.id}
        self._answer = Answer(record=reported)

    def failed(self, error: BaseException, *, status: int | None = None) -> None:
        """Tell which error the SDK raised.

        Args:
            status: the HTTP status that it gives; else its `status_code` or `status` counts.
        """
        found = status if status is not None else getattr(error, "status_code", getattr(error, "status", None))
        reported = {name: getattr(error, name, None) for name in ("type", "code", "param", "retryable")}
        text = "".join([repr(error), str(error)])
        self._answer = Answer(record=ABSENT, error=Failure(status=found, message=str(error), text=text, **reported))

    def problems(self) -> list[str]:
        """Return the MUST clauses that are broken, a line each with what was expected and seen."""
        arrivals = tuple(self.requests)
        ended = time.monotonic()
        ask = self._staged.scenario.asks[0]
        played = Played(ask, self._message, self._answer, None, arrivals, ended - self._started, ended)
        seen = ScenarioEvidence(
            self._stage.contract,
            self._staged.scenario,
            self.url,
            self.api_key,
            (played,),
            at_other_host=tuple(self._staged.other.arrivals),
        )
        broken, selection = [], Selection(self._stage.contract)
        for judge in JUDGES:
            clause = self._stage.contract.clause(judge.clause)
            checks = judge.look(seen) if judge.wants(seen.name) and selection.binds(clause.id) else iter(())
            found = next((each for each in checks if each.problem), None)
            if found is not None:
                broken.append(f"{clause.id}: {clause.statement} Expected: {found.expected}; observed: {found.problem}")
        return broken


@contextlib.contextmanager
def open_server() -> Iterator[Server]:
    """A server, while it listens."""
    with _stage() as stage, stage.staged(SCENARIOS["plain"]) as staged:
        body = stage.message(staged, 1, Ask()).body
        yield Server(staged.url, SampleKeys().full, body, staged.server.arrivals)


@contextlib.contextmanager
def open_scenario(name: str) -> Iterator[PlayedScenario]:
    """A scenario, while it is played.

    Raises:
        UsageError: there is no such scenario, or it asks for more than one simple create.
    """
    simple = [each.name for each in SCENARIOS.values() if len(each.asks) == 1 and each.asks[0] == Ask()]
    if name not in simple:
        hint = did_you_mean(name, simple, 3, otherwise=f"there are {', '.join(simple)}")
        raise UsageError(f"there is no scenario {name!r} of a single create{hint}")
    with _stage() as stage, stage.staged(SCENARIOS[name]) as staged:
        yield PlayedScenario(stage, staged)


@contextlib.contextmanager
def _stage() -> Iterator[Stage]:
    contract = load_client()
    with Loop() as loop:
        yield Stage(contract, loop, ClientBodies(contract))
