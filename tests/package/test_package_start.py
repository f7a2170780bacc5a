"""What starting costs: nothing is imported before it is needed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

HEAVY = {
    "allpairspy",
    "harfile",
    "httpx",
    "hypothesis",
    "importlib.metadata",
    "jinja2",
    "jsonschema",
    "pytest",
    "requests",
    "schemathesis",
    "starlette",
    "uvicorn",
    "xdist",
    "yaml",
}
"""What costs more than a few milliseconds."""

FRONT = {
    "lightfield_contract",
    "lightfield_contract.conformance",
    "lightfield_contract.conformance.arguments",
    "lightfield_contract.conformance.cli",
    "lightfield_contract.conformance.harness",
    "lightfield_contract.conformance.harness.settings",
    "lightfield_contract.conformance.harness.settings.options",
    "lightfield_contract.conformance.harness.settings.row",
    "lightfield_contract.conformance.harness.verdicts",
    "lightfield_contract.conformance.harness.verdicts.exit_status",
    "lightfield_contract.conformance.isolation",
    "lightfield_contract.conformance.output",
    "lightfield_contract.conformance.parsing",
}
"""What the command line is made of before a command is chosen."""


PROGRAM = """
import atexit, pathlib, runpy, sys
file = pathlib.Path("modules.txt").absolute()
atexit.register(lambda: file.write_text(" ".join(sys.modules)))
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> Callable[..., set[str]]:
    """Run a module with some arguments, and give the names of all modules that were imported."""

    def start(module: str, *arguments: str) -> set[str]:
        told = run(["python", "-c", PROGRAM, module, *arguments], tmp_path)
        assert "Traceback" not in told.stderr, told.stderr
        return set((tmp_path / "modules.txt").read_text("utf-8").split())

    return start


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["run", "--help"], ["faults", "--help"], []],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_what_the_parser_answers_imports_no_room(imported: Callable[..., set[str]], arguments: list[str]) -> None:
    """Help and the version are answered at once."""
    found = imported("lightfield_contract", *arguments)
    ours = {name for name in found if name.partition(".")[0] == "lightfield_contract"}
    assert ours - {"lightfield_contract.__main__"} == FRONT
    assert found & HEAVY == set()


def test_a_mistake_imports_what_says_what_may_have_been_meant(imported: Callable[..., set[str]]) -> None:
    """The room that says it of all that a user gives, and what that needs to read its own data; nothing of a run."""
    found = imported("lightfield_contract", "run", "--nosuch")
    rooms = {".".join(name.split(".")[:2]) for name in found if name.startswith("lightfield_contract.")}
    assert rooms - {"lightfield_contract.__main__"} == {"lightfield_contract.conformance", "lightfield_contract.spec"}
    assert found & HEAVY <= {"yaml"}


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["clauses"], {"yaml"}),
        (["explain", "idempotency:replay"], {"yaml"}),
        (["report", "nowhere.json"], {"yaml", "harfile", "importlib.metadata", "jinja2", "jsonschema"}),
    ],
    ids=["clauses", "explain", "report"],
)
def test_a_command_imports_what_it_needs(imported: Callable[..., set[str]], arguments: list[str], needed: set[str]) -> None:
    """Nobody waits for a server or a test runner to see a list."""
    assert imported("lightfield_contract", *arguments) & HEAVY <= needed


def test_importing_the_package_imports_no_room(imported: Callable[..., set[str]], tmp_path: Path) -> None:
    """The public names come when they are asked for."""
    asking = "import lightfield_contract\ndir(lightfield_contract)\nlightfield_contract.__version__\n"
    (tmp_path / "asking.py").write_text(asking, "utf-8")
    found = imported("asking")
    assert {name for name in found if name.startswith("lightfield_contract")} == {"lightfield_contract"}


def test_the_plugin_imports_no_room_for_other_tests(imported: Callable[..., set[str]], tmp_path: Path) -> None:
    """It is loaded in every pytest run of whoever installed the package."""
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    pass\n", "utf-8")
    # Plugins of other packages have their own ways.
    others = [word for name in ("cacheprovider", "schemathesis", "hypothesispytest") for word in ("-p", f"no:{name}")]
    found = imported("pytest", *others, "test_mine.py")
    ours = {name for name in found if name.startswith("lightfield_contract")}
    assert ours == {
        "lightfield_contract",
        "lightfield_contract.conformance",
        "lightfield_contract.conformance.harness",
        "lightfield_contract.conformance.harness.plugin",
        "lightfield_contract.conformance.harness.plugin.entry",
        "lightfield_contract.conformance.harness.settings",
        "lightfield_contract.conformance.harness.settings.options",
        "lightfield_contract.conformance.harness.settings.row",
    }
    assert found & {"hypothesis", "httpx", "yaml", "starlette", "uvicorn", "jsonschema"} == set()


@pytest.mark.parametrize("depth", ["smoke", "standard"])
def test_schemathesis_is_imported_by_deep_runs_alone(imported: Callable[..., set[str]], depth: str) -> None:
    """It takes as long to import as a smoke run takes altogether."""
    few = ("--clause", "refusal:no-5xx", "--", "-k", "json")
    found = imported("lightfield_contract", "run", "--depth", depth, *few)
    assert {"lightfield_contract.strategies.fuzz", "lightfield_contract.conformance.test_refusals"} <= found
    assert found & {"schemathesis", "xdist", "requests"} == set()
