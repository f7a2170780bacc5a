"""Each kind of organization behaves as its file says, and kinds can be combined."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from .kinds import KINDS, clash, mixtures, read_organization
from .serving import Running, serve

PATH = "/v1/opportunities"
POOR = ("none", "no-accounts")
Start = Callable[..., tuple[Running, httpx.Client]]


def outcome(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("error", answer.json()).get("code")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in POOR])
def test_every_organization_accepts_its_smallest_body(start: Start, kind: str) -> None:
    server, client = start(kind)
    assert client.post(PATH, json=server.body()).status_code == 200


@pytest.mark.parametrize("mixture", mixtures(), ids="+".join)
def test_a_mixture_accepts_its_smallest_body(start: Start, mixture: tuple[str, ...]) -> None:
    server, client = start(*mixture)
    if not server.store.things["account"]:
        client.post("/v1/accounts", json={"fields": {"$name": "First"}})
    answer = client.post(PATH, json=server.body())
    assert answer.status_code == 200, answer.text


def test_the_mixtures_hold_every_pair_that_does_not_clash() -> None:
    held = {pair for mixture in mixtures() for pair in itertools.combinations(mixture, 2)}
    kinds = [kind for kind in KINDS if kind not in ("plain", "none")]
    assert held == {pair for pair in itertools.combinations(kinds, 2) if not clash(*pair)}


def test_the_file_of_a_kind_comes_first_and_wins() -> None:
    organization = read_organization("unique", "inactive")
    custom_texts = [key for key, field in organization.fields.items() if field.type == "TEXT" and not key.startswith("$")]
    assert custom_texts[0] == "contract_number"
    assert organization.things["account"][0].refusal == "inactive"


@pytest.mark.parametrize(
    ("kind", "status", "values"),
    [
        ("unique", 422, {"contract_number": "A-1"}),
        ("unique", 422, {"invoice_email": "a@example.com"}),
        ("unique", 422, {"order_number": 7}),
        ("unique-conflict", 409, {"contract_number": "A-1"}),
    ],
)
def test_a_unique_value_is_taken_once(start: Start, kind: str, status: int, values: dict[str, Any]) -> None:
    server, client = start(kind)
    answers = [client.post(PATH, json=server.body(**values)).status_code for _ in range(2)]
    assert answers == [200, status]


def test_definitions_say_what_is_unique(start: Start) -> None:
    definitions = start("unique")[1].get(f"{PATH}/definitions").json()["fieldDefinitions"]
    elsewhere = start("unique-conflict")[1].get(f"{PATH}/definitions").json()["fieldDefinitions"]
    assert definitions["contract_number"]["typeConfiguration"]["unique"] is True
    assert elsewhere["contract_number"]["unique"] is True


def test_a_dependent_option_needs_the_one_of_its_parent(start: Start) -> None:
    server, client = start("dependent")
    definitions = client.get(f"{PATH}/definitions").json()["fieldDefinitions"]
    child = definitions["city"]["typeConfiguration"]
    chosen = child["options"][0]
    parent = definitions[child["parentFieldKey"]]["typeConfiguration"]["options"]
    wrong = next(option["id"] for option in parent if option["id"] != chosen["parentId"])
    for country, status in ((None, 422), (wrong, 422), (chosen["parentId"], 200)):
        assert client.post(PATH, json=server.body(city=chosen["id"], country=country)).status_code == status


@pytest.mark.parametrize(
    ("key", "text", "status"),
    [
        ("linkedin", "https://www.linkedin.com/in/ada-moss", 200),
        ("twitter", "https://x.com/ada_moss", 200),
        ("linkedin", "ada-moss", 422),
        ("linkedin", "https://x.com/ada_moss", 422),
        ("instagram", "http://instagram.com/ada", 422),
    ],
)
def test_a_social_handle_is_a_profile_of_its_service(start: Start, key: str, text: str, status: int) -> None:
    server, client = start("social")
    assert client.post(PATH, json=server.body(**{key: text})).status_code == status


def test_a_label_that_several_stages_have_is_ambiguous(start: Start) -> None:
    server, client = start("pipelines")
    stages = server.store.organization.fields["$stage"].options
    assert outcome(client.post(PATH, json=server.body(**{"$stage": "Discovery"}))) == (422, "ambiguous_stage_label")
    for stage in stages:
        answer = client.post(PATH, json=server.body(**{"$stage": stage.id}))
        assert answer.json()["fields"]["$stage"]["value"] == stage.id
    assert client.post(PATH, json=server.body(**{"$stage": stages[-1].label})).status_code == 200


def test_a_stage_may_need_more_fields(start: Start) -> None:
    server, client = start("first-stage")
    stage = {"$stage": server.store.organization.fields["$stage"].options[0].label}
    assert outcome(client.post(PATH, json=server.body(**stage))) == (422, "option_not_allowed")
    more = {"budget": 10, "kickoff": "2027-01-01T00:00:00Z"}
    assert client.post(PATH, json=server.body(**stage, **more)).status_code == 200


def test_inactive_things_are_listed_and_refused(start: Start) -> None:
    server, client = start("inactive")
    seen = {}
    for kind, key in (("account", "$account"), ("member", "$owner"), ("contact", "$champion")):
        body = server.body()
        body["relationships"][key] = client.get(f"/v1/{kind}s", params={"limit": 1}).json()["data"][0]["id"]
        seen[kind] = outcome(client.post(PATH, json=body))
    assert seen == {
        "account": (400, "relationship_entity_inactive"),
        "member": (422, "relationship_not_allowed"),
        "contact": (422, "relationship_not_allowed"),
    }


@pytest.mark.parametrize("kind", ["mandatory", "mandatory-two"])
def test_a_mandatory_attribute_is_missed(start: Start, kind: str) -> None:
    server, client = start(kind)
    for key in [key for key in server.body()["fields"] if not key.startswith("$")]:
        assert outcome(client.post(PATH, json=server.body(**{key: None}))) == (422, "field_mandatory")


@pytest.mark.parametrize(
    ("key", "strictest", "looser"),
    [
        ("billing_email", "ada.moss@example.com", "Ada.Moss@example.com"),
        ("site", "https://example.com/a", "http://example.com/a"),
        ("phone", "+431234567", "(01) 234 567"),
        ("kickoff", "2027-02-03T04:05:06+02:00", "2027-02-03"),
        ("seats", -2.25, 1.125),
        ("profile", "https://www.linkedin.com/in/ada-moss", "@ada"),
        ("office", {"country": "AT"}, {"country": "Austria"}),
        ("region", "North", " "),
    ],
)
def test_strict_takes_the_strictest_form_alone_and_open_takes_both(
    start: Start, key: str, strictest: Any, looser: Any
) -> None:
    found = {}
    for kind in ("strict", "open"):
        server, client = start(kind)
        found[kind] = [client.post(PATH, json=server.body(**{key: value})).status_code for value in (strictest, looser)]
    assert found == {"strict": [200, 422], "open": [200, 200]}


def test_texts_of_all_characters_are_taken_where_open_and_come_back(start: Start) -> None:
    server, client = start("open")
    text = '{"$name": "a\\u0000\\ud800b"}'
    stage, account = server.body()["fields"]["$stage"], server.body()["relationships"]["$account"]
    sent = f'{{"fields": {text[:-1]}, "$stage": "{stage}"}}, "relationships": {{"$account": "{account}"}}}}'
    answer = client.post(PATH, content=sent, headers={"Content-Type": "application/json"})
    assert answer.json()["fields"]["$name"]["value"] == "a\x00\ud800b"


def test_a_large_organization_is_as_large_as_it_says(start: Start) -> None:
    _, client = start("large")
    definitions = client.get(f"{PATH}/definitions").json()
    assert client.get(PATH, params={"limit": 1}).json()["totalCount"] == 100_000
    assert (
        client.get(PATH, params={"limit": 25, "offset": 99_990}).json()["data"][-1]["fields"]["$name"]["value"] == "Deal 0"
    )
    assert client.get("/v1/accounts", params={"limit": 1}).json()["totalCount"] == 1000
    assert len(definitions["fieldDefinitions"]) == 400
    assert len(definitions["relationshipDefinitions"]) == 60
    assert len(definitions["fieldDefinitions"]["$stage"]["typeConfiguration"]["options"]) == 120


def test_the_index_lags_and_the_retrieve_does_not(start: Start) -> None:
    server, client = start("laggy")
    record = client.post(PATH, json=server.body()).json()
    before = client.get(PATH, params={"limit": 1}).json()["totalCount"]
    assert client.get(f"{PATH}/{record['id']}").status_code == 200
    time.sleep(server.store.organization.manners.lag)
    after = client.get(PATH, params={"offset": before}).json()
    assert [row["id"] for row in after["data"]] == [record["id"]]


def test_one_of_each_has_one(start: Start) -> None:
    server, _ = start("one-of-each")
    assert {len(rows) for rows in server.store.things.values()} == {1}
    assert {len(field.options) for field in server.store.organization.fields.values()} == {0, 1}


@pytest.mark.parametrize(("kind", "status"), [("none", 403), ("no-accounts", 200)])
def test_an_organization_without_accounts(start: Start, kind: str, status: int) -> None:
    _, client = start(kind)
    made = client.post("/v1/accounts", json={"fields": {"$name": "First"}})
    assert made.status_code == status
    listed = client.get("/v1/accounts").json()
    assert [row["id"] for row in listed["data"]] == ([made.json()["id"]] if status == 200 else [])


def test_reads_that_are_withheld(start: Start) -> None:
    statuses = {
        kind: [start(kind)[1].get(path).status_code for path in (f"{PATH}/definitions", PATH)]
        for kind in ("definitions-forbidden", "list-forbidden", "list-absent", "reads-forbidden")
    }
    assert statuses == {
        "definitions-forbidden": [403, 200],
        "list-forbidden": [200, 403],
        "list-absent": [200, 405],
        "reads-forbidden": [403, 403],
    }


def test_definitions_may_be_silent_about_what_is_read_only(start: Start) -> None:
    definitions = start("no-read-only")[1].get(f"{PATH}/definitions").json()["fieldDefinitions"]
    assert not any("readOnly" in field for field in definitions.values())


@pytest.mark.parametrize(("kind", "moved"), [("clock-honoured", True), ("clock-ignored", False)])
def test_the_clock_header_moves_time_where_it_is_honoured(start: Start, kind: str, moved: bool) -> None:
    server, client = start(kind)
    key = {"Idempotency-Key": "a-key"}
    later = {server.environment["LIGHTFIELD_CLOCK_HEADER"]: str(25 * 3600)}
    first = client.post(PATH, json=server.body(), headers=key).json()
    second = client.post(PATH, json=server.body(), headers=key | later).json()
    assert (first["id"] != second["id"]) is moved
    assert (first["createdAt"] != second["createdAt"]) is moved


def test_another_client_writes_where_it_is_busy() -> None:
    with serve("busy") as server:
        time.sleep(1)
        names = {record.fields["$name"] for record in list(server.store.created)}
    assert any(not name.strip() for name in names)
    assert any(name.startswith("lfc-") for name in names)
