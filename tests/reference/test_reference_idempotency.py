"""One answer for one key."""

from __future__ import annotations

import copy
import json

import pytest
from callers import Api, MakeApi, refused

from lightfield_contract.reference import Configuration, SampleKeys

KEYS = SampleKeys()
DAY = 24 * 60 * 60


def test_replay(api: Api) -> None:
    """A repeat answers with the same status and body, and creates nothing."""
    first = api.create(api.body(), "k")
    before = api.count()
    again = api.create(api.body(), "k")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert api.count() == before


def test_same_json(api: Api) -> None:
    """Member order, white space and escapes make no other body."""
    body = api.body()
    first = api.create(body, "k")
    turned = {group: dict(reversed(members.items())) for group, members in reversed(body.items())}
    headers = {"Idempotency_Key": "k", "Content-Type": "application/json"}
    again = api.send("POST", api.contract.create.path, headers=headers, content=json.dumps(turned, indent=3))
    assert again.json() == first.json()


def test_no_key_and_two_keys(api: Api) -> None:
    """Without a key, and with another key, an equal request makes another record."""
    answers = [api.create(api.body(), key) for key in (None, None, "a", "b")]
    assert len({answer.json()["id"] for answer in answers}) == 4


def test_other_body(api: Api) -> None:
    """A used key with another body, even an invalid one, gets the original answer."""
    first = api.create(api.body(), "k")
    before = api.count()
    assert api.create(api.with_field(api.text.key, "Other"), "k").json() == first.json()
    assert api.create({}, "k").json() == first.json()
    assert api.count() == before


def test_failure_does_not_burn(api: Api) -> None:
    """A refused request leaves its key free."""
    refused(api.create({}, "k"), 400, "parameter_missing", "fields")
    assert api.create(api.body(), "k").status_code == 200


@pytest.mark.parametrize("key", ["sk_lf_unknown", KEYS.read])
def test_credentials_do_not_burn(api: Api, key: str) -> None:
    """A 401 or 403 leaves the key free, and afterwards the answer is not served to such a caller."""
    body = api.body()
    refusal = api.create(body, "k", key=key)
    first = api.create(body, "k")
    assert first.status_code == 200
    again = api.create(body, "k", key=key)
    assert (again.status_code, again.json()) == (refusal.status_code, refusal.json())
    assert first.json()["id"] not in again.text


def test_other_organization(api: Api) -> None:
    """An equal key of another organization is independent."""
    first = api.create(api.body(), "k")
    body = api.body(KEYS.other_org)
    answer = api.create(body, "k", key=KEYS.other_org)
    assert answer.status_code == 200
    assert answer.json()["id"] != first.json()["id"]


def test_other_key_of_the_organization(api: Api) -> None:
    """Another API key of the same organization replays."""
    first = api.create(api.body(), "k")
    assert api.create(api.body(), "k", key=KEYS.create_only).json() == first.json()


def test_other_operation(api: Api) -> None:
    """The same key on another operation is independent."""
    first = api.create(api.body(), "k")
    for collection in api.contract.collections.values():
        if collection.create is not None and collection is not api.contract.collection:
            required = collection.create.request_schema["properties"]["fields"]["required"]
            body = {"fields": dict.fromkeys(required, "Sample")}
            answer = api.send("POST", collection.path, headers={"Idempotency_Key": "k"}, json=body)
            assert answer.status_code == 200
            assert answer.json()["id"] != first.json()["id"]


def test_lifetime(api: Api) -> None:
    """A key replays for 24 hours and then counts as new, by offset and by the server's own clock."""
    first = api.create(api.body(), "k")
    assert api.create(api.body(), "k", Reference_Clock_Offset=str(DAY - 60)).json() == first.json()
    late = api.create(api.body(), "k", Reference_Clock_Offset=str(DAY + 60))
    assert late.json()["id"] != first.json()["id"]
    api.clock.time += DAY + 30
    assert api.create(api.body(), "k").json() == late.json()
    api.clock.time += DAY + 60
    assert api.create(api.body(), "k").json()["id"] not in (first.json()["id"], late.json()["id"])


def test_length(api: Api) -> None:
    """A key may have the greatest length and no character more, and an empty one is refused."""
    longest = api.contract.key_length
    assert api.create(api.body(), "k" * longest).status_code == 200
    refused(api.create(api.body(), "k" * (longest + 1)), 400, "idempotency_key_too_long", "Idempotency-Key")
    refused(api.create(api.body(), ""), 400, "idempotency_key_empty", "Idempotency-Key")


def test_exact(api: Api) -> None:
    """Letter case, inner spaces and the last character of a long key count."""
    long = "k" * (api.contract.key_length - 1)
    keys = ["key", "Key", "KEY", "k ey", "k  ey", "key.", f"{long}a", f"{long}b"]
    assert len({api.create(api.body(), key).json()["id"] for key in keys}) == len(keys)


@pytest.mark.parametrize("latency", [0.0, 0.02])
def test_concurrent(make_api: MakeApi, latency: float) -> None:
    """Of requests with one key at the same time one creates, and the late ones get a 409."""
    api = make_api(Configuration(latency=latency))
    body, before = api.body(), api.count()
    request = ("POST", api.contract.create.path, {"headers": api.headers(Idempotency_Key="k"), "json": body})
    answers = api.together(*[request] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    late = next(answer for answer in answers if answer.status_code == 409)
    assert late.json()["error"]["type"] == "idempotency_conflict"
    assert api.count() == before + 1
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert api.create(body, "k").json() == winner.json()


def test_concurrent_without_a_key(api: Api) -> None:
    """Requests without a key do not stand in each other's way."""
    request = ("POST", api.contract.create.path, {"headers": api.headers(), "json": api.body()})
    assert len({answer.json()["id"] for answer in api.together(*[request] * 8)}) == 8


def test_other_body_in_flight(make_api: MakeApi) -> None:
    """Another body under a key in flight never makes a second record."""
    api = make_api(Configuration(latency=0.02))
    body = api.body()
    other = copy.deepcopy(body)
    other["fields"][api.text.key] = "Other"
    headers, path, before = api.headers(Idempotency_Key="k"), api.contract.create.path, api.count()
    answers = api.together(
        ("POST", path, {"headers": headers, "json": body}), ("POST", path, {"headers": headers, "json": other})
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert api.count() == before + 1
