"""A sample of conforming servers behind a disturbed network; `tox run -e network` judges more of them, with more seeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers.proxy import trouble
from servers.runs import run_suite
from servers.serving import serve


@pytest.mark.parametrize(("percent", "seed"), [(5, 0), (20, 1)])
def test_no_clause_is_violated_by_a_disturbed_network(percent: int, seed: int, tmp_path: Path) -> None:
    with serve("plain") as server, trouble(server.url, rate=percent / 100, seed=seed) as proxy:
        outcome = run_suite(proxy.url, server.environment, tmp_path)
        assert proxy.disturbed.total() > 0
    assert (outcome.crashed, outcome.clauses("violated")) == (False, ()), outcome.stdout + outcome.stderr
