"""Valid bodies are valid by the judgement of an oracle of its own, and cover what they say they cover."""

from __future__ import annotations

import itertools
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings

from lightfield_contract.spec import Role
from lightfield_contract.spec.pointer import get_at
from lightfield_contract.strategies import (
    PLAIN_TEXT,
    Body,
    Depth,
    Workspace,
    demanded_values,
    enumerate_bodies,
    enumerate_breaches,
    missing_needs,
    smallest_body,
    valid_bodies,
)
from lightfield_contract.strategies.places import custom_fields
from lightfield_contract.strategies.texts import TEXTS


def level_in(body: Any, pointer: str, case: Any) -> str:
    """What a body has at a place, read from its value alone."""
    group, key = pointer.split("/", 2)[1:]
    value = body.get(group, {}).get(key.replace("~1", "/"), ...)
    if value is ...:
        return "none"
    if group == "relationships":
        return "one" if isinstance(value, str) else "array" if len(value) == 1 else "several"
    if key.startswith("own_"):
        return "set"
    if case.contract.marker_place.pointer == pointer:
        return next(kind for kind, texts in TEXTS.items() if value in [text.value for text in texts])
    if case.contract.place(pointer).role is Role.OPTION:
        labels = [option.label for option in case.workspace.options[key]]
        return "label" if value in labels else "id"
    return repr(value)


def combinations_in(body: Body, case: Any, strength: int) -> set[Any]:
    """The combinations of features that a body has, read from its value alone."""
    return set(
        itertools.combinations([(pointer, level_in(body.value, pointer, case)) for pointer in body.features], strength)
    )


@pytest.mark.parametrize(("depth", "strength"), [(Depth.STANDARD, 2), (Depth.DEEP, 3)])
def test_every_combination_of_features_occurs(case: Any, depth: Depth, strength: int) -> None:
    """All pairs at standard depth, all triples at deep depth, counted from the bodies that are sent."""
    found = enumerate_bodies(case.contract, case.workspace, depth)
    covered = set().union(*(combinations_in(body, case, strength) for body in found))
    levels: dict[str, set[str]] = {}
    for body in found:
        for ((factor, level),) in combinations_in(body, case, 1):
            levels.setdefault(factor, set()).add(level)
    for chosen in itertools.combinations(found[0].features, strength):
        for row in itertools.product(*(levels[name] for name in chosen)):
            assert tuple(zip(chosen, row, strict=True)) in covered


def test_every_way_of_setting_a_place_occurs(opportunities: Any) -> None:
    """Standard depth has each relationship absent, single and in an array, and every kind of text and value type."""
    seen: dict[str, set[str]] = {}
    for body in enumerate_bodies(opportunities.contract, opportunities.workspace):
        for pointer in body.features:
            seen.setdefault(pointer, set()).add(level_in(body.value, pointer, opportunities))
    for fields in custom_fields(opportunities.contract, opportunities.workspace).values():
        assert seen[fields[0].pointer] == {"none", "set"}
    for place in opportunities.contract.link_places:
        if not place.read_only:
            assert seen[place.pointer] >= {"one", "array"}
            assert ("none" in seen[place.pointer]) is not place.required
    assert seen["/relationships/own_many"] == {"none", "one", "array", "several"}
    assert seen[opportunities.contract.marker_place.pointer] == set(TEXTS)
    assert all(
        seen[place.pointer] == {"label", "id"} for place in opportunities.contract.value_places if place.role is Role.OPTION
    )


@pytest.mark.parametrize("depth", [Depth.STANDARD, Depth.DEEP])
def test_every_value_that_has_to_be_taken_is_sent(case: Any, depth: Depth) -> None:
    """Each value of each custom attribute and each text at the marker place stands in some body."""
    bodies = enumerate_bodies(case.contract, case.workspace, depth)
    for field in [field for fields in custom_fields(case.contract, case.workspace).values() for field in fields]:
        sent = [get_at(body.value, field.pointer, None) for body in bodies]
        assert [value.feature for value in demanded_values(field) if value.value not in sent] == []
    sent = [get_at(body.value, case.contract.marker_place.pointer) for body in bodies]
    texts = [text.value for kind in TEXTS.values() for text in kind]
    assert [text for text in texts if case.contract.marker_place.takes(text) and text not in sent] == []


@pytest.mark.parametrize("depth", list(Depth))
def test_enumerated_bodies_are_valid(case: Any, depth: Depth) -> None:
    """Neither the schema nor the workspace finds anything wrong with a body that is demanded to be accepted."""
    faults = case.faults
    for body in enumerate_bodies(case.contract, case.workspace, depth):
        assert faults(body.value) == set(), body.id


def test_explored_bodies_are_valid(case: Any) -> None:
    """Nor with any that Hypothesis draws."""
    faults = case.faults
    known = {text.value for texts in TEXTS.values() for text in texts}

    @settings(max_examples=300, database=None, deadline=None, derandomize=True)
    @given(valid_bodies(case.contract, case.workspace))
    def check(body: Any) -> None:
        assert faults(body) == set()
        text = get_at(body, case.contract.marker_place.pointer)
        assert not text.isspace()
        assert text in known or not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in text)

    check()


def test_the_first_body_is_the_smallest(case: Any) -> None:
    """Each depth begins with the required places alone."""
    smallest = smallest_body(case.contract, case.workspace)
    for depth in Depth:
        assert enumerate_bodies(case.contract, case.workspace, depth)[0].value == smallest


def test_the_smallest_body_has_no_more_than_it_must(opportunities: Any) -> None:
    """It has the required places and no others, with one ID, a label, and a plain text for the marker."""
    body = smallest_body(opportunities.contract, opportunities.workspace)
    assert body is not None
    pointers = {f"/{group}/{key}" for group, members in body.items() for key in members}
    required = {place.pointer for place in opportunities.contract.places if place.required}
    assert pointers == {pointer for pointer in required if pointer.count("/") > 1}
    assert level_in(body, opportunities.contract.marker_place.pointer, opportunities) == "plain"
    assert PLAIN_TEXT in body["fields"].values()


def test_what_is_missing_is_named(opportunities: Any) -> None:
    """Without an option or something to link to there is no body, and the needs say which."""
    contract = opportunities.contract
    assert smallest_body(contract, Workspace()) is None
    assert enumerate_breaches(contract, Workspace()) == ()
    assert enumerate_bodies(contract, Workspace()) == ()
    missing = missing_needs(contract, Workspace())
    assert {need.partition(":")[0] for need in missing} == {"option", "link"}
    assert {need.partition(":")[2] for need in missing} <= {place.pointer for place in contract.places if place.required}
    with pytest.raises(Exception, match=missing[0].replace("$", r"\$")):
        valid_bodies(contract, Workspace())


def test_no_need_keeps_an_unlinked_fragment_from_being_tried(crates: Any) -> None:
    """A fragment that requires neither link nor option has a smallest body in an empty workspace."""
    assert smallest_body(crates.contract, Workspace()) is not None
    assert missing_needs(crates.contract, Workspace()) == ()


def test_two_calls_are_equal(case: Any) -> None:
    """Nothing depends on chance, or on the order of a set."""
    for depth in Depth:
        first, second = (enumerate_bodies(case.contract, case.workspace, depth) for _ in range(2))
        assert first == second


def test_ids_are_unique(case: Any) -> None:
    """A body can be named in a report."""
    found = enumerate_bodies(case.contract, case.workspace)
    assert len({body.id for body in found}) == len(found)


def test_budgets_and_speed(opportunities: Any) -> None:
    """A standard run can afford its bodies, and making them takes no time worth noticing."""
    contract, workspace = opportunities.contract, opportunities.workspace
    assert len(enumerate_bodies(contract, workspace, Depth.SMOKE)) <= 4
    assert len(enumerate_bodies(contract, workspace)) <= 60
    assert len(enumerate_bodies(contract, workspace, Depth.DEEP)) <= 400
    begun = time.process_time()
    enumerate_breaches(contract, workspace)
    enumerate_bodies(contract, workspace)
    assert time.process_time() - begun < 0.2
