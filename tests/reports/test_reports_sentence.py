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
            "The 200 of a create has an object with one member name twice: id, expected each name once",
        ),
        (
            {"expectation": "same-entries", "place": "/fields/phone", "value": "two", "symptom": "is lost"},
            "Two entries at /fields/phone is lost",
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
    ],
)
def test_sentences(changes: dict[str, object], sentence: str, make_finding: Callable[..., Finding]) -> None:
    """In the words of HTTP and of the contract."""
    usual = {"rule": "", "place": "", "value": "", "context": (), "features": (), "symptom": ""}
    assert say_cause([make_finding("success:once", **{**usual, **changes})]) == sentence
