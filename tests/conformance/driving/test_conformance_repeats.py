"""What a repeat that makes a record is told to depend on."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.spec import load


@pytest.mark.parametrize(
    ("fault_id", "sentence"),
    [
        ("forgets-on-any-refusal", "A repeat after a create with another Idempotency-Key was refused"),
        ("forgets-at-times", "About every "),
    ],
)
def test_the_sentence_names_what_makes_repeats_fail(fault_id: str, sentence: str) -> None:
    """What was refused in between; and where nothing tells failing repeats from others, how many there are."""
    found, printed = judge_server(Reference(load(), None, fault(fault_id).pipeline), (), socket=False)
    assert found is not None, printed
    assert [finding.cause.startswith(sentence) for finding in found.findings] == [True], found.findings[0].cause
