"""The command line is free of what the user has set for their own pytest and Python."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from lightfield_contract.conformance.isolation import isolated
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.spec import load

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

FAULT = "invalid-utf8-replaced"
FEW = ("--depth", "smoke", "--clause", "malformed:json")

VARIABLES = {
    "PYTEST_ADDOPTS": "-n 2 --cov=x --nosuch",
    "PYTEST_PLUGINS": "nosuch.plugin",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "",
    "PYTEST_DEBUG": "1",
    "PYTEST_THEME": "nosuch",
    "PYTEST_THEME_MODE": "nosuch",
    "PYTEST_XDIST_AUTO_NUM_WORKERS": "many",
    "PYTEST_XDIST_WORKER": "gw0",
    "PYTEST_CURRENT_TEST": "test_mine.py::test_mine (call)",
    "PYTEST_BASE_URL": "http://127.0.0.1:9",
    "VERIFY_BASE_URL": "true",
    "PY_COLORS": "1",
    "PYTHONWARNINGS": "error",
}

FILES = {
    "pytest.ini": "[pytest]\naddopts = --nosuch\npython_files = nothing.py\n",
    "pytest.toml": "[pytest]\naddopts = ['--nosuch']\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--nosuch'\nfilterwarnings = ['error']\n",
    "tox.ini": "[pytest]\naddopts = --nosuch\n",
    "setup.cfg": "[tool:pytest]\naddopts = --nosuch\n",
    "conftest.py": "raise SystemExit(99)\n",
    # Modules of the standard library, which a process that is started in this folder would find first.
    "queue.py": "raise SystemExit(99)\n",
    "types.py": "raise SystemExit(99)\n",
    "schemathesis.toml": "not TOML\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all that a user may have for their own pytest, and none of it of any use to ours."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", VARIABLES)
def test_no_variable_reaches_a_run(run: Run, tmp_path: Path, name: str) -> None:
    """Each alone; it runs as without, and prints the same."""
    told = run(["lightfield-contract", "run", *FEW], tmp_path, {name: VARIABLES[name]})
    assert (told.returncode, told.stderr) == (0, ""), told.stdout + told.stderr
    assert "conforms: 1 of 1 clause" in told.stdout
    assert "\x1b[" not in told.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", *FEW],
        ["run", *FEW, "--workers", "2"],
        ["faults", "--run", "--depth", "smoke", "--only", FAULT, "--only", "makes-two"],
        ["clauses"],
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)
def test_no_setting_at_all_reaches_a_command(run: Run, folder: Path, arguments: list[str]) -> None:
    """All variables and files together, in this process and in those that it starts."""
    told = run(["lightfield-contract", *arguments], folder, VARIABLES)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr


@pytest.mark.long
def test_no_setting_reaches_a_replay(run: Run, folder: Path) -> None:
    """The case of a finding runs again, and is found again."""
    with Reference(load(), pipeline=fault(FAULT).pipeline) as target:
        environment = {**VARIABLES, **target.environment, "LIGHTFIELD_BASE_URL": target.url}
        found = run(["lightfield-contract", "run", *FEW, "--report-dir", "reports"], folder, environment)
        again = run(["lightfield-contract", "replay", "reports/result.json", "malformed:json"], folder, environment)
    assert (found.returncode, again.returncode) == (1, 1), found.stdout + again.stdout + again.stderr
    assert "still fails" in again.stdout


@pytest.mark.long
def test_colour_is_asked_for_as_elsewhere(run: Run, tmp_path: Path) -> None:
    """FORCE_COLOR and NO_COLOR are no settings of pytest's."""
    forced = run(["lightfield-contract", "run", *FEW], tmp_path, {"FORCE_COLOR": "1"})
    neither = run(["lightfield-contract", "run", *FEW], tmp_path, {"FORCE_COLOR": "1", "NO_COLOR": "1"})
    assert ("\x1b[" in forced.stdout, "\x1b[" in neither.stdout) == (True, False)


def test_a_current_folder_that_is_gone_is_told_in_a_sentence(run: Run, tmp_path: Path) -> None:
    """Another shell has deleted it."""
    gone = tmp_path / "gone"
    gone.mkdir()
    leave = f"import os, runpy, sys; os.rmdir({str(gone)!r}); sys.argv = ['x', 'run']"
    told = run(["python", "-P", "-c", f"{leave}; runpy.run_module('lightfield_contract', run_name='__main__')"], gone)
    assert told.returncode == 4, told.stdout + told.stderr
    assert "the current folder cannot be used" in told.stderr
    assert "Traceback" not in told.stderr


def test_what_was_set_aside_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables, warning filters and the interpreter's own options."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setattr(sys, "warnoptions", ["error"])
    before = dict(os.environ), list(warnings.filters), list(sys.warnoptions)
    with isolated():
        inside = dict(os.environ)
        warnings.warn("not heard", DeprecationWarning, stacklevel=1)
    assert (dict(os.environ), list(warnings.filters), list(sys.warnoptions)) == before
    assert {name: inside[name] for name in VARIABLES if name in inside} == {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def test_isolation_may_be_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command isolates itself, and each run that it starts does so again."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nosuch")
    with isolated(), isolated():
        assert "PYTEST_ADDOPTS" not in os.environ
    assert os.environ["PYTEST_ADDOPTS"] == "--nosuch"
