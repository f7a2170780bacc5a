"""The JUnit form, as continuous integration reads it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lightfield_contract.reports import Result, Run, render_junit

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd")))


def parse(result: Result) -> Any:
    """The document, which is valid."""
    root = etree.fromstring(render_junit(result).encode("utf-8"), etree.XMLParser(huge_tree=True))
    SCHEMA.assertValid(root)
    return root


@pytest.mark.parametrize("name", ["conforming", "violating", "hostile", "large"])
def test_the_document_is_valid(name: str, request: pytest.FixtureRequest) -> None:
    """Of the schema, with numbers that add up, and one test case for each clause."""
    result = request.getfixturevalue(name)
    root = parse(result)
    assert [case.get("name") for case in root.iter("testcase")] == [clause.id for clause in result.clauses]
    for node in [root, *root.iter("testsuite")]:
        assert int(node.get("tests")) == len(list(node.iter("testcase")))
        assert int(node.get("failures")) == len(list(node.iter("failure")))
    assert sum(int(suite.get("skipped")) for suite in root.iter("testsuite")) == len(list(root.iter("skipped")))


def test_verdicts_become_outcomes(violating: Result) -> None:
    """Violated fails, not verified is skipped with reason and remedy, advice and known failing pass with a text."""
    root = parse(violating)
    case = {case.get("name"): case for case in root.iter("testcase")}
    assert {failure.getparent().get("name") for failure in root.iter("failure")} == {
        "required:/fields/$name",
        "idempotency:lost-answer",
    }
    failure = case["required:/fields/$name"].find("failure")
    assert failure.get("type") == "violated"
    assert failure.get("message") == "violated: A create without it is answered with 200."
    assert "curl -sS -i -X POST" in failure.text
    assert 'Bearer $LIGHTFIELD_API_KEY"' in failure.text
    assert "no answer (no answer within 30 s)" in case["idempotency:lost-answer"].findtext("failure")
    assert case["scope:sufficient"].find("skipped").get("message") == (
        "not verified: no key that holds the create scope alone was given; set LIGHTFIELD_API_KEY_CREATE_ONLY"
    )
    assert "without an offset" in case["success:timestamp-offset"].findtext("system-out")
    assert "ticket API-1234" in case["echo:/fields/$name"].findtext("system-out")


def test_a_case_tells_what_its_clause_is(violating: Result) -> None:
    """The class is the contract and the section; level, basis and verdict stand in the output."""
    case = parse(violating).find(".//testcase[@name='success:timestamp-offset']")
    assert case.get("classname") == "opportunities.Success response"
    assert case.findtext("system-out").startswith(
        "[[PROPERTY|level=SHOULD]]\n[[PROPERTY|basis=rfc]]\n[[PROPERTY|verdict=advice]]\n[[PROPERTY|checks=4]]\n"
    )


def test_strict_turns_advice_into_failure(violating: Result, make_run: Callable[..., Run]) -> None:
    """Under strict, advice and clauses that are not verified fail; nothing is skipped."""
    root = parse(dataclasses.replace(violating, run=make_run(strict=True)))
    assert not list(root.iter("skipped"))
    assert root.get("failures") == str(2 + 1 + 9)


@pytest.mark.parametrize("status", [2, 3, 5, 7])
def test_a_run_that_is_no_success_is_a_failure(conforming: Result, make_run: Callable[..., Run], status: int) -> None:
    """Though no clause fails: a reader of this form alone has to see it, and why."""
    root = parse(dataclasses.replace(conforming, run=make_run(exit_status=status), notes=("2 cases did not run",)))
    (failure,) = root.iter("failure")
    assert (failure.get("type"), failure.text) == (f"exit status {status}", "2 cases did not run")
    assert failure.getparent().get("name") == "run"
    assert root.get("failures") == "1"
    assert int(root.get("tests")) == len(list(root.iter("testcase"))) == len(conforming.clauses) + 1


def test_a_run_that_fails_by_a_clause_adds_none(violating: Result, make_run: Callable[..., Run]) -> None:
    """The clause says what is wrong."""
    root = parse(dataclasses.replace(violating, run=make_run(exit_status=1)))
    assert {case.get("name") for case in root.iter("testcase")} == {clause.id for clause in violating.clauses}


def test_no_character_is_outside_xml(hostile: Result) -> None:
    """What XML 1.0 does not allow is shown as an escape, and so are bidi controls."""
    text = render_junit(hostile)
    assert not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    assert "\\x1b[2J" in text
    assert "\\ud800" in text
    assert "<script>" not in text
    assert len(text) < 200_000
