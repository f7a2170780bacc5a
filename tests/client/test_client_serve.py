"""The server for people who develop a client: its log, its page, scripted conduct, and CORS."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lightfield_contract.conformance.client.material import ClientBodies
from lightfield_contract.reference.script import read_script
from lightfield_contract.spec import UsageError, load

COMMAND = str(Path(sys.executable).with_name("lightfield-contract"))
BODY = ClientBodies(load()).body("smallest", "serve")


class Served:
    """A running server of the command line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        lines: list[str] = []
        self.process = process
        while "shown at" not in "".join(lines):
            assert process.stdout is not None
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr.read() if process.stderr else ""
        text = "".join(lines)
        self.url = re.search(r"LIGHTFIELD_BASE_URL=(\S+)", text)[1]  # type: ignore[index]
        self.key = re.search(r"LIGHTFIELD_API_KEY=(\S+)", text)[1]  # type: ignore[index]

    def create(self, key: str | None = None, **more: Any) -> httpx.Response:
        """Sends a create."""
        headers = {"Authorization": f"Bearer {self.key}", "Lightfield-Version": "2026-03-01"}
        headers |= {"Idempotency-Key": key} if key else {}
        return httpx.post(f"{self.url}/v1/opportunities", json=BODY, headers=headers, timeout=2, trust_env=False, **more)

    def end(self) -> str:
        """Ends it as Ctrl-C does; what else it printed."""
        self.process.send_signal(signal.SIGINT)
        printed, errors = self.process.communicate(timeout=20)
        assert (self.process.returncode, errors) == (0, "")
        return printed


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Starts servers on ports that are free."""
    running: list[subprocess.Popen[str]] = []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIGHTFIELD_")}

    def start(*options: str) -> Served:
        line = [COMMAND, "serve", "--port", "0", *options]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        running.append(process)
        return Served(process)

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_each_request_is_logged_with_what_was_wrong(serve: Callable[..., Served], tmp_path: Path) -> None:
    """As a line for people, as a JSON line, and on the page; without the key."""
    log = tmp_path / "requests.jsonl"
    served = serve("--log", str(log))
    assert served.create("k1").status_code == 200
    headers = {"Authorization": f"Bearer {served.key}", "Lightfield-Version": "2026-03-01"}
    assert httpx.post(f"{served.url}/v1/opportunities", json={}, headers=headers, trust_env=False).status_code == 400
    assert served.create("k2").status_code == 200
    page = httpx.get(f"{served.url}/", trust_env=False)
    printed = served.end()
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [entry["status"] for entry in entries] == [200, 400, 200]
    assert entries[0]["wrong"] == []
    assert "parameter_missing" in entries[1]["wrong"][0]
    assert "with another Idempotency-Key" in entries[2]["wrong"][0]
    assert "wrong: " in printed
    assert "parameter_missing" in page.text
    assert served.key not in printed + page.text + log.read_text("utf-8")


def test_a_script_says_what_happens_to_which_request(serve: Callable[..., Served], tmp_path: Path) -> None:
    """Together with permitted variations."""
    script = tmp_path / "script.yaml"
    script.write_text("- {request: 1, do: drop}\n- {request: 2, status: 429, retry-after: 2}\n- {request: 3, status: 503}\n")
    served = serve("--script", str(script), "--variation", "status=201")
    with pytest.raises(httpx.RemoteProtocolError):
        served.create("k")
    limited = served.create("k")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "2")
    assert served.create("k").status_code == 503
    assert served.create("k").status_code == 201
    assert "connection closed opp_" in served.end()


def test_a_scenario_is_played_for_each_operation(serve: Callable[..., Served]) -> None:
    """An operation is what carries one idempotency key."""
    served = serve("--scenario", "lost-answer")
    for key in ("first", "second"):
        with pytest.raises(httpx.RemoteProtocolError):
            served.create(key)
        assert served.create(key).status_code == 200


def test_browsers_may_call_it_where_that_is_asked_for(serve: Callable[..., Served]) -> None:
    """A preflight is answered, and off by default."""
    asks = {"Origin": "http://page.invalid", "Access-Control-Request-Method": "POST"}
    served, closed = serve("--cors"), serve()
    preflight = httpx.options(f"{served.url}/v1/opportunities", headers=asks, trust_env=False)
    assert preflight.status_code == 204
    assert "Idempotency-Key" in preflight.headers["Access-Control-Allow-Headers"]
    assert served.create().headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in closed.create().headers


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "- 1",
        "- {request: 1}",
        "- {do: drop}",
        "- {request: 1, do: fly}",
        "- {request: 0, do: drop}",
        "- {request: 1, status: 99}",
        "- {request: 1, every: 2, do: drop}",
        "- {every: 1, delay: fast}",
    ],
)
def test_a_script_that_cannot_be_used_says_why(text: str, tmp_path: Path) -> None:
    """The message names the file and, where the text is YAML, shows the form."""
    script = tmp_path / "script.yaml"
    script.write_text(text)
    with pytest.raises(UsageError, match=re.escape(str(script))):
        read_script(script)


def test_an_unknown_scenario_is_wrong_usage() -> None:
    """The message names those that are nearly called so."""
    line = [COMMAND, "serve", "--port", "0", "--scenario", "lost-anwser"]
    told = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stdout) == (4, "")
    assert "lost-answer" in told.stderr
