"""The runner gives the suite's exit status and its result."""

from __future__ import annotations

from pathlib import Path

from .runs import run_suite
from .serving import serve


def test_a_run_has_a_status_and_a_result(tmp_path: Path) -> None:
    with serve("plain") as server:
        outcome = run_suite(server.url, server.environment, tmp_path, "--clause", "echo:")
    assert (outcome.status, outcome.crashed) == (0, False), outcome.stdout + outcome.stderr
    assert "echo:/fields/$name" in outcome.clauses("conforms")
    assert sum(outcome.counts.values()) == len(outcome.result["clauses"]) if outcome.result else False
