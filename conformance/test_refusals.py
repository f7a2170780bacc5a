"""Contract 1 and 3: what else is refused, and what is answered whatever comes."""

import pytest

from lightfield_contract.strategies import set_at

REFUSALS = ("refusal:nothing-created", "refusal:no-5xx", "refusal:error", "refusal:type", "refusal:code", "refusal:place")


@pytest.mark.breaches("unknown", "unknown-option")
@pytest.mark.clause(*REFUSALS)
def test_what_the_contract_does_not_know_is_refused(api, expect, breach):
    """Unknown fields, relationships, members and options."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)


@pytest.mark.breaches("link:unknown", "link:other-type")
@pytest.mark.clause(*REFUSALS)
def test_an_id_that_cannot_be_linked_to_is_refused(api, expect, breach):
    """IDs of nothing, and of objects of another type."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)


@pytest.mark.breaches("link:other-organization")
@pytest.mark.clause(*REFUSALS)
def test_another_organizations_id_is_refused_and_stays_hidden(api, expect, breach):
    """The refusal must not show what the ID names."""
    control = api.control(breach)
    refusal = api.send(breach)
    expect.refused(refusal, breach, control)
    expect.reveals_nothing(refusal, api.foreign_texts(breach.place))


@pytest.mark.clause("link:once")
def test_an_id_given_twice_links_once(api, expect, given, contract):
    """Accepted or refused, there are never two links to one object."""
    place = next(clause.place for clause in contract.clauses if clause.kind == "union")
    linked = given.link(place)
    expect.accepted(api.once())
    expect.linked_once(api.create(set_at(given.smallest, place, [linked, linked])), place)


@pytest.mark.breaches("media-type", "malformed:json", "malformed:not-an-object")
@pytest.mark.clause("media-type:status", *REFUSALS)
def test_a_body_that_is_not_a_json_object_is_refused(api, expect, breach):
    """Other media types, texts that are not JSON, and JSON that is not an object."""
    control = api.control(breach)
    expect.refused(api.send(breach), breach, control)


@pytest.mark.breaches("malformed:survives")
@pytest.mark.clause("refusal:no-5xx")
def test_a_strange_body_is_answered(api, expect, breach):
    """Deep nesting, huge numbers and duplicate names may be accepted or refused."""
    expect.accepted(api.once())
    expect.survived(api.send(breach), breach)


@pytest.mark.breaches("observed")
def test_what_no_source_decides_is_observed(api, expect, breach):
    """Where the sources are silent, the target's choice is recorded; only a 5xx or a stray record counts."""
    expect.refused(api.send(breach), breach)
