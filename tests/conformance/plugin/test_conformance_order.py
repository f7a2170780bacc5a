"""The order of the cases: a little of everything comes first."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.harness.plugin.case_hooks import by_what_they_find
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.spec import load


def test_each_kind_of_rule_is_tried_within_a_few_creates() -> None:
    """What refuses nothing, checks no key or remembers none is found out long before the run is over."""
    result, printed = judge_server(Reference(load()), ["--lightfield-depth=smoke"], socket=False)
    assert result is not None, printed
    cases = [timing.case for timing in result.timings if timing.kind == "write"]
    tried = {case.partition("[")[0].partition("::")[2] for case in cases[:40]}
    assert tried >= {
        "test_a_missing_or_unknown_version_is_refused",
        "test_a_read_only_place_cannot_be_set",
        "test_what_the_contract_does_not_know_is_refused",
        "test_a_body_without_a_required_place_is_refused",
        "test_a_value_of_a_wrong_json_type_is_refused",
        "test_a_key_without_the_create_scope_is_turned_away",
        "test_a_repeat_returns_the_original",
    }


def test_the_users_own_tests_keep_their_places(request: pytest.FixtureRequest) -> None:
    """Only ours change places among themselves; here there are none."""
    items = request.session.items
    assert by_what_they_find(items, lambda _: False) == items
