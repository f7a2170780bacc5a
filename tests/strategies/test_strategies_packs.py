"""Packs of values: each value is sent, and each row of the tables shows a server that does what the row's source reports."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest

from lightfield_contract.conformance.harness.judge.values import comparison_of
from lightfield_contract.reference.faults import FaultInfo, faults
from lightfield_contract.reference.faults.row import Altered, Refused
from lightfield_contract.spec import FieldDefinition, Option, load
from lightfield_contract.strategies import (
    Depth,
    Pack,
    Value,
    Workspace,
    enumerate_bodies,
    enumerate_packs,
    smallest_body,
    values_of,
)
from lightfield_contract.strategies.values import Echo

CONTRACT = load()
WORKSPACE = Workspace.sample(CONTRACT)
ROWS = [info for info in faults() if issubclass(info.pipeline, Altered | Refused)]
NULL = Value(None, "null")
OPTIONS = tuple(Option(f"opt_{number}", f"Option {number}") for number in (1, 2, 3))


def field_of(value_type: str) -> FieldDefinition:
    options = OPTIONS if "SELECT" in value_type else ()
    return FieldDefinition(f"some-{value_type.lower()}", value_type, options=options, multiple=value_type == "TELEPHONE")


def placed(packs: tuple[Pack, ...]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for pack in packs:
        for each in pack.placed:
            found.setdefault(each.pointer, []).append(each.value)
    return found


def shows(info: FaultInfo, value: Value) -> bool:
    """Whether the fault's server refuses the value, or gives back another one."""
    change = vars(info.pipeline)["change"].__func__
    if issubclass(info.pipeline, Refused):
        return bool(change(value.value))
    _, same = comparison_of(info.clause.partition(":")[2])
    return not same(value.value, change(value.value), OPTIONS)


def test_each_value_of_each_type_is_sent() -> None:
    """At standard depth: null, what is only observed, and what has to be accepted, but for the plainest."""
    sent = placed(enumerate_packs(CONTRACT, WORKSPACE))
    for field in [field for field in WORKSPACE.fields.values() if field.custom]:
        values = values_of(field)
        plainest = [value.feature for value in values if value.demanded][:2]
        features = [value.feature for value in sent[field.pointer]]
        assert {*features, *plainest} == {*(value.feature for value in values), "null"}


def test_the_plainest_values_are_in_bodies_of_every_depth() -> None:
    """So no value is left out."""
    for depth in Depth:
        bodies = [body.value["fields"] for body in enumerate_bodies(CONTRACT, WORKSPACE, depth)]
        for field in [field for field in WORKSPACE.fields.values() if field.custom]:
            sent = [fields[field.key] for fields in bodies if field.key in fields]
            assert all(value.value in sent for value in [value for value in values_of(field) if value.demanded][:2])


def test_several_attributes_of_a_type_share_its_values() -> None:
    """Four of them take a quarter of the creates."""
    texts = [dataclasses.replace(WORKSPACE.fields["sample-text"], key=f"text-{number}") for number in range(3)]
    fields = {**WORKSPACE.fields, **{field.key: field for field in texts}}
    workspace = dataclasses.replace(WORKSPACE, fields=fields)
    one, four = (placed(enumerate_packs(CONTRACT, each)) for each in (WORKSPACE, workspace))
    shared = [value for field in (WORKSPACE.fields["sample-text"], *texts) for value in four[field.pointer]]
    assert {value.feature for value in shared} >= {value.feature for value in one["/fields/sample-text"]}
    assert len(enumerate_packs(CONTRACT, workspace)) < len(enumerate_packs(CONTRACT, WORKSPACE))


def is_null(pack: dict[str, Value], pointer: str) -> bool:
    return pointer in pack and pack[pointer].value is None


def test_nearly_each_attribute_is_null_beside_a_value_of_each_other() -> None:
    """And each link is left out, one ID and an array beside values and nulls: two things that meet."""
    demanded = [pack for pack in enumerate_packs(CONTRACT, WORKSPACE) if pack.demanded]
    packs = [{each.pointer: each.value for each in pack.placed} for pack in demanded]
    custom = [field.pointer for field in WORKSPACE.fields.values() if field.custom]
    pairs = {*itertools.permutations(custom, 2)}
    met = {(one, other) for one, other in pairs for pack in packs if is_null(pack, one) and pack.get(other, NULL).value}
    assert len(met) > 0.95 * len(pairs)
    for place in (place for place in CONTRACT.link_places if not place.read_only and not place.required):
        forms = {type(pack[place.pointer].value) if place.pointer in pack else None for pack in packs}
        assert forms == {None, str, list}


def test_an_attribute_that_cannot_be_left_out_is_not_unset() -> None:
    """Null may be refused where the organization asks for a value."""
    workspace = dataclasses.replace(WORKSPACE, amendments={"/fields/sample-text": "Sample"})
    sent = placed(enumerate_packs(CONTRACT, workspace))
    assert None not in [value.value for value in sent["/fields/sample-text"]]
    assert None in [value.value for value in sent["/fields/sample-number"]]


def test_smoke_depth_takes_the_first_ones() -> None:
    """A few creates; and the same ones as at standard depth, so that a finding of one is known to the other."""
    smoke, standard = (enumerate_packs(CONTRACT, WORKSPACE, depth) for depth in (Depth.SMOKE, Depth.STANDARD))
    assert [pack.demanded for pack in smoke] == [True] * 6 + [False]
    assert smoke[:4] == standard[:4]


def test_smoke_depth_observes_what_servers_are_known_to_alter() -> None:
    """Besides texts only values of which a report says so, and whose echo can be compared."""
    observed = enumerate_packs(CONTRACT, WORKSPACE, Depth.SMOKE)[-1]
    others = [each.value for each in observed.placed if each.value_type not in ("TEXT", "MARKDOWN", "")]
    assert others
    assert all(value.source and value.echo is Echo.SAME for value in others)


def test_packs_do_not_depend_on_chance() -> None:
    """Two calls are equal, and each pack can be named."""
    packs = enumerate_packs(CONTRACT, WORKSPACE)
    assert packs == enumerate_packs(CONTRACT, WORKSPACE)
    assert len({pack.id for pack in packs}) == len(packs)


def test_a_pack_can_be_taken_apart() -> None:
    """Some of its values make a body of their own."""
    pack = enumerate_packs(CONTRACT, WORKSPACE)[1]
    smallest = smallest_body(CONTRACT, WORKSPACE) or {}
    first, *_ = pack.placed
    body: dict[str, Any] = pack.fill(smallest, WORKSPACE, [first])
    whole = pack.fill(smallest, WORKSPACE)
    key = first.pointer.rpartition("/")[2]
    assert body["fields"][key] == whole["fields"][key] == first.value.value
    assert set(body["fields"]) < set(whole["fields"])
    assert enumerate_packs(CONTRACT, Workspace()) == ()


@pytest.mark.parametrize("info", ROWS, ids=lambda info: info.id)
def test_each_way_to_mangle_a_value_shows_in_one(info: FaultInfo) -> None:
    """A value of the type is there that a server which does just that alters or refuses; and not every value is."""
    values = [*values_of(field_of(info.clause.partition(":")[2])), NULL]
    assert any(shows(info, value) for value in values)


def test_each_report_that_a_value_names_is_a_fault() -> None:
    """Where a value is there because of a report, a server that does what was reported is seeded, and the value shows it."""
    reported: dict[str, list[FaultInfo]] = {info.source: [] for info in ROWS}
    for info in ROWS:
        reported[info.source].append(info)
    for value_type in CONTRACT.values:
        for value in values_of(field_of(value_type)):
            for source in filter(reported.get, value.source.split(", ")):
                same = [info for info in reported[source] if info.clause == f"custom:{value_type}"]
                assert not same or any(shows(info, value) for info in same), (value_type, value.feature, source)


def test_system_fields_of_amounts_that_definitions_alone_list_are_tried() -> None:
    """Each stands beside a custom null, and whether it is accepted is only observed."""
    fields = {**WORKSPACE.fields, "$worth": FieldDefinition("$worth", "CURRENCY")}
    packs = enumerate_packs(CONTRACT, dataclasses.replace(WORKSPACE, fields=fields))
    (found,) = [pack for pack in packs if any(each.pointer == "/fields/$worth" for each in pack.placed)]
    assert not found.demanded
    assert any(each.value.value is None for each in found.placed)
