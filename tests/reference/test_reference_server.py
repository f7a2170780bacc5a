"""The server on a real socket: embedded, in the foreground, and when a client leaves early."""

from __future__ import annotations

import asyncio
import doctest
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Protocol

import httpx
import pytest
from callers import Api

from lightfield_contract.reference import Configuration, Pipeline, Reference, SampleKeys, serve
from lightfield_contract.spec import Contract, UsageError, load

KEYS = SampleKeys()


class Caller:
    """Requests to a running server, with bodies that are read off another one of the same fragment."""

    def __init__(self, reference: Reference, api: Api) -> None:
        self.reference = reference
        self.api = api
        self.client = httpx.Client(base_url=reference.url, headers=api.headers())

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        url = httpx.URL(self.reference.url)
        return url.host, url.port or 80

    def count(self) -> int:
        """How many records there are."""
        total: int = self.client.get(self.api.contract.collection.path).json()["totalCount"]
        return total

    def create(self, key: str) -> httpx.Response:
        """Sends one create with a key."""
        return self.client.post(self.api.contract.create.path, json=self.api.body(), headers={"Idempotency-Key": key})

    def raw(self, key: str) -> bytes:
        """The bytes of one create."""
        body = json.dumps(self.api.body()).encode()
        lines = [f"POST {self.api.contract.create.path} HTTP/1.1", "Host: reference", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in self.api.headers(Idempotency_Key=key).items()]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


class Start(Protocol):
    """Starts a server and gives a caller of it."""

    def __call__(self, configuration: Configuration | None = None, pipeline: type[Pipeline] = Pipeline) -> Caller:
        """With the usual configuration and conduct unless others are given."""
        ...


@pytest.fixture
def start(api: Api) -> Iterator[Start]:
    """Starts servers, and stops them."""
    running: list[Caller] = []

    def begin(configuration: Configuration | None = None, pipeline: type[Pipeline] = Pipeline) -> Caller:
        reference = Reference(api.contract, configuration, pipeline)
        reference.start()
        caller = Caller(reference, api)
        running.append(caller)
        return caller

    yield begin
    for caller in running:
        caller.client.close()
        caller.reference.stop()


def test_embedded(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    """An embedded server answers over its socket, keeps connections open, and prints nothing."""
    caller = start()
    assert caller.create("k").status_code == 200
    assert caller.create("k").json() == caller.create("k").json()
    refusal = caller.client.post(caller.api.contract.create.path, content=b"x" * 3_000_000)
    assert refusal.status_code == 415
    assert caller.client.head(caller.api.contract.collection.path).status_code == 200
    assert caller.client.get("/v1/nothing").json()["error"]["type"] == "not_found"
    assert refusal.headers["Date"].endswith("GMT")
    assert capfd.readouterr() == ("", "")


def test_environment(start: Start) -> None:
    """The environment gives every kind of key, each of which the server knows, and the clock's header."""
    caller = start()
    environment = caller.reference.environment
    assert environment["LIGHTFIELD_API_KEY"] == KEYS.full
    assert environment["LIGHTFIELD_CLOCK_HEADER"] == "Reference-Clock-Offset"
    names = [name for name in environment if name.startswith("LIGHTFIELD_API_KEY")]
    keys = [key for name in names for key in environment[name].split(",")]
    assert len(keys) == len(set(keys)) == 7
    for key in keys:
        headers = {"Authorization": f"Bearer {key}"}
        assert caller.client.get(caller.api.validate_path, headers=headers).json()["active"] is True
    environment.clear()
    assert caller.reference.environment


@pytest.mark.parametrize("latency", [0.0, 0.05])
def test_lost_answer(start: Start, latency: float) -> None:
    """A client that leaves before the answer still gets the record made, and its retry gets that record."""
    caller = start(Configuration(latency=latency))
    before = caller.count()
    with socket.create_connection(caller.address) as connection:
        connection.sendall(caller.raw("k"))
    deadline = time.monotonic() + 5
    while caller.count() == before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert caller.count() == before + 1
    answer = caller.create("k")
    assert answer.status_code == 200
    assert caller.count() == before + 1
    newest = caller.client.get(caller.api.contract.collection.path).json()["data"][0]
    assert newest["id"] == answer.json()["id"]


def test_half_a_request(start: Start) -> None:
    """A client that leaves in the middle of its body makes nothing and harms no one."""
    caller = start()
    before = caller.count()
    with socket.create_connection(caller.address) as connection:
        connection.sendall(caller.raw("k")[:-5])
    time.sleep(0.05)
    assert caller.count() == before
    assert caller.create("k").status_code == 200


def test_race(start: Start) -> None:
    """Of threads that race with one key, one creates, and the others get its answer or a 409."""
    caller = start(Configuration(latency=0.01))
    before, answers = caller.count(), []
    threads = [threading.Thread(target=lambda: answers.append(caller.create("k"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1
    assert caller.count() == before + 1


def test_a_client_that_obeys_is_never_refused(start: Start) -> None:
    """Whoever waits for the reset when nothing remains never sees a 429."""
    caller = start(Configuration(rate=20))
    for _ in range(45):
        response = caller.client.get(caller.api.contract.collection.path)
        assert response.status_code == 200
        if response.headers["X-RateLimit-Remaining"] == "0":
            time.sleep(max(0.0, int(response.headers["X-RateLimit-Reset"]) - time.time()))


def test_stop_and_start(contract: Contract) -> None:
    """A server can be stopped twice, started again, and not started twice."""
    reference = Reference(contract)
    reference.stop()
    for _ in range(2):
        with reference:
            assert httpx.get(f"{reference.url}/v1/nothing").status_code == 404
            with pytest.raises(UsageError, match="runs already"):
                reference.start()
        with pytest.raises(httpx.ConnectError):
            httpx.get(reference.url)
    reference.stop()


def test_one_memory(contract: Contract, api: Api) -> None:
    """A transport and a socket lead to the same records, until the server is stopped."""
    reference = Reference(contract)

    def count(client: httpx.Client) -> int:
        total: int = client.get(contract.collection.path, headers=api.headers()).json()["totalCount"]
        return total

    for _ in range(2):
        with httpx.Client(transport=reference.transport(), base_url="http://reference.invalid") as inside:
            before = count(inside)
            with reference, httpx.Client(base_url=reference.url) as outside:
                assert outside.post(contract.create.path, json=api.body(), headers=api.headers()).status_code == 200
                assert count(inside) == count(outside) == before + 1


def test_async_context_manager(contract: Contract) -> None:
    """In asynchronous code it starts and stops without holding up the loop, and stops after an error too."""
    reference = Reference(contract)

    async def ask() -> None:
        async with reference, httpx.AsyncClient(base_url=reference.url) as client:
            assert (await client.get("/v1/nothing")).status_code == 404
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(ask())
    with pytest.raises(httpx.ConnectError):
        httpx.get(reference.url)


def test_examples() -> None:
    """The examples in the docstring of the class run as they stand."""
    examples = doctest.DocTestFinder(recurse=False).find(Reference, globs={})
    runner = doctest.DocTestRunner()
    for example in examples:
        runner.run(example)
    assert runner.summarize(verbose=False).failed == 0
    assert runner.tries > 0


def test_port_in_use(contract: Contract) -> None:
    """A port in use is a usage error that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}: Address already in use; give another port"):
            serve(contract, host="127.0.0.1", port=port, configuration=Configuration(), pipeline=Pipeline)
        with pytest.raises(UsageError, match="Address already in use"):
            Reference(contract, port=port).start()


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 99_999), ("127.0.0.1", -1), ("no.such.host.invalid", 0)])
def test_impossible_address(contract: Contract, host: str, port: int) -> None:
    """An address that cannot be listened on is a usage error."""
    with pytest.raises(UsageError, match="cannot listen on"):
        Reference(contract, host=host, port=port).start()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_foreground(number: int) -> None:
    """In the foreground it says where it is and which keys open it, and a signal ends it without a traceback."""
    code = (
        "from lightfield_contract.reference import Pipeline, Configuration, serve\n"
        "from lightfield_contract.spec import load\n"
        "serve(load(), host='127.0.0.1', port=0, configuration=Configuration(), pipeline=Pipeline)\n"
        "print('stopped')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip()]
        while not lines[-1].startswith("export LIGHTFIELD_CLOCK_HEADER"):
            lines.append(process.stdout.readline().strip())
        variables = dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))
        assert variables["LIGHTFIELD_BASE_URL"] in lines[0]
        headers = {"Authorization": f"Bearer {variables['LIGHTFIELD_API_KEY']}", "Lightfield-Version": load().version}
        assert httpx.get(variables["LIGHTFIELD_BASE_URL"] + "/v1/auth/validate", headers=headers).status_code == 200
        process.send_signal(number)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "stopped\n", "")


def test_foreground_in_a_thread(contract: Contract) -> None:
    """Outside the main thread there are no signals to handle, and a port in use is reported all the same."""
    found = []

    def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            try:
                serve(contract, host="127.0.0.1", port=taken.getsockname()[1])
            except UsageError as error:
                found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert len(found) == 1
