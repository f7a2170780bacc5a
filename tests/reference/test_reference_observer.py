"""The observer: it sees each request and its response, and has no part in what is answered."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from typing import TypeAlias

import httpx
import pytest
from callers import Api

from lightfield_contract.reference import ObservedRequest, ObservedResponse, Reference

Seen: TypeAlias = list[tuple[ObservedRequest, ObservedResponse | None]]
Observed: TypeAlias = tuple[Reference, Seen]


@pytest.fixture
def observed(api: Api) -> Observed:
    """Makes a server that notes what its observer is shown."""
    seen: Seen = []
    return Reference(api.contract, observer=lambda request, response: seen.append((request, response))), seen


def test_request_and_response(observed: Observed, api: Api) -> None:
    """Method, target, headers and bodies are those on the wire."""
    reference, seen = observed
    with httpx.Client(transport=reference.transport(), base_url="http://reference.invalid") as client:
        answer = client.post(f"{api.contract.create.path}?x=%20", json=api.body(), headers=api.headers())
    ((request, response),) = seen
    assert (request.method, request.target) == ("POST", f"{api.contract.create.path}?x=%20")
    assert json.loads(request.body) == api.body()
    assert request.headers["authorization"] == api.headers()["Authorization"]
    assert response is not None
    assert (response.status, response.body) == (answer.status_code, answer.content)
    assert response.headers["content-type"] == answer.headers["Content-Type"]


def test_a_path_that_is_not_there(observed: Observed) -> None:
    """What no operation answers is shown as well."""
    reference, seen = observed
    with httpx.Client(transport=reference.transport(), base_url="http://reference.invalid") as client:
        client.get("/v1/nothing")
    ((request, response),) = seen
    assert response is not None
    assert (request.target, response.status) == ("/v1/nothing", 404)


def test_a_long_body(observed: Observed, api: Api) -> None:
    """Only the beginning of a long body is kept."""
    reference, seen = observed
    with httpx.Client(transport=reference.transport(), base_url="http://reference.invalid") as client:
        client.post(api.contract.create.path, content=b"x" * 3_000_000, headers=api.headers())
    assert len(seen[0][0].body) == 1024 * 1024


def test_no_response(observed: Observed, api: Api) -> None:
    """A client that leaves in the middle of its request gets no response, and is shown without one."""
    reference, seen = observed
    with reference:
        with socket.create_connection((reference.host, httpx.URL(reference.url).port or 80)) as connection:
            head = f"POST {api.contract.create.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"
            connection.sendall(head.encode())
            time.sleep(0.05)
        deadline = time.monotonic() + 5
        while not seen and time.monotonic() < deadline:
            time.sleep(0.01)
    ((request, response),) = seen
    assert (request.body, response) == (b"half", None)


def test_in_asynchronous_code(observed: Observed, api: Api) -> None:
    """The app of a reference serves asynchronous clients without a socket, and its observer sees them."""
    reference, seen = observed

    async def ask() -> int:
        transport = httpx.ASGITransport(reference.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://reference.invalid") as client:
            return (await client.get(api.contract.collection.path, headers=api.headers())).status_code

    assert asyncio.run(ask()) == 200
    assert len(seen) == 1
