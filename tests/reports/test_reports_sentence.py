"""The sentence that names the cause of a finding."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lightfield_contract.conformance.harness.judge.expectation import Expectation
from lightfield_contract.reports import Finding, say_cause

SEEN, DUE = "what was seen", "what was due"


@pytest.mark.parametrize("expectation", sorted(set(Expectation) - {Expectation.SUMMARY_FILLED}))
def test_every_expectation_has_a_sentence_of_its_own(expectation: str, make_finding: Callable[..., Finding]) -> None:
    """None is said in the words of the judgement alone; what is only observed is never said to be broken."""
    found = make_finding("success:once", expectation=expectation, observed=SEEN, expected=DUE, symptom="is lost")
    assert say_cause([found]) != f"{SEEN.capitalize()}; expected: {DUE}"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"expectation": "option-ids", "place": "/fields/$opportunityStatus", "observed": "shared at it"},
            "In the definitions the options at /fields/$opportunityStatus share an ID, expected an ID of its own for each",
        ),
        (
            {"expectation": "json-said", "observed": "text/plain", "status_seen": 400},
            "A refusal with 400 holds JSON and says text/plain, expected application/json",
        ),
        (
            {"expectation": "members-once", "observed": "twice: id", "status_seen": 200},
            "The 200 of a create has in an object one member name twice: id, expected each name once",
        ),
        (
            {"expectation": "same-entries", "place": "/fields/phone", "value": "two", "symptom": "is lost"},
            "A value of two entries at /fields/phone is lost",
        ),
        (
            {
                "expectation": "same-parts",
                "place": "/fields/a",
                "value": "b",
                "symptom": "is lost",
                "deciding": (("/fields/a", ""),),
            },
            "What is set at /fields/a is lost",
        ),
        (
            {"expectation": "accounted-for", "symptom": "under another ID"},
            "The record of a valid create is stored under another ID than its answer names",
        ),
        (
            {"expectation": "accounted-for", "share": (54, 540)},
            "About every 10th valid create (54 of 540) makes two records, expected one",
        ),
        (
            {"expectation": "id-of-its-own", "share": (50, 51), "symptom": "so"},
            "Nearly every valid create (50 of 51) gets the ID of an earlier record: so; expected an ID of its own for each",
        ),
        (
            {"expectation": "created", "status_seen": 415, "deciding": (("/a", "plain"),), "context": ("with a charset",)},
            "A valid create with a charset: 415, expected 200",
        ),
        (
            {"expectation": "read-back", "share": (12, 12), "status_seen": 404},
            "No record that a create returned can be read under its ID: GET gives 404",
        ),
        (
            {"expectation": "caller-refused", "value": "no-scheme", "context": ("with invalid credentials",)},
            "A create with a valid API key without the scheme Bearer: 200, expected 400 or 422",
        ),
        (
            {"expectation": "as-defined", "place": "/a", "observed": "TEXT", "expected": "valueType URL"},
            "The answer to an accepted create says valueType TEXT of /a, where the definitions say URL",
        ),
        (
            {"expectation": "limit-headers", "observed": "no header x-ratelimit-reset"},
            "The 200 of a create has no header x-ratelimit-reset, expected a number in it",
        ),
        (
            {"expectation": "error-code", "symptom": "no code", "expected": "some code", "status_seen": 400},
            "The 400 of a create has no code, expected one",
        ),
        (
            {"expectation": "documented-read", "place": "/v1/a", "observed": "`data` is missing"},
            "The 200 of GET /v1/a is not as documented: `data` is missing",
        ),
        (
            {"expectation": "documented-read", "place": "/v1/a", "observed": "answered 500", "status_seen": 500},
            "GET /v1/a answers 500, expected 200",
        ),
        (
            {"expectation": "created", "status_seen": 503, "observed": "answered 503", "share": (3, 60)},
            "About every 20th valid create (3 of 60): 503, expected 200",
        ),
        (
            {"expectation": "same-options", "place": "/a", "value": "3 by ID", "symptom": "is lost"},
            "An array of 3 options by ID at /a is lost",
        ),
    ],
)
def test_sentences(changes: dict[str, object], sentence: str, make_finding: Callable[..., Finding]) -> None:
    """In the words of HTTP and of the contract."""
    usual = {"rule": "", "place": "", "value": "", "context": (), "features": (), "symptom": ""}
    assert say_cause([make_finding("success:once", **{**usual, **changes})]) == sentence


@pytest.mark.parametrize(("account", "where"), [("[1, 2]", " in an array of several entries"), ("[2]", ""), ("2", "")])
def test_what_many_mistakes_have_in_common_is_named(account: str, where: str, make_finding: Callable[..., Finding]) -> None:
    """Where each of them stands in an array beside another entry, that is what makes them pass."""
    example = f'{{"relationships": {{"$account": {account}}}}}'
    rules = ("type", "unknown-id", "other-type", "other-organization", "duplicate-id", "null", "empty")
    found = [make_finding("link:unknown", rule=rule, place="/relationships/$account", example=example) for rule in rules]
    assert say_cause(found) == (
        f"A request with any of several kinds of mistake{where} at /relationships/$account: 200, expected 400 or 422"
    )


@pytest.mark.parametrize(
    ("value", "form", "held"),
    [
        ("array", "one ID", "a custom account relationship"),
        (
            "first-only",
            "null",
            "both a custom account relationship (null) and a value with its first part alone at /fields/a",
        ),
    ],
    ids=["it has become simpler", "beside something else"],
)
def test_a_valid_create_is_named_by_what_could_not_be_left_out(
    value: str, form: str, held: str, make_finding: Callable[..., Finding]
) -> None:
    """Whatever the first body held there; and by who sent it, where others are let in."""
    features = (("/relationships/{account}", form), *((("/fields/{FULL_NAME}", value),) if value == "first-only" else ()))
    changes = {"expectation": "created", "rule": "", "status_seen": 403, "observed": "answered 403", "place": "/fields/a"}
    deciding = (("/relationships/{account}", form), ("Authorization", "Bearer $SOME"))
    found = make_finding("c:d", value=value, features=features, deciding=deciding, context=("as create-only",), **changes)
    sent = "with an API key that holds the create scope alone"
    assert say_cause([found]) == f"A valid create with {held} {sent}: 403, expected 200"
