"""Success answers, and the reads that help an observer."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from callers import Api, refused

from lightfield_contract.reference import SampleKeys
from lightfield_contract.spec import Role

KEYS = SampleKeys()


def test_created(api: Api) -> None:
    """A create answers 200 with the record: every field and relationship that definitions list, set or not."""
    response = api.create(api.body())
    record, definitions = response.json(), api.definitions()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert record.keys() == {"id", "createdAt", "fields", "httpLink", "relationships"}
    assert datetime.datetime.fromisoformat(record["createdAt"]).timestamp() == api.clock.time
    assert record["httpLink"].startswith("https://")
    assert record["fields"].keys() == definitions["fieldDefinitions"].keys()
    assert record["relationships"].keys() == definitions["relationshipDefinitions"].keys()
    for key, field in record["fields"].items():
        assert field["valueType"] == definitions["fieldDefinitions"][key]["valueType"]
    for key, link in record["relationships"].items():
        assert link["cardinality"].upper() == definitions["relationshipDefinitions"][key]["cardinality"]
        assert link["objectType"] == definitions["relationshipDefinitions"][key]["objectType"]


def test_echo(api: Api) -> None:
    """What was sent comes back: text exactly, an option by ID, one ID or an array of one as an array."""
    name = " \u202eE\u0301\u00e9 Ⅷ\U0001f600 "
    for wrap in (lambda value: value, lambda value: [value]):
        target = api.ids(api.link.object_type)[1]
        body = api.with_field(api.text.key, name)
        body["relationships"][api.link.key] = wrap(target)
        record = api.create(body).json()
        assert record["fields"][api.text.key]["value"] == name
        assert record["relationships"][api.link.key]["values"] == [target]
    for place in api.contract.value_places:
        if place.role is Role.OPTION and not place.read_only:
            option = api.options(place)[-1]
            for text in (option["id"], option["label"]):
                assert api.create(api.with_field(place.key, text)).json()["fields"][place.key]["value"] == option["id"]


def test_optional_links(api: Api) -> None:
    """Each relationship that may be set is set, and shown with its type."""
    for place in api.contract.link_places:
        if not place.read_only:
            target = api.ids(place.object_type)[-1]
            link = api.create(api.with_link(place.key, target)).json()["relationships"][place.key]
            assert (link["objectType"], link["values"]) == (place.object_type, [target])


def test_summary(api: Api) -> None:
    """A background job fills a read-only text field some time after the creation; a replay does not show it."""
    body = api.body()
    first = api.create(body, "k").json()
    fields = api.definitions()["fieldDefinitions"]
    wanted = ("MARKDOWN" if "MARKDOWN" in api.contract.values else "TEXT", True)
    summary = next(key for key, field in fields.items() if (field["valueType"], field["readOnly"]) == wanted)
    assert first["fields"][summary]["value"] is None
    assert api.get(f"/{first['id']}").json() == first
    api.clock.time += 1
    now = api.get(f"/{first['id']}").json()
    assert now["fields"].pop(summary)["value"]
    assert api.create(body, "k").json() == first
    del first["fields"][summary]
    assert now == first


def test_retrieve(api: Api) -> None:
    """A record is found under its ID, by its own organization, in its own collection."""
    record = api.create(api.body()).json()
    assert api.get(f"/{record['id']}", key=KEYS.read).json() == record
    refused(api.get("/x_0"), 404)
    refused(api.get(f"/{api.ids(api.link.object_type)[0]}"), 404)
    response = api.get(f"/{record['id']}", key=KEYS.other_org)
    assert refused(response, 404)["type"] == "not_found"
    assert record["id"] not in response.text


def test_list(api: Api) -> None:
    """Pages come newest first, with the number of all; a page past the end is empty."""
    before = api.count()
    made = [api.create(api.body()).json()["id"] for _ in range(30)][::-1]
    page = api.get().json()
    assert page["object"] == "list"
    assert page["totalCount"] == before + 30
    assert [record["id"] for record in page["data"]] == made[:25]
    assert [record["id"] for record in api.get(params={"limit": 4, "offset": 3}).json()["data"]] == made[3:7]
    assert len(api.get(params={"offset": 30}).json()["data"]) == before
    assert api.get(params={"offset": before + 30}).json()["data"] == []
    assert api.get(params={"offset": 10_000}).json()["data"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "26"),
        ("limit", "x"),
        ("limit", ""),
        ("limit", "٣"),
        ("offset", "-1"),
        ("offset", "9" * 5000),
    ],
)
def test_paging_out_of_range(api: Api, name: str, value: Any) -> None:
    """Numbers out of range are refused at their parameter."""
    refused(api.get(params={name: value}), 400, "invalid_type", name)


def test_filter(api: Api) -> None:
    """A filter finds records by the exact value of a text field."""
    name = "A&B=[c] ü%20+ \U0001f600"
    made = api.create(api.with_field(api.text.key, name)).json()
    api.create(api.with_field(api.text.key, name + " "))
    page = api.get(params={f"{api.text.key}[equal]": name}).json()
    assert (page["totalCount"], [record["id"] for record in page["data"]]) == (1, [made["id"]])
    assert api.get(params={f"{api.text.key}[equal]": "no such"}).json()["totalCount"] == 0
    refused(api.get(params={"no-such[equal]": "x"}), 400, "unknown_field", "no-such[equal]")


def test_definitions(api: Api) -> None:
    """Definitions list the fragment's places with their rights, and custom fields of each value type."""
    definitions = api.definitions()
    assert definitions["objectType"] == api.contract.collection.object_type
    fields, links = definitions["fieldDefinitions"], definitions["relationshipDefinitions"]
    for place in api.contract.value_places:
        assert fields[place.key]["readOnly"] is place.read_only
        assert place.value_type in (None, fields[place.key]["valueType"])
    for place in api.contract.link_places:
        assert (links[place.key]["readOnly"], links[place.key]["objectType"]) == (place.read_only, place.object_type)
        assert links[place.key]["cardinality"] in ("HAS_ONE", "HAS_MANY")
    custom = [field["valueType"] for key, field in fields.items() if not key.startswith("$")]
    assert set(custom) == set(api.contract.values)
    for field in fields.values():
        assert field.keys() == {"id", "label", "description", "valueType", "typeConfiguration", "readOnly"}
        if field["valueType"].endswith("_SELECT"):
            assert all(option.keys() == {"id", "label", "description"} for option in field["typeConfiguration"]["options"])


def test_organizations_share_nothing(api: Api) -> None:
    """No ID of one organization, of records or of options, appears in the other."""
    for collection in api.contract.collections.values():
        assert len(api.ids(collection.object_type)) >= 3
        assert not set(api.ids(collection.object_type)) & set(api.ids(collection.object_type, KEYS.other_org))
    mine, other = (
        {
            option["id"]
            for field in api.get("/definitions", key=key).json()["fieldDefinitions"].values()
            for option in field["typeConfiguration"].get("options", ())
        }
        for key in (KEYS.full, KEYS.other_org)
    )
    assert mine
    assert other
    assert not mine & other
