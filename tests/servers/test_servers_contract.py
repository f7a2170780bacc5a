"""The server keeps the contract: operation, refusals, idempotency, scopes, limits and reads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from .service import Service
from .serving import Running, serve

PATH = "/v1/opportunities"
Start = Callable[..., tuple[Running, httpx.Client]]


def refusal(answer: httpx.Response) -> tuple[int, str | None, str | None]:
    error = answer.json().get("error", answer.json())
    return answer.status_code, error.get("code"), error.get("param")


def test_create_returns_what_was_sent(start: Start) -> None:
    server, client = start()
    body = server.body(region="North", seats=2.25, phone="+431234567")
    body["relationships"]["partners"] = [thing.id for thing in server.store.things["account"][:2]]
    answer = client.post(PATH, json=body)
    assert answer.status_code == 200
    record = answer.json()
    assert {key: record["fields"][key]["value"] for key in ("$name", "$stage", "region", "seats")} == {
        key: body["fields"][key] for key in ("$name", "$stage", "region", "seats")
    }
    assert record["fields"]["phone"] == {"value": ["+431234567"], "valueType": "TELEPHONE"}
    assert record["relationships"]["partners"]["values"] == body["relationships"]["partners"]
    assert client.get(f"{PATH}/{record['id']}").json() == record


def test_stage_is_taken_by_id_and_by_label(start: Start) -> None:
    server, client = start()
    option = server.store.organization.fields["$stage"].options[0]
    answers = [client.post(PATH, json=server.body(**{"$stage": text})).json() for text in (option.id, option.label)]
    assert [answer["fields"]["$stage"]["value"] for answer in answers] == [option.id, option.id]


@pytest.mark.parametrize(
    ("member", "key", "value", "expected"),
    [
        ("fields", "$name", None, (400, "parameter_missing", "fields.$name")),
        ("fields", "$name", 7, (400, "invalid_type", "fields.$name")),
        ("fields", "$stage", "nowhere", (400, "unknown_option", "fields.$stage")),
        ("fields", "$opportunityStatus", "Open", (400, "read_only_field", "fields.$opportunityStatus")),
        ("fields", "nothing", "x", (400, "unknown_field", "fields.nothing")),
        ("fields", "strategic", "yes", (400, "invalid_type", "fields.strategic")),
        ("relationships", "$account", [], (400, "parameter_missing", "relationships.$account")),
        ("relationships", "$owner", 7, (400, "invalid_type", "relationships.$owner")),
        ("relationships", "$note", "x", (400, "read_only_relationship", "relationships.$note")),
        ("relationships", "nothing", "x", (400, "unknown_relationship", "relationships.nothing")),
        ("relationships", "$owner", "mem_0", (400, "relationship_entity_missing", "relationships.$owner")),
    ],
)
def test_a_breach_is_refused_with_its_place_and_creates_nothing(
    start: Start, member: str, key: str, value: Any, expected: tuple[int, str, str]
) -> None:
    server, client = start()
    body = server.body()
    body[member][key] = value
    assert refusal(client.post(PATH, json=body)) == expected
    assert not server.store.created


def test_the_ids_of_the_other_organization_name_nothing(start: Start) -> None:
    server, client = start()
    body = server.body()
    body["relationships"]["$account"] = server.other.things["account"][0].id
    assert refusal(client.post(PATH, json=body))[0] == 400


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff", b'{"fields": NaN}', b"[" * 100_000])
def test_what_is_not_an_object_in_json_is_refused(start: Start, text: bytes) -> None:
    _, client = start()
    assert client.post(PATH, content=text, headers={"Content-Type": "application/json"}).status_code == 400


def test_headers_are_checked(start: Start) -> None:
    server, client = start()
    wrong = {
        "Lightfield-Version": ("2020-01-01", 400),
        "Content-Type": ("text/plain", 415),
        "Authorization": ("Basic x", 401),
        "Idempotency-Key": ("k" * 256, 400),
    }
    for name, (value, status) in wrong.items():
        assert client.post(PATH, json=server.body(), headers={name: value}).status_code == status, name
    assert client.post(PATH, json=server.body(), headers={"Idempotency-Key": "k" * 255}).status_code == 200


@pytest.mark.parametrize(("role", "status"), [("CREATE_ONLY", 200), ("NO_CREATE", 403), ("READ", 403), ("SECOND", 200)])
def test_the_scope_decides(start: Start, role: str, status: int) -> None:
    server, client = start()
    assert client.post(PATH, json=server.body(), headers=server.headers(role)).status_code == status


def test_a_repeat_with_the_key_returns_the_original(start: Start) -> None:
    server, client = start()
    key = {"Idempotency-Key": "a-key"}
    failed = client.post(PATH, json={}, headers=key)
    first = client.post(PATH, json=server.body(), headers=key)
    again = client.post(PATH, json=server.body(), headers=key)
    other = client.post(PATH, json=server.body(region="South"), headers=key)
    assert (failed.status_code, first.status_code) == (400, 200)
    assert first.json() == again.json() == other.json()
    assert client.post("/v1/accounts", json={"fields": {"$name": "A"}}, headers=key).status_code == 200
    assert client.post(PATH, json=server.body(), headers=server.headers("SECOND", **key)).json() == first.json()
    assert len(server.store.created) == 1


def test_a_used_key_with_another_body_is_refused_where_the_organization_does_so(start: Start) -> None:
    server, client = start("strict")
    key = {"Idempotency-Key": "a-key"}
    client.post(PATH, json=server.body(), headers=key)
    assert client.post(PATH, json=server.body(region="South"), headers=key).status_code == 422


def test_a_key_in_flight_is_a_conflict() -> None:
    entered, goes_on = threading.Event(), threading.Event()

    class Slow(Service):
        def check_members(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
            entered.set()
            goes_on.wait(10)
            return super().check_members(body)

    with serve(service=Slow) as server, httpx.Client(base_url=server.url, headers=server.headers()) as client:
        key = {"Idempotency-Key": "a-key"}
        answers: list[httpx.Response] = []
        first = threading.Thread(target=lambda: answers.append(client.post(PATH, json=server.body(), headers=key)))
        first.start()
        assert entered.wait(10)
        late = client.post(PATH, json=server.body(), headers=key)
        goes_on.set()
        first.join()
        assert (late.status_code, late.json()["error"]["type"]) == (409, "idempotency_conflict")
        assert answers[0].status_code == 200


def test_limits_are_announced_and_enforced_when_asked_for(start: Start) -> None:
    server, client = start(rate=3, enforced=True)
    answers = [client.post(PATH, json=server.body()) for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all(answer.headers["Retry-After"] == "1" for answer in refused)
    assert all(answer.headers["X-RateLimit-Limit"] == "3" for answer in answers)
    assert len(server.store.created) == len(answers) - len(refused)


def test_validate_names_the_scopes(start: Start) -> None:
    server, client = start()
    assert client.get("/v1/auth/validate", headers=server.headers("CREATE_ONLY")).json()["scopes"] == [
        "opportunities:create"
    ]
    assert client.get("/v1/auth/validate").json()["scopes"] == []
    assert client.get("/v1/auth/validate", headers={"Authorization": "Bearer sk_lf_x"}).status_code == 401


def test_the_list_pages_and_filters(start: Start) -> None:
    server, client = start()
    names = [f"Deal of {number}" for number in range(3)]
    made = [client.post(PATH, json=server.body(**{"$name": name})).json()["id"] for name in names]
    newest = client.get(PATH, params={"limit": 2, "offset": 1}).json()
    assert [row["id"] for row in newest["data"]] == [made[1], made[0]]
    assert newest["totalCount"] == len(made) + server.store.organization.records
    found = client.get(PATH, params={"$name[equal]": names[1]}).json()
    assert ([row["id"] for row in found["data"]], found["totalCount"]) == ([made[1]], 1)
    assert client.get(PATH, params={"limit": 26}).status_code == 400


def test_the_socket_is_fit_for_the_next_request_after_a_refusal() -> None:
    with serve() as server, httpx.Client(base_url=server.url, headers=server.headers()) as client:
        assert client.post(PATH, content=b"x" * 2_000_000, headers={"Authorization": "none"}).status_code == 401
        assert client.post(PATH, json=server.body()).status_code == 200

        def chunks() -> Any:
            yield b'{"fields": '
            yield b"7}"

        json = {"Content-Type": "application/json"}
        assert refusal(client.post(PATH, content=chunks(), headers=json)) == (400, "invalid_type", "fields")
