"""Targets to judge, ways to run the suite as a user does, and exchanges for the judges to look at."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.reference import Configuration, Pipeline, Reference
from lightfield_contract.reports import Result, read_json
from lightfield_contract.spec import Contract, load

COMMAND = str(Path(sys.executable).with_name("lightfield-contract"))
FOREIGN = re.compile(
    r"LIGHTFIELD_|PYTEST_|FORCE_COLOR|NO_COLOR|COLUMNS|TMPDIR|SSL_CERT|REQUESTS_CA|(?i:http|https|all|no)_(?i:proxy)$"
)
PATIENCE = 60
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for `servers`, the servers of the tests' own


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The packaged contract."""
    return load()


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """Our own environment without anything that the suite or pytest would read."""
    return {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}


@pytest.fixture(scope="session")
def run(clean_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program to its end, in a folder of its own, with the variables that a test gives."""

    def start(
        arguments: list[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments,
            cwd=folder,
            env={**clean_environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return start


@pytest.fixture
def command(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line with some arguments."""

    def start(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return run([COMMAND, *arguments], tmp_path, environment)

    return start


@pytest.fixture
def judge(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> Callable[..., tuple[subprocess.CompletedProcess[str], Result]]:
    """Judges a reference at smoke depth, the embedded one when none is given, and reads the result that was written."""

    def start(
        *arguments: str, target: Reference | None = None, environment: Mapping[str, str] | None = None
    ) -> tuple[subprocess.CompletedProcess[str], Result]:
        given = environment if environment is not None else target.environment if target else {}
        at = ["--base-url", target.url] if target else []
        told = command("run", "--depth", "smoke", "--report-dir", "reports", *at, *arguments, environment=given)
        assert "Traceback" not in told.stdout + told.stderr, told.stdout + told.stderr
        return told, read_json(tmp_path / "reports" / "result.json")

    return start


@pytest.fixture(scope="session")
def smoke(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One run of the command line on the embedded reference, at smoke depth, and the folder of its reports."""
    folder = tmp_path_factory.mktemp("smoke")
    return run([COMMAND, "run", "--depth", "smoke", "--report-dir", "reports"], folder), folder / "reports"


@pytest.fixture
def serve() -> Iterator[Callable[..., Reference]]:
    """Starts reference servers, with other steps or settings than the usual ones where a test gives them."""
    with contextlib.ExitStack() as running:

        def start(
            pipeline: type[Pipeline] = Pipeline, configuration: Configuration | None = None, contract: Contract | None = None
        ) -> Reference:
            return running.enter_context(Reference(contract or load(), configuration, pipeline))

        yield start


@pytest.fixture
def answer() -> Iterator[Callable[[type[http.server.BaseHTTPRequestHandler]], str]]:
    """Starts tiny HTTP servers that are no references at all, and gives their URLs."""
    with contextlib.ExitStack() as running:

        def start(handler: type[http.server.BaseHTTPRequestHandler]) -> str:
            server = running.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
            server.daemon_threads = True
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            running.callback(thread.join)
            running.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield start


@pytest.fixture(scope="session")
def suite() -> Iterator[Suite]:
    """A run that has looked at the embedded reference, and has judged nothing yet."""
    prepared = start_run(Settings(), "", 0)
    yield prepared
    prepared.close(last=True)


@pytest.fixture(scope="session")
def created(suite: Suite) -> Exchange:
    """A create that the reference accepted."""
    return suite.quiet("a create").api.create()


@pytest.fixture(scope="session")
def but(created: Exchange) -> Callable[..., Exchange]:
    """The accepted create with another answer, in which some parts differ."""

    def make(status: int = 200, body: Any = None, **parts: Any) -> Exchange:
        told = created.body if body is None else body
        return dataclasses.replace(created, status=status, body=told, text=json.dumps(told), **parts)

    return make
