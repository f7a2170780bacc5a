"""Compares runs of one contract: every clause in every run, and what changed since the first of them."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Sequence

from ..spec.errors import UsageError
from .lists import plural
from .model import ClauseResult, Result, Run, Verdict

__all__ = ["Change", "ChangeKind", "ChangedObservation", "ComparedClause", "Comparison", "compare"]


class ChangeKind(enum.StrEnum):
    """What happened to a clause between the first run and a later one."""

    REGRESSION = "regression"
    """A MUST that is broken now, and was not known to be."""
    NEW_FINDING = "new finding"
    """A clause that was broken before, and is broken in another way as well."""
    NEW_ADVICE = "new advice"
    """A SHOULD that is not followed any more."""
    LOST = "no longer verified"
    """A clause of which a run found something out before, and nothing now."""
    REPAIR = "repair"
    """A clause that was broken, and conforms."""
    GAINED = "verified now"
    """A clause of which nothing was known, and which conforms."""


@dataclasses.dataclass(frozen=True)
class ComparedClause:
    """A clause and its verdict in each run; None where the run does not have the clause."""

    id: str
    section: str
    level: str
    statement: str
    verdicts: tuple[Verdict | None, ...]

    @property
    def changed(self) -> bool:
        """Whether the runs differ."""
        return len(set(self.verdicts)) > 1


@dataclasses.dataclass(frozen=True)
class Change:
    """A clause that a later run sees differently; `run` is the place of that run, the first being 0."""

    kind: ChangeKind
    run: int
    clause: str
    statement: str
    before: Verdict | None
    after: Verdict
    observed: str


@dataclasses.dataclass(frozen=True)
class ChangedObservation:
    """A point on which the contract is silent, with what each run saw, in a stable order."""

    point: str
    observed: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Runs side by side; the first is the one that the others are measured by."""

    runs: tuple[Run, ...]
    clauses: tuple[ComparedClause, ...]
    changes: tuple[Change, ...]
    observations: tuple[ChangedObservation, ...]

    def of_kind(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)

    @property
    def regressions(self) -> tuple[Change, ...]:
        """What ought to fail a build."""
        return self.of_kind(ChangeKind.REGRESSION)

    @property
    def repairs(self) -> tuple[Change, ...]:
        """What was broken and conforms now."""
        return self.of_kind(ChangeKind.REPAIR)

    @property
    def headline(self) -> str:
        """The comparison in one line."""
        counts = [(kind, len(self.of_kind(kind))) for kind in ChangeKind]
        words = [_counted(kind, count) for kind, count in counts if count]
        if self.observations:
            words.append(plural(len(self.observations), "changed observation"))
        return f"{plural(len(self.clauses), 'clause')} in {plural(len(self.runs), 'run')}: {', '.join(words) or 'no change'}"


def compare(results: Sequence[Result]) -> Comparison:
    """Return the comparison of two or more runs with the first of them.

    Raises:
        UsageError: there are fewer than two results, or they are of different contracts.
    """
    if len(results) < 2:
        raise UsageError("a comparison needs two results or more; give the JSON files of as many runs")
    contracts = sorted({result.run.contract for result in results})
    if len(contracts) > 1:
        raise UsageError(
            f"results of different contracts cannot be compared: {', '.join(contracts)}; give runs of one of them"
        )
    first = {clause.id for clause in results[0].clauses}
    if any(first and result.clauses and first.isdisjoint(clause.id for clause in result.clauses) for result in results):
        raise UsageError("results without a clause in common cannot be compared, such as a server's with a client's")
    if any(result.run.started_at < results[0].run.started_at for result in results):
        raise UsageError("the first result is not the oldest one; give the results in the order of their runs")
    by_id = [{clause.id: clause for clause in result.clauses} for result in results]
    return Comparison(
        runs=tuple(result.run for result in results),
        clauses=tuple(_compared(by_id)),
        changes=tuple(_changes(results, by_id)),
        observations=tuple(_observations(results)),
    )


_Clauses = Sequence[dict[str, ClauseResult]]
_BROKEN = frozenset({Verdict.KNOWN_FAILING, Verdict.VIOLATED})
_PLURALS = {ChangeKind.NEW_ADVICE: "new advice", ChangeKind.LOST: "no longer verified", ChangeKind.GAINED: "verified now"}


def _counted(kind: ChangeKind, count: int) -> str:
    return f"{count:,} {_PLURALS[kind]}" if kind in _PLURALS else plural(count, kind)


def _compared(by_id: _Clauses) -> Iterator[ComparedClause]:
    # A later edition may have clauses that the first does not have, and the other way round.
    for clause_id in dict.fromkeys(clause_id for clauses in by_id for clause_id in clauses):
        clause = next(clauses[clause_id] for clauses in reversed(by_id) if clause_id in clauses)
        verdicts = tuple(clauses[clause_id].verdict if clause_id in clauses else None for clauses in by_id)
        yield ComparedClause(clause.id, clause.section, clause.level, clause.statement, verdicts)


def _changes(results: Sequence[Result], by_id: _Clauses) -> Iterator[Change]:
    for run, clauses in enumerate(by_id[1:], start=1):
        for clause in clauses.values():
            before = by_id[0].get(clause.id)
            fresh = _fresh(before, clause)
            kind = _kind(before, clause, new_findings=bool(fresh))
            if kind is not None:
                observed = next((f.observed for f in results[run].findings_of(clause) if f.id in fresh), "")
                old = before.verdict if before else None
                yield Change(kind, run, clause.id, clause.statement, old, clause.verdict, observed)


def _fresh(before: ClauseResult | None, after: ClauseResult) -> set[str]:
    """The findings, by identity, that the first run does not have."""
    return set(after.findings) - set(before.findings if before else ())


def _kind(before: ClauseResult | None, after: ClauseResult, *, new_findings: bool) -> ChangeKind | None:
    """What happened to the clause, if anything did."""
    old = before.verdict if before else Verdict.NOT_VERIFIED
    new = after.verdict
    if new in _BROKEN and old in _BROKEN:
        return ChangeKind.NEW_FINDING if new_findings else None
    if new in _BROKEN:
        return ChangeKind.REGRESSION
    if new is Verdict.ADVICE:
        return None if old is Verdict.ADVICE else ChangeKind.NEW_ADVICE
    if new is Verdict.NOT_VERIFIED:
        return None if old is Verdict.NOT_VERIFIED else ChangeKind.LOST
    if old in _BROKEN or old is Verdict.ADVICE:
        return ChangeKind.REPAIR
    return ChangeKind.GAINED if before and old is Verdict.NOT_VERIFIED else None


def _observations(results: Sequence[Result]) -> Iterator[ChangedObservation]:
    """The points on which the runs differ; how often a thing was seen does not matter."""
    for point in dict.fromkeys(item.point for result in results for item in result.observations):
        seen = [sorted({item.observed for item in result.observations if item.point == point}) for result in results]
        # A run that did not come to the point says nothing about it.
        reached = [observed for observed in seen if observed]
        if any(observed != reached[0] for observed in reached):
            yield ChangedObservation(point, tuple(tuple(observed) for observed in seen))
