"""What a body may say, one mistake at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from callers import Api, refused

from lightfield_contract.reference import SampleKeys
from lightfield_contract.spec import Role

KEYS = SampleKeys()


@pytest.fixture
def nothing_created(api: Api) -> Iterator[None]:
    """Checks after a test that its refusals created nothing."""
    before = api.count()
    yield
    assert api.count() == before


@pytest.mark.usefixtures("nothing_created")
def test_missing(api: Api) -> None:
    """Each required place has to be there."""
    for place in api.contract.places:
        if place.required:
            body = api.body()
            param = place.pointer[1:].replace("/", ".")
            del (body if place.holds_places else body[place.group])[place.key]
            refused(api.create(body), 400, "parameter_missing", param)


@pytest.mark.usefixtures("nothing_created")
@pytest.mark.parametrize("value", [None, {"x": 1}, ["x", 1], True])
def test_wrong_type(api: Api, value: Any) -> None:
    """Null and other wrong types are refused at every named place that may be set."""
    for place in api.contract.places:
        if not place.read_only and not place.holds_places:
            body = api.body()
            body[place.group][place.key] = value
            refused(api.create(body), 400, "invalid_type", f"{place.group}.{place.key}")


@pytest.mark.usefixtures("nothing_created")
@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_wrong_group(api: Api, value: Any) -> None:
    """`fields` and `relationships` are objects."""
    for place in api.contract.places:
        if place.holds_places:
            refused(api.create({**api.body(), place.key: value}), 400, "invalid_type", place.key)


@pytest.mark.usefixtures("nothing_created")
@pytest.mark.parametrize("value", [None, "", [], "Sample", {"a": 1}])
def test_read_only(api: Api, value: Any) -> None:
    """A read-only place can be set to nothing at all, the field of the background job included."""
    summary = next(
        key
        for key, field in api.definitions()["fieldDefinitions"].items()
        if field["valueType"] in ("MARKDOWN", "TEXT") and field["readOnly"]
    )
    refused(api.create(api.with_field(summary, value)), 400, "invalid_configuration", f"fields.{summary}")
    for place in api.contract.places:
        if place.read_only:
            body = api.body()
            body[place.group][place.key] = value
            refused(api.create(body), 400, "invalid_configuration", f"{place.group}.{place.key}")


@pytest.mark.usefixtures("nothing_created")
def test_unknown(api: Api) -> None:
    """Fields, relationships and top-level members that are not defined are refused."""
    refused(api.create(api.with_field("no-such", "x")), 400, "unknown_field", "fields.no-such")
    refused(api.create(api.with_link("no-such", "x")), 400, "unknown_relationship", "relationships.no-such")
    refused(api.create({**api.body(), "no-such": {}}), 400, "unknown_field", "no-such")


@pytest.mark.usefixtures("nothing_created")
@pytest.mark.parametrize("value", ["No such option", ""])
def test_unknown_option(api: Api, value: Any) -> None:
    """A select takes its options only, exactly spelled."""
    for place in api.contract.value_places:
        if place.role is Role.OPTION and not place.read_only:
            refused(api.create(api.with_field(place.key, value)), 400, "invalid_option", f"fields.{place.key}")
            other_case = api.options(place)[0]["label"].swapcase()
            refused(api.create(api.with_field(place.key, other_case)), 400, "invalid_option", f"fields.{place.key}")


@pytest.mark.usefixtures("nothing_created")
@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [value]], ids=["one", "array"])
def test_wrong_links(api: Api, wrap: Callable[[str], Any]) -> None:
    """Unknown IDs and IDs of another kind are refused; another organization's ID is as good as unknown."""
    for place in api.contract.link_places:
        if not place.read_only:
            param = f"relationships.{place.key}"
            unknown = refused(api.create(api.with_link(place.key, wrap("x_0"))), 400, "referenced_resource_missing", param)
            other = api.ids(place.object_type, KEYS.other_org)[0]
            answer = api.create(api.with_link(place.key, wrap(other)))
            assert answer.json()["error"] == unknown
            other = api.ids(api.contract.collection.object_type)[0]
            refused(api.create(api.with_link(place.key, wrap(other))), 400, "relationship_entity_missing", param)


@pytest.mark.usefixtures("nothing_created")
def test_empty_required_link(api: Api) -> None:
    """An empty array is nothing where one ID is required."""
    refused(api.create(api.with_link(api.link.key, [])), 400, "parameter_missing", f"relationships.{api.link.key}")


@pytest.mark.usefixtures("nothing_created")
def test_two_links_for_one(api: Api) -> None:
    """A relationship that holds one takes no second ID."""
    ids = api.ids(api.link.object_type)[:2]
    refused(api.create(api.with_link(api.link.key, ids)), 400, "invalid_configuration", f"relationships.{api.link.key}")


def test_duplicate_links(api: Api) -> None:
    """The same ID twice is one link."""
    target = api.ids(api.link.object_type)[0]
    response = api.create(api.with_link(api.link.key, [target, target]))
    assert response.json()["relationships"][api.link.key]["values"] == [target]


def test_empty_optional_link(api: Api) -> None:
    """An empty array is as good as absence where nothing is required."""
    for place in api.contract.link_places:
        if not place.read_only and not place.required:
            response = api.create(api.with_link(place.key, []))
            assert response.json()["relationships"][place.key]["values"] == []


def test_custom_relationship(api: Api) -> None:
    """The organization's own relationship holds several."""
    key, object_type = api.custom_link()
    ids = api.ids(object_type)[:2]
    assert api.create(api.with_link(key, ids)).json()["relationships"][key] == {
        "cardinality": "has_many",
        "objectType": object_type,
        "values": ids,
    }
    refused(api.create(api.with_link(key, [ids[0], 7])), 400, "invalid_type", f"relationships.{key}")


def test_other_collections(api: Api) -> None:
    """Every create of the fragment keeps its own rules."""
    for collection in api.contract.collections.values():
        if collection.create is not None and collection is not api.contract.collection:
            required = collection.create.request_schema["properties"]["fields"]["required"]
            headers = {"Content-Type": "application/json"}
            body = {"fields": dict.fromkeys(required, "Sample")}
            made = api.send("POST", collection.path, headers=headers, json=body)
            assert made.status_code == 200, made.text
            assert api.ids(collection.object_type)[0] == made.json()["id"]
            assert made.json()["fields"][required[0]] == {"value": "Sample", "valueType": "TEXT"}
            missing = api.send("POST", collection.path, headers=headers, json={"fields": {}})
            refused(missing, 400, "parameter_missing", f"fields.{required[0]}")
            refused(api.send("POST", collection.path, headers=headers, json={}), 400, "parameter_missing", "fields")
            refused(api.send("POST", collection.path, KEYS.create_only, headers, json=body), 403)
