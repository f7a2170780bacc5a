"""Results to render: made from a copy of a real catalogue of clauses, so that texts are as long as they really are.

It is a copy because what the reports look like does not depend on what the contract says today.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.reports import (
    Audit,
    AuditState,
    ClauseResult,
    ExchangeRole,
    Finding,
    Observation,
    Occurrence,
    Request,
    Response,
    Result,
    Run,
    Timing,
    Transcript,
    Verdict,
    make_curl,
)

# What the tests of several rooms need, and what measures reports.
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

CATALOGUE: list[dict[str, str]] = json.loads(Path(__file__).with_name("clauses.json").read_text("utf-8"))
BASE = "https://staging.example.com"
HEADERS = (
    ("Host", "staging.example.com"),
    ("Authorization", "Bearer $LIGHTFIELD_API_KEY"),
    ("Lightfield-Version", "2026-03-01"),
    ("Content-Type", "application/json"),
    ("Idempotency-Key", "k-7f3a"),
    ("User-Agent", "lightfield-contract/0.1.0"),
)
SENT = {"fields": {"$stage": "opt_lead"}, "relationships": {"$account": "acc_1"}}
RECORD = {
    "id": "opp_01",
    "createdAt": "2026-03-04T10:00:00Z",
    "fields": {"$name": {"value": None, "valueType": "TEXT"}, "$stage": {"value": "opt_lead", "valueType": "SINGLE_SELECT"}},
    "httpLink": None,
    "relationships": {"$account": {"cardinality": "has_one", "objectType": "account", "values": ["acc_1"]}},
}
STARTED = 1_772_618_400.0


def exchange(body: str = json.dumps(SENT), answer: str | None = json.dumps(RECORD), number: str = "41") -> Transcript:
    """A create and its answer; None for no answer."""
    url = f"{BASE}/v1/opportunities"
    request = Request("POST", url, HEADERS, body, make_curl("POST", url, HEADERS, body))
    headers = (("Content-Type", "application/json"), ("X-RateLimit-Limit", "25"))
    response = None if answer is None else Response(200, "OK", headers, answer, len(answer.encode("utf-8", "surrogatepass")))
    failure = "" if response else "no answer within 30 s"
    return Transcript(number, "main", request, response, failure, False, STARTED + 3, 0.041, ExchangeRole.JUDGED)


def finding(clause: str, **changes: Any) -> Finding:
    """A finding against a clause."""
    usual = {
        "cause": "A create without it is answered with 200.",
        "expected": "The answer is a refusal with status 400 or 422, and no record is made.",
        "observed": "The answer is a success with status 200, and a record is made.",
        "rule": "missing",
        "place": clause.partition(":")[2],
        "value": "absent",
        "context": ("with an Idempotency-Key",),
        "features": (("/relationships/$account", "one ID"),),
        "cases": (f"{clause} is absent",),
        "example": json.dumps(SENT),
        "exchanges": (exchange(),),
        "rerun": f"lightfield-contract run --base-url {BASE} --clause '{clause}'",
    }
    from sample_findings import make_finding as make_plain_finding

    return with_occurrence(make_plain_finding(clause, "3f1c", **{**usual, **changes}))


def with_occurrence(found: Finding) -> Finding:
    """The finding with its one occurrence, unless it has some."""
    members = {field.name for field in dataclasses.fields(Occurrence)} - {"sentence"}
    facts = {name: getattr(found, name) for name in members}
    return (
        found if found.occurrences else dataclasses.replace(found, occurrences=(Occurrence(sentence=found.cause, **facts),))
    )


def run(**changes: Any) -> Run:
    """An ordinary run against a remote target."""
    usual = Run(
        tool="lightfield-contract 0.1.0",
        target=BASE,
        contract="opportunities",
        edition="2026-03-01",
        depth="standard",
        basis="all",
        seed=42,
        marker="lfc-9d2e41",
        started_at="2026-03-04T10:00:00+00:00",
        seconds=24.13,
        writes=512,
        reads=87,
        strict=False,
        interrupted=False,
        exit_status=0,
        given=("LIGHTFIELD_API_KEY", "LIGHTFIELD_API_KEY_READ"),
    )
    return dataclasses.replace(usual, **changes)


def clauses(verdicts: Mapping[str, Verdict], findings: Mapping[str, tuple[Finding, ...]]) -> Iterable[ClauseResult]:
    """Every clause of the catalogue; those that are not named conform, or are observed when they are a MAY."""
    for row in CATALOGUE:
        usual = Verdict.OBSERVED if row["level"] == "MAY" else Verdict.CONFORMS
        verdict = verdicts.get(row["id"], usual)
        lacking = verdict is Verdict.NOT_VERIFIED
        known = verdict is Verdict.KNOWN_FAILING
        yield ClauseResult(
            id=row["id"],
            section=row["section"],
            level=row["level"],
            basis=row["basis"],
            statement=row["statement"],
            source=row["source"],
            verdict=verdict,
            checks=0 if lacking else 4,
            reason=row["reason"] if lacking else "ticket API-1234, until the next release" if known else "",
            remedy=row["remedy"] if lacking else "",
            findings=tuple(found.id for found in findings.get(row["id"], ())),
        )


def timings(count: int) -> tuple[Timing, ...]:
    """As many exchanges, the same ones each time."""
    dice = random.Random(7)  # noqa: S311 -- sample data
    lines = []
    for index in range(count):
        kind = dice.choices(["write", "read", "other"], [80, 18, 2])[0]
        method = {"write": "POST", "read": "GET", "other": "GET"}[kind]
        path = {"write": "/v1/opportunities", "read": f"/v1/opportunities/opp_{index}", "other": "/v1/auth/validate"}[kind]
        status = dice.choices([200, 400, 0], [60, 39, 1])[0]
        lines.append(Timing(kind, method, path, status, STARTED + index * 0.04, 0.01 + dice.expovariate(30), "case"))
    return tuple(lines)


UNVERIFIED = {
    "success:summary",
    "idempotency:lifetime",
    "idempotency:rate-limited",
    "limits:retry-after",
    "idempotency:other-organization",
    "link:other-organization",
    "scope:sufficient",
    "scope:required",
    "scope:status",
    "idempotency:not-served",
}


def build(
    verdicts: Mapping[str, Verdict] | None = None,
    findings: Mapping[str, tuple[Finding, ...]] | None = None,
    **changes: Any,
) -> Result:
    """A whole result; `changes` replace members of it."""
    unverified = {row["id"]: Verdict.NOT_VERIFIED for row in CATALOGUE if row["id"] in UNVERIFIED and row["reason"]}
    observations = (
        Observation("status of a bad value", "400", 61),
        Observation("error object", "wrapped in error", 96),
        Observation("blank name", "accepted", 2),
        Observation("a used key with another body", "the original response", 4),
    )
    result = Result(
        run=run(),
        clauses=tuple(clauses({**unverified, **(verdicts or {})}, findings or {})),
        findings=tuple(found for several in (findings or {}).values() for found in several),
        observations=observations,
        audit=Audit(AuditState.MATCH, "", attempts=512, accepted=301, found=301),
        timings=timings(599),
    )
    return dataclasses.replace(result, **changes)


VIOLATED = "required:/fields/$name"


@pytest.fixture
def make_result() -> Callable[..., Result]:
    """Builds a result of any verdicts and findings."""
    return build


@pytest.fixture
def catalogue() -> list[dict[str, str]]:
    """The clauses that results are made of."""
    return CATALOGUE


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Builds a finding against a clause."""
    return finding


@pytest.fixture
def make_exchange() -> Callable[..., Transcript]:
    """Builds an exchange."""
    return exchange


@pytest.fixture
def make_run() -> Callable[..., Run]:
    """Builds the facts of a run."""
    return run


@pytest.fixture
def conforming() -> Result:
    """A target that keeps every clause that could be verified."""
    return build()


@pytest.fixture
def violating() -> Result:
    """A target with two violations, one advice, and one known failing clause."""
    lost = exchange(answer=None, number="99")
    advice, known = "success:timestamp-offset", "echo:/fields/$name"
    return build(
        {
            VIOLATED: Verdict.VIOLATED,
            "idempotency:lost-answer": Verdict.VIOLATED,
            advice: Verdict.ADVICE,
            known: Verdict.KNOWN_FAILING,
        },
        {
            VIOLATED: (finding(VIOLATED), finding(VIOLATED, id=f"{VIOLATED}#77aa", cases=("name is null",))),
            "idempotency:lost-answer": (finding("idempotency:lost-answer", exchanges=(exchange(), lost), example=""),),
            advice: (finding(advice, expected="An offset or Z.", observed="2026-03-04T10:00:00 without an offset."),),
            known: (finding(known),),
        },
        run=run(exit_status=1),
        audit=Audit(AuditState.UNACCOUNTED, "", attempts=512, accepted=301, found=302, unaccounted=("opp_77",)),
        notes=("The target answered 3 requests with 429; they were sent again after the time it asked for.",),
    )


HOSTILE = (
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066"
    "\x00\ud800]]>--><!-- </style></script>{{7*7}} `rm -rf` | [x](javascript:alert(1)) %0A::error::owned\r\n::error::owned"
)


@pytest.fixture
def hostile_text() -> str:
    """Text that tries to break out of every form at once."""
    return HOSTILE


@pytest.fixture
def hostile() -> Result:
    """A result in which every text from outside is hostile, one answer is 5 MB long, and one body is not UTF-8."""
    big = exchange(body=HOSTILE, answer=HOSTILE + "A" * 5_000_000, number=HOSTILE)
    big = dataclasses.replace(
        big, request=dataclasses.replace(big.request, url=f"{BASE}/{HOSTILE}", headers=(("X", HOSTILE),))
    )
    binary = exchange(body="\\xff\\xfe\\x00", answer="\ufffd\udcff")
    texts = dict.fromkeys(("cause", "expected", "observed", "example", "place", "value", "rerun"), HOSTILE)
    broken = finding(VIOLATED, exchanges=(binary, big), cases=(HOSTILE,), features=((HOSTILE, HOSTILE),), **texts)
    return build(
        {VIOLATED: Verdict.VIOLATED, "scope:required": Verdict.NOT_VERIFIED},
        {VIOLATED: (broken,)},
        run=run(target=HOSTILE, tool=HOSTILE, marker=HOSTILE, exit_status=1, given=(HOSTILE,)),
        observations=(Observation(HOSTILE, HOSTILE, 3),),
        notes=(HOSTILE,),
        audit=Audit(AuditState.UNACCOUNTED, HOSTILE, 1, 1, 2, unaccounted=(HOSTILE,), missing=(HOSTILE,)),
    )


@pytest.fixture
def large() -> Result:
    """10,000 exchanges and 400 findings."""
    ids = [row["id"] for row in CATALOGUE][:40]
    return build(
        dict.fromkeys(ids, Verdict.VIOLATED),
        {
            clause: tuple(finding(clause, cases=(f"case {index}",), id=f"{clause}#{index}") for index in range(10))
            for clause in ids
        },
        timings=timings(10_000),
    )
