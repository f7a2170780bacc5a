"""Plays scenarios side by side, and again where a busy machine may be the cause of what they showed."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence

from ..harness.judge.record import CaseRecord
from .command import ClientUnderTest
from .message import Answer, Message
from .playing import Stage, play
from .scenario import Scenario, ScenarioEvidence
from .scenarios import SCENARIOS
from .trouble import CommandTrouble, TroubleError, TroubleKind

__all__ = ["MakeClient", "Playing"]

MakeClient = Callable[[bool | None], ClientUnderTest]
"""Makes a client for one thread; the argument says whether it runs once per operation, None to find out."""
_PROBE = "plain"
_AGAIN = 2
_BUSY = 2.0
"""Programs that want each processor at the same time, from which on a machine is too busy to believe one time-out."""


class Playing:
    """The scenarios being played by several threads, each with a client of its own.

    Attributes:
        logged: what the clients printed to standard error.
        troubles: what went wrong besides single operations.
        errors: errors of ours, a sentence each.
        stopped: why nothing but the plain create was played; "" when all was.
    """

    def __init__(
        self, stage: Stage, make: MakeClient, wanted: Sequence[Scenario], progress: Callable[[int, int, str], None]
    ) -> None:
        self.logged = ""
        self.troubles: list[CommandTrouble] = []
        self.errors: list[str] = []
        self.interrupted = False
        self.stopped = ""
        self._stage, self._make, self._wanted, self._progress = stage, make, wanted, progress
        self._once: bool | None = None
        self._applies: frozenset[str] = frozenset()
        self._evidence: dict[str, ScenarioEvidence] = {}
        self._ending = threading.Event()
        self._lock = threading.Lock()

    def judged(self, judge: Callable[[ScenarioEvidence], CaseRecord]) -> list[CaseRecord]:
        """Return what was shown, in the order of the scenarios, however long each took.

        On a busy machine a client runs into its own time-outs, which no server made. There, a scenario that shows
        something wrong is played again, alone, and only what it shows each time counts.
        """
        records = []
        for scenario in self._wanted:
            if scenario.name not in self._evidence:
                continue
            record = judge(self._evidence[scenario.name])
            for _ in range(_AGAIN):
                if not record.findings or self.interrupted or not _busy():
                    break
                record = judge(self._play_alone(scenario))
            records.append(record)
        return records

    def _play_alone(self, scenario: Scenario) -> ScenarioEvidence:
        client = self._make(self._once)
        try:
            return play(self._stage, scenario, client, self._applies)
        except KeyboardInterrupt:
            self.interrupted = True
            return self._evidence[scenario.name]
        finally:
            self._end(client)

    def play(self, workers: int) -> None:
        """Plays the plain create, and if that was answered all others side by side."""
        first = self._make(None)
        probe = play(self._stage, SCENARIOS[_PROBE], first)
        self._note(probe)
        self._end(first)
        answer = probe.played[0].answer
        if answer is None:
            trouble = probe.played[0].trouble
            self.stopped = (
                f"the command {trouble.text if trouble else 'gave no answer'} when it was asked for a plain create"
            )
            return
        left: queue.SimpleQueue[Scenario] = queue.SimpleQueue()
        # What takes long begins first, so that nothing has to be waited for at the end.
        for scenario in sorted(self._wanted, key=_expected_length, reverse=True):
            if scenario.name != _PROBE:
                left.put(scenario)
        self._once, self._applies = getattr(first, "once", False), answer.applied
        self._play_all(left, workers)

    def _play_all(self, left: queue.SimpleQueue[Scenario], workers: int) -> None:
        """Play what is left, until that is done or the user has enough."""
        threads = [threading.Thread(target=self._work, args=(left,), daemon=True) for _ in range(workers)]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)
        except KeyboardInterrupt:
            self.interrupted = True
            self._ending.set()
            for thread in threads:
                thread.join(5)

    def _work(self, left: queue.SimpleQueue[Scenario]) -> None:
        client = _Stoppable(self._make(self._once), self._ending)
        try:
            while not self._ending.is_set():
                self._note(play(self._stage, left.get_nowait(), client, self._applies))
        except queue.Empty:
            pass
        except Exception as error:  # an error of ours must not look like a verdict
            with self._lock:
                self.errors.append(f"our own error: {type(error).__name__}: {error}")
            self._ending.set()
        finally:
            self._end(client)

    def _note(self, evidence: ScenarioEvidence) -> None:
        if self._ending.is_set():
            return
        with self._lock:
            self._evidence[evidence.name] = evidence
            done = len(self._evidence)
        self._progress(done, len(self._wanted), evidence.name)

    def _end(self, client: ClientUnderTest) -> None:
        logged, troubles = client.close()
        with self._lock:
            self.logged += logged
            self.troubles += troubles


class _Stoppable:
    """A client that is let go when the run ends before its time."""

    def __init__(self, client: ClientUnderTest, ending: threading.Event) -> None:
        self._client, self._ending = client, ending
        self.close = client.close

    def call(self, message: Message, deadline: float, abandon: Callable[[], bool]) -> Answer:
        """As the client's own.

        Raises:
            TroubleError: as the client's own, and when the run ends.
        """
        if self._ending.is_set():
            raise TroubleError(TroubleKind.WAITING, "was let go")
        return self._client.call(message, deadline, lambda: self._ending.is_set() or abandon())


def _busy() -> bool:
    return os.getloadavg()[0] > _BUSY * (os.cpu_count() or 1)


def _expected_length(scenario: Scenario) -> float:
    return (scenario.deadline or scenario.let_go or (5.0 if scenario.patient else 0.0)) + len(scenario.asks)
