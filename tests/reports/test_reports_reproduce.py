"""The programs that show findings again, run against the server with the fault and against the reference."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.reports import Finding, Result, Verdict, write_reports
from lightfield_contract.spec import load


def exit_status(file: Path, server: Reference) -> int:
    """What a program says of a server."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("LIGHTFIELD_")}
    variables = {**others, **server.environment, "LIGHTFIELD_BASE_URL": server.url}
    command = [sys.executable if file.suffix == ".py" else "sh", str(file)]
    return subprocess.run(command, env=variables, capture_output=True, check=False, timeout=60).returncode


@pytest.mark.parametrize("name", ["two-winners", "cut-at255", "scope-remembered", "makes-two-for-custom"])
def test_a_program_tells_the_fault_from_the_reference(name: str, tmp_path: Path) -> None:
    """About requests at the same time, a value, whom the target let in before, and a record too many."""
    broken = fault(name)
    server = Reference(load(), None, broken.pipeline)
    arguments = ["--lightfield-depth=smoke", f"--lightfield-clause={broken.clause}"]
    result, printed = judge_server(server, arguments, socket=False)
    assert result is not None, printed
    write_reports(result, ("reproduce",), tmp_path)
    files = sorted((tmp_path / "reproduce").glob("0*"))
    assert files
    keys = [value for name, value in server.environment.items() if name.startswith("LIGHTFIELD_API_KEY")]
    assert not [file.name for file in files for key in keys if key in file.read_text("utf-8")]
    with Reference(load(), None, broken.pipeline) as faulty, Reference() as plain:
        said = {file.name: (exit_status(file, faulty), exit_status(file, plain)) for file in files}
    assert said == {file.name: (1, 0) for file in files}


def test_what_needs_more_than_its_own_requests_has_no_program(
    make_result: Callable[..., Result], make_finding: Callable[..., Finding], tmp_path: Path
) -> None:
    """The index says so."""
    clause = "idempotency:replay"
    found = make_finding(clause, expectation="accounted-for", cause="A valid create makes two records.")
    write_reports(make_result({clause: Verdict.VIOLATED}, {clause: (found,)}), ("reproduce",), tmp_path)
    (index,) = (tmp_path / "reproduce").iterdir()
    assert "A valid create makes two records.\n   no file: a record more shows only" in index.read_text("utf-8")


def test_a_missing_variable_is_no_verdict(violating: Result, tmp_path: Path) -> None:
    """It is named, and nothing is sent."""
    write_reports(violating, ("reproduce",), tmp_path)
    file = next((tmp_path / "reproduce").glob("*.py"))
    variables = {name: value for name, value in os.environ.items() if not name.startswith("LIGHTFIELD_")}
    said = subprocess.run(
        [sys.executable, str(file)], env=variables, capture_output=True, text=True, check=False, timeout=60
    )
    assert (said.returncode, said.stderr) == (2, "No verdict: set LIGHTFIELD_API_KEY as for the run.\n")
