"""Contract 2: the response to an accepted create."""

import itertools

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.judge import Expect


@pytest.mark.clause(
    "operation:create", "success:", "response:", "echo:", "limits:", "operation:", "refusal:no-key", "answer:"
)
def test_the_smallest_body_is_accepted(api: Api, expect: Expect) -> None:
    """The answer has the right status, media type, members, clock and echo."""
    expect.created(api.once())


@pytest.mark.clause("success:id-unique", "success:once", "success:summary")
def test_each_record_has_an_id_of_its_own(api: Api, expect: Expect) -> None:
    """Two creates, two IDs; the audit compares the IDs of the whole run."""
    expect.separate(expect.accepted(api.once()), expect.accepted(api.keyed()))


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("success:id-unique", "success:once", "echo:", "custom:")
def test_creates_at_the_same_time_are_separate(api: Api, expect: Expect) -> None:
    """With keys and without: each makes a record of its own, and nothing of one is in the answer to another."""
    found = [expect.created(exchange) for exchange in api.side_by_side(4)]
    for first, second in itertools.combinations(found, 2):
        expect.separate(first, second)


@pytest.mark.clause("success:stored")
def test_what_was_created_can_be_retrieved(api: Api, expect: Expect) -> None:
    """A read shows each record as it was created: one with little set, one with everything, and those that carry values."""
    expect.accepted(api.once())
    for created in api.made():
        expect.stored(created, api.read(created))
