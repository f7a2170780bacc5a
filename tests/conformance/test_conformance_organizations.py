"""Ordinary organizations are never blamed, and faults that hide beside what they may do are found (contract 11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers.faults import FAULTS
from servers.runs import run_suite
from servers.serving import serve

from lightfield_contract.conformance.harness.run.suite import Suite

ORGANIZATIONS = (
    "computed-silent+inactive",
    "dependent+unique+social+inactive",
    "first-stage+mandatory-two+pipelines",
    "mandatory-unique",
)
"""A sample; `tox run -e organizations` judges all kinds, and mixtures that hold every pair of them."""
FOUND = ("unique-value-is-folded", "only-label-refused", "listed-contact-is-missing", "optional-link-refused-beside-fields")
"""A sample, one of each kind of place."""


@pytest.mark.parametrize("kinds", ORGANIZATIONS)
def test_an_ordinary_organization_is_not_blamed(kinds: str, tmp_path: Path) -> None:
    with serve(*kinds.split("+")) as server:
        outcome = run_suite(server.url, server.environment, tmp_path)
    assert (outcome.status, outcome.clauses("violated")) == (0, ()), outcome.stdout + outcome.stderr
    assert "operation:create" in outcome.clauses("conforms")


@pytest.mark.parametrize("name", FOUND)
def test_a_fault_beside_what_an_organization_may_do_is_found(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    with serve(fault.kind, service=fault) as server:
        outcome = run_suite(server.url, server.environment, tmp_path)
    assert outcome.status == 1, outcome.stdout + outcome.stderr
    assert {fault.clause, "operation:create"} & {*outcome.clauses("violated")}


def test_what_the_organization_refuses_is_set_aside_and_said(tmp_path: Path) -> None:
    with serve("inactive", "mandatory") as server:
        outcome = run_suite(server.url, server.environment, tmp_path, "--clause", "success:")
    assert outcome.result is not None
    assert any("left out at /relationships/$account" in note for note in outcome.result["notes"])
    points = {row["point"] for row in outcome.result["observations"]}
    assert {
        "left out at /relationships/$account",
        "an attribute without which nothing is accepted, at /fields/deal_type",
    } <= points


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("definitions-fail", "read:definitions"),
        ("definitions-lack-options", "read:definitions"),
        ("list-fails-with-offset", "read:list"),
        ("contacts-are-html", "read:links"),
    ],
)
def test_a_read_that_is_broken_is_a_finding(name: str, clause: str, tmp_path: Path) -> None:
    with serve("plain", service=FAULTS[name]) as server:
        outcome = run_suite(server.url, server.environment, tmp_path)
    assert (outcome.status, clause in outcome.clauses("violated")) == (1, True), outcome.stdout


def test_a_run_without_an_accepted_create_verifies_nothing(tmp_path: Path) -> None:
    """The last line and the first note say why."""
    with serve("none") as server:
        outcome = run_suite(server.url, server.environment, tmp_path)
    assert outcome.result is not None
    assert (outcome.status, outcome.clauses("violated")) == (5, ())
    assert outcome.result["notes"][0].startswith("no correct create could be sent: there is nothing of that object type")
    assert "not verified: no correct create could be sent" in outcome.stdout


def test_a_rule_that_only_hidden_definitions_would_tell_is_not_verified(tmp_path: Path) -> None:
    """The target is not blamed for refusing what lacks a value that the organization demands."""
    with serve("mandatory", "definitions-forbidden") as server:
        outcome = run_suite(server.url, server.environment, tmp_path)
    assert (outcome.status, outcome.clauses("violated")) == (5, ())
    assert "a rule of the organization refuses the smallest body" in outcome.stdout


@pytest.mark.parametrize(("required", "status"), [("90%", 0), ("100%", 1), ("success:once", 0), ("idempotency:lifetime", 1)])
def test_a_run_fails_where_less_is_verified_than_required(required: str, status: int, tmp_path: Path) -> None:
    with serve("plain") as server:
        outcome = run_suite(server.url, server.environment, tmp_path, "--require", required)
    assert outcome.status == status, outcome.stdout


def test_a_second_run_against_a_living_server_blames_nothing_of_the_first(tmp_path: Path) -> None:
    with serve("plain") as server:
        outcomes = [run_suite(server.url, server.environment, tmp_path, depth=depth) for depth in ("standard", "smoke")]
    assert [(outcome.status, outcome.clauses("violated")) for outcome in outcomes] == [(0, ()), (0, ())]


def test_another_clients_records_are_not_ours(tmp_path: Path) -> None:
    with serve("busy") as server:
        outcome = run_suite(server.url, server.environment, tmp_path)
    assert (outcome.status, outcome.clauses("violated")) == (0, ()), outcome.stdout


@pytest.mark.parametrize("text", ["\ud800", "\u0000", "&#"])
def test_every_text_can_be_asked_for(suite: Suite, text: str) -> None:
    case = suite.case("a case", None)
    assert case.api.get(suite.contract.collection.list, query={"$name[equal]": text}).status in (200, 400, 422)
