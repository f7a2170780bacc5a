"""Contract 1: what cannot be set through the API."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.driving.narrowing import Narrowing
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.strategies import Breach


@pytest.mark.breaches("read-only", "read-only-empty", "definitions:read-only")
def test_a_read_only_place_cannot_be_set(api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing) -> None:
    """A plausible value is refused; so are null and an empty value."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))
