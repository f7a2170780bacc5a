"""Contract 1 and 6: the headers of a create and of its answer."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.driving.narrowing import Narrowing, Plainest
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.strategies import Breach
from lightfield_contract.strategies.ways import CARRYING, Spelling


@pytest.mark.breaches("version")
def test_a_missing_or_unknown_version_is_refused(api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing) -> None:
    """The version header is required and names a known version."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))


@pytest.mark.clause(
    "limits:headers", "limits:retry-after", "idempotency:rate-limited", "operation:answers", "refusal:no-key"
)
def test_every_answer_announces_the_rate_limit_and_hides_the_key(api: Api, expect: Expect) -> None:
    """Every exchange is judged by these clauses; this case makes sure that there is one."""
    expect.every(expect.accepted(api.keyed()))


@pytest.mark.clause("operation:create")
@pytest.mark.parametrize("spelling", CARRYING, ids=["escaped", "indented", "compact"])
def test_creates_that_carry_values_may_be_written_in_any_way(
    api: Api, expect: Expect, spelling: Spelling, plainest_of: Plainest
) -> None:
    """Capitals, chunks, a charset, members in another order; a target that takes not all values is asked again."""
    plainest_of(spelling, lambda each: expect.taken(api.written_values(each) or api.written(each), ""))


@pytest.mark.clause("operation:create")
def test_a_request_may_be_written_in_any_way(api: Api, expect: Expect, way: Spelling, plainest_of: Plainest) -> None:
    """Spelling of header names, scheme and media type, form of the JSON, chunks, key and caller change nothing of it."""
    plainest_of(way, lambda each: expect.created(api.written(each)))
