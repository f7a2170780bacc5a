"""The judge of refusals: each expectation is held by a good answer and broken by a bad one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from lightfield_contract.conformance.harness.judge.judgement import Judgement, Subject
from lightfield_contract.conformance.harness.judge.refusal import judge_listed, judge_refusal
from lightfield_contract.conformance.harness.wire.exchange import MISSING, Exchange
from lightfield_contract.spec import Contract, Rule
from lightfield_contract.strategies import Breach

TYPES = {400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 409: "conflict"}
TYPES |= {415: "unsupported_media_type", 422: "unprocessable_content"}
BREACH = Breach(Rule.MISSING, "/fields/some", "absent", "required:/fields/some", {}, {})


def refusal(status: int, wrapped: bool = True, **members: Any) -> Any:
    """A correct error for a missing place, with some members changed."""
    error = {"type": TYPES.get(status, "other"), "message": "No.", "code": "parameter_missing", "param": "fields.some"}
    error |= members
    kept = {name: value for name, value in error.items() if value is not MISSING}
    return {"error": kept} if wrapped else kept


def broken(judgements: Iterable[Judgement]) -> set[str]:
    """The clauses that a judge found broken."""
    return {judgement.clause for judgement in judgements if judgement.problem}


@pytest.fixture
def refused(contract: Contract, but: Callable[..., Exchange]) -> Callable[..., set[str]]:
    """Judges an answer to a breach, and gives the clauses that it breaks."""

    def judged(status: int, body: Any, breach: Breach = BREACH) -> set[str]:
        return broken(judge_refusal(contract, but(status, body), breach, Subject()))

    return judged


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, refusal(400)),
        (400, refusal(400, wrapped=False)),
        (400, refusal(400, param="some", more={"anything": 1})),
        (422, refusal(422)),
        (422, refusal(422, code=MISSING, param=MISSING)),
        (422, refusal(422, code=None, param=None)),
    ],
)
def test_a_refusal_for_its_reason_breaks_nothing(refused: Callable[..., set[str]], status: int, body: Any) -> None:
    """400 with code and param, in either form, or 422 with or without them."""
    assert refused(status, body) == set()


@pytest.mark.parametrize(
    ("status", "body", "clauses"),
    [
        (200, {}, {BREACH.clause}),
        (201, {}, {BREACH.clause}),
        (302, {}, {BREACH.clause}),
        (404, refusal(404), {BREACH.clause}),
        (409, refusal(409), {BREACH.clause}),
        (415, refusal(415), {BREACH.clause}),
        (401, refusal(401), {BREACH.clause}),
        (500, refusal(500), {"refusal:no-5xx"}),
        (503, {}, {"refusal:no-5xx"}),
        (400, {}, {"refusal:error"}),
        (400, "No.", {"refusal:error"}),
        (400, [], {"refusal:error"}),
        (400, refusal(400, message=MISSING), {"refusal:error"}),
        (400, refusal(400, type=""), {"refusal:error"}),
        (400, refusal(400, type="unprocessable_content"), {"refusal:type"}),
        (422, refusal(422, type="bad_request"), {"refusal:type"}),
        (400, refusal(400, code=MISSING), {"refusal:code"}),
        (400, refusal(400, code=""), {"refusal:code"}),
        (400, refusal(400, code="unknown_field"), {"refusal:code"}),
        (400, refusal(400, param=MISSING), {"refusal:place"}),
        (400, refusal(400, param="fields.other"), {"refusal:place"}),
        (400, refusal(400, param="fields"), {"refusal:place"}),
        (422, refusal(422, param="fields.other"), {"refusal:place"}),
    ],
)
def test_a_bad_refusal_breaks_the_clause_about_it(
    refused: Callable[..., set[str]], status: int, body: Any, clauses: set[str]
) -> None:
    """One thing wrong with an answer breaks the clause about that thing, and no other."""
    assert refused(status, body) == clauses


def test_a_crash_touches_the_clause_of_the_rule(contract: Contract, but: Callable[..., Exchange]) -> None:
    """A 5xx says nothing of the rule, so it breaks one clause alone; where that is not judged, it is the rule's own."""
    (judgement,) = judge_refusal(contract, but(500, {}), BREACH, Subject())
    assert judgement.clauses == ("refusal:no-5xx", BREACH.clause)


def test_a_refusal_says_which_statuses_were_due(contract: Contract, but: Callable[..., Exchange]) -> None:
    """As numbers where a few fit, as a class where any of it does."""
    for rule, due in ((Rule.MISSING, ("400", "422")), (Rule.MALFORMED, ("4xx",)), (Rule.VERSION, ("400",))):
        breach = Breach(rule, "", "variant", "some:clause", {}, {})
        assert next(judge_refusal(contract, but(200, {}), breach, Subject())).due == due


@pytest.mark.parametrize(
    ("rule", "fitting"),
    [
        (Rule.MALFORMED, {400, 401, 403, 404, 409, 415, 422}),
        (Rule.NOT_AN_OBJECT, {400, 401, 403, 404, 409, 415, 422}),
        (Rule.VERSION, {400}),
        (Rule.KEY_TOO_LONG, {400, 431}),
        (Rule.UNKNOWN_ID, {400, 404, 422}),
        (Rule.OTHER_TYPE, {400, 404, 422}),
        (Rule.OTHER_ORGANIZATION, {400, 403, 404, 422}),
        (Rule.READ_ONLY, {400, 422}),
        (Rule.TYPE, {400, 422}),
    ],
)
def test_each_rule_has_the_statuses_that_fit_it(refused: Callable[..., set[str]], rule: Rule, fitting: set[int]) -> None:
    """Contract 11 lists what is permitted; what it does not list is a bad body."""
    breach = Breach(rule, "", "variant", "some:clause", {}, {})
    tried = {200, 302, 400, 401, 403, 404, 409, 415, 422, 431}
    kept = {status for status in tried if "some:clause" not in refused(status, refusal(status), breach)}
    assert kept == (fitting | {431} if rule in (Rule.MALFORMED, Rule.NOT_AN_OBJECT) else fitting)


@pytest.mark.parametrize(("status", "clauses"), [(415, set()), (400, {"media-type:status"}), (422, {"media-type:status"})])
def test_another_media_type_is_refused_with_its_own_status(
    refused: Callable[..., set[str]], status: int, clauses: set[str]
) -> None:
    """Any 4xx refuses it, and 415 is what the documentation says."""
    breach = Breach(Rule.MEDIA_TYPE, "Content-Type", "text", "media-type:refused", {}, {})
    assert refused(status, refusal(status, param="Content-Type", code="some_code"), breach) == clauses


@pytest.mark.parametrize("code", ["some_code", "no_listed_one"])
def test_where_no_listed_code_fits_any_code_will_do(refused: Callable[..., set[str]], code: str) -> None:
    """The list of codes is open."""
    breach = Breach(Rule.HEADER, "/fields/some", "variant", "some:clause", {}, {})
    assert refused(400, refusal(400, code=code), breach) == set()
    assert refused(400, refusal(400, code=None), breach) == {"refusal:code"}


def test_an_error_about_the_whole_body_needs_no_place(refused: Callable[..., set[str]]) -> None:
    """Where a breach has no place there is none to name."""
    breach = Breach(Rule.MALFORMED, "", "variant", "malformed:json", b"{", {})
    assert refused(400, refusal(400, param=MISSING), breach) == set()


def test_an_expectation_tells_what_was_expected_and_what_was_seen(contract: Contract, but: Callable[..., Exchange]) -> None:
    """Rule and place on one side, the answer with its code on the other."""
    first = next(iter(judge_refusal(contract, but(409, refusal(409)), BREACH, Subject())))
    assert "400 or 422" in first.expected
    assert BREACH.place in first.expected
    assert "409" in first.problem
    assert "parameter_missing" in first.problem


@pytest.mark.parametrize(("status", "body", "clauses"), [(400, refusal(400), {"optional:/x"}), (200, {"id": "made"}, set())])
def test_a_listed_thing_is_taken(but: Callable[..., Exchange], status: int, body: Any, clauses: set[str]) -> None:
    assert broken([judge_listed(but(status, body), "optional:/x", Subject())]) == clauses
