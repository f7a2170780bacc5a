"""Contract 7: the reads that help an observer."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.case.material import Material
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.spec import Contract
from lightfield_contract.strategies.meaning_breaches import unknown_id

ODD = [
    {"limit": 0},
    {"limit": "many"},
    {"limit": -1},
    {"limit": 26},
    {"offset": -1},
    {"offset": "many"},
    {"offset": 10**9},
    {"unknown": 1},
]
"""Parameters out of range, of another type, or unknown: whether they are refused is up to the target."""


@pytest.mark.clause("read:definitions", "definitions:options")
@pytest.mark.parametrize("query", [{}, {"unknown": "1"}, {"limit": -1}], ids=["bare", "unknown=1", "limit=-1"])
def test_definitions_have_their_documented_form(
    api: Api, expect: Expect, contract: Contract, query: dict[str, object]
) -> None:
    """Fields with their value types and options, and relationships; odd parameters may be refused, and break nothing."""
    operation = contract.collection.definitions
    expect.read(api.get(operation, query=query), operation, odd=bool(query))


@pytest.mark.clause("read:list")
@pytest.mark.parametrize(
    "query",
    [{}, {"limit": 1, "offset": 1}, *ODD],
    ids=lambda query: " ".join(f"{name}={value}" for name, value in query.items()) or "bare",
)
def test_the_list_is_a_page_of_records(api: Api, expect: Expect, contract: Contract, query: dict[str, object]) -> None:
    """Odd parameters may be refused, and break nothing."""
    operation = contract.collection.list
    expect.read(api.get(operation, query=query), operation, odd=query in ODD)


@pytest.mark.clause("read:retrieve")
def test_a_record_is_retrieved_in_the_form_of_the_answer(api: Api, expect: Expect, contract: Contract) -> None:
    """Whatever was created; and an ID that names nothing breaks nothing."""
    operation = contract.collection.retrieve
    created = expect.accepted(api.once())
    expect.read(api.get(operation, record_id=created.record_id), operation, of=created)
    expect.missing(api.get(operation, record_id=unknown_id(created.record_id)), operation)


@pytest.mark.clause("read:scope")
@pytest.mark.parametrize("kind", ["retrieve", "list", "definitions"])
def test_a_key_without_the_read_scope_reads_nothing(api: Api, expect: Expect, contract: Contract, kind: str) -> None:
    """The create scope alone shows nothing; what the reader gets no answer to is not judged."""
    operation = getattr(contract.collection, kind)
    created = expect.accepted(api.once())
    expect.readable(allowed := api.get(operation, record_id=created.record_id))
    answer = api.get(operation, record_id=created.record_id, caller="create-only")
    expect.unreadable(answer, operation, "a key that holds the create scope alone", created, allowed)


@pytest.mark.clause("read:other-organization")
def test_a_record_is_not_shown_to_another_organization(api: Api, expect: Expect, contract: Contract) -> None:
    """Nor under its ID, which the other organization may have come to know."""
    created = expect.accepted(api.once())
    expect.readable(api.read(created))
    operation = contract.collection.retrieve
    answer = api.get(operation, record_id=created.record_id, caller="other-organization")
    expect.unreadable(answer, operation, "another organization's key", created)


@pytest.mark.clause("read:links")
def test_what_can_be_linked_to_is_listed(api: Api, expect: Expect, given: Material) -> None:
    """One page of each kind."""
    for operation in given.lists_of_links:
        expect.read(api.get(operation, query={"limit": 25}), operation)
