"""Contract 1 and 3: what else is refused, and what is answered whatever comes."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.case.material import Material
from lightfield_contract.conformance.harness.driving.narrowing import Narrowing
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.strategies import Breach


@pytest.mark.breaches("unknown", "unknown-option")
def test_what_the_contract_does_not_know_is_refused(
    api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing
) -> None:
    """Unknown fields, relationships, members and options."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))


@pytest.mark.breaches("link:unknown", "link:other-type")
def test_an_id_that_cannot_be_linked_to_is_refused(
    api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing
) -> None:
    """IDs of nothing, and of objects of another type."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))


@pytest.mark.breaches("link:other-organization")
def test_another_organizations_id_is_refused_and_stays_hidden(
    api: Api, expect: Expect, given: Material, breach: Breach, narrowest_of: Narrowing
) -> None:
    """The refusal must not show what the ID names."""
    hidden = given.texts_of_other_organization(breach.place)
    narrowest_of(breach, lambda each: expect.reveals_nothing(expect.refused(api.attempt(each)), hidden))


@pytest.mark.clause("link:once")
def test_an_id_given_twice_links_once(api: Api, expect: Expect) -> None:
    """Accepted or refused, there are never two links to one object."""
    expect.accepted(api.once())
    place, sent = api.linked_twice()
    expect.linked_once(sent, place)


@pytest.mark.breaches("media-type", "malformed:json", "malformed:not-an-object")
@pytest.mark.clause("media-type:status")
def test_a_body_that_is_not_a_json_object_is_refused(
    api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing
) -> None:
    """Other media types, texts that are not JSON, and JSON that is not an object."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))


@pytest.mark.breaches("malformed:survives")
def test_a_strange_body_is_answered(api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing) -> None:
    """Deep nesting, huge numbers and duplicate names may be accepted or refused."""
    narrowest_of(breach, lambda each: expect.survived(api.attempt(each)))


@pytest.mark.breaches("observed")
def test_what_no_source_decides_is_observed(api: Api, expect: Expect, breach: Breach) -> None:
    """Where the sources are silent, the target's choice is recorded; only a 5xx or a stray record counts."""
    expect.refused(api.attempt(breach))
