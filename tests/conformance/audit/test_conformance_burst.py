"""Over the announced rate limit, on request: what a 429 says, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.reference import Call, Configuration, JsonAnswer, Pipeline, Reference, Refusal
from lightfield_contract.reference.faults import fault
from lightfield_contract.reports import Audit
from lightfield_contract.strategies import Depth

Judged = tuple[Audit, set[str], dict[str, str]]


def over_the_limit(pipeline: type[Pipeline] = Pipeline, rate: float = 12) -> Judged:
    """The audit of a run that only goes over the limit, the clauses that are broken, and those that are not verified."""
    reference = Reference(configuration=Configuration(rate=rate), pipeline=pipeline)
    settings = Settings(exceed_limits=True, depth=Depth.SMOKE)
    suite = start_run(settings, "http://127.0.0.1:1", 0, reference.transport(), environment=dict(reference.environment))
    try:
        audit, record = suite.audit()
    finally:
        suite.close(last=True)
    broken = {finding.clause for finding in record.findings}
    return audit, broken, {found.clause: found.reason for found in record.unverified}


class Silent(Pipeline):
    """A 429 does not say when to come back."""

    def too_many(self, call: Call, quota: Any) -> Refusal:
        """Change the refusal."""
        refusal = super().too_many(call, quota)
        refusal.headers = {}
        return refusal


class Wordless(Pipeline):
    """A 429 has another error type."""

    def too_many(self, call: Call, quota: Any) -> Refusal:
        """Change the refusal."""
        refusal = super().too_many(call, quota)
        return Refusal(429, "bad_request", "Slow down.", headers=refusal.headers)


class Unlimited(Pipeline):
    """The announced limit is not enforced."""

    def limit_rate(self, call: Call) -> None:
        """Count, and let it pass."""
        try:
            super().limit_rate(call)
        except Refusal:
            return


class Creating(Pipeline):
    """A create over the limit is made all the same, and then answered 429."""

    async def answer(self, call: Call) -> JsonAnswer:
        """Make what was refused."""
        limited = await super().answer(call)
        if limited.status == 429 and call.role == "create":
            call.payload = self.parse(call)
            self.save(call, self.make_record(call))
        return limited


class BusyReads(Pipeline):
    """Somebody else uses up what reads are allowed, from the second read on after creates were over their limit."""

    def prepare(self) -> None:
        """Note whether creates were refused, and how often was read since."""
        super().prepare()
        self.over = False
        self.reads = 0

    def limit_rate(self, call: Call) -> None:
        """Refuse reads as well, and go on."""
        self.reads += self.over and call.role == "definitions"
        if self.reads > 1 and call.role == "definitions":
            call.quota = self.limiter.take("somebody", "else", self.clock.now())
            raise self.too_many(call, call.quota)
        try:
            super().limit_rate(call)
        except Refusal:
            self.over = True
            raise


def test_a_429_is_judged_on_a_quiet_target() -> None:
    audit, broken, unverified = over_the_limit()
    assert (broken, audit.unaccounted) == (set(), ())
    assert {"limits:retry-after", "idempotency:rate-limited", "limits:separate"}.isdisjoint(unverified)


@pytest.mark.parametrize(
    ("pipeline", "clause"),
    [
        (Silent, "limits:retry-after"),
        (Wordless, "refusal:type"),
        (Creating, "refusal:nothing-created"),
        (fault("over-limit-is-forbidden").pipeline, "limits:status"),
        (fault("one-limit-for-all").pipeline, "limits:separate"),
        (fault("limit-of-all-organizations").pipeline, "limits:separate"),
    ],
)
def test_what_a_429_breaks_is_found(pipeline: type[Pipeline], clause: str) -> None:
    assert clause in over_the_limit(pipeline)[1]


def test_what_is_over_a_limit_of_its_own_is_not_blamed_on_creates() -> None:
    _, broken, unverified = over_the_limit(BusyReads)
    assert (broken, unverified["limits:separate"]) == (set(), "a read is over a limit of its own")


def test_a_limit_that_is_not_enforced_or_too_high_is_not_verified() -> None:
    _, broken, unverified = over_the_limit(Unlimited)
    assert (broken, "not enforced" in unverified["limits:retry-after"]) == (set(), True)
    _, broken, unverified = over_the_limit(rate=5_000)
    assert (broken, "too many to go over" in unverified["limits:retry-after"]) == (set(), True)


def test_only_who_asks_for_it_goes_over_the_limit() -> None:
    assert not Settings().exceed_limits
