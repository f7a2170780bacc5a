"""Makes the result of a run, and its exit status, of all that was found out."""

from __future__ import annotations

import dataclasses
import datetime
import shlex
import time
from collections.abc import Sequence

import pytest

from ....reports import Audit, Result, Run, Verdict
from ..wire.client import tool_version
from .findings import Findings
from .suite import Suite
from .world import World

__all__ = ["Known", "make_result"]


@dataclasses.dataclass(frozen=True)
class Known:
    """What only the run itself knows.

    Attributes:
        errors: errors of ours, a sentence each.
        narrowed: whether the user chose cases by pytest's own means, so that clauses without a case say nothing.
        interrupted: whether the user stopped it.
        started_at: Unix seconds.
    """

    errors: Sequence[str]
    narrowed: bool
    interrupted: bool
    started_at: float


def make_result(suite: Suite, findings: Findings, audit: Audit, known: Known) -> Result:
    """Return the result, its exit status included."""
    judged = [clause for clause in suite.contract.clauses if suite.selected(clause.id)]
    if known.narrowed:
        judged = [clause for clause in judged if findings.touched(clause.id)]
    stale = findings.stale(judged)
    clauses = findings.clauses(judged)
    unmet = suite.settings.require.unmet(clauses) if suite.settings.require else ""
    barren = _barren(suite.world)
    result = Result(
        run=_make_run(suite, findings, known),
        clauses=clauses,
        findings=findings.of(clauses, _rerun(suite)),
        observations=findings.observations(),
        audit=audit,
        notes=(
            *([barren] if barren else ()),
            *([unmet] if unmet else ()),
            *suite.notes,
            *known.errors,
            *(f"the run ended early: {reason}; {remedy}" for reason, remedy in [findings.ended] if reason),
            *(f"{name} is listed as known failing, and does not fail any more: remove its line" for name in stale),
        ),
        timings=tuple(sorted(findings.timings, key=lambda timing: timing.sent_at)),
        exchanges=tuple(sorted(findings.exchanges, key=lambda exchange: exchange.sent_at)),
    )
    status = int(_exit_status(result, known, failed=bool(stale or unmet), ended=bool(findings.ended[0] or barren)))
    return dataclasses.replace(result, run=dataclasses.replace(result.run, exit_status=status))


def _make_run(suite: Suite, findings: Findings, known: Known) -> Run:
    settings, target = suite.settings, suite.world.target
    return Run(
        tool=tool_version().replace("/", " "),
        target=target.url,
        contract=suite.contract.name,
        edition=suite.contract.version,
        depth=settings.depth.value,
        basis=settings.basis_word,
        seed=settings.seed,
        marker=suite.world.run,
        started_at=datetime.datetime.fromtimestamp(known.started_at, datetime.UTC).isoformat(timespec="seconds"),
        seconds=round(time.time() - known.started_at, 3),
        writes=sum(timing.kind == "write" for timing in findings.timings),
        reads=sum(timing.kind == "read" for timing in findings.timings),
        strict=settings.strict,
        interrupted=known.interrupted,
        exit_status=0,
        given=target.given,
        insecure=target.way.insecure,
    )


def _barren(world: World) -> str:
    """Why no correct create was accepted; "" where one was. Without one, nothing else says that the target works."""
    if world.smallest is None:
        reason, remedy = world.missing()
        return f"no correct create could be sent: {reason}; {remedy}"
    return f"no correct create was accepted: {world.smallest_told}" if world.smallest_told else ""


def _exit_status(result: Result, known: Known, *, failed: bool, ended: bool) -> pytest.ExitCode:
    counts = result.counts()
    if known.errors:
        return pytest.ExitCode.INTERNAL_ERROR
    if known.interrupted:
        return pytest.ExitCode.INTERRUPTED
    lacking = counts[Verdict.ADVICE] + counts[Verdict.NOT_VERIFIED]
    if counts[Verdict.VIOLATED] or failed or (result.run.strict and lacking):
        return pytest.ExitCode.TESTS_FAILED
    if ended or not any(counts[verdict] for verdict in (Verdict.CONFORMS, Verdict.ADVICE, Verdict.KNOWN_FAILING)):
        return pytest.ExitCode.NO_TESTS_COLLECTED
    return pytest.ExitCode.OK


def _rerun(suite: Suite) -> str:
    """The command that judges one clause again, with `{clause}` in its place."""
    settings = suite.settings
    url = "" if suite.embedded else f" --base-url {shlex.quote(suite.world.target.url)}"
    named = "" if settings.contract == "opportunities" else f" --contract {shlex.quote(settings.contract)}"
    way = "".join(f" {shlex.quote(word)}" for word in settings.way.words)
    return f"lightfield-contract run{url}{way}{named} --depth {settings.depth} --seed {settings.seed} --clause '{{clause}}'"
