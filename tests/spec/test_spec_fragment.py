"""The fragment as a document of its own: OpenAPI tools accept it, and its schemas say what the prose says."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
import yaml

import lightfield_contract.spec
from lightfield_contract.spec import Contract, Place, available, load

FOLDER = Path(lightfield_contract.spec.__file__).parent
CONTRACT = load()


@pytest.fixture
def contract() -> Contract:
    """The seed's own contract."""
    return CONTRACT


@pytest.fixture
def body(contract: Contract) -> dict[str, Any]:
    """A correct typed body: what is required, and nothing else."""
    needed = [place for place in [*contract.value_places, *contract.link_places] if place.required]
    made: dict[str, Any] = {place.key: {} for place in contract.places[:2]}
    for place in needed:
        made[place.group][place.key] = "some text"
    return made


def valid(contract: Contract, body: Any) -> bool:
    """Whether the request schema accepts a body."""
    return bool(jsonschema.Draft202012Validator(contract.create.request_schema).is_valid(body))


def test_it_is_an_openapi_document() -> None:
    """An independent validator finds nothing wrong with any fragment of the package."""
    for name in available():
        openapi_spec_validator.validate(yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")))


def test_its_examples_keep_its_own_request_schema(contract: Contract) -> None:
    """What the fragment shows as an example is a correct body."""
    content = contract.document["paths"][contract.create.path]["post"]["requestBody"]["content"]["application/json"]
    examples = [example["value"] for example in content["examples"].values()]
    assert examples
    assert all(valid(contract, example) for example in examples)


def test_a_correct_typed_body_is_valid(contract: Contract, body: dict[str, Any]) -> None:
    """The union trap, one side: a typed body is not refused for matching the map branch as well."""
    assert valid(contract, body)


def test_a_typed_body_with_custom_attributes_is_valid(contract: Contract, body: dict[str, Any]) -> None:
    """Both branches at once: typed members beside bare slugs of every kind of value."""
    for number, value in enumerate(["text", 1, True, None, ["a", "b"], {"firstName": "A"}, {"city": "B"}]):
        body["fields"][f"custom-{number}"] = value
    body["relationships"] |= {"custom-one": "id_1", "custom-many": ["id_1", "id_2"]}
    assert valid(contract, body)


@pytest.mark.parametrize("place", [p for p in CONTRACT.places if p.required], ids=lambda place: place.pointer)
def test_a_body_without_a_required_place_is_invalid(contract: Contract, body: dict[str, Any], place: Place) -> None:
    """The union trap, other side: the map branch does not excuse the absence of what the prose requires."""
    parent = body[place.group] if place.pointer.count("/") > 1 else body
    assert valid(contract, body)
    del parent[place.key]
    assert not valid(contract, body)


@pytest.mark.parametrize("place", [p for p in CONTRACT.places if p.read_only], ids=lambda place: place.pointer)
@pytest.mark.parametrize("value", ["some text", ["some text"], None], ids=["text", "array", "null"])
def test_a_body_that_sets_a_read_only_place_is_invalid(
    contract: Contract, body: dict[str, Any], place: Place, value: Any
) -> None:
    """No value at all is allowed where the prose says read-only."""
    body[place.group][place.key] = value
    assert not valid(contract, body)


@pytest.mark.parametrize("place", [p for p in CONTRACT.link_places if not p.read_only], ids=lambda place: place.pointer)
def test_a_relationship_takes_one_id_and_an_array(contract: Contract, body: dict[str, Any], place: Place) -> None:
    """An ID by itself, an array of one and an array of several are valid; a number and an object are not."""
    verdicts = []
    for value in ("id_1", ["id_1"], ["id_1", "id_2"], 1, {"id": "id_1"}, [1]):
        changed = copy.deepcopy(body)
        changed["relationships"][place.key] = value
        verdicts.append(valid(contract, changed))
    assert verdicts == [True, True, True, False, False, False]


def test_a_required_relationship_wants_an_id(contract: Contract, body: dict[str, Any]) -> None:
    """An empty array links to nothing, which is not what required means."""
    place = next(place for place in contract.link_places if place.required)
    body["relationships"][place.key] = []
    assert not valid(contract, body)


def test_a_third_top_level_member_is_invalid(contract: Contract, body: dict[str, Any]) -> None:
    """The body has the documented members and no other."""
    assert not valid(contract, {**body, "other": {}})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"error": {"type": "bad_request", "message": "No."}}, True),
        ({"type": "bad_request", "message": "No."}, True),
        ({"error": {"type": "bad_request", "message": "No.", "code": None, "param": None, "more": 1}}, True),
        ({"error": {"type": "bad_request"}}, False),
        ({"error": "No."}, False),
        ({"message": "No."}, False),
        ({}, False),
        ("No.", False),
    ],
)
def test_an_error_is_read_with_and_without_its_wrapper(contract: Contract, error: Any, expected: bool) -> None:
    """Public pages print both forms; type and message are there in either."""
    assert jsonschema.Draft202012Validator(contract.error_schema).is_valid(error) is expected
