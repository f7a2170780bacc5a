"""Packs against servers that take some values and not others: one spoils no other, and a choice is no fault."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.wire.outgoing import KEY
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Pipeline, Reference
from lightfield_contract.reference.answers import Refusal
from lightfield_contract.reference.definitions import Field
from lightfield_contract.reports import Result, Verdict
from lightfield_contract.spec import FieldDefinition, load
from lightfield_contract.strategies import demanded_values


class RefusesNegativesAndCutsTexts(Pipeline):
    """Refuses a number below 0, with a 400 that names no place, and keeps ten characters of a text."""

    def check_value(self, field: Field, value: Any) -> None:
        """Refuse what is negative."""
        super().check_value(field, value)
        if not field.system and field.value_type == "NUMBER" and value < 0:
            raise Refusal.bad_request("invalid_configuration", "A number is wrong.")

    def keep_value(self, field: Field, value: Any) -> Any:
        """Cut a text."""
        kept = super().keep_value(field, value)
        return kept[:10] if not field.system and field.value_type == "TEXT" and isinstance(kept, str) else kept


class RefusesWhatIsOpen(Pipeline):
    """Takes no value of a custom attribute besides those that the sources demand, and null."""

    def check_value(self, field: Field, value: Any) -> None:
        """Refuse what is not among the demanded ones."""
        super().check_value(field, value)
        multiple = bool(field.configuration.get("multipleValues"))
        definition = FieldDefinition(field.key, field.value_type, multiple=multiple, configuration=field.configuration)
        if field.options:
            return
        if not field.system and json.dumps(value) not in [json.dumps(known.value) for known in demanded_values(definition)]:
            raise Refusal(422, "unprocessable_content", "Not in that form.", "invalid_value", field.pointer)


class TakesWhatIsOpen(Pipeline):
    """Takes every value, and gives it back."""

    def check_type(self, field: Field, value: Any) -> None:
        """Whatever it is."""

    def check_length(self, field: Field, value: Any) -> None:
        """However long it is."""

    def check_options(self, field: Field, value: Any) -> None:
        """Whether it is an option or not."""

    def check_link_count(self, relationship: Any, ids: tuple[str, ...]) -> None:
        """However many they are."""


def judged(pipeline: type[Pipeline], depth: str = "standard") -> Result:
    """The verdict of the cases about values, in this process."""
    arguments = [f"--lightfield-depth={depth}", "-k", "values_come_back"]
    found, printed = judge_server(Reference(load(), None, pipeline), arguments, socket=False)
    assert found is not None, printed
    return found


def violated(result: Result) -> list[str]:
    return sorted(clause.id for clause in result.clauses if clause.verdict in (Verdict.VIOLATED, Verdict.ADVICE))


def test_a_value_that_is_refused_hides_no_other(judged_both: Result) -> None:
    """Both are found, each by the clause of its type, and the one that was refused is shown alone."""
    assert violated(judged_both) == ["custom:NUMBER", "custom:TEXT"]
    shown = [finding for finding in judged_both.findings if finding.clause == "custom:NUMBER"]
    assert [json.loads(finding.example)["fields"].keys() & {"sample-text"} for finding in shown] == [set()]


@pytest.fixture(scope="module")
def judged_both() -> Result:
    """The verdict on a server that refuses one value and alters another."""
    return judged(RefusesNegativesAndCutsTexts, "smoke")


@pytest.mark.parametrize("pipeline", [RefusesWhatIsOpen, TakesWhatIsOpen])
def test_what_the_sources_leave_open_is_never_blamed(pipeline: type[Pipeline]) -> None:
    """A server that refuses every such value, and one that takes every one."""
    assert violated(judged(pipeline)) == []


def test_a_key_in_another_form_leaves_with_the_request_alone(suite: Suite) -> None:
    """What is shown of the header names the variable."""
    exchange = suite.quiet("a form").api.create(headers={"Authorization": f"bearer {KEY}"})
    assert exchange.accepted
    assert ("Authorization", "bearer $LIGHTFIELD_API_KEY") in exchange.headers
