"""Values are of their type, named, and honest about what may be demanded of them; drawn ones shrink well."""

from __future__ import annotations

import datetime
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import InvalidArgument

from lightfield_contract.spec import FieldDefinition, Option, load
from lightfield_contract.spec.pointer import get_at
from lightfield_contract.strategies import PLAIN_TEXT, demanded_values, smallest_body, valid_bodies, values_of
from lightfield_contract.strategies.texts import OBSERVED_TEXTS, TEXTS, text_of_length
from lightfield_contract.strategies.value_types import draw_values
from lightfield_contract.strategies.values import draw_texts

QUICKLY = settings(database=None, derandomize=True, deadline=None, phases=[Phase.generate, Phase.shrink])
OPTIONS = (Option("opt_1", "First"), Option("opt_2", "Second"), Option("opt_3", ""), Option("", "Fourth"))
TYPES = tuple(load().values)


def definition(value_type: str, **more: Any) -> FieldDefinition:
    """A custom attribute of that type."""
    return FieldDefinition("own", value_type, options=OPTIONS if "SELECT" in value_type else (), **more)


def is_of_type(value_type: str, value: Any) -> bool:
    """Whether the fragment's schema of the value type takes it, formats included."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(load().values[value_type], format_checker=checker).is_valid(value)


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("value_type", TYPES)
def test_demanded_values_fit_the_schema_of_their_type(value_type: str, several: bool) -> None:
    """What is demanded is what the documentation says the type is."""
    found = demanded_values(definition(value_type, multiple=several))
    assert found
    assert all(is_of_type(value_type, value.value) for value in found), found


@pytest.mark.parametrize("value_type", TYPES)
def test_features_are_unique_and_the_first_value_is_demanded(value_type: str) -> None:
    """A value can be named, and the most ordinary one stands first."""
    found = values_of(definition(value_type))
    assert len({value.feature for value in found}) == len(found)
    assert found[0].demanded
    json.dumps([value.value for value in found], allow_nan=False)


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("value_type", TYPES)
def test_drawn_values_fit_and_shrink_to_the_first(value_type: str, several: bool) -> None:
    """Every drawn value is of its type, and the simplest is the most ordinary one."""
    field = definition(value_type, multiple=several)
    assert find(draw_values(field), lambda _: True, settings=QUICKLY) == demanded_values(field)[0].value

    @settings(QUICKLY, max_examples=50)
    @given(draw_values(field))
    def check(value: Any) -> None:
        assert is_of_type(value_type, value), value

    check()


@pytest.mark.parametrize("value_type", ["SINGLE_SELECT", "MULTI_SELECT", "HTML"])
def test_nothing_to_send_is_refused_at_once(value_type: str) -> None:
    """A select without options, and an unknown type, make no strategy that draws nothing."""
    field = FieldDefinition("own", value_type)
    assert values_of(field) == ()
    with pytest.raises(InvalidArgument, match=value_type):
        draw_values(field)


def test_selects_are_set_by_label_and_by_id() -> None:
    """Both ways of naming an option occur, of two options, and an option without one of them is named by the other."""
    known = {name for option in OPTIONS for name in (option.id, option.label) if name}
    for value_type in ("SINGLE_SELECT", "MULTI_SELECT"):
        found = [value.value for value in demanded_values(definition(value_type))]
        named = {name for value in found for name in ([value] if isinstance(value, str) else value)}
        assert "First" in named
        assert named & {"opt_2", "opt_3"}
        assert named <= known


def test_the_currency_decides_whether_decimals_are_demanded() -> None:
    """No source demands that half a yen is kept."""
    yen = definition("CURRENCY", configuration={"currency": "JPY"})
    assert all(isinstance(value.value, int) for value in demanded_values(yen))
    assert any(isinstance(value.value, float) for value in demanded_values(definition("CURRENCY")))


def test_the_edges_are_there() -> None:
    """Numbers at the edge of double precision, offsets in timestamps, parts left out."""
    numbers = {value.value: value.demanded for value in values_of(definition("NUMBER"))}
    assert numbers[2**53 - 1]
    assert numbers[1 - 2**53]
    assert not numbers[2**53]
    moments = [datetime.datetime.fromisoformat(value.value) for value in demanded_values(definition("DATETIME"))]
    assert len({moment.utcoffset() for moment in moments}) >= 3
    assert any(moment.microsecond for moment in moments)
    for value_type in ("ADDRESS", "FULL_NAME"):
        parts = {len(value.value) for value in demanded_values(definition(value_type))}
        assert len(parts) > 1


def test_texts_have_the_lengths_that_they_are_named_by() -> None:
    """A long text is exactly as long as it says, and no two of its places look alike."""
    for length in (100, 255, 256, 10_000):
        text = text_of_length(length)
        assert len(text) == length
        assert text == text.strip()
        assert len({text[at : at + 14] for at in range(0, length - 14, 13)}) == len(range(0, length - 14, 13))
    named = {text.feature: text.value for text in OBSERVED_TEXTS}
    assert all(len(named[f"{length}-characters"]) == length for length in (255, 256, 10_000))


def test_demanded_texts_are_none_that_a_ruling_lets_a_target_refuse() -> None:
    """No control characters, nothing blank, nothing longer than a hundred characters."""
    for kind in TEXTS.values():
        for text in kind:
            assert text.demanded
            assert not any(ord(char) < 32 or ord(char) == 127 for char in text.value)
            assert text.value.strip()
            assert len(text.value) <= 100


def test_normalization_pairs_are_sent_both_ways() -> None:
    """A store that normalizes is found by the decomposed text, one that decomposes by the composed one."""
    marks = {text.feature: text.value for text in TEXTS["marks"]}
    assert marks["decomposed"] != marks["composed"]
    assert len(marks["decomposed"]) > len(marks["composed"])


def test_a_character_beyond_the_bmp_is_found_and_shrunk_to() -> None:
    """Hypothesis finds one soon and reports it alone."""
    found = find(draw_texts(), lambda text: any(ord(char) > 0xFFFF for char in text), settings=QUICKLY)
    assert len(found) == 1
    assert ord(found) > 0xFFFF


def test_drawn_bodies_shrink_to_the_smallest(case: Any) -> None:
    """The simplest body is the smallest one, and anything beyond it is there for a reason."""
    strategy = valid_bodies(case.contract, case.workspace)
    smallest = smallest_body(case.contract, case.workspace)
    assert find(strategy, lambda _: True, settings=QUICKLY) == smallest


def test_a_drawn_body_keeps_only_what_matters(opportunities: Any) -> None:
    """Of many optional places, the one that matters is left."""
    strategy: Any = valid_bodies(opportunities.contract, opportunities.workspace)
    smallest = smallest_body(opportunities.contract, opportunities.workspace)
    assert smallest is not None
    optional = next(p.key for p in opportunities.contract.link_places if not p.required and not p.read_only)

    def linked(body: Any) -> bool:
        return isinstance(body["relationships"].get(optional), list)

    found = find(strategy, linked, settings=QUICKLY)
    assert set(found["relationships"]) == {*smallest["relationships"], optional}
    assert found["fields"] == smallest["fields"]
    numbered = find(strategy, lambda body: body["fields"].get("own_number", 0) > 100, settings=QUICKLY)
    assert numbered["fields"]["own_number"] == 101
    assert get_at(numbered, opportunities.contract.marker_place.pointer) == PLAIN_TEXT
