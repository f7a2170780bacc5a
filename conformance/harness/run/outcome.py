"""Makes the result of a run, and its exit status, of all that was found out."""

from __future__ import annotations

import dataclasses
import datetime
import shlex
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from ....reports import Audit, ClauseResult, Result, Run, Verdict
from ..case.world import World
from ..verdicts.cases import Cases, Gap, Gaps
from ..verdicts.exit_status import Happened, Status, decide
from ..verdicts.findings import Findings
from ..verdicts.known_failing import say_stale
from ..wire.client import tool_version
from ..wire.ledger import Entry
from .suite import Suite

__all__ = ["Known", "make_result"]

_MANY = 20
"""Creates at the end of a run of which none was accepted."""
_TO_THE_END = "let the run go to its end"
_VERIFIED = (Verdict.CONFORMS, Verdict.ADVICE, Verdict.KNOWN_FAILING, Verdict.VIOLATED)


@dataclasses.dataclass(frozen=True)
class Known:
    """What only the run itself knows.

    Attributes:
        cases: what became of each case.
        session: the status that pytest and plugins gave the session.
        judged: whether every failure that pytest counted is a judgement of ours.
        errors: errors of ours, a sentence each.
        interrupted: whether the user stopped it.
        stopped: why it ended before all cases had run; "" when nothing is known that ended it.
        started_at: Unix seconds.
    """

    cases: Cases
    session: int
    judged: bool
    errors: Sequence[str]
    interrupted: bool
    stopped: str
    started_at: float


def make_result(suite: Suite, findings: Findings, audit: Audit, known: Known) -> Result:
    """Return the result, its exit status included."""
    collection, gaps = known.cases.collection, known.cases.gaps(_unheard(known))
    judged = suite.selection.reported(
        lambda clause: findings.touched(clause) or clause in gaps.own,
        narrowed=collection.narrowed and bool(collection.chosen),
    )
    stale = [] if collection.narrowed else [name for name in findings.stale(judged) if _is_stale(name, gaps)]
    silent = {clause.id for clause in judged if not findings.touched(clause.id)}
    clauses = tuple(_open(clause, gaps, silent=clause.id in silent) for clause in findings.clauses(judged))
    unmet = suite.settings.require.unmet(clauses) if suite.settings.require else ""
    barren = _barren(suite.world)
    result = Result(
        run=_make_run(suite, findings, known),
        clauses=clauses,
        findings=findings.of(clauses, _rerun(suite), suite.passed(findings.numbers, findings.passed)),
        observations=findings.observations(),
        audit=audit,
        timings=tuple(sorted(findings.timings, key=lambda timing: timing.sent_at)),
        records=suite.made(),
        exchanges=tuple(sorted(findings.exchanges, key=lambda exchange: exchange.sent_at)),
    )
    ended = bool(findings.ended[0] or barren)
    happened = _happened(result, known, gaps, failed=bool(stale or unmet), ended=ended)
    ended_early = [f"the run ended early: {reason}; {remedy}" for reason, remedy in [findings.ended] if reason]
    turned_away = _turned_away(suite.noted.read()) if result.findings else ""
    # The first one is given as the reason where a run says no more than that it is not verified.
    reasons = [barren, unmet, *known.errors, *ended_early, turned_away, *map(say_stale, stale)]
    notes = (*filter(None, reasons), *_explain(happened, known, gaps), *suite.state.notes)
    run = dataclasses.replace(result.run, exit_status=decide(happened))
    return dataclasses.replace(result, run=run, notes=notes)


def _turned_away(entries: Sequence[Entry]) -> str:
    """That no create was accepted any more from some moment on, valid ones neither; "" where the last ones were."""
    own = sorted((entry for entry in entries if entry.own and entry.status), key=lambda entry: entry.sent_at)
    accepted = max((at for at, entry in enumerate(own, 1) if entry.accepted), default=0)
    rest = own[accepted:]
    if not accepted or len(rest) < _MANY:
        return ""
    status, count = Counter(entry.status for entry in rest).most_common(1)[0]
    seen = f"no create was accepted after the first {accepted:,}: of the last {len(rest):,}, {count:,} got a {status}"
    return f"{seen}; see whether the target has reached a limit of its own, such as a number of records, or is in trouble"


def _unheard(known: Known) -> Gap:
    """What is said of cases of which nothing was heard."""
    if known.stopped:
        return Gap(f"the run ended early: {known.stopped}", _TO_THE_END)
    if known.interrupted:
        return Gap("the run was interrupted", _TO_THE_END)
    return Gap("a case was left out, by a plugin or with the process that was to run it", _TO_THE_END)


def _is_stale(name: str, gaps: Gaps) -> bool:
    """Whether a line can be stale: where a case is missing that could have shown the clause broken, it may well be right."""
    return gaps.of(name.partition("#")[0], silent=True) is None


def _open(clause: ClauseResult, gaps: Gaps, *, silent: bool) -> ClauseResult:
    """Take back that a clause was verified, where a case that is about it did not come to its end."""
    gap = gaps.of(clause.id, silent=silent)
    revocable = silent or clause.verdict in (Verdict.CONFORMS, Verdict.OBSERVED)
    if gap is None or clause.findings or not revocable:
        return clause
    return dataclasses.replace(clause, verdict=Verdict.NOT_VERIFIED, reason=gap.reason, remedy=gap.remedy)


def _happened(result: Result, known: Known, gaps: Gaps, *, failed: bool, ended: bool) -> Happened:
    counts = result.counts()
    missing = result.run.strict and counts[Verdict.ADVICE] + counts[Verdict.NOT_VERIFIED] > 0
    return Happened(
        session=known.session,
        judged=known.judged,
        errors=bool(known.errors),
        interrupted=known.interrupted,
        failing=bool(counts[Verdict.VIOLATED]) or failed or missing,
        verified=known.cases.finished and any(counts[verdict] for verdict in _VERIFIED),
        unfinished=ended or gaps.cases > 0 or bool(known.cases.collection.hidden),
    )


def _explain(happened: Happened, known: Known, gaps: Gaps) -> Iterator[str]:
    """What stands behind the exit status besides verdicts, in sentences."""
    chosen, hidden = known.cases.collection.chosen, known.cases.collection.hidden
    if gaps.cases:
        yield f"{gaps.cases} of {len(chosen)} cases did not come to their end: what they are about is not verified"
    if hidden:
        yield f"pytest did not find {len(hidden)} tests of this suite, {hidden[0]} for one"
    if not chosen:
        yield "no case was left to run"
    if known.session == Status.VIOLATED and not known.judged:
        yield "pytest counts a failure that is no judgement of this suite: another test, a set-up, a teardown, a plugin"
    if decide(happened) not in tuple(Status):
        yield f"exit status {known.session} was given by a plugin or by pytest"


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
        pairs_met=len(findings.met & suite.possible),
        pairs=len(suite.possible),
        settings=suite.in_force,
    )


def _barren(world: World) -> str:
    """Why no correct create was accepted; "" where one was. Without one, nothing else says that the target works."""
    if world.smallest is None:
        reason, remedy = world.missing()
        return f"no correct create could be sent: {reason}; {remedy}"
    return f"no correct create was accepted: {world.smallest_refusal}" if world.smallest_refusal else ""


def _rerun(suite: Suite) -> str:
    """The command that judges one clause again, with `{clause}` in its place."""
    settings = suite.settings
    url = "" if suite.embedded else f" --base-url {shlex.quote(suite.world.target.url)}"
    named = "" if settings.contract == "opportunities" else f" --contract {shlex.quote(settings.contract)}"
    way = "".join(f" {shlex.quote(word)}" for word in settings.way.words)
    over = " --exceed-limits" if settings.exceed_limits else ""
    drawn = f" --depth {settings.depth} --seed {settings.seed}"
    return f"lightfield-contract run{url}{way}{named}{drawn}{over} --clause '{{clause}}'"
