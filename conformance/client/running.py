"""Judges one client: plays the scenarios side by side, and makes a result of what they showed."""

from __future__ import annotations

import dataclasses
import datetime
import queue
import threading
import time
from collections.abc import Callable, Sequence

from ...reference import Pipeline, SampleKeys
from ...reference.scripted import Loop
from ...reports import Audit, AuditState, Result, Run, Verdict
from ...spec import Clause, Contract, UsageError, load_client
from ..harness.judge.record import Unverified
from ..harness.run.exit_status import Happened, Status, decide
from ..harness.run.findings import Findings, read_known_failing
from ..harness.run.options import Settings
from ..harness.run.selection import selected_clauses
from ..harness.wire.client import tool_version
from ..harness.wire.redaction import Redactor, Secret
from .command import ClientUnderTest
from .judging import JUDGES, Judge
from .material import ClientBodies
from .message import Answer, Message
from .playing import Stage, play
from .records import make_record, record_end
from .scenario import Scenario, ScenarioEvidence
from .scenarios import SCENARIOS
from .trouble import CommandTrouble, TroubleError, TroubleKind

__all__ = ["MakeClient", "judge_client"]

MakeClient = Callable[[bool | None], ClientUnderTest]
"""Makes a client for one thread; the argument says whether it runs once per operation, None to find out."""
_SIDE_BY_SIDE = 10
_PROBE = "plain"


def judge_client(
    make: MakeClient,
    target: str,
    settings: Settings,
    *,
    names: Sequence[str] = (),
    workers: int = _SIDE_BY_SIDE,
    pipeline: type[Pipeline] = Pipeline,
    progress: Callable[[int, int, str], None] = lambda *_: None,
) -> Result:
    """The verdicts on a client.

    Args:
        target: what to call the client.
        names: the scenarios to play; all that the selected clauses need where none is named.
        workers: how many scenarios to play side by side.
        pipeline: the reference to play them over.
        progress: called after each scenario with how many are done, how many there are, and its name.

    Raises:
        UsageError: no clause is selected, the known-failing file cannot be used, or the command cannot be started.
    """
    contract = load_client(settings.contract)
    known = read_known_failing(settings.known_failing, contract)
    selected = selected_clauses(settings, contract)
    clauses = [clause for clause in contract.clauses if clause.id in selected]
    if not clauses:
        raise UsageError(f"no clause of a client starts with {', '.join(settings.clauses)}; `clauses --client` lists them")
    judges = [judge for judge in JUDGES if judge.clause in {clause.id for clause in clauses}]
    wanted = [SCENARIOS[name] for name in SCENARIOS if name in names or (not names and any(j.wants(name) for j in judges))]
    started = time.time()
    with Loop() as loop:
        stage = Stage(contract, loop, ClientBodies(contract, settings.seed), settings.timeout, pipeline)
        run = _Playing(stage, make, wanted, progress)
        run.play(workers)
    findings = Findings(contract, known)
    # A command that gives no answer at all says nothing of the client that it was meant to drive.
    telling = [judge for judge in judges if not run.stopped or judge.clause.startswith("command:")]
    for evidence in run.ordered():
        findings.add(make_record(evidence, telling, full=settings.full))
    _add_end(findings, run, clauses, judges)
    return _make_result(findings, contract, clauses, settings, _Facts(target, started, run.interrupted, tuple(run.errors)))


class _Playing:
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
        self._evidence: dict[str, ScenarioEvidence] = {}
        self._ending = threading.Event()
        self._lock = threading.Lock()

    def ordered(self) -> list[ScenarioEvidence]:
        """What was shown, in the order of the scenarios, however long each took."""
        return [self._evidence[scenario.name] for scenario in self._wanted if scenario.name in self._evidence]

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
        once = getattr(first, "once", False)
        threads = [
            threading.Thread(target=self._work, args=(left, once, answer.applied), daemon=True) for _ in range(workers)
        ]
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

    def _work(self, left: queue.SimpleQueue[Scenario], once: bool, applies: frozenset[str]) -> None:
        client = _Stoppable(self._make(once), self._ending)
        try:
            while not self._ending.is_set():
                self._note(play(self._stage, left.get_nowait(), client, applies))
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


def _expected_length(scenario: Scenario) -> float:
    return (scenario.deadline or scenario.let_go or (5.0 if scenario.patient else 0.0)) + len(scenario.asks)


def _add_end(findings: Findings, run: _Playing, clauses: Sequence[Clause], judges: Sequence[Judge]) -> None:
    ids = frozenset(clause.id for clause in clauses)
    redactor = Redactor([Secret(SampleKeys().full, "LIGHTFIELD_API_KEY")])
    record = record_end(run.troubles, run.logged, ids, redactor)
    if run.stopped:
        remedy = "see command:answers; docs/clients.md shows a command that answers"
        missed = tuple(Unverified(judge.clause, redactor.text(run.stopped), remedy) for judge in judges)
        record = dataclasses.replace(record, unverified=missed, kept=())
    findings.add(record)


@dataclasses.dataclass(frozen=True)
class _Facts:
    target: str
    started: float
    interrupted: bool
    errors: tuple[str, ...]


def _make_result(
    findings: Findings, contract: Contract, clauses: Sequence[Clause], settings: Settings, facts: _Facts
) -> Result:
    stale = findings.stale(clauses)
    rerun = f"lightfield-contract client --seed {settings.seed} --clause '{{clause}}' -- {facts.target}"
    writes = sum(timing.kind == "write" for timing in findings.timings)
    run = Run(
        tool=tool_version().replace("/", " "),
        target=facts.target,
        contract=contract.name,
        edition=contract.version,
        depth="standard",
        basis=settings.basis_word,
        seed=settings.seed,
        marker="",
        started_at=datetime.datetime.fromtimestamp(facts.started, datetime.UTC).isoformat(timespec="seconds"),
        seconds=round(time.time() - facts.started, 3),
        writes=writes,
        reads=sum(timing.kind == "read" for timing in findings.timings),
        strict=settings.strict,
        interrupted=facts.interrupted,
        exit_status=0,
    )
    results = findings.clauses(clauses)
    result = Result(
        run=run,
        clauses=results,
        findings=findings.of(results, rerun.replace("{", "{{").replace("}", "}}").replace("{{clause}}", "{clause}")),
        observations=findings.observations(),
        audit=Audit(AuditState.NOT_VERIFIED, "a client was judged, over references of our own", attempts=writes),
        notes=(
            *facts.errors,
            *(f"{name} is listed as known failing, and does not fail any more: remove its line" for name in stale),
        ),
        timings=tuple(sorted(findings.timings, key=lambda timing: timing.sent_at)),
        exchanges=tuple(sorted(findings.exchanges, key=lambda exchange: exchange.sent_at)),
    )
    status = decide(_happened(result, facts, stale=bool(stale)))
    return dataclasses.replace(result, run=dataclasses.replace(run, exit_status=status))


def _happened(result: Result, facts: _Facts, *, stale: bool) -> Happened:
    counts = result.counts()
    missing = result.run.strict and counts[Verdict.ADVICE] + counts[Verdict.NOT_VERIFIED] > 0
    return Happened(
        session=Status.OK,
        errors=bool(facts.errors),
        interrupted=facts.interrupted,
        failing=bool(counts[Verdict.VIOLATED]) or stale or missing,
        verified=counts[Verdict.NOT_VERIFIED] < len(result.clauses),
    )
