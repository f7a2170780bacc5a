"""The verdicts of `Validator` beside those of jsonschema."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightfield_contract.spec import load
from lightfield_contract.spec.validator import Validator

CONTRACT = load()
SCHEMAS: list[dict[str, Any]] = [
    dict(CONTRACT.create.request_schema),
    dict(CONTRACT.create.response_schema),
    dict(CONTRACT.error_schema),
    *map(dict, CONTRACT.values.values()),
]
TEXTS = st.text(st.characters(), max_size=4) | st.sampled_from(
    ["US", "has_one", "2026-03-01", "https://a.example", "x@a.example"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["fields", "id", "error", "street"]) | TEXTS, inner)
    ),
    max_leaves=6,
)


@given(schema=st.sampled_from(SCHEMAS), value=JSON)
def test_it_says_what_jsonschema_says(schema: dict[str, Any], value: Any) -> None:
    oracle = jsonschema.Draft202012Validator(schema)

    assert Validator(schema).is_valid(value) is oracle.is_valid(value)
    assert [error.message for error in Validator(schema).errors(value)] == [
        error.message for error in oracle.iter_errors(value)
    ]


@pytest.mark.parametrize(("value", "valid"), [("US", True), ("us", False), (1, False), ("\ud800", False)])
def test_values_of_every_kind_have_a_verdict(value: Any, valid: bool) -> None:
    """Half of a surrogate pair is one that jsonschema-rs has no view of."""
    schema = {"type": "string", "pattern": "^[A-Z]{2}$"}

    assert Validator(schema).is_valid(value) is valid
    assert (not list(Validator(schema).errors(value))) is valid


def test_a_pattern_that_only_python_has_is_checked_all_the_same() -> None:
    named = Validator({"pattern": "^(?P<one>a)(?P=one)$(?#same)"})

    assert named.is_valid("aa")
    assert not named.is_valid("ab")


def test_only_the_given_formats_are_checked() -> None:
    schema = {"format": "even"}

    assert Validator(schema).is_valid("odd")
    assert not Validator(schema, {"even": lambda text: len(text) % 2 == 0}).is_valid("odd")
    assert Validator({"format": "email"}, {"even": lambda text: not text}).is_valid("no address")
