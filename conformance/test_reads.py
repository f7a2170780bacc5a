"""Contract 7: the reads that help an observer."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.case.material import Material
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.spec import Contract
from lightfield_contract.strategies.meaning_breaches import unknown_id


@pytest.mark.clause("read:definitions", "definitions:options")
def test_definitions_have_their_documented_form(api: Api, expect: Expect, contract: Contract) -> None:
    """Fields with their value types and options, and relationships."""
    operation = contract.collection.definitions
    expect.read(api.get(operation), operation)


@pytest.mark.clause("read:list")
@pytest.mark.parametrize(
    "query",
    [{}, {"limit": 1, "offset": 1}, {"limit": 0}, {"limit": "many"}],
    ids=["no query", "limit=1 offset=1", "limit=0", "limit=many"],
)
def test_the_list_is_a_page_of_records(api: Api, expect: Expect, contract: Contract, query: dict[str, object]) -> None:
    """Odd parameters may be refused, and break nothing."""
    operation = contract.collection.list
    expect.read(api.get(operation, query=query), operation, odd=query.get("limit", 1) != 1)


@pytest.mark.clause("read:retrieve")
def test_a_record_is_retrieved_in_the_form_of_the_answer(api: Api, expect: Expect, contract: Contract) -> None:
    """Whatever was created; and an ID that names nothing breaks nothing."""
    operation = contract.collection.retrieve
    created = expect.accepted(api.once())
    expect.read(api.get(operation, record_id=created.record_id), operation, of=created)
    missing = api.get(operation, record_id=unknown_id(created.record_id))
    expect.holds("any answer but a 5xx", missing.status < 500, missing.answer, missing)


@pytest.mark.clause("read:links")
def test_what_can_be_linked_to_is_listed(api: Api, expect: Expect, given: Material) -> None:
    """One page of each kind."""
    for operation in given.lists_of_links:
        expect.read(api.get(operation, query={"limit": 25}), operation)
