"""Targets that are no such API, or none at all: a verdict or one clear sentence, never a traceback and never a pass."""

from __future__ import annotations

import functools
import http.server
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.reference import Call, JsonAnswer, Pipeline, Reference
from lightfield_contract.reports import Verdict, read_json
from lightfield_contract.spec import Role, load

KEY = {"LIGHTFIELD_API_KEY": "sk_lf_some_key"}
LINKS = {place.object_type or "" for place in load().link_places if not place.read_only}
SELECTS = [place.key.removeprefix("$") for place in load().value_places if place.role is Role.OPTION]
GIVEN = {f"LIGHTFIELD_{name.upper()}_ID": "id_1" for name in LINKS} | {f"LIGHTFIELD_{key.upper()}": "any" for key in SELECTS}
RUN = ("run", "--depth", "smoke", "--timeout", "1", "--report-dir", "reports")


class Constant(http.server.BaseHTTPRequestHandler):
    """Answers every request with one and the same status and body."""

    status = 200
    body = b"{}"
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Reads the request to its end, and answers."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the method that it overrides
        """Says nothing."""


class Files(http.server.SimpleHTTPRequestHandler):
    """Serves the files of a folder."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the method that it overrides
        """Says nothing."""


@pytest.fixture
def mute() -> Iterator[str]:
    """The URL of a port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def garbage() -> Iterator[str]:
    """The URL of a port that answers every connection with bytes that are not HTTP."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:

        def babble() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"\x00\xff220 mail ready\r\n\r\n")

        thread = threading.Thread(target=babble, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture
def closed() -> str:
    """The URL of a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def sentence(told: subprocess.CompletedProcess[str]) -> str:
    """The one thing that a run which could not begin says, besides where its ledger is."""
    assert "Traceback" not in told.stdout + told.stderr
    assert "INTERNALERROR" not in told.stdout + told.stderr
    lines = [line for line in told.stderr.splitlines() if line.strip() and "the ledger of what is created" not in line]
    assert len(lines) == 1, told.stdout + told.stderr
    return lines[0]


@pytest.mark.parametrize(("status", "body"), [(200, b"{}"), (201, b"<html>"), (500, b"{}")])
def test_a_target_that_always_gives_one_answer_is_found_out(
    command: Callable[..., subprocess.CompletedProcess[str]],
    answer: Callable[[type[http.server.BaseHTTPRequestHandler]], str],
    tmp_path: Path,
    status: int,
    body: bytes,
) -> None:
    """It is judged, it passes nothing about requests, and the run fails."""
    url = answer(type("Same", (Constant,), {"status": status, "body": body}))
    told = command(*RUN, "--base-url", url, environment=KEY | GIVEN)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
    result = read_json(tmp_path / "reports" / "result.json")
    passed = {clause.id for clause in result.clauses if clause.verdict is Verdict.CONFORMS}
    assert not [name for name in passed if name.startswith(("required:", "read-only:", "type:", "echo:", "unknown:"))]
    assert result.counts()[Verdict.VIOLATED] > 0


def test_a_target_of_which_nothing_is_known_is_no_success(
    command: Callable[..., subprocess.CompletedProcess[str]],
    answer: Callable[[type[http.server.BaseHTTPRequestHandler]], str],
) -> None:
    """Reads of another shape are violations; that there is nothing to link to, and so no correct body, is said as well."""
    told = command(*RUN, "--base-url", answer(Constant), environment=KEY)
    assert told.returncode == 1
    assert "read:definitions" in told.stdout
    assert "Traceback" not in told.stdout + told.stderr
    assert "LIGHTFIELD_<OBJECT TYPE>_ID" in told.stdout


@pytest.mark.parametrize("status", [404, 501])
def test_a_target_without_the_endpoint_is_not_this_api(
    command: Callable[..., subprocess.CompletedProcess[str]],
    answer: Callable[[type[http.server.BaseHTTPRequestHandler]], str],
    status: int,
) -> None:
    """One sentence, which asks for the base URL."""
    told = command(*RUN, "--base-url", answer(type("Same", (Constant,), {"status": status})), environment=KEY)
    assert told.returncode == 4
    assert "is the base URL right?" in sentence(told)


@pytest.mark.parametrize("status", [401, 403])
def test_a_target_that_refuses_the_key_cannot_be_judged(
    command: Callable[..., subprocess.CompletedProcess[str]],
    answer: Callable[[type[http.server.BaseHTTPRequestHandler]], str],
    status: int,
) -> None:
    """One sentence, which names the variable."""
    told = command(*RUN, "--base-url", answer(type("Same", (Constant,), {"status": status})), environment=KEY)
    assert told.returncode == 4
    assert "LIGHTFIELD_API_KEY" in sentence(told)


def test_a_file_server_is_not_this_api(
    command: Callable[..., subprocess.CompletedProcess[str]],
    answer: Callable[[Any], str],
    tmp_path: Path,
) -> None:
    """It knows no POST."""
    told = command(*RUN, "--base-url", answer(functools.partial(Files, directory=str(tmp_path))), environment=KEY)
    assert told.returncode == 4
    assert "is not this API" in sentence(told)


@pytest.mark.parametrize("target", ["closed", "mute", "garbage"])
def test_what_does_not_answer_cannot_be_judged(
    command: Callable[..., subprocess.CompletedProcess[str]], request: pytest.FixtureRequest, target: str
) -> None:
    """A closed port, one that accepts and is silent, and one that speaks something else: one sentence with the URL."""
    url = request.getfixturevalue(target)
    told = command(*RUN, "--base-url", url, environment=KEY)
    assert told.returncode == 4
    assert f"{url} cannot be judged" in sentence(told)


class Dying(Pipeline):
    """Stops answering after some creates."""

    async def answer(self, call: Call) -> JsonAnswer:
        """Makes every client wait for longer than it is ready to, once there are twenty records."""
        made = len(next(iter(self.store.organizations.values())).of_type(self.contract.collection.object_type))
        return await (self.never(call) if made > 20 else super().answer(call))

    async def never(self, call: Call) -> JsonAnswer:
        """Waits until the client has left."""
        await self.read_body(call)
        while (await call.receive())["type"] != "http.disconnect":
            pass
        return JsonAnswer(500, {})


def test_a_target_that_dies_in_the_middle_gets_the_verdicts_that_are_known(
    command: Callable[..., subprocess.CompletedProcess[str]], serve: Callable[..., Reference], tmp_path: Path
) -> None:
    """What was judged until then stands, nothing is violated by silence alone, and the run says why it ended."""
    target = serve(Dying)
    told = command(*RUN, "--wait", "1", "--base-url", target.url, environment=target.environment)
    assert "Traceback" not in told.stdout + told.stderr
    assert "INTERNALERROR" not in told.stdout + told.stderr
    result = read_json(tmp_path / "reports" / "result.json")
    verdicts = {clause.id: clause.verdict for clause in result.clauses}
    assert told.returncode == 5
    assert Verdict.VIOLATED not in verdicts.values()
    assert any("stopped answering after" in note for note in result.notes)
    assert result.audit.state == "not verified"
    assert result.counts()[Verdict.CONFORMS] > 0


class Forgetful(Pipeline):
    """Lists the last record alone, and is silent when asked for one."""

    def listed(self, call: Call) -> Any:
        """The newest record."""
        return super().listed(call)[-1:]

    async def perform(self, call: Call) -> JsonAnswer:
        """Answers all but retrievals."""
        if call.role == "retrieve":
            while (await call.receive())["type"] != "http.disconnect":
                pass
        return await super().perform(call)


@pytest.mark.long
def test_a_target_whose_reads_hang_is_judged_to_the_end(
    command: Callable[..., subprocess.CompletedProcess[str]], serve: Callable[..., Reference], tmp_path: Path
) -> None:
    """Records that neither the list nor a read shows end the audit, not the run."""
    target = serve(Forgetful)
    run = ("run", "--depth", "smoke", "--timeout", "0.3", "--report-dir", "reports", "--clause", "success:")
    told = command(*run, "--base-url", target.url, environment=target.environment)
    assert "INTERNALERROR" not in told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
    assert read_json(tmp_path / "reports" / "result.json").run.exit_status == told.returncode == 1


class Circular(Pipeline):
    """Ignores the offset of a list: every page is full, and always the same."""

    def list(self, call: Call) -> JsonAnswer:
        """The first page of sixty records, whichever was asked for."""
        call.query = tuple(item for item in call.query if item[0] != "offset")
        page = super().list(call).body
        return JsonAnswer(200, {**page, "data": (page["data"] * 25)[:25], "totalCount": 60})


def test_a_list_that_always_gives_the_same_page_is_not_read_for_ever(
    command: Callable[..., subprocess.CompletedProcess[str]], serve: Callable[..., Reference], tmp_path: Path
) -> None:
    """The announced total bounds how many pages are asked for."""
    target = serve(Circular)
    told = command(*RUN, "--clause", "success:once", "--base-url", target.url, environment=target.environment)
    assert "Traceback" not in told.stdout + told.stderr
    assert read_json(tmp_path / "reports" / "result.json").run.reads < 100
