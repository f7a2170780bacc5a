"""The programs that show findings again, run against the server with the fault and against the reference."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import check_programs, judge_programs, wrong_lines

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Pipeline, Reference
from lightfield_contract.reference.faults import FaultInfo, fault
from lightfield_contract.reference.steps import Call
from lightfield_contract.reference.store import Record
from lightfield_contract.reports import Finding, Result, Verdict, write_reports
from lightfield_contract.spec.pointer import set_at


@pytest.mark.parametrize(
    "name",
    ["two-winners", "cut-at255", "scope-remembered", "makes-two-for-custom", "status-at-times"],
)
def test_programs_and_curl_lines_show_the_fault(name: str) -> None:
    """About requests at one time, a value, whom the target let in before, a record too many, and what strikes at times."""
    judged = judge_programs(name, "smoke", fault(name).clause)
    assert {"py", "lines", "terminal"} <= {each.kind for each in judged.checks}
    assert not list(wrong_lines(judged))


class _NextNameIsCut(Pipeline):
    """The name of a record with an email address is cut after one without."""

    before = True

    def make_record(self, call: Call) -> Record:
        values = call.sent_values
        now = "sample-email" in values
        if now and not self.before:
            call.payload = set_at(call.payload, "/fields/$name", values["$name"][:30])
        self.before = now
        return super().make_record(call)


def test_what_a_server_remembers_of_the_request_before(tmp_path: Path) -> None:
    """A program falls back on what the run had sent just before."""
    arguments = ["--lightfield-depth=smoke", "--lightfield-clause=echo:/fields/$name"]
    result, printed = judge_server(Reference(pipeline=_NextNameIsCut), arguments, socket=False)
    assert result is not None, printed
    info = FaultInfo("next-name-is-cut", "echo:/fields/$name", "", _NextNameIsCut)
    said = {check.kind: check.wrong for check in check_programs(result, info, tmp_path)}
    assert said == {"py": ""}


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
