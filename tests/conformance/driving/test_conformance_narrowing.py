"""A finding names what has to be present in a request, and how it has to be sent, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lightfield_contract.conformance.harness.driving.reducing import judge_smallest
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Pipeline, Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.spec import load

if TYPE_CHECKING:
    from lightfield_contract.reference.steps import Call


class TakesOneSpelling(Pipeline):
    """Lets callers in only where the scheme is spelled Bearer."""

    def read_token(self, call: Call) -> str | None:
        """Reads none of another spelling."""
        return super().read_token(call) if call.headers.get("Authorization", "").startswith("Bearer ") else None


def contexts(pipeline: type[Pipeline], clause: str) -> list[tuple[str, tuple[str, ...]]]:
    """The clauses that a smoke run of one clause finds broken, with the contexts of the findings."""
    options = ["--lightfield-depth=smoke", f"--lightfield-clause={clause}", "-k", "any_way or without_a_required"]
    result, printed = judge_server(Reference(load(), None, pipeline), options, socket=False)
    assert result is not None, printed
    return [(finding.clause, finding.context) for finding in result.findings]


@pytest.mark.parametrize(
    ("feature", "context"),
    [
        ("custom-attribute", ("beside custom attributes",)),
        ("several-ids", ("beside optional places", "with IDs in arrays")),
        ("key", ("with an Idempotency-Key",)),
        ("other-caller", ("as create-only",)),
    ],
)
def test_a_breach_names_what_has_to_be_present(feature: str, context: tuple[str, ...]) -> None:
    """A check that is skipped beside one thing, though the request held everything."""
    found = fault(f"interaction-required-beside-{feature}")
    assert contexts(found.pipeline, found.clause) == [(found.clause, context)]


def test_a_breach_that_is_taken_anywhere_names_nothing() -> None:
    """It is shown in the smallest body."""
    place = next(place.pointer for place in load().value_places if place.required)
    found = fault(f"field-may-be-missing:{place}")
    assert {context for _, context in contexts(found.pipeline, found.clause)} == {()}


def test_a_way_of_sending_is_named() -> None:
    """One thing of all that was not plain."""
    assert contexts(TakesOneSpelling, "operation:create") == [("operation:create", ("with the scheme spelled BEARER",))]


@pytest.mark.parametrize("left", [0, 3])
def test_a_closer_look_ends_with_its_creates(suite: Suite, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails with every body is sent once, and then as often as there are tries."""
    monkeypatch.setattr(suite.state, "tries_left", left)
    monkeypatch.setattr(suite.state, "reduced", {})
    case = suite.case(f"a case with {left}", suite.contract.clause("success:id-unique"))

    def judge(body: dict[str, Any]) -> None:
        case.expect.holds("nothing", False, "a record", case.api.create(body))

    judge_smallest(case, case.api.full_body(), judge)
    assert len(case.recorder.broken) == 1
    assert len(case.recorder.exchanges) == 1 + left
