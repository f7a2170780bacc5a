"""Contract 1 and 3: what a body must have, and of which JSON type."""

import pytest


@pytest.mark.breaches("required")
@pytest.mark.clause("refusal:nothing-created", "refusal:no-5xx", "refusal:error", "refusal:type", "refusal:code", "refusal:place")
def test_a_body_without_a_required_place_is_refused(api, expect, breach):
    """Missing, null and empty are refused, wherever the fragment requires something."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)


@pytest.mark.breaches("type")
@pytest.mark.clause("refusal:nothing-created", "refusal:no-5xx", "refusal:error", "refusal:type", "refusal:code", "refusal:place")
def test_a_value_of_a_wrong_json_type_is_refused(api, expect, breach):
    """Each place takes the JSON types of its schema, and no other."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)
