"""The server follows its fragment: whatever a fragment says about a place holds, with no name known to the code."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from callers import Api, refused

import lightfield_contract.reference as room
from lightfield_contract.spec import Contract, load

PARCELS = str(Path(__file__).parent / "parcels.yaml")
FOLDER = Path(room.__file__).parent


def test_schema_beyond_the_value_type(contract: Contract, api: Api) -> None:
    """A place whose schema says more than a value type is held to it."""
    for place in contract.value_places:
        if place.value_type is None and not place.read_only:
            assert api.create(api.with_field(place.key, 0.5)).json()["fields"][place.key] == {
                "value": 0.5,
                "valueType": "NUMBER",
            }
            refused(api.create(api.with_field(place.key, 0)), 400, "invalid_type", f"fields.{place.key}")


def test_key_length_of_the_fragment() -> None:
    """The fragments of these tests differ in what the server has to read from them."""
    one, other = load(), load(PARCELS)
    assert one.key_length != other.key_length
    assert one.version_header != other.version_header
    assert set(one.collections).isdisjoint(other.collections)


def test_no_names_in_code() -> None:
    """No module names a system field, of any fragment."""
    keys = {place.key for name in ("opportunities", PARCELS) for place in load(name).places if place.key.startswith("$")}
    for path in FOLDER.rglob("*.py"):
        words = set(re.findall(r"\$\w+", path.read_text("utf-8")))
        assert not words & keys, path.name


def test_two_maps_are_known_to_the_profile_alone() -> None:
    """No string names the maps of a body, or a place in them."""
    for path in FOLDER.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        assert not [text for text in texts if re.search(r"^/?(fields|relationships)(/|$)|[:/](fields|relationships)/", text)]


def imported_by(path: Path) -> set[Path]:
    """The modules of the package that a module imports with `from`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            base = folder.joinpath(*(node.module or "").split("."))
            found |= {base.with_suffix(".py"), base / "__init__.py", *(base / f"{alias.name}.py" for alias in node.names)}
    return {each for each in found if each.is_file()}


def test_imports_spec_alone() -> None:
    """Of our rooms the reference imports spec and nothing else."""
    for path in FOLDER.rglob("*.py"):
        for imported in imported_by(path):
            assert imported.relative_to(FOLDER.parent).parts[0] in (FOLDER.name, "spec"), (path.name, imported)


def test_no_import_circle() -> None:
    """The modules of the room have an order in which each imports only earlier ones."""
    inside = {path: {each for each in imported_by(path) if FOLDER in each.parents} for path in FOLDER.rglob("*.py")}
    graphlib.TopologicalSorter(inside).prepare()


def test_import_is_cheap() -> None:
    """It loads neither what serves a socket nor what one command alone needs."""
    code = "import sys, lightfield_contract.reference; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"allpairspy", "httpx", "jsonschema", "uvicorn", "lightfield_contract.reference.faults"} & set(loaded)


@pytest.mark.parametrize("name", room.__all__)
def test_exported(name: str) -> None:
    """Everything that is exported is there."""
    assert hasattr(room, name)
