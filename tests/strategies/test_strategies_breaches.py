"""Every breach is wrong for its labelled reason, at its labelled place, and in no other way; its control is right."""

from __future__ import annotations

import dataclasses
import json
import json.decoder
import json.scanner
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import Phase, find, given, settings

import lightfield_contract.strategies
from lightfield_contract.spec import load
from lightfield_contract.strategies import Breach, Depth, Workspace, breaches, enumerate_breaches
from lightfield_contract.strategies.plan import SMALLEST, breach_in

WAYS: dict[str, set[str]] = {
    "missing": {"missing"},
    "null": {"null"},
    "type": {"type", "enum"},
    "empty": {"empty", "option", "id"},
    "empty-array": {"empty"},
    "long": {"maxLength"},
    "many": {"maxItems"},
    "range": {"minimum", "maximum"},
    "choice": {"enum"},
    "pattern": {"pattern"},
    "read-only": {"not"},
    "read-only-empty": {"not"},
    "unknown-option": {"option"},
    "unknown-field": {"unknown"},
    "unknown-relationship": {"unknown", "null", "empty"},
    "unknown-member": {"unknown"},
    "unknown-id": {"id"},
    "other-type": {"id"},
    "other-organization": {"id"},
    "custom-type": {"value", "type"},
}
"""By rule, the ways in which the oracle may find a place wrong."""

QUICKLY = settings(database=None, derandomize=True, deadline=None, phases=[Phase.generate, Phase.shrink])


def assert_breach(breach: Breach, case: Any, faults: Any) -> None:
    """The body, or else a header, is wrong as the label says; the control is not."""
    assert faults(breach.control) == set(), breach.id
    if breach.rule in WAYS:
        found = faults(breach.body)
        assert {place for place, _ in found} == {breach.place}, breach.id
        assert {way for _, way in found} <= WAYS[breach.rule], breach.id
        json.dumps(breach.body, allow_nan=False)
    elif breach.headers:
        assert breach.body == breach.control
        assert_header(breach, case)
    else:
        assert_spelling(breach)


def assert_header(breach: Breach, case: Any) -> None:
    """The header does not fit its parameter; a media type is not JSON."""
    ((name, value),) = breach.headers.items()
    assert name == breach.place
    if breach.rule == "media-type":
        assert value is None or not value.startswith("application/json")
        return
    (parameter,) = [each for each in case.contract.create.parameters if each.name == name]
    if value is None:
        assert parameter.required
    else:
        assert not jsonschema.Draft202012Validator(parameter.schema).is_valid(value)


def assert_spelling(breach: Breach) -> None:
    """What is sent is no JSON text, or no object, or hard to read and still JSON."""
    sent = breach.body if isinstance(breach.body, bytes) else json.dumps(breach.body).encode()
    if breach.rule == "malformed":
        assert not is_json(sent), breach.id
    elif breach.rule == "not-an-object":
        assert not sent.strip() or not isinstance(json.loads(sent), dict)
    else:
        assert breach.rule == "survives"
        assert is_json(sent), breach.id


def is_json(sent: bytes) -> bool:
    """Whether RFC 8259 calls it a JSON text."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    # The reader in C has a limit of its own, from Python 3.12 on; the one in Python goes as deep as it may.
    reader: Any = json.JSONDecoder(parse_constant=_no_constant, parse_int=str)
    parts: Any = json.decoder
    scanners: Any = json.scanner
    reader.parse_object, reader.parse_array = parts.JSONObject, parts.JSONArray
    reader.scan_once = scanners.py_make_scanner(reader)
    try:
        reader.decode(sent.decode("utf-8"))
    except ValueError:
        return False
    finally:
        sys.setrecursionlimit(limit)
    return True


def _no_constant(name: str) -> None:
    raise ValueError(name)


def test_enumerated_breaches_are_what_they_say(case: Any) -> None:
    """Whatever a clause demands to be refused is wrong in one way at one place."""
    faults = case.faults
    for breach in enumerate_breaches(case.contract, case.workspace):
        if breach.clause is not None:
            assert_breach(breach, case, faults)
        else:
            assert faults(breach.control) == set(), breach.id


def test_explored_breaches_are_what_they_say(case: Any) -> None:
    """So is every breach that Hypothesis draws."""
    faults = case.faults

    @settings(max_examples=200, database=None, deadline=None, derandomize=True)
    @given(breaches(case.contract, case.workspace))
    def check(breach: Breach) -> None:
        assert_breach(breach, case, faults)

    check()


@pytest.mark.parametrize(
    "sought",
    [
        pytest.param(lambda breach: breach.variant == "drawn", id="any wrong value"),
        pytest.param(lambda breach: len(breach.control["relationships"]) > 2, id="beside other links"),
        pytest.param(lambda breach: isinstance(breach.body, bytes), id="raw bytes"),
    ],
)
def test_no_breach_becomes_valid_while_shrinking(opportunities: Any, sought: Any) -> None:
    """Every candidate that the shrinker tries is still the breach that its label says."""
    faults = opportunities.faults

    def check(breach: Breach) -> bool:
        assert_breach(breach, opportunities, faults)
        return bool(sought(breach))

    strategy = breaches(opportunities.contract, opportunities.workspace)
    found = find(strategy, check, settings=settings(QUICKLY, max_examples=300))
    assert_breach(found, opportunities, faults)


def test_an_explored_breach_shrinks_to_the_smallest_body(opportunities: Any) -> None:
    """What is reported has nothing in it but the breach."""
    first = enumerate_breaches(opportunities.contract, opportunities.workspace)[0]
    plain = breach_in(opportunities.contract, opportunities.workspace, first, SMALLEST)
    strategy = breaches(opportunities.contract, opportunities.workspace)
    assert find(strategy, lambda _: True, settings=QUICKLY) == plain


def test_labels_are_unique_and_clauses_exist(case: Any) -> None:
    """A breach can be named, and blamed on a clause that the catalogue has."""
    found = enumerate_breaches(case.contract, case.workspace)
    assert len({breach.id for breach in found}) == len(found)
    assert {breach.clause for breach in found} - {None} <= {clause.id for clause in case.contract.clauses}


def test_two_calls_are_equal(case: Any) -> None:
    """Breaches come in a fixed order."""
    assert enumerate_breaches(case.contract, case.workspace) == enumerate_breaches(case.contract, case.workspace)


def test_budgets(opportunities: Any) -> None:
    """Smoke depth breaks no rule that standard depth does not, and both can be afforded."""
    standard = enumerate_breaches(opportunities.contract, opportunities.workspace)
    smoke = enumerate_breaches(opportunities.contract, opportunities.workspace, Depth.SMOKE)
    names = {(breach.rule, breach.place, breach.variant) for breach in standard}
    assert {(breach.rule, breach.place, breach.variant) for breach in smoke} <= names
    assert len(smoke) <= 85
    assert len(standard) <= 312


def test_smoke_depth_has_a_breach_for_every_clause_that_has_one(opportunities: Any) -> None:
    """Nothing that standard depth goes after is left to it alone, save custom attributes but one."""
    standard = enumerate_breaches(opportunities.contract, opportunities.workspace)
    smoke = enumerate_breaches(opportunities.contract, opportunities.workspace, Depth.SMOKE)
    wanted = {breach.clause for breach in standard if breach.clause and not breach.clause.startswith("custom:")}
    assert {breach.clause for breach in smoke} >= wanted


def test_every_place_has_its_breaches(case: Any) -> None:
    """Each derived clause that demands a refusal is gone after at each of its places."""
    demanding = {"required", "type", "read-only", "read-only-empty", "unknown-option"}
    wanted = {clause.id for clause in case.contract.clauses if clause.kind in demanding}
    found = {breach.clause for breach in enumerate_breaches(case.contract, case.workspace)}
    assert wanted <= found


def test_every_keyword_of_a_fragment_is_broken(crates: Any) -> None:
    """Lengths, bounds, choices, patterns and item counts all have their breach."""
    found = {breach.rule for breach in enumerate_breaches(crates.contract, crates.workspace)}
    assert found >= {"long", "empty", "range", "choice", "pattern", "many"} - {"many"}
    ids = {**crates.workspace.ids, "person": ("p1", "p2", "p3")}
    richer = dataclasses.replace(crates.workspace, ids=ids)
    assert "many" in {breach.rule for breach in enumerate_breaches(crates.contract, richer)}


def test_a_new_place_adds_its_breaches(crates: Any, tmp_path: Path) -> None:
    """A line in the fragment is enough."""
    text = Path(__file__).with_name("crates.yaml").read_text("utf-8")
    longer = text.replace("seal: {", "lid: { readOnly: true, not: {} }\n                    seal: {")
    path = tmp_path / "longer.yaml"
    path.write_text(longer, "utf-8")
    before = {breach.id for breach in enumerate_breaches(crates.contract, crates.workspace)}
    after = {breach.id for breach in enumerate_breaches(load(str(path)), crates.workspace)}
    assert before < after
    assert all("/fields/lid" in added for added in after - before)


def test_without_definitions_the_fragment_is_still_tried(opportunities: Any) -> None:
    """What a user gives by hand is enough for every breach that needs no definition."""
    known = opportunities.workspace
    given_by_hand = Workspace(ids=known.ids, options=known.options)
    rules = {breach.rule for breach in enumerate_breaches(opportunities.contract, given_by_hand)}
    assert rules >= {"missing", "type", "read-only", "unknown-option", "unknown-field", "unknown-id", "other-type"}
    assert "other-organization" not in rules


def test_what_no_source_demands_is_only_observed(opportunities: Any) -> None:
    """The rulings of contract 11: these are sent, and judged by no clause."""
    found = {breach.id: breach.clause for breach in enumerate_breaches(opportunities.contract, opportunities.workspace)}
    optional = next(p.pointer for p in opportunities.contract.link_places if not p.required and not p.read_only)
    marker = opportunities.contract.marker_place.pointer
    for breach_id in (f"null-{optional}", f"empty-array-{optional}", f"duplicate-id-{optional}", f"blank-{marker}-empty"):
        assert found[breach_id] is None
    assert found["key-empty-Idempotency-Key-empty"] is None


def test_no_python_names_a_field_of_opportunities(opportunities: Any) -> None:
    """The room knows places by what the fragment says of them, never by name."""
    folder = Path(lightfield_contract.strategies.__file__).parent
    text = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.py")))
    named = {place.key for place in opportunities.contract.places if place.key.startswith("$")}
    assert not [key for key in named if key in text or f'"{key[1:]}"' in text]
    assert "opportunit" not in text.lower()
