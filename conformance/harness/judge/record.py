"""What one case judges with, and what it finds out: the one recorder of judgements, and the plain data that it becomes."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence

from ....reports import Finding, Timing, Transcript
from ....spec import Contract, Need
from ....strategies import Workspace
from ..wire.exchange import Exchange
from ..wire.sent import SentCreates
from .expectation import ECHOES, Expectation
from .finding import create_at, make_finding
from .judgement import Evidence, Judgement
from .shape import RecordShape

__all__ = [
    "CaseRecord",
    "Inputs",
    "Judged",
    "Limited",
    "NotVerified",
    "Recorder",
    "Unverified",
    "timing_of",
    "unmet",
]

_OF_KEYS = {Expectation.REPLAYED, Expectation.ORIGINAL_OR_REFUSED}
_COMPARED = ECHOES | _OF_KEYS | {Expectation.REFUSED, Expectation.CREATED}
"""What requests pass that findings are compared with."""


class NotVerified(Exception):
    """A clause cannot be judged in this run.

    Attributes:
        reason: why. remedy: what a user can provide; "" when nothing helps.
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class Limited(NotVerified):
    """A request got nothing but 429, however often it was sent, or is to be waited for too long.

    Attributes:
        exchange: the last answer.

    Args:
        every: whether all creates get that.
    """

    def __init__(self, exchange: Exchange, *, every: bool = False) -> None:
        asked = exchange.response_headers.get("retry-after", "")
        seen = f"the target answers every {exchange.method}" if every else f"the target answered a {exchange.method}"
        often = f" {exchange.limited + 1} times in a row" if exchange.limited and not every else ""
        wait = f" (Retry-After: {asked})" if asked.isascii() and asked.isdigit() else ""
        super().__init__(f"{seen} with 429{often}{wait}", "lower --rate, raise the target's limit, or run it again later")
        self.exchange = exchange


def unmet(need: Need, detail: str = "") -> NotVerified:
    """Return what to raise where a need of the contract is not met.

    Args:
        detail: what the target answered, where it was asked.
    """
    return NotVerified(f"{need.reason}: {detail}" if detail else need.reason, need.remedy)


@dataclasses.dataclass(frozen=True)
class Unverified:
    """A clause that a case could not judge."""

    clause: str
    reason: str
    remedy: str


@dataclasses.dataclass(frozen=True)
class CaseRecord:
    """What one case found out, as plain data that travels from a worker to the controller.

    Attributes:
        kept: pairs of a clause and how many judgements it passed.
        seen: observations, as pairs of a point and what was seen.
        passed: rule and place of each breach that was refused as it has to be, and the number of the exchange; no rule and
            the place of each value that came back; no rule and no place for each valid create that was accepted. Of what a
            used key got, the name of the expectation, and no place.
        ended: why the run could not go on, and what to do; "" while it could.
        exchanges: all that were sent, in order, where a form of report needs them.
        met: pairs of a rule at a place and a feature of a request, there or not, that were judged; a text for each.
    """

    case: str
    kept: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    seen: tuple[tuple[str, str], ...] = ()
    passed: tuple[tuple[str, str, str], ...] = ()
    ended: tuple[str, str] = ("", "")
    timings: tuple[Timing, ...] = ()
    exchanges: tuple[Transcript, ...] = ()
    met: tuple[str, ...] = ()


class Recorder:
    """Takes the judgements of one case, of the audit, or of the end of a run.

    Here, and nowhere else, it is decided whether a clause is judged: what the run does not select is not noted.

    Args:
        selects: whether the run judges the clause of an id.
        describe: gives the form of what a request holds, as `Judgement.features` has it.

    Attributes:
        broken: the judgements that did not hold.
        seen: observations, as pairs of a point and what was seen.
        exchanges: all that were sent, in order.
        ended: why the run could not go on, and what to do; "" while it could.
        met: as in `CaseRecord`.
        asked: whether anything was judged, also what the run does not select.
    """

    def __init__(self, selects: Callable[[str], bool], describe: Callable[[Exchange], tuple[tuple[str, str], ...]]) -> None:
        self.broken: list[Judgement] = []
        self.seen: list[tuple[str, str]] = []
        self.exchanges: list[Exchange] = []
        self.ended = ("", "")
        self.met: list[str] = []
        self.asked = False
        self._kept: dict[str, int] = {}
        self._passed: list[tuple[str, str, str]] = []
        self._unverified: dict[str, Unverified] = {}
        self._selects = selects
        self._describe = describe

    @property
    def kept(self) -> frozenset[str]:
        """The clauses that passed a judgement."""
        return frozenset(self._kept)

    def note(self, judgements: Iterable[Judgement], evidence: Sequence[Evidence]) -> None:
        """Note what a judge has made of some exchanges.

        A judgement that held is counted for its first clause. One that did not is blamed on the first that the run judges.

        Args:
            evidence: the exchanges in the order sent, the judged one last.
        """
        self.asked = True
        describe = functools.cache(lambda at: self._describe(evidence[at].exchange))
        for judgement in judgements:
            if not judgement.problem:
                if self._selects(judgement.clause):
                    self._kept[judgement.clause] = self._kept.get(judgement.clause, 0) + 1
                    if evidence and judgement.expectation in _COMPARED:
                        about = judgement.subject
                        kind = judgement.expectation if judgement.expectation in _OF_KEYS else about.rule
                        self._passed.append((str(kind), about.place, evidence[-1].exchange.number))
            elif clauses := tuple(clause for clause in judgement.clauses if self._selects(clause)):
                features = describe(create_at(judgement, evidence)) if evidence else ()
                shown = judgement.evidence or tuple(evidence)
                self.broken.append(dataclasses.replace(judgement, clauses=clauses, features=features, evidence=shown))

    def absorb(self, other: Recorder) -> None:
        """Take all that another recorder has noted."""
        self.asked = self.asked or other.asked
        self.broken += other.broken
        self.seen += other.seen
        self.exchanges += other.exchanges
        self.ended = other.ended if other.ended != ("", "") else self.ended
        self._unverified |= other._unverified
        for clause, count in other._kept.items():
            self._kept[clause] = self._kept.get(clause, 0) + count

    def observe(self, *seen: tuple[str, str]) -> None:
        """Note what the target does where the contract is silent: pairs of a point and what was seen."""
        self.seen += seen

    def add(self, judgements: Iterable[Judgement]) -> None:
        """Count judgements that did not hold and were kept back by `trial`."""
        self.broken += judgements

    def cover(self, pairs: Iterable[str]) -> None:
        """Note pairs that were judged."""
        self.met += pairs

    def sent(self, exchange: Exchange) -> None:
        """Take an exchange as evidence."""
        self.exchanges.append(exchange)

    def end(self, reason: str, remedy: str) -> None:
        """Note why the run cannot go on, and what to do."""
        self.ended = reason, remedy

    def cannot(self, clause: str, problem: NotVerified) -> None:
        """Note that a clause cannot be judged, unless it was."""
        if self._selects(clause) and not any(judgement.clause == clause for judgement in self.broken):
            self._unverified[clause] = Unverified(clause, problem.reason, problem.remedy)

    @contextlib.contextmanager
    def trial(self) -> Iterator[list[Judgement]]:
        """Keep back what is found broken meanwhile: it counts only if it is added."""
        before, self.broken = self.broken, []
        try:
            yield self.broken
        finally:
            failing = {judgement.judged.number for judgement in self.broken if judgement.judged}
            self._passed = [each for each in self._passed if each[2] not in failing]
            self.broken = before

    def to_record(self, case: str, sent: SentCreates | None = None, *, full: bool = False) -> CaseRecord:
        """Return all that was found out, as plain data.

        Args:
            sent: the creates of the run, of which findings are shown with those that bear on theirs.
            full: whether to add every exchange in full.
        """
        return CaseRecord(
            case=case,
            kept=tuple(self._kept.items()),
            findings=tuple(make_finding(judgement, case, sent) for judgement in self.broken),
            unverified=tuple(self._unverified.values()),
            seen=tuple(self.seen),
            passed=tuple(self._passed),
            ended=self.ended,
            timings=tuple(timing_of(exchange, case) for exchange in self.exchanges),
            exchanges=tuple(exchange.to_transcript() for exchange in self.exchanges) if full else (),
            met=tuple(self.met),
        )


def timing_of(exchange: Exchange, case: str) -> Timing:
    """Return when and how an exchange of a case was sent, and how long it took."""
    kind = {"POST": "write", "GET": "read"}.get(exchange.method, "other")
    return Timing(kind, exchange.method, exchange.path, exchange.status, exchange.sent_at, exchange.seconds, case)


class Judged(Exception):
    """The case is decided, and nothing that would follow can be judged any more."""


@dataclasses.dataclass(frozen=True)
class Inputs:
    """What the judge of one case needs besides exchanges.

    Attributes:
        recorder: takes every judgement, and decides which clauses are judged.
        own: the id of the clause that the case is about; what a method does not blame on another clause is blamed on it.
        smallest_refusal: what the target answered to the smallest body where it did not accept it; "" where it did, or
            was not asked yet.
    """

    contract: Contract
    workspace: Workspace
    shape: RecordShape
    recorder: Recorder
    own: str
    smallest_refusal: Callable[[], str] = str
