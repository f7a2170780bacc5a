"""Contract 1: what cannot be set through the API."""

import pytest


@pytest.mark.breaches("read-only", "read-only-empty")
@pytest.mark.clause("refusal:nothing-created", "refusal:no-5xx", "refusal:error", "refusal:type", "refusal:code", "refusal:place")
def test_a_read_only_place_cannot_be_set(api, expect, breach):
    """A plausible value is refused; so are null and an empty value."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)
