"""Contract 1 and 3: what a body must have, and of which JSON type."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.driving.narrowing import Narrowing
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.strategies import Breach


@pytest.mark.breaches("required")
def test_a_body_without_a_required_place_is_refused(
    api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing
) -> None:
    """Missing, null and empty are refused, wherever the fragment requires something."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))


@pytest.mark.breaches("type")
def test_a_value_of_a_wrong_json_type_is_refused(api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing) -> None:
    """Each place takes the JSON types of its schema, and no other."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))
