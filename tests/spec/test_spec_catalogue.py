"""The clause catalogue: its form, and that everything it refers to is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import lightfield_contract.spec
from lightfield_contract.spec import load

FOLDER = Path(lightfield_contract.spec.__file__).parent
SCHEMA = json.loads((FOLDER / "clauses.schema.json").read_text("utf-8"))


def read_catalogue() -> dict[str, Any]:
    """The catalogue as JSON values; JSON has texts alone for names of members."""
    found: dict[str, Any] = json.loads(json.dumps(yaml.safe_load((FOLDER / "clauses.yaml").read_text("utf-8"))))
    return found


@pytest.fixture
def catalogue() -> dict[str, Any]:
    """The catalogue, fresh for each test."""
    return read_catalogue()


def problems(catalogue: Any) -> list[str]:
    """What the schema has against a catalogue."""
    return [error.json_path for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(catalogue)]


def test_the_schema_is_a_schema() -> None:
    """The catalogue's schema is itself valid."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_catalogue_keeps_its_schema(catalogue: dict[str, Any]) -> None:
    """The catalogue has the form that its schema gives."""
    assert problems(catalogue) == []


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("clauses", {"level": "must"}),
        ("clauses", {"basis": "hearsay"}),
        ("clauses", {"id": "Operation"}),
        ("clauses", {"statement": "no capital and no full stop"}),
        ("clauses", {"needs": []}),
        ("clauses", {"for": "required"}),
        ("clauses", {"remark": "is not a member"}),
        ("derived", {"for": "everything"}),
        ("derived", {"id": "kind:subject"}),
        ("derived", {"statement": "A statement that does not name its subject."}),
    ],
)
def test_the_schema_refuses_a_malformed_row(catalogue: dict[str, Any], part: str, change: dict[str, Any]) -> None:
    """A row with an unknown word, a wrong form or a member too many is not valid."""
    catalogue[part][0] |= change
    assert len(problems(catalogue)) == 1


@pytest.mark.parametrize("member", ["id", "section", "level", "basis", "statement", "source"])
def test_the_schema_wants_every_member_of_a_row(catalogue: dict[str, Any], member: str) -> None:
    """A row without one of its members is not valid."""
    del catalogue["clauses"][0][member]
    assert problems(catalogue) == ["$.clauses[0]"]


def test_the_schema_wants_a_selector_of_a_template(catalogue: dict[str, Any]) -> None:
    """A template without a selector is not valid."""
    del catalogue["derived"][0]["for"]
    assert problems(catalogue) == ["$.derived[0]"]


def test_every_row_is_in_a_section_that_has_a_title(catalogue: dict[str, Any]) -> None:
    """No row is in an unknown section, and no section is empty."""
    assert {row["section"] for row in [*catalogue["clauses"], *catalogue["derived"]]} == set(catalogue["sections"])


def test_every_need_that_a_row_names_is_explained(catalogue: dict[str, Any]) -> None:
    """A clause that cannot be checked can always say why, and what to do about it."""
    asked = {name for row in [*catalogue["clauses"], *catalogue["derived"]] for name in row.get("needs", ())}
    assert asked <= set(catalogue["needs"])


def test_ids_are_unique(catalogue: dict[str, Any]) -> None:
    """No two rows have one id."""
    ids = [row["id"] for row in [*catalogue["clauses"], *catalogue["derived"]]]
    assert len(ids) == len(set(ids))


def test_the_catalogue_names_no_field_of_a_resource() -> None:
    """The shared clauses hold for every create endpoint, so they name no place of one."""
    text = (FOLDER / "clauses.yaml").read_text("utf-8")
    named = [place.key for place in load().places if place.key.startswith("$")]
    assert [key for key in named if key in text] == []
