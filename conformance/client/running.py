"""Judges one client: plays the scenarios side by side, and makes a result of what they showed."""

from __future__ import annotations

import dataclasses
import datetime
import time
from collections.abc import Callable, Sequence

from ...reference import Pipeline, SampleKeys
from ...reference.scripted import Loop
from ...reports import Audit, AuditState, Result, Run, Verdict
from ...spec import UsageError, load_client
from ..harness.judge.record import Unverified
from ..harness.settings.options import Settings
from ..harness.settings.selection import Selection
from ..harness.verdicts.exit_status import Happened, Status, decide
from ..harness.verdicts.findings import Findings
from ..harness.verdicts.known_failing import read_known_failing, say_stale
from ..harness.wire.client import tool_version
from ..harness.wire.redaction import Redactor, Secret
from .judging import JUDGES, Judge
from .material import ClientBodies
from .playing import Stage
from .records import make_record, record_end
from .scenarios import SCENARIOS
from .side_by_side import MakeClient, Playing

__all__ = ["MakeClient", "judge_client"]

_SIDE_BY_SIDE = 10


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
    findings = Findings(contract, read_known_failing(settings.known_failing, contract))
    selection = Selection.of(settings, contract)
    if not selection.clauses:
        raise UsageError(f"no clause of a client starts with {', '.join(settings.clauses)}; `clauses --client` lists them")
    judges = [judge for judge in JUDGES if selection.judges(judge.clause)]
    wanted = [SCENARIOS[name] for name in SCENARIOS if name in names or (not names and any(j.wants(name) for j in judges))]
    started = time.time()
    with Loop() as loop:
        stage = Stage(contract, loop, ClientBodies(contract, settings.seed), settings.timeout, pipeline)
        run = Playing(stage, make, wanted, progress)
        run.play(workers)
        # A command that gives no answer at all says nothing of the client that it was meant to drive.
        telling = [judge for judge in judges if not run.stopped or judge.clause.startswith("command:")]
        records = run.judged(lambda evidence: make_record(evidence, telling, full=settings.full))
    for record in records:
        findings.add(record)
    _add_end(findings, run, selection, judges)
    return _make_result(findings, selection, settings, _Facts(target, started, run.interrupted, tuple(run.errors)))


def _add_end(findings: Findings, run: Playing, selection: Selection, judges: Sequence[Judge]) -> None:
    redactor = Redactor([Secret(SampleKeys().full, "LIGHTFIELD_API_KEY")])
    record = record_end(run.troubles, run.logged, selection.ids, redactor)
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


def _make_result(findings: Findings, selection: Selection, settings: Settings, facts: _Facts) -> Result:
    run, stale = _make_run(findings, selection, settings, facts), findings.stale(selection.clauses)
    rerun = f"lightfield-contract client --seed {settings.seed} --clause '{{clause}}' -- {facts.target}"
    results = findings.clauses(selection.clauses)
    result = Result(
        run=run,
        clauses=results,
        findings=findings.of(results, rerun.replace("{", "{{").replace("}", "}}").replace("{{clause}}", "{clause}")),
        observations=findings.observations(),
        audit=Audit(AuditState.NOT_VERIFIED, "a client was judged, over references of our own", attempts=run.writes),
        notes=(*facts.errors, *map(say_stale, stale)),
        timings=tuple(sorted(findings.timings, key=lambda timing: timing.sent_at)),
        exchanges=tuple(sorted(findings.exchanges, key=lambda exchange: exchange.sent_at)),
    )
    status = decide(_happened(result, facts, stale=bool(stale)))
    return dataclasses.replace(result, run=dataclasses.replace(run, exit_status=status))


def _make_run(findings: Findings, selection: Selection, settings: Settings, facts: _Facts) -> Run:
    return Run(
        tool=tool_version().replace("/", " "),
        target=facts.target,
        contract=selection.contract.name,
        edition=selection.contract.version,
        depth="standard",
        basis=settings.basis_word,
        seed=settings.seed,
        marker="",
        started_at=datetime.datetime.fromtimestamp(facts.started, datetime.UTC).isoformat(timespec="seconds"),
        seconds=round(time.time() - facts.started, 3),
        writes=sum(timing.kind == "write" for timing in findings.timings),
        reads=sum(timing.kind == "read" for timing in findings.timings),
        strict=settings.strict,
        interrupted=facts.interrupted,
        exit_status=0,
    )


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
