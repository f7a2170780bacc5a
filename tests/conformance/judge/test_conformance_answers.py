"""The judge of answers, whatever was asked: their JSON, their media type, their headers, and what definitions say."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from lightfield_contract.conformance.harness.judge.answers import judge_every, judge_limit_status, judge_separate
from lightfield_contract.conformance.harness.judge.judgement import NO_SUBJECT
from lightfield_contract.conformance.harness.judge.reads import judge_options, judge_page, judge_unreadable
from lightfield_contract.conformance.harness.judge.refusal import judge_error
from lightfield_contract.conformance.harness.judge.shape import RecordShape
from lightfield_contract.conformance.harness.judge.strict_json import is_json_type, read_strictly
from lightfield_contract.conformance.harness.judge.success import judge_success
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.wire.exchange import Exchange, parse_json
from lightfield_contract.spec import Contract, load

CONTRACT = load()
UNAUTHORIZED = {"error": {"type": "unauthorized", "message": "No."}}


def broken(exchange: Exchange, *before: Exchange) -> list[str]:
    return [judgement.clause for judgement in judge_every(CONTRACT, exchange, "", [*before, exchange]) if judgement.problem]


@pytest.mark.parametrize(
    ("text", "strays", "repeated"),
    [
        ('{"a": [1, {"b": null}]}', (), ()),
        ('{"a": NaN, "b": [-Infinity]}', ("NaN", "-Infinity"), ()),
        ('\ufeff{"a": 1}', ("a byte order mark",), ()),
        ('[{"a": 1, "b": 2, "a": 1}]', (), ("a",)),
        ("<html>", (), ()),
        ("", (), ()),
    ],
)
def test_a_text_is_read_strictly(text: str, strays: tuple[str, ...], repeated: tuple[str, ...]) -> None:
    """What Python reads and RFC 8259 does not is found; a text that is no JSON at all is for other clauses to judge."""
    assert read_strictly(text, parse_json(text)) == (strays, repeated)


@pytest.mark.parametrize(
    ("said", "is_json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/json", False),
        ("text/html", False),
        ("", False),
    ],
)
def test_a_media_type_says_json(said: str, is_json: bool) -> None:
    """Whatever its case and its parameters, and with a suffix (RFC 6839)."""
    assert is_json_type(said) is is_json


@pytest.mark.parametrize(
    ("text", "clauses"),
    [('{"a": NaN}', ["answer:json"]), ("\ufeff{}", ["answer:json"]), ('{"a": 1, "a": 2}', ["answer:members"]), ("{}", [])],
)
def test_json_is_that_of_the_standard(but: Callable[..., Exchange], text: str, clauses: list[str]) -> None:
    """One clause each, and what comes after a byte order mark can be read."""
    assert broken(dataclasses.replace(but(), text=text, body=parse_json(text))) == clauses


def test_a_refusal_and_a_replay_say_json(but: Callable[..., Exchange], created: Exchange) -> None:
    """The answer to a create that made a record is judged by a clause of its own."""
    html = {**created.response_headers, "content-type": "text/html"}
    assert broken(but(401, UNAUTHORIZED, response_headers=html)) == ["answer:media-type"]
    assert broken(but(response_headers=html)) == []
    first = but(number="0", key="k")
    assert broken(but(response_headers=html, key="k"), first) == ["answer:media-type"]


@pytest.mark.parametrize("seconds", [-5, 0, 3600, 80_000])
def test_a_reset_is_a_moment_of_about_now(but: Callable[..., Exchange], created: Exchange, seconds: int) -> None:
    """In Unix seconds, within a day; it may lie in the past."""
    reset = int(created.sent_at) + seconds
    assert broken(but(response_headers={**created.response_headers, "x-ratelimit-reset": str(reset)})) == []
    for wrong in (reset * 1000, 1, seconds % 60):
        headers = {**created.response_headers, "x-ratelimit-reset": str(wrong)}
        assert broken(but(response_headers=headers)) == ["limits:headers"]


@pytest.mark.parametrize("remaining", ["-1", "1.5", "1e9"])
def test_what_remains_is_a_number_of_requests(but: Callable[..., Exchange], created: Exchange, remaining: str) -> None:
    """None below zero, no part of one, none above the limit."""
    headers = {**created.response_headers, "x-ratelimit-remaining": remaining}
    assert broken(but(response_headers=headers)) == ["limits:headers"]


def test_a_reset_goes_by_the_clock_that_the_request_moved(but: Callable[..., Exchange], created: Exchange) -> None:
    """Whether the answer has a Date or none."""
    headers = {**created.response_headers, "x-ratelimit-reset": str(int(created.sent_at) + 172_000)}
    headers.pop("date", None)
    assert broken(but(response_headers=headers)) == ["limits:headers"]
    assert broken(but(response_headers=headers, later=86_400)) == []


@pytest.mark.parametrize("status", [409, 429])
def test_a_conflict_and_a_limit_have_the_form_of_an_error(but: Callable[..., Exchange], status: int) -> None:
    """Whatever they were an answer to."""
    assert "refusal:type" in broken(but(status, UNAUTHORIZED))
    assert "refusal:error" in broken(but(status, {"detail": "no"}))


@pytest.mark.parametrize(
    ("parts", "clauses"),
    [({"code": 7}, {"refusal:error"}), ({"message": " "}, {"refusal:message"}), ({"code": "x"}, set()), ({}, set())],
)
def test_an_error_says_something(but: Callable[..., Exchange], parts: dict[str, Any], clauses: set[str]) -> None:
    """A code is a string, and a message is not empty."""
    exchange = but(403, {"error": {"type": "forbidden", "message": "No.", **parts}})
    found = judge_error(CONTRACT, exchange, NO_SUBJECT)
    assert {judgement.clause for judgement in found if judgement.problem} == clauses


def test_an_answer_agrees_with_the_definitions(suite: Suite, created: Exchange, but: Callable[..., Exchange]) -> None:
    """Value types and object types exactly, cardinalities without case; what no definition lists says nothing."""
    contract: Contract = suite.contract
    shape, workspace = RecordShape(contract), suite.world.workspace

    def agrees(change: Callable[[dict[str, Any]], None]) -> bool:
        body = copy.deepcopy(created.body)
        change(body)
        found = list(judge_success(contract, workspace, shape, but(200, body)))
        return not any(judgement.problem for judgement in found if judgement.clause == "definitions:agree")

    link = contract.link_places[0].key
    assert agrees(lambda body: body.update(more=1))
    assert agrees(lambda body: body["relationships"][link].update(cardinality="HAS_ONE"))
    assert agrees(lambda body: body["fields"].update(unlisted={"value": 1, "valueType": "NUMBER"}))
    assert not agrees(lambda body: body["relationships"][link].update(cardinality="has_many"))
    assert not agrees(lambda body: body["relationships"][link].update(objectType="meeting"))
    assert not agrees(lambda body: body["fields"]["sample-text"].update(valueType="MARKDOWN"))


def test_options_have_ids_of_their_own(but: Callable[..., Exchange]) -> None:
    """Within one select; two selects may have options of one ID."""
    one, other = ({"id": name, "label": name} for name in ("a", "b"))

    def judged(*options: list[dict[str, str]]) -> str:
        fields = {
            f"select-{number}": {"valueType": "SINGLE_SELECT", "typeConfiguration": {"options": listed}}
            for number, listed in enumerate(options)
        }
        return judge_options(but(200, {"fieldDefinitions": fields}), "definitions:options").problem

    assert judged([one, other], [one]) == ""
    assert "select-0" in judged([one, dict(one)], [one])


def test_only_a_429_shows_that_something_has_no_limit_of_its_own(but: Callable[..., Exchange]) -> None:
    assert judge_separate(but(status=429), "a read").problem == "answered 429"
    assert not judge_separate(but(status=200), "a read").problem


@pytest.mark.parametrize(("status", "held"), [(429, True), (403, False), (503, False)])
def test_over_the_limit_is_refused_with_429(but: Callable[..., Exchange], status: int, held: bool) -> None:
    """No other status says it."""
    assert (not judge_limit_status(but(status, UNAUTHORIZED)).problem) is held


@pytest.mark.parametrize(("status", "body", "held"), [(403, UNAUTHORIZED, True), (200, {"id": "a"}, False)])
def test_what_a_key_may_not_read_it_is_not_shown(
    but: Callable[..., Exchange], status: int, body: object, held: bool
) -> None:
    """A refusal shows nothing."""
    operation = CONTRACT.collection.retrieve
    assert operation is not None
    assert (not judge_unreadable(but(status, body), operation, "read:scope", "a key").problem) is held


@pytest.mark.parametrize(
    ("ids", "total", "held"), [(["b", "c"], 3, True), (["b", "c"], 2, False), (["c"], 3, False), ([], 3, False)]
)
def test_a_page_begins_where_it_was_asked_to(but: Callable[..., Exchange], ids: list[str], total: int, held: bool) -> None:
    """With the record at its offset, and the total counts at least what the page shows."""
    operation = CONTRACT.collection.list
    assert operation is not None
    page = but(200, {"object": "list", "data": [{"id": each} for each in ids], "totalCount": total})
    assert (not judge_page(page, operation, "read:list", 1, "b").problem) is held
