"""In the middle of a run: trouble, a target that goes, and a key that expires are no verdict; faults still are."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.reference import Reference
from lightfield_contract.reports import Result, Verdict, read_json

Command = Callable[..., subprocess.CompletedProcess[str]]
RUN = ("run", "--depth", "smoke", "--timeout", "5", "--report-dir", "reports")
PAGE = "<html><head><title>Access denied</title></head></html>"
LOGIN = {"Location": "https://login.example.com/in?token=hidden"}
EXPIRED = '{"error": {"type": "unauthorized", "message": "The key has expired."}}'
JSON = {"Content-Type": "application/json"}


def judged(told: subprocess.CompletedProcess[str], folder: Path, status: int = 0) -> Result:
    """The result of a run that blamed the target for nothing."""
    assert told.returncode == status, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
    result = read_json(folder / "reports" / "result.json")
    assert [(clause.id, clause.findings) for clause in result.clauses if clause.findings] == []
    return result


def verified(result: Result) -> int:
    """How many clauses were verified."""
    return len(result.clauses) - result.counts()[Verdict.NOT_VERIFIED]


PASSING = [
    (502, PAGE),
    (503, "", {"Retry-After": "1"}),
    (407, PAGE),
    (200, "<title>Sign in</title>"),
    (302, "", LOGIN),
    (403, PAGE),
    (0,),
]


@pytest.mark.parametrize("reply", PASSING, ids=lambda reply: str(reply[0]))
def test_trouble_in_the_middle_of_a_run_is_no_verdict(
    command: Command, front: Any, upstream: Reference, tmp_path: Path, reply: tuple[Any, ...]
) -> None:
    """The same page as at the first contact, now and then: it is asked again, and hardly any clause is left open."""
    before = front(lambda _, number: reply if number > 3 and number % 17 == 0 else None)
    result = judged(command(*RUN, "--base-url", before.url, environment=upstream.environment), tmp_path)
    assert verified(result) >= 110


def is_breach(request: Any) -> bool:
    """Whether a request is a create without its required fields."""
    if request.method != "POST" or not request.body.startswith(b"{"):
        return False
    try:
        return "fields" not in json.loads(request.body)
    except ValueError:
        return False


@pytest.mark.long
@pytest.mark.parametrize(
    ("reply", "clause"),
    [((502, PAGE), "refusal:no-5xx"), ((0,), "operation:answers"), ((400, PAGE), "refusal:error")],
    ids=["502", "silence", "400"],
)
def test_what_the_target_does_each_time_is_its_own(
    command: Command, front: Any, upstream: Reference, tmp_path: Path, reply: tuple[Any, ...], clause: str
) -> None:
    """A crash that a gateway shows as a 502 is found: three of three, while the control passes."""
    before = front(lambda request, _: reply if is_breach(request) else None)
    told = command(*RUN, "--base-url", before.url, environment=upstream.environment)
    assert told.returncode == 1, told.stdout + told.stderr
    result = read_json(tmp_path / "reports" / "result.json")
    violated = {found.id for found in result.clauses if found.verdict is Verdict.VIOLATED}
    assert clause in violated
    assert {name.partition(":")[0] for name in violated} <= {"refusal", "operation", "required"}


@pytest.mark.long
@pytest.mark.parametrize(
    "text", ["Internal Server Error", '{"error": {"type": "internal_server_error", "message": "Oops."}}']
)
def test_a_500_is_the_targets_at_once(command: Command, front: Any, upstream: Reference, tmp_path: Path, text: str) -> None:
    """In plain text as well as in the API's own form."""
    kind = JSON if text.startswith("{") else {"Content-Type": "text/plain"}
    before = front(lambda request, _: (500, text, kind) if is_breach(request) else None)
    told = command(*RUN, "--base-url", before.url, environment=upstream.environment)
    assert told.returncode == 1
    violated = {c.id for c in read_json(tmp_path / "reports" / "result.json").clauses if c.verdict is Verdict.VIOLATED}
    assert "refusal:no-5xx" in violated


@pytest.mark.parametrize("workers", [1, 2])
def test_a_target_that_is_gone_and_back_is_used_again(
    command: Command, front: Any, upstream: Reference, tmp_path: Path, workers: int
) -> None:
    """A restart within a second or two costs a clause or two, and no verdict."""
    timers: list[threading.Timer] = []

    def restart() -> None:
        before.stop()
        time.sleep(1.0)
        before.start()

    def conduct(_: object, number: int) -> None:
        if number == 60:
            timers.append(threading.Timer(0, restart))
            timers[0].start()

    before = front(conduct)
    run = (*RUN, "--workers", str(workers), "--base-url", before.url)
    result = judged(command(*run, environment=upstream.environment), tmp_path)
    timers[0].join()
    assert verified(result) >= 105


def test_a_target_that_stays_away_ends_the_run_in_order(
    command: Command, front: Any, upstream: Reference, tmp_path: Path
) -> None:
    """What was judged stands, the rest is not verified with that reason, and the status is no success."""

    def conduct(_: object, number: int) -> None:
        if number == 60:
            threading.Thread(target=before.stop).start()

    before = front(conduct)
    run = (*RUN, "--wait", "1", "--base-url", before.url)
    result = judged(command(*run, environment=upstream.environment), tmp_path, status=5)
    reasons = [clause.reason for clause in result.clauses if clause.verdict is Verdict.NOT_VERIFIED]
    assert sum("stopped answering after" in reason for reason in reasons) > 30
    assert verified(result) > 10


def test_a_key_that_expires_is_no_verdict(command: Command, front: Any, upstream: Reference, tmp_path: Path) -> None:
    """The run ends in order, says after how many requests, and what would help."""
    before = front(lambda _, number: (401, EXPIRED, JSON) if number > 60 else None)
    told = command(*RUN, "--base-url", before.url, environment=upstream.environment)
    result = judged(told, tmp_path, status=5)
    reasons = [clause.reason for clause in result.clauses if clause.verdict is Verdict.NOT_VERIFIED]
    assert sum(bool(re.search(r"the key stopped working after \d+ requests", reason)) for reason in reasons) > 30
    assert "LIGHTFIELD_KEY_COMMAND" in told.stdout
    assert len(before.heard) < 70


@pytest.mark.long
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("given", [True, False], ids=["after a first key", "from the start"])
def test_a_fresh_key_is_fetched_once_for_all_workers(
    command: Command, front: Any, upstream: Reference, tmp_path: Path, workers: int, given: bool
) -> None:
    """A front that takes each main key for some forty requests, and a command that prints the next one."""
    count = tmp_path / "count"
    code = "import pathlib, sys; path = pathlib.Path(sys.argv[1]); open(path, 'a').write('.'); "
    code += "print(f'sk_lf_fresh_key_{path.stat().st_size}')"
    main = upstream.environment["LIGHTFIELD_API_KEY"]
    fixed = {value for name, values in upstream.environment.items() if "API_KEY_" in name for value in values.split(",")}
    used: dict[str, int] = {}
    lock = threading.Lock()

    def conduct(request: Any, _: int) -> tuple[Any, ...] | None:
        name = next((each for each in request.headers if each.lower() == "authorization"), "")
        scheme, space, key = request.headers.get(name, "").rpartition(" ")
        if key in fixed or not (key == main or re.fullmatch(r"sk_lf_fresh_key_\d+", key)):
            return None
        with lock:
            used[key] = used.get(key, 0) + 1
            newest = key == list(used)[-1]
        if not newest or used[key] > 40:
            return 401, EXPIRED, JSON
        request.headers[name] = f"{scheme}{space}{main}"
        return None

    before = front(conduct)
    environment = {**upstream.environment, "LIGHTFIELD_KEY_COMMAND": shlex.join([sys.executable, "-c", code, str(count)])}
    if not given:
        del environment["LIGHTFIELD_API_KEY"]
    run = (*RUN, "--workers", str(workers), "--base-url", before.url)
    told = command(*run, environment={**environment, "TMPDIR": str(tmp_path)})
    result = judged(told, tmp_path)
    assert verified(result) >= 110
    assert count.stat().st_size == len(used) - given
    written = told.stdout + told.stderr + "".join(path.read_text() for path in (tmp_path / "reports").iterdir())
    assert "sk_lf_fresh" not in written
    assert list(tmp_path.glob("lightfield-contract-*")) == []


@pytest.mark.long
def test_a_command_that_fails_in_the_middle_ends_the_run(
    command: Command, front: Any, upstream: Reference, tmp_path: Path
) -> None:
    """In order, with a sentence that names the variable."""
    before = front(lambda _, number: (401, EXPIRED, JSON) if number > 60 else None)
    environment = {**upstream.environment, "LIGHTFIELD_KEY_COMMAND": "sh -c 'echo sk_lf_hidden; exit 7'"}
    told = command(*RUN, "--base-url", before.url, environment=environment)
    result = judged(told, tmp_path, status=5)
    assert any("LIGHTFIELD_KEY_COMMAND ended with status 7" in clause.reason for clause in result.clauses)
    assert "sk_lf_hidden" not in told.stdout + told.stderr


def test_a_command_that_fails_at_the_start_is_wrong_usage(command: Command, front: Any) -> None:
    """Nothing is sent."""
    target = front()
    told = command(*RUN, "--base-url", target.url, environment={"LIGHTFIELD_KEY_COMMAND": "false"})
    assert told.returncode == 4
    assert "LIGHTFIELD_KEY_COMMAND ended with status 1" in told.stderr
    assert target.heard == []


def test_a_run_that_is_killed_leaves_no_key(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    """Its processes leave keys for each other in its temporary folder, which another process removes."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {**clean_environment, "TMPDIR": str(tmp_path), "LIGHTFIELD_KEY_COMMAND": "echo sk_lf_fresh_key"}
        command = [str(Path(sys.executable).with_name("lightfield-contract")), "run", "--base-url", url, "--workers", "2"]
        with subprocess.Popen(command, env=environment, cwd=tmp_path) as run:
            connection, _ = silent.accept()
            with connection:
                run.kill()
    for _ in range(100):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        if [path.name for path in files] == ["ledger.jsonl"]:
            break
        time.sleep(0.1)
    assert [path.name for path in files] == ["ledger.jsonl"]
    assert b"sk_lf" not in files[0].read_bytes()
