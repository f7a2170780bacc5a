"""The JSON form: what is written can be read, is of the published schema, and nothing else is accepted."""

from __future__ import annotations

import dataclasses
import enum
import json
import types
import typing
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lightfield_contract.reports import Result, finding, model, parse_result, read_json, render_json
from lightfield_contract.spec import UsageError

SCHEMA = json.loads(resources.files("lightfield_contract.reports").joinpath("result.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["conforming", "violating", "hostile", "large"])
def test_a_result_survives_the_file(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Writing and reading gives an equal result, of the schema, whatever strings it holds."""
    result = request.getfixturevalue(name)
    path = tmp_path / "result.json"
    path.write_text(render_json(result), "ascii")
    assert read_json(path) == result
    Draft202012Validator(SCHEMA).validate(json.loads(path.read_text("ascii")))


def test_the_schema_is_a_schema() -> None:
    """The published file is valid JSON Schema 2020-12."""
    Draft202012Validator.check_schema(SCHEMA)


CLASSES = [
    each for module in (model, finding) for name in module.__all__ if dataclasses.is_dataclass(each := getattr(module, name))
]


@pytest.mark.parametrize("form", CLASSES, ids=lambda form: form.__name__)
def test_the_schema_is_in_step_with_the_model(form: type) -> None:
    """Each class has an object with the same members, all described, all required, and no others."""
    node = SCHEMA if form is model.Result else SCHEMA["$defs"][form.__name__]
    hints = typing.get_type_hints(form)
    members = [member for member in node["properties"] if member != "schemaVersion"]
    assert members == list(hints)
    assert node["required"] == list(node["properties"])
    assert node["additionalProperties"] is False
    assert all(member["description"] for member in node["properties"].values())
    for member, hint in hints.items():
        assert_same_type(hint, node["properties"][member])


def assert_same_type(hint: Any, node: dict[str, Any]) -> None:
    """The schema allows the values of the type, as far as JSON can tell."""
    plain = {str: "string", int: "integer", float: "number", bool: "boolean"}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        assert node["enum"] == list(hint)
    elif hint in plain:
        assert node.get("type", "string") == plain[hint]
    elif isinstance(hint, types.UnionType):
        assert node["anyOf"][1] == {"type": "null"}
        assert_same_type(typing.get_args(hint)[0], node["anyOf"][0])
    elif isinstance(hint, type) and dataclasses.is_dataclass(hint):
        assert node["$ref"] == f"#/$defs/{hint.__name__}"
    else:
        assert node["type"] == "array"
        items = typing.get_args(hint)
        assert_same_type(items[0], node["items"] if items[-1] is Ellipsis else node["prefixItems"][0])


def test_the_version_is_in_the_file(conforming: Result) -> None:
    """A reader sees at once which form it reads."""
    version = json.loads(render_json(conforming))["schemaVersion"]
    assert version == model.SCHEMA_VERSION == SCHEMA["properties"]["schemaVersion"]["const"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a JSON text"),
        ("[" * 100_000, "not a JSON text"),
        ("[]", "not a result of schemaVersion 4"),
        ('{"schemaVersion": 5}', "not a result of schemaVersion 4"),
        ('{"schemaVersion": true}', "not a result of schemaVersion 4"),
        ('{"schemaVersion": 0}', "not a result of schemaVersion 4"),
        ('{"schemaVersion": 4}', '"run" is a required property'),
        ('{"schemaVersion": 4, "\\ud800": 1}', "not of result.schema.json"),
        ("\udcff", "not text in UTF-8"),
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


def test_a_result_of_an_older_version_is_refused() -> None:
    """It cannot be read any more; the sentence says which version it is of, and what would do."""
    with pytest.raises(UsageError) as caught:
        parse_result('{"schemaVersion": 1, "run": {}}', "old.json")
    assert str(caught.value) == (
        "old.json: a result of schemaVersion 1, which an older lightfield-contract wrote; this one reads version 4: run "
        "again, or read it with the version that wrote it"
    )


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    """No traceback for a mistyped name."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_json(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: document["run"].update(seed="42"), '/run/seed: "42" is not of type "integer"'),
        (lambda document: document["run"].update(seed=True), '/run/seed: true is not of type "integer"'),
        (lambda document: document["run"].update(more=1), "/run: .*'more' was unexpected"),
        (lambda document: document["clauses"][3].pop("id"), '/clauses/3: "id" is a required property'),
        (lambda document: document["clauses"][3].update(verdict="fine"), '/clauses/3/verdict: "fine" is not one of'),
        (lambda document: document.update(clauses={}), '/clauses: {} is not of type "array"'),
        (lambda document: document["clauses"][3].update(level="OUGHT"), '/clauses/3/level: "OUGHT" is not one of'),
        (lambda document: document["audit"].update(state=None), "/audit/state: null is not one of"),
        (lambda document: document.update(audit=None), '/audit: null is not of type "object"'),
        (lambda document: document["findings"][0].update(clauses=[]), "/findings/0/clauses: "),
        (lambda document: document["findings"][0]["exchanges"][0].update(role="extra"), "/findings/0/exchanges/0/role: "),
        (lambda document: document["clauses"][3]["findings"].append("gone"), "'gone' that /findings does not hold"),
    ],
)
def test_a_mismatch_is_named(
    change: Callable[[dict[str, Any]], None], message: str, violating: Result, tmp_path: Path
) -> None:
    """A result that someone edited is refused with the place of the mistake."""
    document = json.loads(render_json(violating))
    change(document)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UsageError, match=message):
        read_json(path)
