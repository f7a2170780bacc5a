"""Ordinary organizations are never blamed, and faults that hide beside what they may do are found (contract 11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers.faults import FAULTS
from servers.runs import run_suite
from servers.serving import serve

ORGANIZATIONS = (
    "unique-conflict",
    "dependent+unique+social",
    "pipelines",
    "strict",
    "inactive",
    "first-stage+mandatory-two",
)
FOUND = (
    "unique-compares-beginnings",
    "unique-refuses-always",
    "unique-value-is-folded",
    "child-refused-by-id",
    "only-label-refused",
    "doubled-labels-share-option",
    "profile-refused",
    "listed-account-is-missing",
    "listed-contact-is-missing",
    "account-refused-in-array",
    "account-refused-when-used-again",
    "optional-link-refused-beside-fields",
    "last-label-refused",
    "last-id-refused",
    "mandatory-field-comes-back-null",
)


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
    assert any("set aside at /relationships/$account" in note for note in outcome.result["notes"])
    points = {row["point"] for row in outcome.result["observations"]}
    assert {"set aside at /relationships/$account", "a body without /fields/deal_type"} <= points
