"""The plan, counted: which rules meet which features of a request, at which places, and at what price."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lightfield_contract.spec import Contract, Rule
from lightfield_contract.spec.pointer import last_segment
from lightfield_contract.strategies import Breach, Caller, Depth, Workspace, enumerate_breaches
from lightfield_contract.strategies.breach import Feature
from lightfield_contract.strategies.pairs import pairs_of
from lightfield_contract.strategies.plan import FULL, SMALLEST, breach_in, possible_pairs


def kinds_of(contract: Contract, pairs: Any) -> set[Any]:
    """The pairs with the kind of a place instead of the place: its role, and whether it is required, optional or custom."""
    named = {place.pointer: (place.role, place.required, place.read_only) for place in contract.places}
    return {(rule, named.get(place, "custom"), feature, present) for rule, place, feature, present in pairs}


def test_every_rule_meets_every_feature_at_every_place(case: Any) -> None:
    """At standard depth no pair is left out that does not exclude itself, and nearly all do not."""
    found = enumerate_breaches(case.contract, case.workspace, Depth.STANDARD, Caller.CREATE_ONLY)
    possible = possible_pairs(case.contract, case.workspace, Caller.CREATE_ONLY)
    assert possible - pairs_of(case.contract, found) == set()
    groups = {(breach.rule, breach.place) for breach in found if breach.clause}
    assert {(rule, place) for rule, place, _, _ in possible} == groups
    assert len(possible) > 0.95 * len(groups) * len(Feature) * 2


def test_smoke_depth_has_each_rule_at_each_kind_of_place(opportunities: Any) -> None:
    """And at least half of all pairs of a rule at a place with a feature."""
    contract, workspace = opportunities.contract, opportunities.workspace
    found = enumerate_breaches(contract, workspace, Depth.SMOKE, Caller.CREATE_ONLY)
    met, possible = pairs_of(contract, found), possible_pairs(contract, workspace, Caller.CREATE_ONLY)
    assert len(met) >= len(possible) / 2
    assert {kind[:2] for kind in kinds_of(contract, possible)} == {kind[:2] for kind in kinds_of(contract, met)}


def test_smoke_depth_has_the_forms_that_servers_take(opportunities: Any) -> None:
    """Values as answers show them, wrong items beside right ones, IDs in arrays, later versions, names like the API's."""
    found = enumerate_breaches(opportunities.contract, opportunities.workspace, Depth.SMOKE, Caller.CREATE_ONLY)
    variants = {(breach.rule, breach.variant) for breach in found}
    assert variants >= {
        (Rule.TYPE, "object"),
        (Rule.TYPE, "array-with-number"),
        (Rule.READ_ONLY, "array"),
        (Rule.UNKNOWN_ID, "array"),
        (Rule.OTHER_ORGANIZATION, "array"),
        (Rule.UNKNOWN_OPTION, "prefix"),
        (Rule.VERSION, "near"),
    }
    names = [last_segment(breach.place) for breach in found if breach.rule is Rule.UNKNOWN_FIELD]
    assert {name.startswith("$") for name in names} == {True, False}


def test_the_seed_draws_the_places_of_smoke_depth(crates: Any) -> None:
    """Where one of a kind is enough; and each seed meets half of the pairs."""
    contract, workspace = crates.contract, crates.workspace
    possible = possible_pairs(contract, workspace, Caller.CREATE_ONLY)
    drawn = [enumerate_breaches(contract, workspace, Depth.SMOKE, Caller.CREATE_ONLY, seed=seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert all(len(pairs_of(contract, found)) >= len(possible) / 2 for found in drawn)


def test_contexts_are_few(opportunities: Any) -> None:
    """Everything that is sent beside everything else has one control for all of its breaches."""
    found = enumerate_breaches(opportunities.contract, opportunities.workspace, caller=Caller.CREATE_ONLY)
    assert len({json.dumps(breach.control) for breach in found if breach.beside}) == 1


def test_callers_and_ways_of_writing_take_turns(opportunities: Any) -> None:
    """At the places of a rule; and whatever is written in another way comes in chunks, or a length is looked at."""
    contract, workspace = opportunities.contract, opportunities.workspace
    found = enumerate_breaches(contract, workspace, caller=Caller.SECOND, others=[Caller.CREATE_ONLY])
    full = [breach for breach in found if set(breach.beside) == FULL]
    assert {breach.way.framing for breach in full} == {"chunked"}
    for rule in (Rule.READ_ONLY, Rule.MISSING, Rule.TYPE, Rule.UNKNOWN_ID, Rule.CUSTOM_TYPE):
        assert {breach.caller for breach in full if breach.rule is rule} == {Caller.SECOND, Caller.CREATE_ONLY}
        assert len({breach.way for breach in full if breach.rule is rule}) > 1


@pytest.mark.long
def test_a_breach_is_the_same_beside_other_features(opportunities: Any) -> None:
    """Rule, place, variant and clause stay, and without any features so does the request of old."""
    contract, workspace = opportunities.contract, opportunities.workspace
    for breach in enumerate_breaches(contract, workspace, caller=Caller.CREATE_ONLY):
        for features in (FULL, SMALLEST, frozenset({Feature.KEY, Feature.CUSTOM_ATTRIBUTES})):
            again = breach_in(contract, workspace, breach, features, Caller.CREATE_ONLY)
            assert _name(again) == _name(breach)
            assert set(again.beside) == features
            assert (again.caller is Caller.CREATE_ONLY) == (Feature.CALLER in features)


def test_what_no_source_forbids_is_sent_plainly(opportunities: Any) -> None:
    """An observation is about the value alone."""
    found = enumerate_breaches(opportunities.contract, opportunities.workspace, caller=Caller.CREATE_ONLY)
    assert not any(breach.beside for breach in found if breach.clause is None)


def test_a_key_that_is_the_breach_is_no_feature_of_it(opportunities: Any) -> None:
    """Its control has a good one."""
    contract, workspace = opportunities.contract, opportunities.workspace
    found = [breach for breach in enumerate_breaches(contract, workspace) if breach.rule is Rule.KEY_TOO_LONG]
    assert any(breach.keyed for breach in found)
    assert not any(present for _, _, feature, present in pairs_of(contract, found) if feature is Feature.KEY)


@pytest.mark.parametrize("given", ["nothing", "links alone"])
def test_what_the_workspace_does_not_have_meets_nothing(opportunities: Any, given: str) -> None:
    """Without definitions nothing custom is sent, and no pair with it is asked for."""
    known = opportunities.workspace
    workspace = Workspace(ids=known.ids, options=known.options) if given == "links alone" else Workspace()
    pairs = possible_pairs(opportunities.contract, workspace)
    assert not any(present for _, _, feature, present in pairs if feature in (Feature.CUSTOM_ATTRIBUTES, Feature.CALLER))


def _name(breach: Breach) -> tuple[str, ...]:
    return breach.rule, breach.place, breach.variant, str(breach.clause)
