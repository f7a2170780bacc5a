"""Contract 1 and 6: the headers of a create and of its answer."""

import pytest

from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.run.case import Api
from lightfield_contract.conformance.harness.run.narrowing import Narrowing
from lightfield_contract.strategies import Breach


@pytest.mark.breaches("version")
def test_a_missing_or_unknown_version_is_refused(api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing) -> None:
    """The version header is required and names a known version."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))


@pytest.mark.clause(
    "limits:headers", "limits:retry-after", "idempotency:rate-limited", "operation:answers", "refusal:no-key"
)
def test_every_answer_announces_the_rate_limit_and_hides_the_key(api: Api, expect: Expect) -> None:
    """Every exchange is judged by these clauses; this case makes sure that there is one."""
    expect.accepted(api.create(key=api.key()))


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("operation:create")
def test_a_media_type_may_name_its_charset(api: Api, expect: Expect) -> None:
    """JSON is UTF-8, and a parameter that says so changes nothing."""
    expect.created(api.create(headers={"Content-Type": "application/json; charset=utf-8"}))


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("operation:create")
def test_a_body_may_be_written_in_any_form(api: Api, expect: Expect) -> None:
    """Member order, white space and escapes are the client's choice."""
    expect.created(api.create_reformatted())
