"""The result of a run as plain frozen data: what every report is rendered from, and nothing else."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any

__all__ = [
    "SCHEMA_VERSION",
    "Audit",
    "ClauseResult",
    "Exchange",
    "Finding",
    "Observation",
    "Request",
    "Response",
    "Result",
    "Run",
    "Timing",
    "Verdict",
]

SCHEMA_VERSION = 1
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


@dataclasses.dataclass(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        number: the place in the run, unique in it.
        response: None when none came; `failure` says why, in a few words.
        sent_at: Unix seconds.
        seconds: from sending to the end of the answer.
    """

    number: str
    request: Request
    response: Response | None
    failure: str
    sent_at: float
    seconds: float


@dataclasses.dataclass(frozen=True)
class Finding:
    """A clause that the target broke, with the smallest exchanges that show it.

    Attributes:
        id: stable across runs against the same behaviour: the clause and a digest of rule, place and variant.
        expected, observed: one sentence each.
        case: the test case's name, which says which variant it was.
        example: the smallest request body that shows it, run's marker removed, as JSON text; empty if none.
        exchanges: in the order sent; the last is the one judged.
        rerun: the command that runs just this clause again.
    """

    id: str
    clause: str
    expected: str
    observed: str
    case: str
    example: str
    exchanges: tuple[Exchange, ...]
    rerun: str


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
    findings: tuple[Finding, ...] = ()


@dataclasses.dataclass(frozen=True)
class Audit:
    """The balance of the books.

    Attributes:
        state: `balanced`, `unbalanced` or `not verified`.
        reason: why it was not verified, or what does not balance.
        attempts: creates sent. accepted: distinct records that answers named. found: records that carry the marker.
        unaccounted: IDs of records that no accepted create accounts for. missing: IDs named but not found.
    """

    state: str
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
        notes: what the user should know about what was given, and errors of ours.
        timings: of every exchange.
        exchanges: every exchange in full, where a form that needs them was asked for; else none.
    """

    run: Run
    clauses: tuple[ClauseResult, ...]
    observations: tuple[Observation, ...]
    audit: Audit
    notes: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    def counts(self) -> Mapping[Verdict, int]:
        """How many clauses have each verdict; every verdict is a key."""
        return {verdict: sum(clause.verdict is verdict for clause in self.clauses) for verdict in Verdict}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, in the form of result.schema.json."""
        return {"schemaVersion": SCHEMA_VERSION, **_plain(self)}


def _plain(value: Any) -> Any:
    """The value in the types that a JSON parser would give: `dataclasses.asdict` would leave tuples and enum members."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, enum.Enum) else value
