"""The one recorder, and how what it has taken travels."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lightfield_contract.conformance.harness.judge.expectation import Expectation
from lightfield_contract.conformance.harness.judge.judgement import Evidence, Judgement, Subject, judge
from lightfield_contract.conformance.harness.judge.record import CaseRecord, NotVerified, Recorder
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.conformance.harness.wire.sent import SentCreates
from lightfield_contract.reports import ExchangeRole, decode, encode

CLAUSE, OTHER = "idempotency:replay", "operation:create"


@pytest.fixture
def recorder() -> Recorder:
    """A recorder of a run that judges two clauses; what a request holds does not matter."""
    return Recorder({CLAUSE, OTHER}.__contains__, lambda _: (("/fields/some", "plain"),))


def judgement(held: bool, clause: str = CLAUSE, *touched: str) -> Judgement:
    """A judgement by a clause."""
    return judge(Expectation.CREATED, clause, "this", held, "that", touched=touched)


def broken(recorder: Recorder) -> list[tuple[str, ...]]:
    """The clauses of each judgement that did not hold."""
    return [found.clauses for found in recorder.broken]


def test_a_judgement_is_kept_or_broken(recorder: Recorder, but: Callable[..., Exchange]) -> None:
    """What did not hold has its exchanges, and the form of what was sent."""
    recorder.note([judgement(True), judgement(False)], [Evidence(ExchangeRole.JUDGED, but())])
    assert recorder.kept == {CLAUSE}
    (found,) = recorder.broken
    assert (found.judged, found.features) == (but(), (("/fields/some", "plain"),))


def test_a_clause_that_the_run_does_not_judge_is_not_noted(recorder: Recorder) -> None:
    """Neither as kept, nor as broken, nor as not verified."""
    recorder.note([judgement(True, "key:status"), judgement(False, "key:status")], [])
    recorder.cannot("key:status", NotVerified("no key"))
    assert recorder.to_record("case") == CaseRecord("case")


def test_another_clause_is_blamed_where_the_first_is_not_judged(recorder: Recorder) -> None:
    """One that it touches; but only what a judgement is about counts as kept."""
    recorder.note([judgement(held, "key:status", CLAUSE) for held in (True, False)], [])
    assert (recorder.kept, broken(recorder)) == (frozenset(), [(CLAUSE,)])
    recorder.note([judgement(False, OTHER, CLAUSE, "key:status")], [])
    assert broken(recorder)[-1] == (OTHER, CLAUSE)


def test_a_trial_keeps_back_what_is_broken_and_nothing_else(recorder: Recorder, but: Callable[..., Exchange]) -> None:
    """It counts only if the caller adds it."""
    recorder.note([judgement(False, OTHER)], [])
    with recorder.trial() as found:
        recorder.note([judgement(True), judgement(False)], [])
        recorder.observe(("point", "seen"))
        recorder.sent(but())
        assert [each.clause for each in recorder.broken] == [CLAUSE]
    assert [each.clause for each in found] == [CLAUSE]
    assert broken(recorder) == [(OTHER,)]
    assert recorder.kept == {CLAUSE}
    assert recorder.seen == [("point", "seen")]
    assert recorder.exchanges == [but()]


def test_what_was_judged_is_not_unverified(recorder: Recorder) -> None:
    """A case that broke its clause and then could not go on has judged it."""
    recorder.note([judgement(False)], [])
    recorder.cannot(CLAUSE, NotVerified("no key"))
    recorder.cannot(OTHER, NotVerified("no key", "give one"))
    assert [(each.clause, each.remedy) for each in recorder.to_record("case").unverified] == [(OTHER, "give one")]


def test_a_finding_has_all_that_the_judgement_had(recorder: Recorder, but: Callable[..., Exchange]) -> None:
    """Clauses, rule, place, kind of value, statuses, context, features, and its exchanges with their parts."""
    control, judged = but(), but(400, {}, caller="create-only", key="k", number="2")
    subject = Subject("missing", "/fields/some", "absent")
    found = judge(Expectation.REFUSED, CLAUSE, "this", False, "that", touched=(OTHER,), due=("400",), subject=subject)
    recorder.note([found], [Evidence(ExchangeRole.CONTROL, control), Evidence(ExchangeRole.JUDGED, judged)])
    (finding,) = recorder.to_record("case").findings
    assert (finding.clauses, finding.expectation) == ((CLAUSE, OTHER), "refused")
    assert (finding.rule, finding.place, finding.value) == ("missing", "/fields/some", "absent")
    assert (finding.status_due, finding.status_seen) == (("400",), 400)
    assert finding.context == ("as create-only", "with an Idempotency-Key")
    assert finding.features == (("/fields/some", "plain"),)
    assert (finding.cases, finding.expected, finding.observed) == (("case",), "this", "that")
    assert [(shown.role, shown.number) for shown in finding.exchanges] == [
        (ExchangeRole.CONTROL, control.number),
        (ExchangeRole.JUDGED, "2"),
    ]


def test_an_example_is_shown_without_the_marker(recorder: Recorder, but: Callable[..., Exchange]) -> None:
    """The marker is the run's, not the example's."""
    sent = but(content=b'{"a": "lfc-00000000 abc-01 text"}', stamp="lfc-00000000 abc-01")
    recorder.note([judgement(False)], [Evidence(ExchangeRole.JUDGED, sent)])
    assert recorder.to_record("case").findings[0].example == '{"a": "text"}'


def test_exchanges_are_whole_only_on_request(recorder: Recorder, but: Callable[..., Exchange]) -> None:
    """Of most of them a report shows how long they took, and no more."""
    recorder.sent(but())
    brief, full = recorder.to_record("case"), recorder.to_record("case", full=True)
    assert (len(brief.timings), len(brief.exchanges), len(full.exchanges)) == (1, 0, 1)


def test_a_record_travels_as_plain_data(recorder: Recorder, but: Callable[..., Exchange]) -> None:
    """Xdist's workers may send only what its own serializer takes, and the controller gets what they had."""
    from execnet import dumps, loads

    judged = Evidence(ExchangeRole.JUDGED, but(content=b"\xff"))
    recorder.note([judgement(True), judgement(False)], [judged])
    recorder.sent(but())
    recorder.cannot(OTHER, NotVerified("no key", "give one"))
    recorder.observe(("point", "seen"))
    record = recorder.to_record("case", full=True)
    plain: Any = encode(record)
    assert decode(CaseRecord, loads(dumps(plain))) == record
    assert decode(CaseRecord, json.loads(json.dumps(plain))) == record


def test_a_finding_is_shown_with_what_was_sent_beside_its_own(recorder: Recorder, but: Callable[..., Exchange]) -> None:
    """In the order sent, the judged one last; those that were under way together say so."""
    sent = SentCreates()
    first, between, judged = (but(number=str(at), key="k", sent_at=float(at), seconds=1.5, stamp="") for at in range(3))
    for each in (first, between, judged):
        sent.note(each)
    recorder.note([judgement(False)], [Evidence(ExchangeRole.FIRST, first), Evidence(ExchangeRole.JUDGED, judged)])
    (finding,) = recorder.to_record("case", sent).findings
    assert [(each.role, each.number, each.overlapping) for each in finding.exchanges] == [
        (ExchangeRole.FIRST, "0", False),
        (ExchangeRole.BESIDE, "1", True),
        (ExchangeRole.JUDGED, "2", True),
    ]
    assert [each.number for each in finding.own_exchanges] == ["0", "2"]
