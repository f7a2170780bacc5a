"""Makes one verdict for each clause of what all cases found out: the worst counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from ....reports import ClauseResult, Finding, Observation, Timing, Transcript, Verdict
from ....spec import Clause, Contract, Level, Rule
from ....spec.document import anchor, cite
from ..judge.expectation import ECHOES, STORED, Expectation
from ..judge.record import CaseRecord, Unverified
from .causes import merge_causes
from .deciding import Passed
from .features import Features, Usual, exchange_of, features_of_finding
from .known_failing import KnownFailing
from .marks import OF_ANOTHER_KEY
from .shared_marks import is_one_of_all

__all__ = ["Findings"]

_COUNTED = (Expectation.READ_BACK, Expectation.CREATED, Expectation.SUCCESS_STATUS)
"""Checks of which each clause has one, so that it is known how often one held."""


class Findings:
    """Collects the records of all cases and gives a verdict for each clause.

    Args:
        document: where a reader finds the clauses, each under its anchor; "" for nowhere.

    Attributes:
        ended: why the run could not go on to its end, and what to do; "" where it did.
        numbers: of the exchanges that findings are about.
        passed: by rule and place, the numbers of the exchanges in which such a breach was refused; by no rule and a place,
            those in which a value came back; by no rule and no place, those of valid creates that were accepted.
        met: pairs of a rule at a place and a feature of a request that were judged.
    """

    def __init__(self, contract: Contract, known: Sequence[KnownFailing], document: str = "") -> None:
        self._document = document
        self._contract = contract
        self._usual = Usual.of(contract)
        self._known = {line.name: line for line in known}
        self._kept: dict[str, int] = {}
        self._found: dict[str, dict[str, Finding]] = {}
        self._unverified: dict[str, Unverified] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._failing: dict[str, list[tuple[Features, str]]] = {}
        self.numbers: set[str] = set()
        self.passed: dict[tuple[str, str], list[str]] = {}
        self.ended = ("", "")
        self.met: set[str] = set()
        self.timings: list[Timing] = []
        self.exchanges: list[Transcript] = []

    def add(self, record: CaseRecord) -> None:
        """Add what one case found out."""
        for clause, count in record.kept:
            self._kept[clause] = self._kept.get(clause, 0) + count
        for finding in record.findings:
            by_id = self._found.setdefault(finding.clause, {})
            by_id[finding.id] = _merged(by_id[finding.id], finding) if finding.id in by_id else finding
            shown = exchange_of(finding)
            number = shown.number if shown else ""
            self._failing.setdefault(finding.id, []).append((features_of_finding(finding, self._usual), number))
            self.numbers |= {number} if number else set()
        for rule, place, number in record.passed:
            self.passed.setdefault((rule, place), []).append(number)
        for missed in record.unverified:
            self._unverified.setdefault(missed.clause, missed)
        if record.ended[0]:
            self.ended = record.ended
        for seen in record.seen:
            self._seen[seen] = self._seen.get(seen, 0) + 1
        self.met |= {*record.met}
        self.timings += record.timings
        self.exchanges += record.exchanges

    def knows(self, clause: str, finding: str) -> bool:
        """Return whether the target is known to break a clause in this way."""
        return clause in self._known or finding in self._known

    def touched(self, clause: str) -> bool:
        """Return whether any case had something to say of the clause."""
        return clause in self._kept or clause in self._found or clause in self._unverified

    def observations(self) -> tuple[Observation, ...]:
        """Return what was seen, point by point."""
        return tuple(Observation(point, seen, count) for (point, seen), count in sorted(self._seen.items()))

    def clauses(self, judged: Iterable[Clause]) -> tuple[ClauseResult, ...]:
        """Return the verdict of each clause.

        Args:
            judged: those that the run selects, in the order in which to report them.
        """
        return tuple(self._result(clause) for clause in judged)

    def count(self, verdict: Verdict, judged: Iterable[Clause]) -> int:
        """Return how many clauses that any case found broken have a verdict so far."""
        return sum(self._verdict(clause) is verdict for clause in judged if clause.id in self._found)

    def of(self, results: Iterable[ClauseResult], rerun: str, passed: Passed | None = None) -> tuple[Finding, ...]:
        """Return the findings that show clauses broken, one for each cause.

        Args:
            results: what `clauses` gave.
            rerun: a command that runs one clause again, with `{clause}` in its place.
            passed: the requests to compare with; None for none.
        """
        by_verdict: dict[Verdict, list[Finding]] = {}
        for result in results:
            by_verdict.setdefault(result.verdict, []).extend(
                self._compared(self._found[result.id][name], passed) for name in result.findings
            )
        violated, advised = by_verdict.get(Verdict.VIOLATED, []), by_verdict.get(Verdict.ADVICE, [])
        # Whatever can be set at a place can be set to null there as well; and where no refusal is one, no advised one is.
        same = [
            each
            for each in advised
            if any(_is_emptied(each, other) or _is_replayed(each, other) for other in violated)
            or is_one_of_all(each, violated)
        ]
        violated += same
        advised[:] = [each for each in advised if each not in same]
        places = {clause.id: number for number, clause in enumerate(self._contract.clauses)}
        merged = [
            each
            for verdict in sorted(by_verdict, key=lambda verdict: -verdict.rank)
            for each in merge_causes(by_verdict[verdict], places.__getitem__)
        ]
        return tuple(dataclasses.replace(each, rerun=rerun.format(clause=each.clause)) for each in merged)

    def _compared(self, finding: Finding, passed: Passed | None) -> Finding:
        alike = [each.id for each in self._found[finding.clause].values() if _same_but_for_context(each, finding)]
        shown = [each for name in dict.fromkeys((finding.id, *alike)) for each in self._failing[name]]
        if finding.expectation in _COUNTED and finding.share == (0, 0):
            counted = (each for each in self._found[finding.clause].values() if each.expectation == finding.expectation)
            broken = sum(len(self._failing[each.id]) for each in counted)
            finding = dataclasses.replace(finding, share=(broken, broken + self._kept.get(finding.clause, 0)))
        return passed.compare(finding, [each for each, _ in shown], [number for _, number in shown]) if passed else finding

    def stale(self, judged: Iterable[Clause]) -> tuple[str, ...]:
        """Return the clauses and findings that are listed as known failing, and were not found failing."""
        ids = {clause.id for clause in judged}
        return tuple(sorted(line.name for line in self._known.values() if line.clause in ids and self._is_stale(line)))

    def _is_stale(self, line: KnownFailing) -> bool:
        found = self._found.get(line.clause, {})
        if line.name == line.clause:
            return line.clause in self._kept and not found
        return (line.clause in self._kept or bool(found)) and line.name not in found

    def _result(self, clause: Clause) -> ClauseResult:
        found = sorted(self._found.get(clause.id, {}).values(), key=_size)
        verdict = self._verdict(clause)
        reason, remedy = "", ""
        if verdict is Verdict.NOT_VERIFIED:
            reason, remedy = self._why_not(clause)
        elif verdict is Verdict.KNOWN_FAILING:
            lines = [self._known[name] for name in (clause.id, *(finding.id for finding in found)) if name in self._known]
            reason = "; ".join(dict.fromkeys(line.reason for line in lines if line.reason))
        return ClauseResult(
            id=clause.id,
            section=self._contract.sections[clause.section],
            level=clause.level.value,
            basis=clause.basis.value,
            statement=clause.statement,
            source=cite(clause) + (f"; {self._document}#{anchor(clause.id)}" if self._document else ""),
            verdict=verdict,
            checks=self._kept.get(clause.id, 0) + len({case for finding in found for case in finding.cases}),
            reason=reason,
            remedy=remedy,
            findings=() if verdict is Verdict.NOT_VERIFIED else tuple(finding.id for finding in found),
        )

    def _verdict(self, clause: Clause) -> Verdict:
        if self._broken_below(clause):
            return Verdict.NOT_VERIFIED
        if found := self._found.get(clause.id):
            if clause.level is Level.MUST:
                known = all(self.knows(clause.id, name) for name in found)
                return Verdict.KNOWN_FAILING if known else Verdict.VIOLATED
            return Verdict.ADVICE if clause.level is Level.SHOULD else Verdict.OBSERVED
        if self._kept.get(clause.id):
            return Verdict.OBSERVED if clause.level is Level.MAY else Verdict.CONFORMS
        return Verdict.NOT_VERIFIED

    def _why_not(self, clause: Clause) -> tuple[str, str]:
        """Reason and remedy of a clause that is not verified."""
        if below := self._broken_below(clause):
            return f"{below} is broken, on which it rests", f"fix {below} first"
        if missed := self._unverified.get(clause.id):
            return missed.reason, missed.remedy
        if self.ended[0]:
            return self.ended
        instead = self._broken_instead(clause)
        if clause.needs and not instead:
            return clause.needs[0].reason, clause.needs[0].remedy
        if other := instead or self._below(clause):
            return f"nothing could be judged of it while {other} is broken", f"fix {other} first"
        alone = "run it alone with --clause, or at a greater depth"
        return "no case of this run judged it", f"fix what is found first, or {alone}" if self._found else alone

    def _broken_below(self, clause: Clause) -> str:
        """The violated clause on which a violated one rests; "" when it stands by itself."""
        return self._below(clause) if clause.id in self._found else ""

    def _below(self, clause: Clause) -> str:
        """The violated clause on which one rests; "" for none."""
        return next((other for other in sorted(self._found) if clause.rests_on_clause(other)), "")

    def _broken_instead(self, clause: Clause) -> str:
        """The violated clause by which requests were judged that are about another one too; "" where there is none."""
        found = [finding for alike in self._found.values() for finding in alike.values()]
        touching = [each.clause for each in found if clause.id in each.clauses]
        at_its_place = [each.clause for each in found if each.place and each.place == clause.place]
        return next(iter([*touching, *at_its_place]), "")


def _is_emptied(advised: Finding, violated: Finding) -> bool:
    """Whether it is about null at the read-only place that the other shows to be set."""
    rules = (advised.rule, violated.rule) == (Rule.READ_ONLY_EMPTY, Rule.READ_ONLY)
    return rules and advised.place == violated.place


def _is_replayed(advised: Finding, violated: Finding) -> bool:
    """Whether both are answered with the record of a create with another Idempotency-Key."""
    return OF_ANOTHER_KEY == advised.symptom == violated.symptom


def _same_but_for_context(one: Finding, other: Finding) -> bool:
    """Whether two findings show the same in requests that were sent in different ways, none of which decides by itself."""
    if other.rule or other.expectation not in ECHOES | STORED | {Expectation.ACCOUNTED_FOR, Expectation.NO_CRASH}:
        return False
    about = ((each.expectation, each.rule, each.place, each.value, each.refused) for each in (one, other))
    return len({*about}) == 1


def _merged(one: Finding, other: Finding) -> Finding:
    """One finding of two that are the same: the smaller example, the cases of both."""
    smaller, larger = sorted((one, other), key=_size)
    more = sorted({*smaller.cases[1:], *larger.cases} - {smaller.case})
    return dataclasses.replace(smaller, cases=(smaller.case, *more))


def _size(finding: Finding) -> tuple[bool, int, int, str, str]:
    """What findings are ordered by: the example that is read fastest comes first, and a list before one record of it.

    That no answer comes to a create can be shown again, to a read only where the records are the same.
    """
    request = finding.judged.request if finding.judged else None
    unread = finding.expectation == Expectation.ANSWERED and request is not None and request.method == "GET"
    return unread, len(finding.example), len(request.url) if request else 0, finding.case, finding.id
