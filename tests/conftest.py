"""Leaves to an environment of its own what many tests beside it show as well, and what takes a process each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
START_PROCESSES = (
    "package",
    "client",
    "conformance/audit",
    "conformance/case/test_conformance_facts.py",
    "conformance/network",
    "conformance/plugin",
    "conformance/run",
    "conformance/test_conformance_cli.py",
    "conformance/test_conformance_depth.py",
    "conformance/test_conformance_hostile.py",
    "conformance/test_conformance_matrix.py",
    "conformance/test_conformance_organizations.py",
    "conformance/test_conformance_output.py",
    "conformance/test_conformance_proof.py",
    "conformance/test_conformance_secrets.py",
    "conformance/verdicts",
    "project/test_project_recipes.py",
    "reports/test_reports_browser.py",
    "reports/test_reports_reproduce.py",
)
EVERY = 10


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as long all but the first of ten cases of each test that starts a process, or a page, for each."""
    starting = [item for item in items if any(item.path.is_relative_to(TESTS / each) for each in START_PROCESSES)]
    seen: Counter[str] = Counter()
    for item in starting:
        test = item.nodeid.partition("[")[0]
        if seen[test] % EVERY:
            item.add_marker(pytest.mark.long)
        seen[test] += 1
