"""What an answer of the definitions endpoint says, however broken it is."""

from __future__ import annotations

from typing import Any

import pytest

from lightfield_contract.spec import Definitions, FieldDefinition, Option, RelationshipDefinition, read_definitions

ANSWER: dict[str, Any] = {
    "objectType": "thing",
    "fieldDefinitions": {
        "$title": {"label": "Title", "valueType": "TEXT", "readOnly": True, "typeConfiguration": {}},
        "own": {
            "valueType": "MULTI_SELECT",
            "typeConfiguration": {"multipleValues": True, "options": [{"id": "o1", "label": "One"}, {"id": None}, "odd"]},
        },
    },
    "relationshipDefinitions": {"holder": {"cardinality": "HAS_MANY", "objectType": "account"}},
}


def test_definitions_are_read() -> None:
    """Every member that the suite uses, with the cardinality in lower case."""
    found = read_definitions(ANSWER)
    assert found.fields["$title"] == FieldDefinition("$title", "TEXT", read_only=True)
    own = found.fields["own"]
    assert (own.options, own.multiple, own.read_only) == ((Option("o1", "One"), Option()), True, False)
    assert own.silent
    assert own.configuration == ANSWER["fieldDefinitions"]["own"]["typeConfiguration"]
    assert found.relationships == {"holder": RelationshipDefinition("holder", "account", "has_many", silent=True)}


def test_definitions_know_where_a_request_sets_them() -> None:
    """A field among the values, a relationship among the links."""
    found = read_definitions(ANSWER)
    assert found.fields["own"].pointer == "/fields/own"
    assert found.relationships["holder"].pointer == "/relationships/holder"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "text",
        {},
        {"fieldDefinitions": [], "relationshipDefinitions": None},
        {"fieldDefinitions": {"a": None, "b": []}, "relationshipDefinitions": {"c": "text"}},
    ],
)
def test_what_has_another_form_is_passed_over(answer: Any) -> None:
    """A broken answer defines nothing, and is no error of ours."""
    assert read_definitions(answer) == Definitions()


def test_a_field_without_a_type_is_kept() -> None:
    """What a definition leaves out is unknown, not wrong."""
    assert read_definitions({"fieldDefinitions": {"own": {"typeConfiguration": None}}}).fields == {
        "own": FieldDefinition("own", "", silent=True)
    }
