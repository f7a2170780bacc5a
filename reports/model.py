"""The result of a run as plain frozen data: what every report is rendered from, and nothing else."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Mapping

__all__ = [
    "SCHEMA_VERSION",
    "Audit",
    "AuditState",
    "ClauseResult",
    "ExchangeRole",
    "Finding",
    "Observation",
    "Request",
    "Response",
    "Result",
    "Run",
    "Timing",
    "Transcript",
    "Verdict",
]

SCHEMA_VERSION = 2
"""Rises when a reader of the JSON form would have to change; `result.schema.json` names the same number."""


class Verdict(enum.StrEnum):
    """What a run says of a clause, from best to worst; of several, the worst counts."""

    OBSERVED = "observed"
    """A MAY: what the target does is recorded, and never a failure."""
    CONFORMS = "conforms"
    """Every case of the clause was judged, and kept."""
    NOT_VERIFIED = "not verified"
    """No case of the clause could be judged; the reason and the remedy are given."""
    ADVICE = "advice"
    """A SHOULD that the target does not follow; fails the run only under strict."""
    KNOWN_FAILING = "known failing"
    """A MUST that the target breaks, as its list of known failures says."""
    VIOLATED = "violated"
    """A MUST that the target breaks."""

    @property
    def rank(self) -> int:
        """Its place in the order, 0 for the best."""
        return list(Verdict).index(self)


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it was sent, keys removed.

    Attributes:
        headers: in the order sent; a key's value is `Bearer $LIGHTFIELD_API_KEY` or another variable's name.
        body: the text sent; bytes that are not UTF-8 escaped as in a Python literal, with `binary` set (`curl.body_text`).
        curl: a command that sends it again when pasted into a POSIX shell.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    curl: str
    binary: bool = False


@dataclasses.dataclass(frozen=True)
class Response:
    """An answer as it came, keys removed; a long body is cut and `length` tells its bytes."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: str
    length: int


class ExchangeRole(enum.StrEnum):
    """What an exchange is to the finding that shows it."""

    CONTROL = "control"
    """The same request without the breach, which the target accepted."""
    FIRST = "first"
    """The request that the judged one follows: the create that it repeats, or whose record it reads."""
    STEP = "step"
    """An earlier request of the same history."""
    JUDGED = "judged"
    """The request whose answer the finding is about."""


@dataclasses.dataclass(frozen=True)
class Transcript:
    """One exchange as reports show it: the request as it was sent and the answer as it came.

    Attributes:
        number: unique in the run, and the same in each run of one seed.
        caller: the name of who sent it.
        response: None when none came; `failure` says why, in a few words.
        overlapping: whether others were sent at the same moment.
        sent_at: Unix seconds.
        seconds: from sending to the end of the answer.
        role: what it is to the finding that shows it; None where no finding does.
    """

    number: str
    caller: str
    request: Request
    response: Response | None
    failure: str
    overlapping: bool
    sent_at: float
    seconds: float
    role: ExchangeRole | None = None


@dataclasses.dataclass(frozen=True)
class Finding:
    """One way in which the target broke the contract, with the smallest exchanges that show it.

    Attributes:
        id: its identity, the same in every run against the same behaviour, whatever the organization, the seed and the
            number of workers: the clause and a digest of expectation, rule, place, value and context.
        clauses: the clause that is blamed, then the others that it touches.
        cause: one sentence.
        expected, observed: one sentence each.
        expectation: the name of the check that failed.
        rule: the rule that the request broke; "" for a valid request.
        place: where: a JSON Pointer into the request body or the record, a header's name, or "".
        value: the kind of value that stood there, or the way in which the rule was broken; "" for none.
        context: how it was sent: by whom, with an Idempotency-Key, at the same time as others.
        features: pairs of a place and the form of what the judged request held there.
        status_due: the statuses that were due, each a number or a class such as `4xx`; empty where it is not about one.
        status_seen: of the judged answer; 0 when none came, None when no exchange is known.
        cases: the test cases that showed it, the one of the example first.
        example: the smallest request body that shows it, run's marker removed, as JSON text; empty if none.
        exchanges: in the order sent.
        rerun: the command that runs the blamed clause again.
    """

    id: str
    clauses: tuple[str, ...]
    cause: str
    expected: str
    observed: str
    expectation: str
    rule: str
    place: str
    value: str
    context: tuple[str, ...]
    features: tuple[tuple[str, str], ...]
    status_due: tuple[str, ...]
    status_seen: int | None
    cases: tuple[str, ...]
    example: str
    exchanges: tuple[Transcript, ...]
    rerun: str

    @property
    def clause(self) -> str:
        """The clause that is blamed."""
        return self.clauses[0]

    @property
    def case(self) -> str:
        """The test case of the example; "" where no case made the finding."""
        return self.cases[0] if self.cases else ""

    @property
    def judged(self) -> Transcript | None:
        """The exchange that the finding rests on: the last one."""
        return self.exchanges[-1] if self.exchanges else None


@dataclasses.dataclass(frozen=True)
class Observation:
    """What the target does where the contract is silent: a point, what was seen, how often."""

    point: str
    observed: str
    count: int


@dataclasses.dataclass(frozen=True)
class ClauseResult:
    """A clause and its verdict.

    Attributes:
        section: the section's title.
        checks: how many judgements were made.
        reason, remedy: of a clause that is not verified, or is known failing.
        findings: the ids of those that show it broken, the smallest example first.
    """

    id: str
    section: str
    level: str
    basis: str
    statement: str
    source: str
    verdict: Verdict
    checks: int
    reason: str = ""
    remedy: str = ""
    findings: tuple[str, ...] = ()


class AuditState(enum.StrEnum):
    """What the audit found."""

    MATCH = "records match"
    """The target holds the records that its answers name, and no other one of this run."""
    UNACCOUNTED = "records unaccounted for"
    """It holds records that no answer names, or does not hold some that an answer named."""
    NOT_VERIFIED = "not verified"
    """The target's records could not be read."""


@dataclasses.dataclass(frozen=True)
class Audit:
    """The target's records compared with the creates that were sent.

    Attributes:
        reason: why it was not verified, or what it could not look for.
        attempts: creates sent. accepted: distinct records that answers named. found: records that carry the marker.
        unaccounted: IDs of records that no accepted create accounts for. missing: IDs named but not found.
    """

    state: AuditState
    reason: str
    attempts: int = 0
    accepted: int = 0
    found: int = 0
    unaccounted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Timing:
    """One line per exchange, for statistics: kind is `write`, `read` or `other`; status 0 when there was no answer."""

    kind: str
    method: str
    path: str
    status: int
    sent_at: float
    seconds: float
    case: str


@dataclasses.dataclass(frozen=True)
class Run:
    """What was run, against what, and for how long.

    Attributes:
        tool: name and version.
        target: the base URL, credentials removed. contract: the fragment's name. edition: its version.
        started_at: ISO 8601 with offset. seconds: wall time.
        marker: what every record of the run carries.
        given: which optional credentials and IDs were given, by variable name; never a value of a key.
        interrupted: whether the user stopped it.
        insecure: whether the target's certificate was left unchecked, as the user asked.
    """

    tool: str
    target: str
    contract: str
    edition: str
    depth: str
    basis: str
    seed: int
    marker: str
    started_at: str
    seconds: float
    writes: int
    reads: int
    strict: bool
    interrupted: bool
    exit_status: int
    given: tuple[str, ...] = ()
    insecure: bool = False


@dataclasses.dataclass(frozen=True)
class Result:
    """All that a run found out.

    Attributes:
        clauses: those that were selected, in the contract's order.
        findings: in the order of the clauses that they are blamed on.
        notes: what the user should know about what was given, and errors of ours.
        timings: of every exchange.
        exchanges: every exchange in full, where a form that needs them was asked for; else none.
    """

    run: Run
    clauses: tuple[ClauseResult, ...]
    findings: tuple[Finding, ...]
    observations: tuple[Observation, ...]
    audit: Audit
    notes: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()
    exchanges: tuple[Transcript, ...] = ()

    def counts(self) -> Mapping[Verdict, int]:
        """Return how many clauses have each verdict; every verdict is a key."""
        return {verdict: sum(clause.verdict is verdict for clause in self.clauses) for verdict in Verdict}

    def findings_of(self, clause: ClauseResult) -> tuple[Finding, ...]:
        """Return the findings that show a clause broken."""
        return tuple(self._by_id[name] for name in clause.findings)

    @functools.cached_property
    def _by_id(self) -> Mapping[str, Finding]:
        return {finding.id: finding for finding in self.findings}
