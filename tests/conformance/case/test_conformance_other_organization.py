"""Creates in the other organization carry values of its own, and blame it for nothing that it does not take."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import pytest

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Pipeline, Reference
from lightfield_contract.reference.answers import Refusal
from lightfield_contract.reference.faults import fault
from lightfield_contract.reference.steps import Call
from lightfield_contract.reports import Verdict
from lightfield_contract.spec import FieldDefinition
from lightfield_contract.strategies import Workspace

CLAUSE = "idempotency:other-organization"


class _Second(Pipeline):
    """A server whose second organization has rules of its own, and notes which attributes it was sent."""

    seen: list[set[str]]

    def prepare(self) -> None:
        super().prepare()
        self.seen = []
        type(self).seen = self.seen

    def validate(self, call: Call) -> None:
        super().validate(call)
        if call.organization.id != next(iter(self.store.organizations)):
            keys = {key for key in call.sent_values if not key.startswith("$")}
            self.rule(keys)
            self.seen.append(keys)

    def rule(self, keys: Collection[str]) -> None:
        """Refuse what the organization does not take."""


class _WithoutCustomAttributes(_Second):
    """The second organization has none."""

    def prepare(self) -> None:
        super().prepare()
        *_, second = self.store.organizations.values()
        for resource in second.resources.values():
            system = {key: field for key, field in resource.fields.items() if field.system}
            second.resources = {**second.resources, resource.object_type: dataclasses.replace(resource, fields=system)}


class _RefusesValues(_Second):
    """A rule of the second organization refuses every custom attribute."""

    def rule(self, keys: Collection[str]) -> None:
        if keys:
            raise Refusal(400, "invalid_request", "a rule of the organization", "rule_of_the_organization")


@pytest.mark.parametrize(
    ("pipeline", "carries"), [(_Second, True), (_WithoutCustomAttributes, False), (_RefusesValues, False)]
)
def test_the_other_organization_is_not_blamed_for_what_it_does_not_take(pipeline: type[_Second], *, carries: bool) -> None:
    """Nor left out: its create is made without values then."""
    result, printed = judge_server(
        Reference(pipeline=pipeline), ["--lightfield-depth=smoke", f"--lightfield-clause={CLAUSE}"], socket=False
    )
    assert result is not None, printed
    assert [(clause.id, clause.verdict) for clause in result.clauses] == [(CLAUSE, Verdict.CONFORMS)]
    assert [bool(keys) for keys in pipeline.seen[-1:]] == [carries]


@pytest.mark.parametrize("depth", ["smoke", "standard"])
@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("other-organization-cuts-texts", "another_organizations_key"),
        ("equal-body-rounds-numbers", "test_a_repeat_returns_the_original"),
    ],
)
def test_what_shows_only_in_a_create_of_another_case_is_found(name: str, case: str, depth: str) -> None:
    """By the clause of the value, which the case is not about."""
    info = fault(name)
    result, printed = judge_server(
        Reference(pipeline=info.pipeline), [f"--lightfield-depth={depth}", "-k", case], socket=False
    )
    assert result is not None, printed
    assert [finding.clause for finding in result.findings] == [info.clause]


def test_values_that_no_two_records_may_share_are_not_sent_there() -> None:
    """They are in every run the same."""
    fields = {key: FieldDefinition(key, "TEXT", unique=key == "code") for key in ("code", "text")}
    assert [*Workspace(other_fields=fields).other.fields] == ["text"]
