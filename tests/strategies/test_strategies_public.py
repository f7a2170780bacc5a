"""The strategies that others use: arguments are checked at once, and sample data needs no target."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import InvalidArgument

from lightfield_contract.spec import Rule, available, load
from lightfield_contract.strategies import (
    Breach,
    KeyModel,
    Step,
    Workspace,
    breaches,
    enumerate_breaches,
    histories,
    history_machine,
    missing_needs,
    smallest_body,
    valid_bodies,
)

QUICKLY = settings(database=None, derandomize=True, deadline=None, phases=[Phase.generate, Phase.shrink])


def test_sample_data_is_enough_for_every_strategy(case: Any) -> None:
    """A made-up organization has what every place needs, something custom of each type, and another organization."""
    workspace = Workspace.sample(case.contract)
    assert missing_needs(case.contract, workspace) == ()
    assert find(valid_bodies(case.contract, workspace), lambda _: True, settings=QUICKLY) == smallest_body(
        case.contract, workspace
    )
    ours = {breach.rule for breach in enumerate_breaches(case.contract, workspace)}
    assert ours >= {breach.rule for breach in enumerate_breaches(case.contract, case.workspace)} - {Rule.READ_ONLY}


@pytest.mark.parametrize("name", available())
def test_bodies_of_sample_data_are_valid_and_breaches_are_not(name: str) -> None:
    """Nothing but the contract is needed to draw either."""
    contract = load(name)
    workspace = Workspace.sample(contract)
    oracle = jsonschema.Draft202012Validator(contract.create.request_schema)

    @settings(QUICKLY, max_examples=100)
    @given(valid_bodies(contract, workspace), breaches(contract, workspace, rules=[Rule.MISSING]))
    def check(body: dict[str, Any], breach: Breach) -> None:
        assert oracle.is_valid(body)
        assert oracle.is_valid(breach.control)
        assert not oracle.is_valid(breach.body)

    check()


@pytest.mark.parametrize("rule", [Rule.TYPE, Rule.UNKNOWN_OPTION, Rule.VERSION, Rule.MALFORMED])
def test_breaches_are_drawn_of_the_rules_asked_for(opportunities: Any, rule: Rule) -> None:
    """And of no other."""

    @settings(QUICKLY, max_examples=50)
    @given(breaches(opportunities.contract, opportunities.workspace, rules={rule}))
    def check(breach: Breach) -> None:
        assert breach.rule is rule

    check()


@pytest.mark.parametrize("rules", [[], ["mising"], [Rule.MANY], [Rule.TYPE, Rule.MANY]])
def test_rules_that_cannot_be_broken_are_refused_at_once(opportunities: Any, rules: Any) -> None:
    """No rule, a misspelt one, and one that nothing in this contract has: none of them draws nothing in silence."""
    with pytest.raises(InvalidArgument):
        breaches(opportunities.contract, opportunities.workspace, rules=rules)


def test_arguments_of_another_type_are_refused_at_once(opportunities: Any) -> None:
    """The message says what was expected, and what was given."""
    strategies: tuple[Any, ...] = (valid_bodies, breaches)
    for strategy in strategies:
        with pytest.raises(InvalidArgument, match="expected a Contract, but got 'opportunities'"):
            strategy("opportunities", opportunities.workspace)
        with pytest.raises(InvalidArgument, match="expected a Workspace, but got None"):
            strategy(opportunities.contract, None)


def test_histories_have_only_steps_that_are_offered() -> None:
    """Without an offer nothing is needed; with all of them each occurs."""
    assert find(histories(), lambda _: True, settings=QUICKLY) == (Step(),)
    for need in ("no-create", "other-organization", "other-operation"):
        found = find(histories(offers=[need]), lambda steps: any(step.needs for step in steps), settings=QUICKLY)
        assert [step.needs for step in found] == [{need}]

    @settings(QUICKLY, max_examples=100)
    @given(histories(max_steps=3))
    def check(steps: tuple[Step, ...]) -> None:
        assert 1 <= len(steps) <= 3
        assert not any(step.needs for step in steps)
        assert all(KeyModel().permit(step).replies for step in steps)

    check()


@pytest.mark.parametrize("arguments", [{"offers": ["clock"]}, {"max_steps": 0}])
def test_impossible_histories_are_refused_at_once(arguments: dict[str, Any]) -> None:
    """An offer that no step needs, and a length that leaves no step."""
    with pytest.raises(InvalidArgument):
        histories(**arguments)


def test_an_offer_that_no_step_needs_makes_no_machine() -> None:
    """The class is refused, not its run."""
    with pytest.raises(InvalidArgument, match="clock"):
        history_machine(lambda: None, ["clock"])  # type: ignore[arg-type,return-value]
