"""Contract 1 and 6: the headers of a create and of its answer."""

import pytest


@pytest.mark.breaches("version")
@pytest.mark.clause("refusal:nothing-created", "refusal:no-5xx", "refusal:error", "refusal:type", "refusal:code", "refusal:place")
def test_a_missing_or_unknown_version_is_refused(api, expect, breach):
    """The version header is required and names a known version."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)


@pytest.mark.clause("limits:headers", "limits:retry-after", "idempotency:rate-limited", "operation:answers", "refusal:no-key")
def test_every_answer_announces_the_rate_limit_and_hides_the_key(api, expect):
    """Every exchange is judged by these clauses; this case makes sure that there is one."""
    expect.accepted(api.create(key=api.key()))
