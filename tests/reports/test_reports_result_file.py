"""The JSON form: what is written can be read, is of the published schema, and nothing else is accepted."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lightfield_contract.reports import Result, model, read_json, write_json
from lightfield_contract.reports.result_file import _VOCABULARIES as VOCABULARIES
from lightfield_contract.spec import UsageError

SCHEMA = json.loads(resources.files("lightfield_contract.reports").joinpath("result.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["conforming", "violating", "hostile", "large"])
def test_a_result_survives_the_file(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Writing and reading gives an equal result, of the schema, whatever strings it holds."""
    result = request.getfixturevalue(name)
    write_json(result, tmp_path / "result.json")
    assert read_json(tmp_path / "result.json") == result
    Draft202012Validator(SCHEMA).validate(json.loads((tmp_path / "result.json").read_text("ascii")))


def test_the_schema_is_a_schema() -> None:
    """The published file is valid JSON Schema 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", [name for name in model.__all__ if dataclasses.is_dataclass(getattr(model, name))])
def test_the_schema_is_in_step_with_the_model(name: str) -> None:
    """Each class has an object with the same members, all described, all required, and no others."""
    node = SCHEMA if name == "Result" else SCHEMA["$defs"][name]
    hints = typing.get_type_hints(getattr(model, name))
    members = [member for member in node["properties"] if member != "schemaVersion"]
    assert members == list(hints)
    assert node["required"] == list(node["properties"])
    assert node["additionalProperties"] is False
    assert all(member["description"] for member in node["properties"].values())
    for member, hint in hints.items():
        assert_same_type(hint, node["properties"][member])


def test_the_schema_has_the_same_words() -> None:
    """Where the reader takes a few words only, so does the schema; a member of that name may take fewer of them."""
    for name, words in VOCABULARIES.items():
        members = [
            definition["properties"][name] for definition in SCHEMA["$defs"].values() if name in definition["properties"]
        ]
        assert {word for member in members for word in member["enum"]} == set(words)


def assert_same_type(hint: Any, node: dict[str, Any]) -> None:
    """The schema allows the values of the type, as far as JSON can tell."""
    plain = {str: "string", int: "integer", float: "number", bool: "boolean"}
    if hint is model.Verdict:
        assert node["enum"] == list(model.Verdict)
    elif hint in plain:
        assert node.get("type", "string") == plain[hint]
    elif isinstance(hint, types.UnionType):
        assert node["anyOf"][1] == {"type": "null"}
        assert_same_type(typing.get_args(hint)[0], node["anyOf"][0])
    elif dataclasses.is_dataclass(hint):
        assert node["$ref"] == f"#/$defs/{hint.__name__}"
    else:
        assert node["type"] == "array"
        items = typing.get_args(hint)
        assert_same_type(items[0], node["items"] if items[-1] is Ellipsis else node["prefixItems"][0])


def test_the_version_is_in_the_file(conforming: Result) -> None:
    """A reader sees at once which form it reads."""
    assert conforming.to_json()["schemaVersion"] == model.SCHEMA_VERSION == SCHEMA["properties"]["schemaVersion"]["const"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a JSON text"),
        ("[" * 100_000, "not a JSON text"),
        ("[]", "not a result of schemaVersion 1"),
        ('{"schemaVersion": 2}', "not a result of schemaVersion 1"),
        ('{"schemaVersion": true}', "not a result of schemaVersion 1"),
        ('{"schemaVersion": 1}', "is missing"),
        ("\udcff", "not a JSON text"),
    ],
)
def test_another_file_is_refused(text: str, message: str, tmp_path: Path) -> None:
    """The message names the file and says what would do."""
    path = tmp_path / "other.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=message) as caught:
        read_json(path)
    assert str(path) in str(caught.value)
    assert "give the JSON file that a run" in str(caught.value)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    """No traceback for a mistyped name."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_json(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: document["run"].update(seed="42"), "/run/seed must be of type int"),
        (lambda document: document["run"].update(seed=True), "/run/seed must be of type int"),
        (lambda document: document["run"].update(more=1), "/run/more is unknown"),
        (lambda document: document["clauses"][3].pop("id"), "/clauses/3/id is missing"),
        (
            lambda document: document["clauses"][3].update(verdict="fine"),
            "/clauses/3/verdict must be one of observed, conforms",
        ),
        (lambda document: document.update(clauses={}), "/clauses must be an array"),
        (lambda document: document["clauses"][3].update(level="OUGHT"), "/clauses/3/level must be one of MUST, SHOULD, MAY"),
        (lambda document: document["audit"].update(state=None), "/audit/state must be one of balanced"),
        (lambda document: document.update(audit=None), "/audit must be an object"),
    ],
)
def test_a_departure_is_named(
    change: Callable[[dict[str, Any]], None], message: str, conforming: Result, tmp_path: Path
) -> None:
    """A result that someone edited is refused with the place of the mistake."""
    document = conforming.to_json()
    change(document)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UsageError, match=message):
        read_json(path)
