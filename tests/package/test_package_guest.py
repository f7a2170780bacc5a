"""A guest in the user's own pytest: the user's modules and fixtures stay theirs, however the two are run together."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from lightfield_contract.conformance.harness.plugin import parameters

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

FEW = ("--lightfield-depth=smoke", "-p", "no:cacheprovider", "-rA")
FOLDER = str(Path(parameters.__file__).parents[2])

PACKAGES = ("reports", "spec", "strategies", "conformance", "reference", "tests", "harness", "lightfield", "wire", "judge")
"""What folders are called in a checkout of ours, or nearly so."""

MODULES = ("test_response", "test_scopes", "test_headers", "cli", "plugin", "fixtures")
"""What modules are called in ours."""

PACKAGE = '''"""A package of the user's.

>>> note()
"""

NAME = "{name}"


def note():
    with open({done!r}, "a") as file:
        file.write("doctest::{name}\\n")
'''

TESTS = '''"""Tests of the user's."""

import importlib
import pathlib


def note(name):
    with open({done!r}, "a") as file:
        file.write(f"{{pathlib.Path(__file__).as_posix()}}::{{name}}\\n")


def test_modules():
    for name in {names}:
        assert importlib.import_module(name).NAME == name
    note("modules")


def test_fixtures({fixtures}):
    assert {{{fixtures}}} == {{"the user's"}}
    note("fixtures")
'''

CONFTEST = '''"""Fixtures of the user's, and a look at what was imported."""

import json
import pathlib
import sys

import pytest

BEFORE = list(sys.path)

{fixtures}


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        files = {{name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}}
        seen = {{"path": [path for path in sys.path if path not in BEFORE], "first": sys.path[0], "files": files}}
        pathlib.Path(__file__).with_name("seen.json").write_text(json.dumps(seen))
'''

FIXTURE = """
@pytest.fixture
def {name}():
    return "the user's"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of the user's, whose packages, modules and fixtures have the names of ours."""
    names = list(parameters.TOOLS)
    folder = tmp_path / "project"
    done = str(folder / "done.txt")
    for name in PACKAGES:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(PACKAGE.format(name=name, done=done), "utf-8")
    tests = TESTS.format(names=PACKAGES, fixtures=", ".join(names), done=done)
    for name in MODULES:
        (folder / f"{name}.py").write_text(f"{tests}\n\nNAME = {name!r}\n", "utf-8")
    (folder / "tests" / "test_response.py").write_text(tests, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    fixtures = "\n".join(FIXTURE.format(name=name) for name in names)
    (folder / "conftest.py").write_text(CONFTEST.format(fixtures=fixtures), "utf-8")
    return folder


def check(told: subprocess.CompletedProcess[str], project: Path, *others: str) -> None:
    """Both did their work, the user's path was left alone, and nothing of ours has two names."""
    assert told.returncode == 0, told.stdout + told.stderr
    assert "\nconforms: " in told.stdout
    modules = [project / f"{name}.py" for name in ("test_response", "test_scopes", "test_headers", "tests/test_response")]
    expected = {f"{module.as_posix()}::{name}" for module in modules for name in ("modules", "fixtures")}
    assert set((project / "done.txt").read_text("utf-8").split()) == expected | set(others)
    seen = json.loads((project / "seen.json").read_text("utf-8"))
    assert [path for path in seen["path"] if not Path(path).is_relative_to(project)] == []
    rooms = ("conformance", "spec", "strategies", "reports", "reference", "lightfield_contract")
    places = [Path(FOLDER).parent / room for room in rooms]
    files = {name: Path(file) for name, file in seen["files"].items() if file}
    ours = {name: file for name, file in files.items() if any(file.is_relative_to(place) for place in places)}
    assert ours
    assert [name for name in ours if not name.startswith("lightfield_contract")] == []
    assert len(set(ours.values())) == len(ours)


def named(how: str) -> list[str]:
    """The arguments that name the conformance tests."""
    return ["--pyargs", "lightfield_contract.conformance"] if how == "name" else [str(Path(parameters.__file__).parents[2])]


@pytest.mark.parametrize("order", ["ours first", "ours last"])
@pytest.mark.parametrize("how", ["name", "path"])
@pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
def test_the_user_keeps_their_modules_and_fixtures(run: Run, project: Path, mode: str, how: str, order: str) -> None:
    """Under each way that pytest has to import tests, with the suite named first or last."""
    own = ["tests", "test_response.py", "test_scopes.py", "test_headers.py"]
    both = [*named(how), *own] if order == "ours first" else [*own, *named(how)]
    check(run(["python", "-m", "pytest", *FEW, f"--import-mode={mode}", *both], project), project)


@pytest.mark.parametrize(
    "options",
    [
        ["--rootdir=."],
        ["--rootdir=/"],
        ["--rootdir=tests", "--confcutdir=."],
        ["--keep-duplicates"],
        ["-n", "2"],
        ["-o", "consider_namespace_packages=true"],
        ["-o", "pythonpath=."],
    ],
    ids=" ".join,
)
def test_so_it_is_with_other_options(run: Run, project: Path, options: list[str]) -> None:
    """Where pytest's root lies, how it shares the work, and where it looks for modules."""
    own = ["test_response.py", "test_scopes.py", "test_headers.py", "tests/test_response.py"]
    told = run(["python", "-m", "pytest", *FEW, *options, *named("name"), *own], project)
    check(told, project)


@pytest.mark.parametrize("how", ["name", "path"])
@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_doctests_are_looked_for_in_the_users_files_alone(run: Run, project: Path, mode: str, how: str) -> None:
    """With `--doctest-modules`: theirs run, and none of ours is imported for it."""
    own = [*PACKAGES, "test_response.py", "test_scopes.py", "test_headers.py"]
    told = run(["python", "-m", "pytest", *FEW, "--doctest-modules", f"--import-mode={mode}", *named(how), *own], project)
    check(told, project, *(f"doctest::{name}" for name in PACKAGES))


def test_no_fixture_of_the_users_takes_the_place_of_a_tool_of_ours(run: Run, project: Path) -> None:
    """One that a plugin gives to all tests is for theirs."""
    fixtures = "import pytest\n\n" + "\n".join(FIXTURE.format(name=name) for name in parameters.TOOLS)
    (project / "given.py").write_text(fixtures, "utf-8")
    (project / "conftest.py").write_text(CONFTEST.format(fixtures=""), "utf-8")
    own = ["tests", "test_response.py", "test_scopes.py", "test_headers.py"]
    check(run(["python", "-m", "pytest", "-p", "given", *FEW, *named("name"), *own], project), project)


def test_tools_of_ours_reach_no_test_of_the_users(run: Run, project: Path) -> None:
    """A test that asks for a fixture which its author forgot is told so, and gets none of ours."""
    (project / "conftest.py").unlink()
    (project / "test_forgetful.py").write_text("def test_forgetful(api):\n    pass\n", "utf-8")
    told = run(["python", "-m", "pytest", *FEW, *named("name"), "test_forgetful.py"], project)
    assert "fixture 'api' not found" in told.stdout, told.stdout


def test_a_folder_above_ours_that_is_only_passed_by_starts_no_run(run: Run, tmp_path: Path) -> None:
    """Pytest makes a node of each folder beside the one that it is on the way to."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "test_mine.py").write_text("def test_mine():\n    pass\n", "utf-8")
    (tmp_path / "conformance").symlink_to(FOLDER)
    told = run(["python", "-m", "pytest", "-p", "no:cacheprovider", "--rootdir=.", "own"], tmp_path)
    assert told.returncode == 0, told.stdout
    assert "target: " not in told.stdout


def test_a_folder_above_ours_brings_our_tests(run: Run, tmp_path: Path) -> None:
    """The run is prepared when pytest comes to them; a link leads there as well."""
    (tmp_path / "above").mkdir()
    (tmp_path / "above" / "linked").symlink_to(FOLDER)
    told = run(["python", "-m", "pytest", *FEW, "above"], tmp_path)
    assert told.returncode == 0, told.stdout
    assert "\nconforms: " in told.stdout


@pytest.mark.parametrize("patterns", ["python_files = check_*.py", "python_functions = check_*"])
def test_what_the_user_hides_from_pytest_is_hidden(run: Run, project: Path, patterns: str) -> None:
    """The patterns of the user's pytest.ini count for our tests as for all others."""
    (project / "pytest.ini").write_text(f"[pytest]\n{patterns}\n", "utf-8")
    told = run(["python", "-m", "pytest", *FEW, *named("name")], project)
    assert " passed" not in told.stdout


@pytest.mark.parametrize(
    "setting", [{"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, {"PYTEST_ADDOPTS": "-p no:lightfield_contract"}], ids=str
)
def test_without_the_plugin_the_user_is_told_how_to_load_it(run: Run, tmp_path: Path, setting: dict[str, str]) -> None:
    """Exit status 4, as for any wrong usage, and no word of a fixture that is missing."""
    command = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "lightfield_contract.conformance"]
    told = run(command, tmp_path, setting)
    assert told.returncode == 4, told.stdout
    assert "add -p lightfield_contract" in told.stdout + told.stderr
    assert "fixture" not in told.stdout


def test_the_plugin_can_be_loaded_by_hand(run: Run, tmp_path: Path) -> None:
    """As the message says; pytest-base-url is needed for its option alone."""
    command = ["python", "-m", "pytest", *FEW, "-p", "lightfield_contract", "--pyargs", "lightfield_contract.conformance"]
    told = run(command, tmp_path, {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    assert told.returncode == 0, told.stdout
    assert "\nconforms: " in told.stdout


@pytest.mark.parametrize(
    "argument",
    ["loop", "x" * 5000, "not\udc80there", "two\nlines", "::", "test_mine.py::["],
    ids=lambda text: ascii(text)[:20],
)
def test_no_argument_of_the_users_trips_the_plugin(run: Run, tmp_path: Path, argument: str) -> None:
    """What pytest says of an argument is the same with our plugin as without."""
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    pass\n", "utf-8")
    command = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", argument]
    with_it, without = run(command, tmp_path), run([*command, "-p", "no:lightfield_contract"], tmp_path)
    assert (with_it.returncode, "INTERNALERROR" in with_it.stdout) == (without.returncode, "INTERNALERROR" in without.stdout)
