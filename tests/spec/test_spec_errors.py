"""What the loader says of a fragment that cannot be used: one error of ours, which names the file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from lightfield_contract.spec import Contract, ContractError, FragmentError, UsageError, available, load
from lightfield_contract.spec.derive import derive_clauses, read_error_codes

LOAD = "import sys; from lightfield_contract.spec import load; load(sys.argv[1])"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """Writes a fragment's text and gives its path."""

    def make(text: str) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(text, "utf-8")
        return str(path)

    return make


@pytest.fixture
def document() -> dict[str, Any]:
    """The packaged fragment's document."""
    found: dict[str, Any] = json.loads(json.dumps(load().document))
    return found


def derived(contract: Contract, catalogue: dict[str, Any]) -> None:
    """Derives clauses from a catalogue of the caller's own."""
    rows = {"sections": {"s": "S"}, "needs": {}, "clauses": [], "derived": [], **catalogue}
    derive_clauses(rows, {}, contract.places, tuple(contract.values), contract.create.response_schema)


@pytest.mark.parametrize("name", ["nowhere", "nowhere.yaml", "folder/nowhere.yml", "clauses", "", ".", "../opportunities"])
def test_an_unknown_fragment_is_a_usage_error(name: str) -> None:
    """The message repeats the name and tells which fragments there are."""
    with pytest.raises(UsageError) as caught:
        load(name)
    assert (name or "''") in str(caught.value)
    assert all(known in str(caught.value) for known in available())


def test_a_folder_is_not_a_fragment(tmp_path: Path) -> None:
    """A folder of a fragment's name is a usage error like any other name of nothing."""
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(UsageError, match=r"folder\.yaml"):
        load(str(tmp_path / "folder.yaml"))


@pytest.mark.parametrize("text", ["a: [", "\tx: 1", "a: !!python/object:os.system {}", "a: *nowhere"])
def test_what_is_not_yaml_is_a_fragment_error(write: Callable[[str], str], text: str) -> None:
    """The message names the file and the line, and says that it is not YAML."""
    with pytest.raises(FragmentError, match=r"mine\.yaml:\d+: not YAML"):
        load(write(text))


def test_bytes_that_are_not_text_are_a_usage_error(tmp_path: Path) -> None:
    """A file in another encoding is named."""
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"openapi: \xff")
    with pytest.raises(UsageError, match=r"mine\.yaml cannot be read: it is not text in UTF-8"):
        load(str(path))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "text", "1", "{}", "openapi: 3.1.0", "paths: {}", "paths: []", "paths: {/v1/things: {}}", "paths: 1"],
)
def test_what_is_not_a_fragment_is_a_fragment_error(write: Callable[[str], str], text: str) -> None:
    """YAML of another kind is called that, with the file's name."""
    with pytest.raises(FragmentError, match=r"mine\.yaml"):
        load(write(text))


@pytest.mark.parametrize(
    "member",
    ["info", "paths", "components", "components/schemas", "components/schemas/Create", "components/schemas/Refusal"],
)
def test_a_fragment_without_a_part_is_a_fragment_error(
    write: Callable[[str], str], document: dict[str, Any], member: str
) -> None:
    """What the loader cannot do without is missed with the file's name."""
    *parents, last = member.split("/")
    parent: Any = document
    for name in parents:
        parent = parent[name]
    del parent[last]
    with pytest.raises(FragmentError, match=r"mine\.yaml"):
        load(write(yaml.safe_dump(document, sort_keys=False)))


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Create"},
        {"properties": {"fields": {"properties": {"again": {"$ref": "#/components/schemas/Create"}}}}},
    ],
    ids=["to itself", "through a member"],
)
def test_a_schema_that_refers_to_itself_is_a_fragment_error(
    write: Callable[[str], str], document: dict[str, Any], schema: dict[str, Any]
) -> None:
    """A circle of references ends with an error that names the file, and does end."""
    document["components"]["schemas"]["Create"] = schema
    path = write(yaml.safe_dump(document, sort_keys=False))
    ended = subprocess.run([sys.executable, "-c", LOAD, path], capture_output=True, text=True, timeout=5, check=False)
    assert ended.stderr.splitlines()[-1].startswith("lightfield_contract.spec.errors.FragmentError:")
    assert "mine.yaml" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("reference", ["Create", "other.yaml#/Create", "#/components/schemas/Nothing", "#Create"])
def test_a_reference_that_leads_nowhere_is_a_fragment_error(
    write: Callable[[str], str], document: dict[str, Any], reference: str
) -> None:
    """References lead into the fragment itself, to something that is there."""
    document["components"]["schemas"]["Create"]["properties"]["fields"]["properties"]["$name"] = {"$ref": reference}
    with pytest.raises(FragmentError, match=r"mine\.yaml"):
        load(write(yaml.safe_dump(document, sort_keys=False)))


def test_two_clauses_of_one_id_are_a_fragment_error() -> None:
    """The message names the catalogue and the id that is there twice."""
    row = {"id": "a:b", "section": "s", "level": "MUST", "basis": "endpoint", "statement": "S.", "source": "s"}
    with pytest.raises(FragmentError, match=r"clauses\.yaml: .*\ba:b\b"):
        derived(load(), {"clauses": [row, row]})


def test_an_unknown_selector_is_a_fragment_error() -> None:
    """The message names the catalogue, the selector, and those that are known."""
    row = {
        "id": "a:{place}",
        "for": "all",
        "section": "s",
        "level": "MUST",
        "basis": "endpoint",
        "statement": "S.",
        "source": "s",
    }
    with pytest.raises(FragmentError, match=r"clauses\.yaml: unknown selector 'all'.*required"):
        derived(load(), {"derived": [row]})


def test_error_codes_of_no_rule_are_a_fragment_error() -> None:
    """A misspelt rule would be judged by nothing, so the message names it."""
    with pytest.raises(FragmentError, match=r"clauses\.yaml: error-codes: no rule is called mising"):
        read_error_codes({"error-codes": {"mising": ["parameter_missing"], "type": ["invalid_type"]}})


def test_all_errors_are_of_one_family() -> None:
    """Whoever catches the root catches them all."""
    assert issubclass(FragmentError, ContractError)
    assert issubclass(UsageError, ContractError)
