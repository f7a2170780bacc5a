"""What a sentence shows of the judged answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lightfield_contract.reports import ExchangeRole, Finding, Request, Response, Transcript, say_cause
from lightfield_contract.reports.answer_parts import place_of_doubles, value_answered, where_a_key_is

SHOWN = "Bearer $LIGHTFIELD_API_KEY"


@pytest.fixture
def answered(make_finding: Callable[..., Finding]) -> Callable[..., Finding]:
    """Makes a finding whose judged answer has a body, and headers."""

    def make(body: str, *headers: tuple[str, str], **changes: Any) -> Finding:
        request = Request("POST", "http://target/v1/opportunities", (("Authorization", SHOWN),), "{}", "")
        response = Response(403, "Forbidden", headers, body, len(body.encode()))
        judged = Transcript("1", "main", request, response, "", False, 0.0, 0.1, ExchangeRole.JUDGED)
        return make_finding("refusal:no-key", exchanges=(judged,), status_seen=403, **changes)

    return make


@pytest.mark.parametrize(
    ("body", "headers", "place"),
    [
        (json.dumps({"error": {"message": f"{SHOWN} is unknown"}}), (), "/error/message"),
        (json.dumps({"seen": ["x", SHOWN]}), (), "/seen/1"),
        ("{}", (("x-debug", SHOWN),), "the header x-debug"),
        (SHOWN, (), ""),
        ("[" * 100_000, (), ""),
        (json.dumps({"\x1b[2J" * 40: SHOWN}), (), None),
    ],
    ids=["member", "array", "header", "no JSON", "deep", "a name that is long and moves the cursor"],
)
def test_where_a_key_is(
    answered: Callable[..., Finding], body: str, headers: tuple[tuple[str, str], ...], place: str | None
) -> None:
    """A header, a place, or what cannot be said; nothing of the answer reaches a terminal as it came."""
    found = where_a_key_is(answered(body, *headers))
    assert found == place if place is not None else len(found) < 100 and "\x1b" not in found


def test_the_sentence_names_where_a_key_is(answered: Callable[..., Finding]) -> None:
    """So that a reader knows which text to look for."""
    body = json.dumps({"message": SHOWN})
    said = say_cause([answered(body, expectation="no-key-shown", rule="", context=("as unknown-key",))])
    assert said == "The 403 of a create with an unknown API key repeats the API key in /message"


@pytest.mark.parametrize(
    ("body", "place"),
    [('{"id": 1, "id": 2}', ""), ('{"a": [{"b": {"c": 1, "c": 1}}]}', "/a/0/b"), ('{"a": [[1, 1]]}', None), ("no", None)],
)
def test_where_a_member_name_comes_twice(answered: Callable[..., Finding], body: str, place: str | None) -> None:
    """The first such object of the answer; arrays are none."""
    assert place_of_doubles(answered(body)) == place


def test_a_value_is_shown_as_the_answer_has_it(answered: Callable[..., Finding]) -> None:
    """In short, and only where it is there."""
    body = json.dumps({"httpLink": "/opportunities/opp_1", "long": "x" * 200})
    assert value_answered(answered(body, place="/httpLink")) == '"/opportunities/opp_1"'
    assert len(value_answered(answered(body, place="/long"))) < 100
    assert value_answered(answered(body, place="/other")) == value_answered(answered("no", place="/httpLink")) == ""
