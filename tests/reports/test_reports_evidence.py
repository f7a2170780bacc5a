"""What a finding shows besides its sentence: the place of its answer, and what it is compared with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lightfield_contract.reports import ExchangeRole, Finding, Request, Response, Transcript
from lightfield_contract.reports.evidence import contrasts, marked_place

RECORD = {"id": "opp_1", "fields": {"$name": {"value": "a", "valueType": "TEXT"}}}
REFUSAL = {"error": {"type": "bad_request", "code": "x", "message": ""}}


def answered(body: Any, role: ExchangeRole = ExchangeRole.JUDGED) -> Transcript:
    """An exchange with a body as its answer."""
    text = json.dumps(body)
    return Transcript("1", "main", Request("POST", "", (), "{}", ""), Response(200, "", (), text, 0), "", False, 0, 0, role)


@pytest.mark.parametrize(
    ("changes", "body", "place"),
    [
        ({"expectation": "same-exactly", "place": "/fields/$name"}, RECORD, "/fields/$name/value"),
        ({"expectation": "refused", "place": "/fields/$name"}, RECORD, "/fields/$name/value"),
        ({"expectation": "refused", "place": "/fields/$other"}, RECORD, ""),
        ({"expectation": "refused", "place": "/fields/$name"}, REFUSAL, ""),
        ({"expectation": "error-code", "place": "/fields/$name"}, REFUSAL, "/error/code"),
        ({"expectation": "message-says"}, REFUSAL["error"], "/message"),
        ({"expectation": "documented-read", "observed": "/fields/$name: `x` is missing"}, RECORD, "/fields/$name/x"),
        ({"expectation": "documented-read", "observed": "answered 500"}, RECORD, ""),
    ],
)
def test_the_place_that_a_reader_looks_for_is_marked(
    changes: dict[str, Any], body: Any, place: str, make_finding: Callable[..., Finding]
) -> None:
    """Where the finding shows, or what the answer holds at the place that it is about; none that is not there."""
    assert marked_place(make_finding("clause", exchanges=(answered(body),), **changes)) == place


def test_an_answer_that_is_no_json_has_no_place(make_finding: Callable[..., Finding]) -> None:
    """As it may come of any server."""
    request = Request("POST", "", (), "{}", "")
    text = Transcript("1", "main", request, Response(200, "", (), "<html>", 6), "", False, 0, 0, ExchangeRole.JUDGED)
    assert marked_place(make_finding("clause", expectation="refused", place="/id", exchanges=(text,))) == ""


@pytest.mark.parametrize(
    ("repeat", "lines"),
    [
        ({**RECORD, "id": "opp_2"}, []),
        (RECORD, []),
        (
            {**RECORD, "fields": {"$name": {"value": "b", "valueType": "TEXT"}}},
            ['- /fields/$name/value: "a"', '+ /fields/$name/value: "b"'],
        ),
        ({**RECORD, **dict.fromkeys("12345", 0)}, ["+ /1: 0", "+ /2: 0", "+ /3: 0", "+ /4: 0", "and 1 more difference"]),
    ],
    ids=["another record", "the same", "one value", "many members"],
)
def test_a_repeat_is_compared_with_the_answer_that_it_has_to_get(
    repeat: Any, lines: list[str], make_finding: Callable[..., Finding]
) -> None:
    """Where both name one record, in what they differ; what another request got is not compared."""
    between = answered({**RECORD, "id": "opp_3"}, ExchangeRole.BESIDE)
    exchanges = (answered(RECORD, ExchangeRole.FIRST), between, answered(repeat))
    found = contrasts(make_finding("idempotency:replay", expectation="replayed", exchanges=exchanges, example=""))
    assert [line for each in found for line in each.lines] == lines
