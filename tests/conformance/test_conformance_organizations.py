"""Ordinary organizations are never blamed, and faults that hide beside what they may do are found (contract 11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers.faults import FAULTS
from servers.runs import run_suite
from servers.serving import serve

ORGANIZATIONS = ("unique-conflict", "dependent+unique+social", "pipelines", "strict")
FOUND = (
    "unique-compares-beginnings",
    "unique-refuses-always",
    "unique-value-is-folded",
    "child-refused-by-id",
    "only-label-refused",
    "doubled-labels-share-option",
    "profile-refused",
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
