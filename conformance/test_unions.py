"""Contract 1 and 2: every shape that the unions of `fields` and `relationships` allow."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.case.material import Material
from lightfield_contract.conformance.harness.driving.narrowing import Narrowing
from lightfield_contract.conformance.harness.driving.reducing import Reduction
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.spec.pointer import without
from lightfield_contract.strategies import Body, Breach


@pytest.mark.clause("union:{place}", "echo:{place}", "success:once")
def test_a_relationship_takes_one_id_and_an_array(api: Api, expect: Expect, given: Material, place: str) -> None:
    """An ID by itself and an array of that ID are the same link."""
    linked = given.link(place)
    expect.taken(api.once(api.body_with(place, linked)), place)
    expect.taken(api.once(api.body_with(place, [linked])), place)


@pytest.mark.clause("optional:{place}", "echo:{place}", "success:once")
def test_an_optional_relationship_may_be_left_out_and_set(api: Api, expect: Expect, given: Material, place: str) -> None:
    """Left out of the smallest body, and set beside all others."""
    expect.created(api.once(without(given.smallest, place)))
    expect.taken(api.once(api.body_with(place, given.link(place))), place)


@pytest.mark.clause("option:{place}", "echo:{place}", "success:once")
def test_a_select_takes_label_and_id(api: Api, expect: Expect, given: Material, place: str) -> None:
    """An option's label and its ID name the same option."""
    option = given.option(place)
    by_label = expect.created(api.once(api.body_with(place, option.label)))
    by_id = expect.created(api.once(api.body_with(place, option.id)))
    expect.same_option(by_label, by_id, place)


@pytest.mark.clause("custom:{type}", "success:value-type", "success:once")
def test_a_custom_attribute_of_each_value_type_comes_back(
    api: Api, expect: Expect, given: Material, value_type: str
) -> None:
    """Custom attributes stand beside the typed members, under their bare slugs."""
    place, value = given.custom(value_type)
    expect.taken(api.once(api.body_with(place, value)), place)


@pytest.mark.breaches("custom")
def test_a_custom_attribute_of_a_wrong_json_type_is_refused(
    api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing
) -> None:
    """A value must be one that the attribute's value type allows."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))


@pytest.mark.clause("link:custom", "success:once")
def test_a_custom_relationship_takes_one_id_and_an_array(api: Api, expect: Expect, given: Material) -> None:
    """Custom relationships stand beside the typed members, under their bare slugs."""
    place, linked = given.custom_link()
    expect.taken(api.once(api.body_with(place, linked)), place)
    expect.taken(api.once(api.body_with(place, [linked])), place)


@pytest.mark.clause("operation:create", "echo:", "success:", "response:", "custom:")
def test_every_valid_body_is_accepted(api: Api, expect: Expect, body: Body, smallest_of: Reduction) -> None:
    """Pairs of features: branch of the union, form of each link, label or ID, custom attributes, kinds of text."""
    smallest_of(body.value, lambda value: expect.created(api.once(value)))
