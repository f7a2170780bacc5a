"""Makes one verdict for each clause of what all cases found out: the worst counts."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ....reports import ClauseResult, Exchange, Finding, Observation, Request, Response, Timing, Verdict
from ....spec import Clause, Contract, Level, UsageError
from ..wire.marker import unstamp

__all__ = ["Findings", "KnownFailing", "read_known_failing"]


@dataclasses.dataclass(frozen=True)
class KnownFailing:
    """A clause that the target is known to break, and why, as the user's file says."""

    clause: str
    reason: str


def read_known_failing(path: Path | None, contract: Contract) -> tuple[KnownFailing, ...]:
    """The lines of a known-failing file: a clause id, and after `#` a reason.

    Raises:
        UsageError: the file cannot be read, or names a clause that the contract does not have.
    """
    if path is None:
        return ()
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the list of known failures cannot be read: {error}") from error
    ids = {clause.id for clause in contract.clauses}
    known = []
    for number, line in enumerate(lines, 1):
        clause, _, reason = (part.strip() for part in line.partition("#"))
        if clause and clause not in ids:
            raise UsageError(f"{path}:{number}: there is no clause {clause!r}; `lightfield-contract clauses` lists them")
        if clause:
            known.append(KnownFailing(clause, reason))
    return tuple(known)


class Findings:
    """Collects the records of all cases and gives a verdict for each clause.

    Attributes:
        ended: why the run could not go on to its end, and what to do; "" where it did.
    """

    def __init__(self, contract: Contract, known: Sequence[KnownFailing]) -> None:
        self._contract = contract
        self._known = {line.clause: line for line in known}
        self._kept: dict[str, int] = {}
        self._violations: dict[str, dict[str, dict[str, Any]]] = {}
        self._unverified: dict[str, tuple[str, str]] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self.ended = ("", "")
        self.timings: list[Timing] = []
        self.exchanges: list[Exchange] = []

    def add(self, record: Mapping[str, Any]) -> None:
        """Adds what one case found out."""
        for clause, count in record["kept"].items():
            self._kept[clause] = self._kept.get(clause, 0) + count
        for violation in record["violations"]:
            self._add_violation(violation)
        for clause, (reason, remedy) in record["unverified"].items():
            self._unverified.setdefault(clause, (reason, remedy))
        if record["ended"][0]:
            self.ended = (record["ended"][0], record["ended"][1])
        for point, seen in record["seen"]:
            self._seen[point, seen] = self._seen.get((point, seen), 0) + 1
        self.timings += [Timing(**timing) for timing in record["timings"]]
        self.exchanges += [_exchange(exchange) for exchange in record["exchanges"]]

    def _add_violation(self, violation: dict[str, Any]) -> None:
        """Of findings about one clause and case the one with the smallest request is kept."""
        cases = self._violations.setdefault(violation["clause"], {})
        before = cases.get(violation["case"])
        if before is None or _size(violation) < _size(before):
            cases[violation["case"]] = violation

    @property
    def known(self) -> frozenset[str]:
        """The clauses that are listed as known failing."""
        return frozenset(self._known)

    def touched(self, clause: str) -> bool:
        """Whether any case had something to say of the clause."""
        return clause in self._kept or clause in self._violations or clause in self._unverified

    def observations(self) -> tuple[Observation, ...]:
        """What was seen, point by point."""
        return tuple(Observation(point, seen, count) for (point, seen), count in sorted(self._seen.items()))

    def clauses(self, judged: Iterable[Clause], rerun: str) -> tuple[ClauseResult, ...]:
        """The verdict of each clause.

        Args:
            judged: those that the run selects, in the order in which to report them.
            rerun: a command that runs one clause again, with `{clause}` in its place.
        """
        return tuple(self._result(clause, rerun) for clause in judged)

    def stale(self, judged: Iterable[Clause]) -> tuple[str, ...]:
        """Clauses that are listed as known failing and were kept."""
        ids = {clause.id for clause in judged if clause.id in self._known}
        return tuple(sorted(ids & self._kept.keys() - self._violations.keys()))

    def _result(self, clause: Clause, rerun: str) -> ClauseResult:
        cases = sorted(
            self._violations.get(clause.id, {}).values(), key=lambda violation: (_size(violation), violation["case"])
        )
        verdict = self._verdict(clause)
        reason, remedy = "", ""
        if verdict is Verdict.NOT_VERIFIED:
            below = self._broken_below(clause)
            told = (f"{below} is broken, on which it rests", f"mend {below} first") if below else None
            ended = self.ended if self.ended[0] else None
            reason, remedy = told or self._unverified.get(clause.id) or ended or _default_reason(clause)
        elif verdict is Verdict.KNOWN_FAILING:
            reason = self._known[clause.id].reason
        return ClauseResult(
            id=clause.id,
            section=self._contract.sections[clause.section],
            level=clause.level.value,
            basis=clause.basis.value,
            statement=clause.statement,
            source=clause.source,
            verdict=verdict,
            checks=self._kept.get(clause.id, 0) + len(cases),
            reason=reason,
            remedy=remedy,
            findings=()
            if verdict is Verdict.NOT_VERIFIED
            else tuple(self._finding(violation, rerun) for violation in cases),
        )

    def _broken_below(self, clause: Clause) -> str:
        """The violated clause on which a violated one rests; "" when it stands by itself."""
        if clause.id not in self._violations:
            return ""
        return next((other for other in sorted(self._violations) if clause.rests_on_clause(other)), "")

    def _verdict(self, clause: Clause) -> Verdict:
        if self._broken_below(clause):
            return Verdict.NOT_VERIFIED
        if clause.id in self._violations:
            if clause.level is Level.MUST:
                return Verdict.KNOWN_FAILING if clause.id in self._known else Verdict.VIOLATED
            return Verdict.ADVICE if clause.level is Level.SHOULD else Verdict.OBSERVED
        if self._kept.get(clause.id):
            return Verdict.OBSERVED if clause.level is Level.MAY else Verdict.CONFORMS
        return Verdict.NOT_VERIFIED

    def _finding(self, violation: Mapping[str, Any], rerun: str) -> Finding:
        clause = violation["clause"]
        digest = hashlib.sha256(f"{violation['case']}|{violation['label']}".encode()).hexdigest()[:8]
        example = violation["sent"]
        for stamp in violation["stamps"]:
            example = unstamp(example, stamp)
        return Finding(
            id=f"{clause}#{digest}",
            clause=clause,
            expected=violation["expected"],
            observed=violation["observed"],
            case=violation["case"],
            example=example,
            exchanges=tuple(_exchange(exchange) for exchange in violation["exchanges"]),
            rerun=rerun.format(clause=clause),
        )


def _size(violation: Mapping[str, Any]) -> int:
    return len(json.dumps(violation["sent"]))


def _default_reason(clause: Clause) -> tuple[str, str]:
    if clause.needs:
        return clause.needs[0].reason, clause.needs[0].remedy
    return "no case of this run judged it", "run it alone with --clause, or at a greater depth"


def _exchange(raw: Mapping[str, Any]) -> Exchange:
    response = raw["response"]
    return Exchange(
        **{
            **raw,
            "request": Request(**{**raw["request"], "headers": _pairs(raw["request"]["headers"])}),
            "response": response and Response(**{**response, "headers": _pairs(response["headers"])}),
        }
    )


def _pairs(raw: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in raw)
