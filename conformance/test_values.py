"""Contract 2 and 11: the values of custom attributes, as servers mangle them."""

import pytest

from lightfield_contract.conformance.harness.driving.packs import Unpacking
from lightfield_contract.strategies import Pack


@pytest.mark.clause("operation:create", "custom:", "echo:", "success:", "response:", "definitions:", "refusal:no-5xx")
def test_values_come_back_as_they_were_sent(unpacking: Unpacking, pack: Pack) -> None:
    """Many in one body; a value that no source promises may be refused, but what is accepted comes back."""
    unpacking.judge(pack)
