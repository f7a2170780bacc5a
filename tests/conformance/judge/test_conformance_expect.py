"""Every method of `expect`: one set of exchanges that it finds nothing wrong with, and one that breaks the case's clause."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from typing import Any

import pytest

from lightfield_contract.conformance.harness.case.material import Material
from lightfield_contract.conformance.harness.judge import Judged
from lightfield_contract.conformance.harness.judge.record import NotVerified
from lightfield_contract.conformance.harness.judge.refusal import SentBreach
from lightfield_contract.conformance.harness.run.suite import Case, Suite
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.spec import Contract, Role, Rule
from lightfield_contract.strategies import Breach, Mismatch

REFUSAL = {"error": {"type": "unauthorized", "message": "No."}}
CONFLICT = {"error": {"type": "conflict", "message": "No."}}
OWN = "idempotency:replay"


@pytest.fixture
def case(suite: Suite, contract: Contract) -> Case:
    """A case about one clause, which has judged nothing yet."""
    return suite.case("a case", contract.clause(OWN))


@pytest.fixture
def another(created: Exchange) -> dict[str, Any]:
    """The body of another record."""
    return {**created.body, "id": "opp_another"}


def broken(case: Case) -> list[str]:
    """The clauses that the case found broken."""
    return [judgement.clause for judgement in case.recorder.broken]


def kept(case: Case) -> set[str]:
    """The clauses that the case found kept."""
    return set(case.recorder.kept)


def test_a_replay_is_the_first_answer(case: Case, but: Callable[..., Exchange]) -> None:
    """The same status and the same JSON value, members in any order."""
    first = but()
    case.expect.replayed(first, but(body=dict(reversed(first.body.items()))))
    assert (broken(case), kept(case)) == ([], {OWN})


@pytest.mark.parametrize("change", [{"status": 201}, {"body": {"id": "opp_another"}}, {"status": 409, "body": CONFLICT}])
def test_another_answer_is_no_replay(case: Case, but: Callable[..., Exchange], change: dict[str, Any]) -> None:
    """Another status, another record and a refusal break the clause."""
    case.expect.replayed(but(), but(**change))
    assert broken(case) == [OWN]


def test_two_records_are_separate(case: Case, but: Callable[..., Exchange], another: Any) -> None:
    """An ID of its own makes a record separate; the same ID, and no record, break the clause."""
    case.expect.separate(but(), but(body=another))
    assert broken(case) == []
    case.expect.separate(but(), but())
    case.expect.separate(but(), but(400, REFUSAL))
    assert broken(case) == [OWN, OWN]


def test_a_used_key_gives_the_original_or_a_refusal(case: Case, but: Callable[..., Exchange], another: Any) -> None:
    """A second record breaks the clause, and so does a 5xx; which of the two good answers came is observed."""
    case.expect.original_or_refused(but(), but())
    case.expect.original_or_refused(but(), but(422, REFUSAL))
    assert broken(case) == []
    assert [seen for _, seen in case.recorder.seen] == ["the original response", "refused with 422"]
    case.expect.original_or_refused(but(), but(body=another))
    case.expect.original_or_refused(but(), but(500, {}))
    assert broken(case) == [OWN, OWN]


@pytest.mark.parametrize("late", [(200, None), (409, CONFLICT)])
def test_requests_at_one_time_have_one_winner(case: Case, but: Callable[..., Exchange], late: tuple[int, Any]) -> None:
    """The others get its answer, or 409."""
    case.expect.one_winner([but(), but(*late), but(*late)])
    assert (broken(case), kept(case)) == ([], {OWN})


@pytest.mark.parametrize("statuses", [[409, 409], [200, 400], [200, 500], [0, 0]])
def test_without_a_winner_or_with_another_answer_the_clause_is_broken(
    case: Case, but: Callable[..., Exchange], statuses: list[int]
) -> None:
    """Nobody created, or a late one got what is neither the answer nor 409."""
    case.expect.one_winner([but(status, None if status == 200 else CONFLICT) for status in statuses])
    assert broken(case) == [OWN]


def test_two_winners_break_the_clause(case: Case, but: Callable[..., Exchange], another: Any) -> None:
    """Two records of one key are what it must not come to."""
    case.expect.one_winner([but(), but(body=another)])
    assert broken(case) == [OWN]


def test_an_id_is_linked_once(case: Case, contract: Contract, but: Callable[..., Exchange], created: Exchange) -> None:
    """An ID twice in one relationship breaks the clause; a refusal does not; a 5xx does."""
    place = next(place for place in contract.link_places if place.required)
    twice = copy.deepcopy(created.body)
    twice["relationships"][place.key]["values"] *= 2
    for exchange in (but(), but(400, REFUSAL)):
        case.expect.linked_once(exchange, place.pointer)
    assert broken(case) == []
    for exchange in (but(body=twice), but(500, {})):
        case.expect.linked_once(exchange, place.pointer)
    assert broken(case) == [OWN, OWN]


def test_a_stored_record_is_the_one_that_was_created(case: Case, but: Callable[..., Exchange], another: Any) -> None:
    """A read gives the record with what was sent; another record, a 404 and a lost value break the clause."""
    case.expect.stored(but(), but())
    assert broken(case) == []
    for read in (but(body=another), but(404, REFUSAL), but(body=[])):
        case.expect.stored(but(), read)
    assert broken(case) == [OWN] * 3


def test_a_value_that_a_read_lost_breaks_the_clause(case: Case, but: Callable[..., Exchange], created: Exchange) -> None:
    """The record is there, and not what was created."""
    case.expect.stored(but(), but(body={**created.body, "relationships": {}}))
    assert set(broken(case)) == {OWN}


def test_label_and_id_name_one_option(
    suite: Suite, case: Case, contract: Contract, but: Callable[..., Exchange], created: Exchange
) -> None:
    """The same option both times, by its ID or by its label; another one, and none, break the clause."""
    place = next(place for place in contract.value_places if place.role is Role.OPTION)
    other, none = copy.deepcopy(created.body), copy.deepcopy(created.body)
    shown = [copy.deepcopy(created.body), copy.deepcopy(created.body)]
    option = Material(suite.world).option(place.pointer)
    first, second = shown
    for body, name in zip(shown, (option.label, option.id), strict=True):
        body["fields"][place.key]["value"] = name
    other["fields"][place.key]["value"], none["fields"][place.key]["value"] = "opt_other", None
    case.expect.same_option(but(), but(), place.pointer)
    case.expect.same_option(but(body=first), but(body=second), place.pointer)
    assert broken(case) == []
    case.expect.same_option(but(), but(body=other), place.pointer)
    case.expect.same_option(but(body=none), but(body=none), place.pointer)
    assert broken(case) == [OWN, OWN]


def test_an_answer_that_shows_a_text_reveals_it(case: Case, but: Callable[..., Exchange]) -> None:
    """What is another organization's is not in the answer; an empty text is no text."""
    case.expect.reveals_nothing(but(404, REFUSAL), ["Secret Plc", ""])
    assert broken(case) == []
    case.expect.reveals_nothing(but(404, {"error": {"message": "Secret Plc is not yours"}}), ["Secret Plc"])
    assert broken(case) == [OWN]


PAGE: dict[str, Any] = {"object": "list", "data": [], "totalCount": 0}
KEY: dict[str, Any] = {"active": True, "tokenType": "api_key", "subjectType": "user", "scopes": []}


@pytest.mark.parametrize(
    ("status", "body"), [(500, PAGE), (200, []), (200, {**PAGE, "data": {}}), (200, {"data": []}), (200, None)]
)
def test_a_read_gets_what_the_fragment_says(
    contract: Contract, case: Case, but: Callable[..., Exchange], status: int, body: Any
) -> None:
    operation = contract.collection.list
    case.expect.read(but(body=PAGE), operation)
    case.expect.read(but(400, {"error": {}}), operation, odd=True)
    assert case.recorder.broken == []
    case.expect.read(but(status, body), operation, odd=True)
    assert len(case.recorder.broken) == 1


def test_a_read_that_is_forbidden_or_absent_says_nothing(
    contract: Contract, case: Case, but: Callable[..., Exchange]
) -> None:
    for status in (401, 403, 404, 405, 501):
        with pytest.raises(NotVerified):
            case.expect.read(but(status, {}), contract.collection.list)


def test_an_id_that_names_nothing_is_refused(contract: Contract, case: Case, but: Callable[..., Exchange]) -> None:
    """With whatever status of a client's error; any success breaks the clause."""
    operation = contract.collection.retrieve
    for status in (400, 403, 404):
        case.expect.missing(but(status, {}), operation)
    assert broken(case) == []
    case.expect.missing(but(200, None), operation)
    assert broken(case) == [OWN]
    with pytest.raises(NotVerified):
        case.expect.missing(but(200, None), None)


@pytest.mark.parametrize(
    "body", [{}, {"active": True, "scopes": []}, {**KEY, "active": False}, {**KEY, "scopes": "all"}, []]
)
def test_key_information_has_to_be_complete(case: Case, but: Callable[..., Exchange], body: Any) -> None:
    """An active key and a list of scopes, with 200."""
    case.expect.key_information(but(body=KEY))
    assert broken(case) == []
    case.expect.key_information(but(body=body))
    case.expect.key_information(but(401, KEY))
    assert broken(case) == [OWN, OWN]


@pytest.mark.parametrize(
    ("status", "body", "clauses"),
    [
        (401, REFUSAL, []),
        (403, {"error": {"type": "forbidden", "message": "No."}}, ["key:status"]),
        (400, {"error": {"type": "bad_request", "message": "No."}}, [OWN, "key:status"]),
        (401, {}, ["refusal:error"]),
        (200, None, [OWN]),
        (500, {}, [OWN]),
    ],
)
def test_a_stranger_is_turned_away(
    case: Case, but: Callable[..., Exchange], status: int, body: Any, clauses: list[str]
) -> None:
    """With 401 or 403 for the case's clause, with the exact status for the other one, and with an error object."""
    case.expect.turned_away(but(status, body), 401, by="key:status")
    assert broken(case) == clauses


@pytest.mark.parametrize(("status", "clauses"), [(200, []), (400, []), (500, [OWN]), (503, [OWN])])
def test_a_strange_body_survives_anything_but_a_5xx(
    case: Case, but: Callable[..., Exchange], status: int, clauses: list[str]
) -> None:
    """Accepted or refused is observed."""
    case.expect.survived(SentBreach(Breach(Rule.SURVIVES, "", "deep", OWN, {}, {}), but(status, {})))
    assert broken(case) == clauses
    assert len(case.recorder.seen) == 1


@pytest.mark.parametrize(("status", "clauses"), [(200, []), (400, []), (500, ["refusal:no-5xx"])])
def test_what_no_source_forbids_is_observed(
    case: Case, but: Callable[..., Exchange], status: int, clauses: list[str]
) -> None:
    """Only a 5xx counts; the choice is recorded."""
    case.expect.refused(SentBreach(Breach(Rule.BLANK, "/fields/some", "empty", None, {}, {}), but(status, {})))
    assert broken(case) == clauses
    assert case.recorder.seen == [
        ("blank at /fields/some: empty", "accepted" if status == 200 else f"refused with {status}")
    ]


@pytest.mark.parametrize("status", [400, 500, 0])
def test_a_create_that_was_not_accepted_ends_the_case(case: Case, but: Callable[..., Exchange], status: int) -> None:
    """The case's clause is broken, and nothing that would follow is judged."""
    with pytest.raises(Judged):
        case.expect.created(but(status, REFUSAL))
    assert broken(case) == [OWN]


def test_a_create_is_judged_by_all_that_a_success_must_be(
    case: Case, contract: Contract, but: Callable[..., Exchange]
) -> None:
    """The shape, the clock and the echo."""
    case.expect.created(but())
    assert broken(case) == []
    assert {clause.id for clause in contract.clauses if clause.kind == "response"} < kept(case)
    assert "success:status" in kept(case)
    assert any(clause.startswith("echo:") for clause in kept(case))


@pytest.mark.parametrize(("status", "body"), [(400, REFUSAL), (200, {}), (200, {"id": 1}), (0, {})])
def test_what_a_case_starts_from_blames_no_clause(case: Case, but: Callable[..., Exchange], status: int, body: Any) -> None:
    """Without a record to start from the case is not verified."""
    with pytest.raises(NotVerified):
        case.expect.accepted(but(status, body))
    assert (broken(case), kept(case)) == ([], set())


def test_an_expectation_of_the_case_itself(case: Case, but: Callable[..., Exchange]) -> None:
    """It is noted under the case's clause, with what was seen instead where it does not hold."""
    case.expect.holds("a record", True, "200 OK", but())
    assert (broken(case), kept(case)) == ([], {OWN})
    case.expect.holds("a record", False, "500", but())
    assert [(each.clause, each.expected, each.problem) for each in case.recorder.broken] == [(OWN, "a record", "500")]


def test_a_history_that_the_model_does_not_permit_breaks_a_clause(case: Case, but: Callable[..., Exchange]) -> None:
    """The clause that the model names; a create that was not accepted is for other cases to judge."""
    case.expect.as_modelled(Mismatch("idempotency:exact", "two keys are one"), [but()])
    assert broken(case) == ["idempotency:exact"]
    with pytest.raises(NotVerified):
        case.expect.as_modelled(Mismatch("operation:create", "refused"), [but(400, REFUSAL)])
    assert broken(case) == ["idempotency:exact"]


def test_a_history_is_judged_by_its_clause(case: Case, but: Callable[..., Exchange]) -> None:
    """One that goes as the model says is kept; where a plain repeat in it fails, what came between is to blame."""
    lost = "idempotency:lost-answer"
    case.expect.as_modelled(None, [but()])
    case.expect.as_modelled(None, [but()], lost)
    assert (broken(case), kept(case)) == ([], {OWN, lost})
    case.expect.as_modelled(Mismatch("idempotency:replay", "another record"), [but()], lost)
    case.expect.as_modelled(Mismatch("idempotency:exact", "two keys are one"), [but()], lost)
    assert broken(case) == [lost, "idempotency:exact"]


def test_every_answer_is_judged_by_what_each_can_break(case: Case, but: Callable[..., Exchange]) -> None:
    """An answer, no key in it, and the three headers of the rate limit."""
    case.expect.every(but())
    assert (broken(case), kept(case)) == (
        [],
        {"operation:answers", "refusal:no-key", "limits:headers", "answer:json", "answer:members", "success:status"},
    )


@pytest.mark.parametrize("name", ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"])
@pytest.mark.parametrize("value", [None, "", "many", "-1", "nan"])
def test_a_header_of_the_rate_limit_is_a_number(
    case: Case, but: Callable[..., Exchange], created: Exchange, name: str, value: str | None
) -> None:
    """A missing header, and one that is no number, break the clause."""
    headers = {key: told for key, told in created.response_headers.items() if key != name}
    case.expect.every(but(response_headers={**headers, **({} if value is None else {name: value})}))
    assert broken(case) == ["limits:headers"]


@pytest.mark.parametrize(("status", "clauses"), [(401, []), (403, ["limits:headers"])])
def test_a_stranger_is_told_no_limits(case: Case, but: Callable[..., Exchange], status: int, clauses: list[str]) -> None:
    """An answer to an unknown caller may lack the headers, and to no other."""
    case.expect.every(but(status, REFUSAL, response_headers={"content-type": "application/json"}))
    assert broken(case) == clauses


def test_a_leaked_key_breaks_its_clause(case: Case, but: Callable[..., Exchange]) -> None:
    """Whatever else the answer is."""
    case.expect.every(but(leaked=True))
    assert broken(case) == ["refusal:no-key"]


def test_no_answer_breaks_its_clause_and_ends_the_case(case: Case, but: Callable[..., Exchange]) -> None:
    """There is nothing else to judge."""
    with pytest.raises(Judged):
        case.expect.every(but(0, failure="no answer within 1 s"))
    assert broken(case) == ["operation:answers"]


def test_a_429_announces_when_to_come_back(case: Case, but: Callable[..., Exchange]) -> None:
    """Where each does, on the way to an answer, the clause is kept."""
    case.expect.every(but(limited=2, key="k"))
    assert broken(case) == []
    assert {"limits:retry-after", "idempotency:rate-limited"} <= kept(case)


def test_a_429_that_does_not_announce_it_is_the_evidence(case: Case, but: Callable[..., Exchange]) -> None:
    """And not the answer that came in the end."""
    too_many = but(429, number="1", response_headers={"retry-after": "soon"})
    case.expect.every(but(limited=2, unreadable=too_many, key="k"))
    assert broken(case) == ["limits:retry-after"]
    (judgement,) = case.recorder.broken
    assert (judgement.judged, judgement.problem) == (too_many, "Retry-After: soon")


@pytest.mark.parametrize(("key", "clauses"), [("k", ["idempotency:rate-limited"]), (None, [])])
def test_a_429_leaves_the_key_alone(case: Case, but: Callable[..., Exchange], key: str | None, clauses: list[str]) -> None:
    """A conflict after it can only come of a key that was used up, and says nothing else."""
    with pytest.raises(Judged) if key else contextlib.nullcontext():
        case.expect.every(but(409, CONFLICT, limited=1, key=key))
    assert broken(case) == clauses


def test_a_key_that_was_used_before_may_conflict_after_a_429(case: Case, but: Callable[..., Exchange]) -> None:
    """The conflict is then no news of the 429."""
    case.recorder.sent(but(number="0", key="k"))
    case.expect.every(but(409, CONFLICT, limited=1, key="k"))
    assert broken(case) == []


def test_a_clause_that_the_run_does_not_select_is_not_judged(suite: Suite, but: Callable[..., Exchange]) -> None:
    """A case whose clause is none of the contract's notes nothing."""
    case = suite.case("a case", None)
    case.expect.replayed(but(), but(409, CONFLICT))
    assert (broken(case), kept(case)) == ([], set())
