"""Adding is cheap: each recipe of CONTRIBUTING.md, carried out in a copy of the project, and seen to work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("spec", "strategies", "conformance", "reports", "reference", "lightfield_contract")

CLAUSE_ROW = """  - id: success:id-printable
    section: success
    level: MUST
    basis: endpoint
    statement: An ID holds no white space.
    source: endpoint page, Returns
"""
CLAUSE_TEST = '''

@pytest.mark.clause("success:id-printable")
def test_an_id_holds_no_white_space(api: Api, expect: Expect) -> None:
    """It stands in paths."""
    created = expect.accepted(api.once())
    expect.holds("no white space", created.record_id.split() == [created.record_id], created.record_id, created)
'''
FAULT = '''

@breaks("{clause}")
class IdWithSpace(Fault):
    """An ID has a space in it."""

    def make_record(self, call: Call) -> Record:
        record = super().make_record(call)
        return dataclasses.replace(record, id=record.id.replace("_", " "))
'''
FORMAT = '''"""Renders a result as one line for each clause, for spreadsheets."""

from __future__ import annotations

from ..format import Format
from ..model import Result

__all__ = ["FORMAT"]


def render(result: Result) -> str:
    """Return a line with id and verdict for each clause."""
    return "".join(f"{clause.id},{clause.verdict.value}\\n" for clause in result.clauses)


FORMAT = Format("csv", "verdicts.csv", render)
'''
RULE = '''    SIGNED = "signed"
    """A text begins with a sign."""
'''
BREACH = """    if place.role is Role.TEXT:
        yield Mutation(Rule.SIGNED, place.pointer, "plus", None, replace(place.pointer, "+ sample"), valid)
"""
LIST_BREACHES = """
from lightfield_contract.spec import load
from lightfield_contract.strategies import Workspace, enumerate_breaches
print([breach.id for breach in enumerate_breaches(load(), Workspace.sample(load()))])
"""
HTML_SENT = '    ValueType("HTML", _markdown, sameness=Sameness.EXACTLY, draw=lambda _: draw_texts(), free_text=True),\n'


class Copy:
    """A copy of the project that recipes may change.

    Attributes:
        touched: the files that were changed or added.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.touched: set[str] = set()
        for room in ROOMS:
            shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))

    def read(self, path: str) -> str:
        """Return the text of a file."""
        return (self.folder / path).read_text("utf-8")

    def write(self, path: str, text: str) -> None:
        """Add a file, or change one."""
        (self.folder / path).write_text(text, "utf-8")
        self.touched.add(path)

    def append(self, path: str, text: str) -> None:
        """Add lines to the end of a file."""
        self.write(path, self.read(path) + text)

    def insert(self, path: str, before: str, text: str) -> None:
        """Add lines in front of the first place where a text stands."""
        held = self.read(path)
        assert before in held, f"{path} has no {before!r}"
        self.write(path, held.replace(before, text + before, 1))

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python where the copy is the project."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIGHTFIELD_", "PYTEST_"))}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line of the copy."""
        return self.python("-m", "lightfield_contract", *arguments)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of its own for each test."""
    return Copy(tmp_path)


def test_a_clause(copy: Copy) -> None:
    """A row of the catalogue, a test, and a fault that shows that it can fail."""
    copy.insert("spec/clauses.yaml", "  - id: operation:create", CLAUSE_ROW)
    copy.append("conformance/test_response.py", CLAUSE_TEST)
    copy.append("reference/faults/success.py", FAULT.format(clause="success:id-printable"))
    kept = copy.run("run", "--depth", "smoke", "--clause", "success:id-printable")
    assert kept.returncode == 0, kept.stdout + kept.stderr
    matrix = copy.folder / "matrix.json"
    copy.run(*["faults", "--run", "--only", "id-with-space", "--depth", "smoke", "--workers", "1", "--json"], str(matrix))
    assert "success:id-printable" in json.dumps(json.loads(matrix.read_text("utf-8")))
    assert len(copy.touched) <= 3


def test_a_fault(copy: Copy) -> None:
    """One class, for a clause that there is."""
    copy.append("reference/faults/success.py", FAULT.format(clause="success:stored"))
    assert "id-with-space" in copy.run("faults").stdout
    assert len(copy.touched) <= 1


def test_a_format(copy: Copy) -> None:
    """One module."""
    copy.write("reports/formats/csv.py", FORMAT)
    copy.run(*["run", "--depth", "smoke", "--clause", "operation:create", "--report", "csv", "--report-dir", "out"])
    assert "operation:create,conforms" in copy.read("out/verdicts.csv")
    assert len(copy.touched) <= 1


def test_a_rule(copy: Copy) -> None:
    """A member of the enumeration, and the code that makes the breach."""
    copy.insert("spec/rules.py", '    TYPE = "type"', RULE)
    copy.insert("strategies/schema_breaches.py", '    if "null" not in json_types(place.schema):', BREACH)
    listed = copy.python("-c", LIST_BREACHES)
    assert "signed-/fields/$name-plus" in listed.stdout, listed.stderr
    assert len(copy.touched) <= 2


def test_an_endpoint(copy: Copy) -> None:
    """One fragment, and no Python."""
    text = copy.read("spec/opportunities.yaml")
    copy.write("spec/deals.yaml", text.replace("/v1/opportunities", "/v1/deals").replace("opportunities:", "deals:"))
    judged = copy.run("run", "--contract", "deals", "--depth", "smoke")
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert len(copy.touched) <= 1


def test_a_value_type(copy: Copy) -> None:
    """An entry in the suite's registry and one in the reference's; which edition has the type is for its fragment to say."""
    copy.insert("strategies/text_types.py", '    ValueType(\n        "MARKDOWN"', HTML_SENT)
    copy.insert("reference/value_types.py", '    "MARKDOWN": _OTHER,', '    "HTML": _OTHER,\n')
    item = "                  - MARKDOWN\n"
    later = copy.read("spec/opportunities.yaml").replace(item, item.replace("MARKDOWN", "HTML") + item)
    edition = copy.folder / "later.yaml"
    edition.write_text(later.replace("    MARKDOWN: {", "    HTML: { type: string }\n    MARKDOWN: {"), "utf-8")
    judged = copy.run("run", "--contract", str(edition), "--depth", "smoke", "--clause", "custom:HTML")
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "not verified" not in judged.stdout
    assert len(copy.touched) <= 2
