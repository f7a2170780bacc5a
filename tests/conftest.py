"""Leaves to an environment of its own what many tests beside it show as well, and what takes a process each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
START_PROCESSES = (
    "package",
    "client/test_client_adapters.py",
    "conformance/network/test_network_run.py",
    "conformance/network/test_network_contact.py",
    "conformance/audit/test_conformance_audit.py",
    "conformance/case/test_conformance_facts.py",
    "conformance/plugin/test_conformance_ahead.py",
    "conformance/plugin/test_conformance_guest.py",
    "conformance/run/test_conformance_interruption.py",
    "conformance/test_conformance_cli.py",
    "conformance/test_conformance_depth.py",
    "conformance/test_conformance_hostile.py",
    "conformance/test_conformance_matrix.py",
    "conformance/test_conformance_organizations.py",
    "conformance/test_conformance_proof.py",
    "conformance/verdicts/test_conformance_identity.py",
)
FEW = 2
EVERY = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as long two of three cases of each test that has many and starts a process for each."""
    starting = [item for item in items if any(item.path.is_relative_to(TESTS / each) for each in START_PROCESSES)]
    cases = Counter(item.nodeid.partition("[")[0] for item in starting)
    seen: Counter[str] = Counter()
    for item in starting:
        test = item.nodeid.partition("[")[0]
        if cases[test] > FEW and seen[test] % EVERY:
            item.add_marker(pytest.mark.long)
        seen[test] += 1
