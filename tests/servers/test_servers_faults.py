"""Each seeded fault shows: some request gets another answer, or leaves other records, than without the fault."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from .faults import FAULTS
from .serving import Running, assemble

PATH = "/v1/opportunities"
Start = Callable[..., tuple[Running, httpx.Client]]
DAY = 24 * 3600
VALUES: dict[str, tuple[Any, ...]] = {
    "TEXT": ("Abcdefgh one", "Abcdefgh two", None),
    "NUMBER": (1.25,),
    "DATETIME": ("2027-01-02T03:04:05Z", "2027-01-02T03:04:05+02:00"),
    "EMAIL": ("ada@example.com",),
    "URL": ("https://example.com",),
    "TELEPHONE": ("+431234567",),
    "SOCIAL_HANDLE": ("https://www.linkedin.com/in/ada",),
}


def bodies(server: Running) -> Iterator[dict[str, Any]]:
    """Give bodies that every fault of a create answers in its own way, one of them at least."""
    organization, things = server.store.organization, server.store.things
    for name in ("A deal", " ", 7):
        yield server.body(**{"$name": name})
    yield server.body(nothing="at all")
    for key, field in itertools.islice(organization.fields.items(), 25):
        values = VALUES.get(field.type, ())[:1] if field.service else VALUES.get(field.type, ())
        for value in [*values, *(text for option in field.options[-5:] for text in (option.id, option.label)), 7, "nothing"]:
            chosen = next((option for option in field.options if value in (option.id, option.label)), None)
            parent = {field.parent: chosen.parent} if chosen and chosen.parent else {}
            yield server.body(**{"region": "North"} | parent | {key: [value] if field.type == "MULTI_SELECT" else value})
    for key, relationship in itertools.islice(organization.relationships.items(), 12):
        for thing in things[relationship.object_type][-7:]:
            for ids in (thing.id, [thing.id]):
                body = server.body(region="North")
                body["relationships"][key] = ids
                yield body


def converse(server: Running, client: httpx.Client) -> list[Any]:
    """Ask everything once and return the answers, but for their times."""
    paths = ["/v1/auth/validate", f"{PATH}/definitions", "/v1/accounts", "/v1/contacts", "/v1/members"]
    paths += [PATH, f"{PATH}?offset=1", f"{PATH}?limit=none"]
    answers = [client.get(path) for path in paths]
    answers += [client.post(PATH, json=body) for body in bodies(server)]
    accepted = [answer.json()["id"] for answer in answers[len(paths) :] if answer.status_code == 200]
    answers += [client.get(f"{PATH}/{identifier}") for identifier in accepted[-1:]]
    clock = server.environment.get("LIGHTFIELD_CLOCK_HEADER", "X-None")
    answers += [
        client.post(PATH, json=server.body(), headers={"Idempotency-Key": "a-key", clock: str(hours)})
        for hours in (0, 2 * 3600, DAY + 3600)
    ]
    return [[answer.status_code, *stripped(answer)] for answer in answers] + [len(server.store.created)]


def stripped(answer: httpx.Response) -> Iterator[Any]:
    if answer.headers["Content-Type"] != "application/json":
        yield answer.text
        return
    body = answer.json()
    if isinstance(body, dict) and "data" in body:
        yield sorted(body)  # the rows have times
    elif isinstance(body, dict):
        yield {name: part for name, part in body.items() if name != "createdAt"}
    else:
        yield type(body)


@pytest.fixture(scope="module")
def healthy() -> Callable[[str], list[Any]]:
    """Give the conversation with a server of one kind that has no fault."""

    @functools.cache
    def conversation(kind: str) -> list[Any]:
        server = assemble(kind)
        with httpx.Client(
            base_url="http://127.0.0.1", headers=server.headers(), transport=httpx.WSGITransport(app=server.application)
        ) as client:
            return converse(server, client)

    return conversation


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_shows(start: Start, healthy: Callable[[str], list[Any]], name: str) -> None:
    fault = FAULTS[name]
    alike = converse(*start(fault.kind, service=fault)) == healthy(fault.kind)
    assert not alike


@pytest.mark.parametrize("kind", ["plain", "busy", "strict"])
def test_two_servers_without_a_fault_answer_alike(start: Start, healthy: Callable[[str], list[Any]], kind: str) -> None:
    alike = converse(*start(kind)) == healthy(kind)
    assert alike
