"""Contract 1 and 6: the headers of a create and of its answer."""

import pytest


@pytest.mark.breaches("version")
@pytest.mark.clause("refusal:nothing-created", "refusal:no-5xx", "refusal:error", "refusal:type", "refusal:code", "refusal:place")
def test_a_missing_or_unknown_version_is_refused(api, expect, breach):
    """The version header is required and names a known version."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)


@pytest.mark.clause("limits:headers", "limits:retry-after", "idempotency:rate-limited")
def test_an_answer_announces_the_rate_limit(api, expect):
    """Every create is judged by these clauses; this case makes sure that there is one."""
    expect.accepted(api.create())


@pytest.mark.clause("operation:answers", "refusal:no-key")
def test_every_request_is_answered_without_a_key_in_it(api, expect):
    """Every exchange is judged by these clauses; this case makes sure that there is one."""
    expect.accepted(api.create())
