"""The result of a run as plain frozen data: what every report is rendered from, and nothing else."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Mapping

from .finding import Finding, Transcript

__all__ = [
    "SCHEMA_VERSION",
    "Audit",
    "AuditState",
    "ClauseResult",
    "MadeRecord",
    "Observation",
    "Result",
    "Run",
    "Timing",
    "Verdict",
]

SCHEMA_VERSION = 4
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
        findings: the ids of the occurrences that show it broken, the smallest example first; each is one of a finding.
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
class MadeRecord:
    """What an answer to one of the run's creates named: its ID, its object type, and when it was sent, in Unix seconds."""

    id: str
    object_type: str
    sent_at: float


@dataclasses.dataclass(frozen=True)
class GivenOption:
    """An option that was given: its text, and whether by an option or in which settings file."""

    name: str
    value: str
    source: str


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
        pairs_met, pairs: pairs of a rule at a place and a feature of a request that is there or not: how many breaches have
            met, of how many that can be.
        insecure: whether the target's certificate was left unchecked, as the user asked.
        settings: the options that were given; those that are not here were as usual.
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
    pairs_met: int = 0
    pairs: int = 0
    settings: tuple[GivenOption, ...] = ()


@dataclasses.dataclass(frozen=True)
class Result:
    """All that a run found out.

    Attributes:
        clauses: those that were selected, in the contract's order.
        findings: one for each cause, that which explains most first.
        notes: what the user should know about what was given, and errors of ours.
        timings: of every exchange.
        exchanges: every exchange in full, where a form that needs them was asked for; else none.
        records: what the run has made, in order, to be cleaned up.
    """

    run: Run
    clauses: tuple[ClauseResult, ...]
    findings: tuple[Finding, ...]
    observations: tuple[Observation, ...]
    audit: Audit
    notes: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()
    exchanges: tuple[Transcript, ...] = ()
    records: tuple[MadeRecord, ...] = ()

    def counts(self) -> Mapping[Verdict, int]:
        """Return how many clauses have each verdict; every verdict is a key."""
        return {verdict: sum(clause.verdict is verdict for clause in self.clauses) for verdict in Verdict}

    def findings_of(self, clause: ClauseResult) -> tuple[Finding, ...]:
        """Return the findings that show a clause broken."""
        return tuple({id(found): found for found in map(self._by_occurrence.__getitem__, clause.findings)}.values())

    @functools.cached_property
    def _by_occurrence(self) -> Mapping[str, Finding]:
        return {each.id: finding for finding in self.findings for each in finding.occurrences}
