"""The app in the client's own process: as far as a client can tell, it is a server."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gzip
import threading
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lightfield_contract.reference.transport import InProcess


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """Speaks to a small app that notes what happens."""
    happened: list[str] = []

    async def echo(request: Request) -> Response:
        text = f"{request.method} {request.url.path}?{request.url.query} {request.headers['x-given']}|"
        return PlainTextResponse(text.encode() + await request.body(), 201)

    async def slow(_: Request) -> Response:
        happened.append("begun")
        await asyncio.sleep(0.02)
        happened.append("ended")
        return PlainTextResponse("late")

    async def broken(_: Request) -> Response:
        return PlainTextResponse("four", headers={"Content-Length": "5"})

    async def chunks(_: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            packed = gzip.compress(b"one and two")
            yield packed[:9]
            yield packed[9:]

        return StreamingResponse(parts(), headers={"Content-Encoding": "gzip"})

    async def later(_: Request) -> Response:
        asyncio.get_running_loop().call_later(0.02, happened.append, "later")
        return PlainTextResponse("soon")

    async def waits(request: Request) -> Response:
        await request.body()
        happened.append((await request.receive())["type"])
        return PlainTextResponse("no one")

    async def tell(_: Request) -> Response:
        return PlainTextResponse(" ".join(happened))

    paths = (echo, slow, broken, chunks, later, waits, tell)
    app = Starlette(routes=[Route(f"/{each.__name__}", each, methods=["GET", "POST"]) for each in paths])
    with httpx.Client(transport=InProcess(app), base_url="http://server.invalid") as found:
        yield found


def test_request_and_answer(client: httpx.Client) -> None:
    """Method, path, query, headers and body arrive; status and body come back."""
    answer = client.post("/echo?a=%20b", content=b"\xff", headers={"X-Given": " given "})
    assert (answer.status_code, answer.content) == (201, b"POST /echo?a=%20b given|\xff")


def test_an_encoded_stream(client: httpx.Client) -> None:
    """Chunks are put together and decoded."""
    assert client.get("/chunks").text == "one and two"


def test_a_wrong_length(client: httpx.Client) -> None:
    """An answer shorter than it announces is no answer."""
    with pytest.raises(httpx.RemoteProtocolError, match="broke off"):
        client.get("/broken")


def test_at_the_same_time(client: httpx.Client) -> None:
    """Requests of several threads overlap in the app."""
    start = threading.Barrier(3)

    def one(_: int) -> str:
        start.wait()
        return client.get("/slow").text

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, range(3))) == ["late"] * 3
    assert client.get("/tell").text == "begun begun begun ended ended ended"


def test_what_is_done_later(client: httpx.Client) -> None:
    """It is done before the next request that comes after its time."""
    client.get("/later")
    assert client.get("/tell").text == ""
    time.sleep(0.03)
    assert client.get("/tell").text == "later"


class LeftError(Exception):
    """The client closed the connection."""


def leave(event: str, _: object) -> None:
    """As the suite loses an answer."""
    assert event == "http11.receive_response_headers.started"
    raise LeftError


@pytest.mark.parametrize(("path", "after"), [("/slow", "begun ended"), ("/waits", "http.disconnect")])
def test_a_client_that_leaves(client: httpx.Client, path: str, after: str) -> None:
    """The app goes on without it, and can notice that it is gone."""
    with pytest.raises(LeftError):
        client.post(path, extensions={"trace": leave})
    time.sleep(0.03)
    client.get("/tell")
    assert client.get("/tell").text == after


def test_a_client_that_watches(client: httpx.Client) -> None:
    """Whoever traces and stays gets the answer."""
    assert client.get("/slow", extensions={"trace": lambda *_: None}).text == "late"


def test_closing_twice(client: httpx.Client) -> None:
    """Whoever made the transport may close it as well."""
    client.get("/later")
    client._transport.close()
    client._transport.close()
