"""What is sent keeps within what every lawful organization has to accept (contract 11)."""

from __future__ import annotations

from typing import Any

import pytest

from lightfield_contract.spec import FieldDefinition, Option, read_definitions
from lightfield_contract.strategies import Workspace, demanded_values, values_of
from lightfield_contract.strategies.dependents import complete
from lightfield_contract.strategies.value_types import VALUE_TYPES, can_repeat, fresh_value

COUNTRY = FieldDefinition("country", "SINGLE_SELECT", options=(Option("fr", "France"), Option("at", "Austria")))
CITY = FieldDefinition(
    "city", "SINGLE_SELECT", options=(Option("ly", "Lyon", "fr"), Option("gr", "Graz", "at")), parent="country"
)
DISTRICT = FieldDefinition("district", "MULTI_SELECT", options=(Option("le", "Lend", "gr"),), parent="city")


@pytest.mark.parametrize("value_type", sorted(VALUE_TYPES))
def test_a_fresh_value_is_another_one_of_the_same_kind(value_type: str) -> None:
    """Each create has its own, and the same create the same."""
    field = FieldDefinition("own", value_type, unique=True)
    for value in (value.value for value in demanded_values(field) if can_repeat(field)):
        one, again, other = (fresh_value(field, value, token) for token in ("run 1", "run 1", "run 2"))
        assert (one == again, one == other, one == value) == (True, False, False)
        assert type(one) is type(value)


def test_a_child_option_is_sent_beside_all_its_parents() -> None:
    """Also where another parent stood there before."""
    workspace = Workspace(fields={field.key: field for field in (COUNTRY, CITY, DISTRICT)})
    body = {"fields": {"district": ["Lend"], "country": "fr"}}
    assert complete(workspace, body) == {"fields": {"district": ["Lend"], "city": "gr", "country": "at"}}


def test_definitions_tell_unique_and_dependent_fields() -> None:
    """`unique` stands beside the value type or in its configuration."""
    raw: dict[str, Any] = {
        "a": {"valueType": "TEXT", "unique": True},
        "b": {"valueType": "TEXT", "typeConfiguration": {"unique": True}},
        "c": {"typeConfiguration": {"parentFieldKey": "p", "options": [{"id": "1", "label": "x", "parentId": "2"}]}},
    }
    found = read_definitions({"fieldDefinitions": raw}).fields
    assert (found["a"].unique, found["b"].unique, found["c"].unique) == (True, True, False)
    assert (found["c"].parent, found["c"].options) == ("p", (Option("1", "x", "2"),))


def test_a_label_is_sent_only_where_it_is_the_only_one() -> None:
    """Case and outer spaces do not tell two labels apart."""
    options = (Option("1", "Deal"), Option("2", " deal "), Option("3", "Other"))
    sent = {value.feature: value.value for value in values_of(FieldDefinition("own", "SINGLE_SELECT", options=options))}
    assert (sent["label"], sent["id"], sent["id-beside-same-label"]) == ("Other", "3", "2")
