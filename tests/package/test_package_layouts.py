"""The package works wherever it lies: installed, in a checkout, and beside a folder of its own name."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

import lightfield_contract

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

FEW = ("--depth", "smoke", "--clause", "malformed:json")
WHERE = "import lightfield_contract.spec as s, lightfield_contract as l; print(l.load().name, s.__file__)"
ONE_FILE = "tests/spec/test_spec_errors.py"


@pytest.fixture(scope="session")
def setuptools_table(checkout: Path) -> dict[str, object]:
    """What pyproject.toml says about packages."""
    table: dict[str, object] = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    return table


@pytest.fixture(scope="session")
def unpacked(checkout: Path, setuptools_table: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as a wheel lays it out, and nothing else."""
    folder = tmp_path_factory.mktemp("unpacked")
    places: dict[str, str] = setuptools_table["package-dir"]  # type: ignore[assignment]
    for name, place in places.items():
        if name.count(".") <= 1:
            shutil.copytree(checkout / place, folder / name.replace(".", "/"), dirs_exist_ok=True)
    return folder


def test_every_package_is_in_the_wheel(checkout: Path, setuptools_table: dict[str, object]) -> None:
    """A folder with an __init__.py that pyproject.toml does not list would be left out, and nobody would notice here."""
    places: dict[str, str] = setuptools_table["package-dir"]  # type: ignore[assignment]
    rooms = {place.partition("/")[0] for place in places.values()}
    found = {
        path.parent.relative_to(checkout).as_posix() for room in rooms for path in (checkout / room).rglob("__init__.py")
    }
    assert found == set(places.values())
    assert setuptools_table["packages"] == list(places)


def test_the_version_is_that_of_the_installed_package() -> None:
    """It is written in one place."""
    assert lightfield_contract.__version__ == importlib.metadata.version("lightfield-contract")


@pytest.mark.parametrize("where", ["checkout", "elsewhere"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        ["pytest", "-q", "-p", "no:cacheprovider"],
    ],
    ids=["python -m pytest", "pytest"],
)
def test_the_self_tests_run_from_anywhere(
    run: Run, checkout: Path, tmp_path: Path, where: str, arguments: list[str]
) -> None:
    """At the top of the checkout, the package's folder stands before the installed package."""
    at_home = where == "checkout"
    told = run([*arguments, ONE_FILE if at_home else str(checkout / ONE_FILE)], checkout if at_home else tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert " passed" in told.stdout


@pytest.mark.parametrize("where", ["checkout", "elsewhere"])
@pytest.mark.parametrize("program", [["python", "-m", "lightfield_contract"], ["lightfield-contract"]], ids=" ".join)
def test_the_command_line_runs_from_anywhere(
    run: Run, checkout: Path, tmp_path: Path, where: str, program: list[str]
) -> None:
    """As a module and as a command."""
    told = run([*program, "run", *FEW], checkout if where == "checkout" else tmp_path)
    assert (told.returncode, told.stderr) == (0, ""), told.stdout + told.stderr
    assert "conforms: 1 of 1 clause" in told.stdout


@pytest.mark.parametrize("option", [["--version"], ["--help"], ["run", "--help"]], ids=" ".join)
def test_the_module_and_the_command_are_the_same(run: Run, tmp_path: Path, option: list[str]) -> None:
    """Also in what they call themselves."""
    as_module = run(["python", "-m", "lightfield_contract", *option], tmp_path)
    as_command = run(["lightfield-contract", *option], tmp_path)
    assert (as_module.returncode, as_module.stdout) == (0, as_command.stdout)


def test_the_version_can_be_asked_for(run: Run, tmp_path: Path) -> None:
    """Name and version alone, for scripts."""
    assert run(["lightfield-contract", "--version"], tmp_path).stdout == (
        f"lightfield-contract {lightfield_contract.__version__}\n"
    )


def test_a_checkout_serves_its_own_rooms(run: Run, checkout: Path) -> None:
    """Whatever else is installed, `python -c` at the top of the checkout imports what lies there."""
    assert run(["python", "-c", WHERE], checkout).stdout.split() == ["opportunities", str(checkout / "spec" / "__init__.py")]


def test_a_wheel_serves_its_own_rooms(run: Run, unpacked: Path, tmp_path: Path) -> None:
    """Its folder is not left for another one."""
    told = run(["python", "-c", f"{WHERE}; print(len(l.__path__))"], tmp_path, {"PYTHONPATH": str(unpacked)})
    inside = str(unpacked / "lightfield_contract" / "spec" / "__init__.py")
    assert told.stdout.split() == ["opportunities", inside, "1"], told.stderr


@pytest.mark.long
@pytest.mark.parametrize("kind", ["wheel", "checkout"])
@pytest.mark.parametrize(
    "named",
    [["--pyargs", "lightfield_contract.conformance"], ["--pyargs", "lightfield_contract"], ["PATH"]],
    ids=["its name", "the package's name", "its path"],
)
def test_the_conformance_tests_are_found_by_any_name(
    run: Run, checkout: Path, unpacked: Path, tmp_path: Path, kind: str, named: list[str]
) -> None:
    """With a wheel and in a checkout, whichever is installed here."""
    if named[-1] == "lightfield_contract" and kind == "checkout":
        pytest.skip("in a checkout the conformance tests lie beside the package's folder")
    root = unpacked if kind == "wheel" else checkout
    folder = root / "lightfield_contract" / "conformance" if kind == "wheel" else root / "conformance"
    words = [str(folder) if word == "PATH" else word for word in named]
    few = ["--lightfield-depth=smoke", "--lightfield-clause=malformed:json", "-p", "no:cacheprovider", "-q"]
    told = run(["python", "-m", "pytest", *few, *words], tmp_path, {"PYTHONPATH": str(root)})
    assert told.returncode == 0, told.stdout + told.stderr
    assert "conforms: 1 of 1 clause" in told.stdout
