"""The catalogue of faults: complete, small, and each one visible to a caller."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from callers import MakeApi

from lightfield_contract.reference import Pipeline
from lightfield_contract.reference import faults as package
from lightfield_contract.reference.faults import Fault, fault, faults
from lightfield_contract.spec import Level, UsageError, load

FOLDER = Path(inspect.getfile(package)).parent
LONGEST = 15
"""Lines of a class."""
WITHOUT_FAULT: dict[str, str] = {}
"""MUST clauses that no fault breaks, and why."""


def _classes() -> list[ast.ClassDef]:
    modules = [ast.parse(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.py")) if path.name != "fault.py"]
    return [node for module in modules for node in module.body if isinstance(node, ast.ClassDef)]


def test_there_are_many() -> None:
    """The number that the project promises."""
    assert len(faults()) >= 120


def test_ids_are_unique() -> None:
    """An id names one fault."""
    ids = [info.id for info in faults()]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize(
    "name", ["opportunities", str(Path(__file__).parent / "parcels.yaml")], ids=["opportunities", "parcels"]
)
def test_every_must_has_a_fault(name: str) -> None:
    """Whatever the fragment, every MUST is broken by a fault, or it is said why not."""
    contract = load(name)
    known = {clause.id for clause in contract.clauses}
    named = {clause for info in faults(contract) for clause in info.clauses}
    binding = {clause.id for clause in contract.clauses if clause.level is Level.MUST}
    assert named <= known
    assert binding - {info.clause for info in faults(contract)} == set(WITHOUT_FAULT)


def test_statements() -> None:
    """Each fault says in one sentence what the server does."""
    for info in faults():
        assert info.statement.endswith("."), info.id
        assert "\n" not in info.statement, info.id
        assert "{" not in info.statement, info.id
        assert issubclass(info.pipeline, Pipeline)


def test_faults_are_small() -> None:
    """A fault is a few lines, and names no field."""
    assert not [
        node.name for node in _classes() if node.decorator_list and (node.end_lineno or node.lineno) - node.lineno >= LONGEST
    ]
    for path in FOLDER.glob("*.py"):
        for place in load().places:
            assert f'"{place.key}"' not in path.read_text("utf-8") or not place.key.startswith("$"), (path.name, place.key)


def test_every_module_is_loaded() -> None:
    """The catalogue holds every class that is declared, whichever module it is in."""
    declared = {node.name for node in _classes() if node.decorator_list}
    assert declared <= {info.pipeline.__name__ for info in (*faults(), *faults(deep=True))}


def test_unknown_id() -> None:
    """The message says which ids are near."""
    with pytest.raises(UsageError, match="did you mean keys-ignored"):
        fault("keys-ignore")
    with pytest.raises(UsageError, match=r"link-lost:"):
        fault("link-lost")
    with pytest.raises(UsageError, match="lists them"):
        fault("")


def test_a_fault_by_its_id() -> None:
    """The id leads to the class; one that is about a place knows it."""
    place = next(place for place in load().link_places if place.required)
    info = fault(f"link-lost:{place.pointer}")
    assert issubclass(info.pipeline, Fault)
    assert (info.pipeline.key, info.clause) == (place.key, f"echo:{place.pointer}")


@pytest.mark.long
@pytest.mark.parametrize("contract", [load()], ids=["opportunities"])
def test_faulty_servers_live(make_api: MakeApi) -> None:
    """Whatever goes wrong, a wrong and a correct body are answered, and the server lives on."""
    correct = make_api().body()
    for info in faults():
        api = make_api(pipeline=info.pipeline)
        for body in ({}, correct):
            assert api.create(body).status_code, info.id
        assert api.get().status_code == 200, info.id
