"""Histories against servers that alter a value only where its key has been through something, or fail at times."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.reports import Result
from lightfield_contract.spec import load


def judged(fault_id: str, *arguments: str) -> Result:
    """What comes of judging a fault in this process."""
    found, printed = judge_server(Reference(load(), None, fault(fault_id).pipeline), arguments, socket=False)
    assert found is not None, printed
    return found


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
    found = judged(fault_id, "--lightfield-depth=standard", "-k", history)
    assert [finding.clause for finding in found.findings] == [info.clause]


@pytest.mark.parametrize("fault_id", ["limited-uses-up-key", "busy-at-times", "forgets-at-times"])
def test_what_a_drawn_history_shows_once_is_a_finding(fault_id: str) -> None:
    """What a server does depends on time or rate, and is not shown again: that is no error of the suite's."""
    found = judged(fault_id, "--lightfield-depth=deep", "-k", "history_departs", "--lightfield-max-writes=100")
    assert found.findings
    assert not [note for note in found.notes if "error" in note]


def test_a_surplus_record_of_a_drawn_history_is_blamed_on_the_step_that_made_it() -> None:
    """Not on the clause of the case, which goes after none in particular."""
    arguments = ["--lightfield-depth=deep", "-k", "random"]
    assert {finding.clause for finding in judged("other-body-creates-silently", *arguments).findings} == {
        "idempotency:other-body"
    }
