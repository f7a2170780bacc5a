"""Depths: what each costs, and that every finding is shown in its smallest form."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from lightfield_contract.reference import Pipeline, Reference
from lightfield_contract.reference.definitions import Field
from lightfield_contract.reference.faults import fault
from lightfield_contract.reports import Result, Verdict
from lightfield_contract.spec import Contract

Judge: TypeAlias = Callable[..., tuple[subprocess.CompletedProcess[str], Result]]


class AltersBeyondBmp(Pipeline):
    """Stores a question mark for every character outside the Basic Multilingual Plane."""

    def keep_value(self, field: Field, value: Any) -> Any:
        """Only texts have characters."""
        kept = super().keep_value(field, value)
        return "".join("?" if ord(char) > 0xFFFF else char for char in kept) if isinstance(kept, str) else kept


def test_standard_depth_keeps_its_budget(judge: Judge) -> None:
    """At most 600 creates on the embedded reference, and no clause is violated."""
    told, result = judge("--depth", "standard")
    assert told.returncode == 0
    assert result.counts()[Verdict.VIOLATED] == 0
    assert result.run.writes <= 600


@pytest.mark.long
def test_deep_depth_stops_at_its_limit(judge: Judge) -> None:
    """The limit is the user's, and a conforming target stays conforming."""
    told, result = judge("--depth", "deep", "--clause", "refusal:", "--max-writes", "700")
    assert told.returncode == 0, told.stdout
    assert result.counts()[Verdict.VIOLATED] == 0
    assert sum(timing.kind == "write" and timing.path == "/v1/opportunities" for timing in result.timings) <= 701


@pytest.mark.parametrize("depth", ["standard", "deep"])
def test_a_finding_is_shown_in_its_smallest_form(
    judge: Judge, serve: Callable[..., Reference], contract: Contract, tmp_path: Path, depth: str
) -> None:
    """Names with a character beyond the BMP are altered: the example is one such character, and nothing optional."""
    place = contract.marker_place
    assert place is not None
    arguments = ("--depth", depth, "--clause", f"echo:{place.pointer}", "--examples", "examples")
    told, result = judge(*arguments, target=serve(AltersBeyondBmp))
    assert told.returncode == 1
    # Hypothesis keeps what failed, for the next deep run to begin with.
    assert any((tmp_path / "examples").rglob("*")) == (depth == "deep")
    smallest = json.loads(result.findings[0].example)
    name = smallest[place.group][place.key]
    assert len(name) == 1
    assert ord(name) > 0xFFFF
    required = {required.pointer for required in contract.places if required.required}
    assert {f"/{group}/{key}" for group, members in smallest.items() for key in members} <= required


@pytest.mark.parametrize("name", ["label-refused:/fields/$stage", "takes-only-arrays", "optional-is-required"])
def test_a_target_that_refuses_the_smallest_body_is_judged_in_all_else(
    judge: Judge, serve: Callable[..., Reference], name: str
) -> None:
    """Another body is found that it accepts; the clause that the first one shows is violated, and said so."""
    broken = fault(name)
    told, result = judge(target=serve(broken.pipeline))
    verdicts = {clause.id: clause.verdict for clause in result.clauses}
    assert verdicts[broken.clause] is Verdict.VIOLATED
    assert result.counts()[Verdict.CONFORMS] > 90
    assert any("all bodies of this run have" in note for note in result.notes), told.stdout


def test_one_mistake_is_told_once(judge: Judge, serve: Callable[..., Reference]) -> None:
    """A target without idempotency breaks the clause about repeats; what rests on it is not verified, and says why."""
    told, result = judge(target=serve(fault("keys-ignored").pipeline))
    assert told.returncode == 1
    below = next(clause for clause in result.clauses if clause.id == "idempotency:same-json")
    assert below.verdict is Verdict.NOT_VERIFIED
    assert "idempotency:replay" in below.reason
    assert not below.findings


@pytest.mark.parametrize("budget", ["20", "40", "80"])
def test_a_budget_that_ends_while_drawing_is_no_error(judge: Judge, budget: str) -> None:
    """What was drawn before cannot be drawn again, and that is said of no target and of none of our own code."""
    told, result = judge("--depth", "deep", "--clause", "idempotency:", "--max-writes", budget, "--", "-k", "exploration")
    assert told.returncode in (0, 5), told.stdout
    assert [note for note in result.notes if "error" in note or "did not come to their end" in note] == []
