"""Histories against servers that alter a value only where its key has been through something."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.spec import load


@pytest.mark.parametrize(
    ("history", "fault_id"),
    [
        ("failure-2", "refused-twice-cuts-texts"),
        ("other-organization-2", "other-organizations-key-rounds-numbers"),
        ("other-operation-2", "other-operations-key-rounds-amounts"),
        ("other-body-2", "replay-after-other-body-cuts-texts"),
    ],
)
def test_a_value_that_is_altered_in_a_history_is_one_finding(history: str, fault_id: str) -> None:
    """By the clause of the value, and of the history only where a repeat is not the original response."""
    info = fault(fault_id)
    arguments = ["--lightfield-depth=standard", "-k", history]
    found, printed = judge_server(Reference(load(), None, info.pipeline), arguments, socket=False)
    assert found is not None, printed
    assert [finding.clause for finding in found.findings] == [info.clause]
