"""A target whose limit is used up is blamed for nothing, and is left alone soon."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.harness.verdicts.exit_status import Status
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Pipeline, Reference
from lightfield_contract.reference.answers import Refusal
from lightfield_contract.reference.faults import fault
from lightfield_contract.reference.steps import Call
from lightfield_contract.reports import AuditState, Result, Verdict


class _UsedUp(Pipeline):
    """Takes some requests, and then refuses what it counts."""

    room = 40
    wait = "0"
    took: int

    def prepare(self) -> None:
        super().prepare()
        type(self).took = 0

    def limit_rate(self, call: Call) -> None:
        super().limit_rate(call)
        if self.counts(call):
            type(self).took += 1
            if self.took > self.room:
                raise Refusal(429, "too_many_requests", "Used up.", headers={"Retry-After": self.wait})

    def counts(self, call: Call) -> bool:
        """Return whether this request counts."""
        return call.role == "create"


class _ForHours(_UsedUp):
    """The limit is one for the day."""

    wait = "3600"


class _ForAll(_ForHours):
    """Reads count as well, and there is room for the first look and some cases."""

    room = 150

    def counts(self, call: Call) -> bool:
        return bool(call.headers)


class _OfKeys(_UsedUp):
    """Creates with an Idempotency-Key have a limit of their own."""

    room = 10

    def counts(self, call: Call) -> bool:
        return call.role == "create" and bool(call.headers.get("Idempotency-Key"))


class _FromTheStart(_ForHours):
    """Nothing was left when the run began."""

    room = 0


class _Full(_UsedUp):
    """The organization may have a number of records, and is refused more."""

    def limit_rate(self, call: Call) -> None:
        try:
            super().limit_rate(call)
        except Refusal:
            raise Refusal(403, "forbidden", "The plan's records are used up.") from None


def judged(pipeline: type[Pipeline], depth: str = "smoke") -> tuple[Result | None, str]:
    """What the suite makes of it."""
    return judge_server(Reference(pipeline=pipeline), [f"--lightfield-depth={depth}"], socket=False)


@pytest.mark.parametrize("pipeline", [_UsedUp, _ForHours, _ForAll])
def test_a_limit_that_is_used_up_ends_a_run_and_is_no_violation(pipeline: type[_UsedUp]) -> None:
    """A daily one, for example: the run says so first, and few more requests are made."""
    result, _ = judged(pipeline)
    assert result is not None
    assert result.findings == ()
    assert result.run.exit_status == Status.NOT_VERIFIED
    assert result.notes[0].startswith("the run ended early: the target answers every POST with 429")
    assert result.audit.state is AuditState.NOT_VERIFIED
    assert pipeline.took < pipeline.room + 60


def test_where_nothing_is_left_a_run_cannot_begin() -> None:
    result, printed = judged(_FromTheStart)
    assert result is None
    assert "the target answered a POST with 429 (Retry-After: 3600)" in printed
    assert _FromTheStart.took < 10


def test_a_limit_of_requests_with_keys_is_no_violation() -> None:
    """The clauses that need a key are not verified, the others are judged."""
    result, _ = judged(_OfKeys)
    assert result is not None
    assert result.findings == ()
    verdicts = {clause.id: clause.verdict for clause in result.clauses}
    assert verdicts["idempotency:replay"] is Verdict.NOT_VERIFIED
    assert verdicts["operation:create"] is Verdict.CONFORMS


def test_a_429_that_is_given_again_multiplies_no_requests() -> None:
    """Breaches under one key are sent one after the other, and each looks back at those before it."""
    result, _ = judged(fault("limited-is-replayed").pipeline, "standard")
    assert result is not None
    assert [clause.id for clause in result.clauses if clause.verdict is Verdict.VIOLATED] == ["idempotency:rate-limited"]
    assert result.audit.attempts < 800


def test_where_nothing_is_accepted_from_some_moment_on_a_run_says_so() -> None:
    """That valid creates are refused is a violation; that all of them are, from then on, is what to look at."""
    result, _ = judged(_Full)
    assert result is not None
    assert result.run.exit_status == Status.VIOLATED
    assert result.notes[0].startswith("no create was accepted after the first ")
    assert " got a 403; see whether the target has reached a limit" in result.notes[0]
