"""Plans a run: reads the target, and lets a server that stands in for it answer all that would be sent to it.

So the plan comes of the code that sends, and nothing is written to the target.
"""

from __future__ import annotations

import collections
import os
from collections.abc import Iterator, Mapping

import pytest

from ....reference import Reference, Seen, stand_in
from ....reports import Result, Verdict, inert
from ....spec import Definitions, profile
from ..case.world import World
from ..wire.target import API_KEY, Target
from .suite import Suite

__all__ = ["PLANNED", "describe_plan", "stand_in_for"]

PLANNED = pytest.StashKey[Target]()
"""The target of a plan, which another server stands in for."""

_WIDTH = 44


def stand_in_for(suite: Suite) -> tuple[Reference, dict[str, str]]:
    """Return a server that looks like the target that a suite has read, and the variables with which to judge it."""
    world, contract = suite.world, suite.contract
    answer = suite.quiet("plan").api.get(contract.validate, caller="main") if contract.validate else None
    scopes = profile.key_scopes(answer.body) if answer is not None and answer.status == 200 else None
    seen = Seen(
        definitions=_definitions(world),
        options=world.workspace.options,
        ids=world.workspace.ids,
        scopes=tuple(scopes or ()),
        listed=world.state.readable,
        validates=scopes is not None,
    )
    reference = Reference(contract, pipeline=stand_in(seen))
    return reference, _environment(world.target, reference.environment)


def describe_plan(result: Result, target: Target) -> Iterator[str]:
    """Yield what a run would do and verify, in lines."""
    run = result.run
    made = collections.Counter(record.object_type for record in result.records)
    records = ", ".join(f"{count} of the type {name or 'unknown'}" for name, count in made.items()) or "none"
    yield f"plan: {run.contract} {run.edition} at {target.url}"
    yield f"depth {run.depth}, basis {run.basis}, seed {run.seed}"
    yield f"requests to come: {run.writes} creates, {run.reads} reads"
    yield f"records to come: {records}"
    planned = [clause for clause in result.clauses if clause.verdict is not Verdict.NOT_VERIFIED]
    yield f"clauses that would be judged: {len(planned)} of {len(result.clauses)}"
    for clause in planned:
        yield f"  {clause.id:{_WIDTH}} {clause.checks} {'check' if clause.checks == 1 else 'checks'}"
    missing = [clause for clause in result.clauses if clause.verdict is Verdict.NOT_VERIFIED]
    if missing:
        yield f"clauses that would not be verified: {len(missing)}"
    for clause in missing:
        yield inert(f"  {clause.id}: {clause.reason}; {clause.remedy}")
    for note in result.notes:
        yield inert(f"note: {note}")
    yield "Nothing was written. What the organization's own rules refuse, and definitions do not tell, shows only in a run."


def _definitions(world: World) -> Definitions | None:
    workspace = world.workspace
    return Definitions(workspace.fields, workspace.relationships) if workspace.defined else None


def _environment(target: Target, given: Mapping[str, str]) -> dict[str, str]:
    """The variables of the stand-in for what the target takes, and those of the user's that are no keys."""
    roles = {API_KEY: "main", f"{API_KEY}_READ": "read", f"{API_KEY}_CREATE_ONLY": "create-only"}
    roles |= {f"{API_KEY}_NO_CREATE": "no-create", f"{API_KEY}_OTHER_ORG": "other-organization"}
    found = {name: given[name] for name, role in roles.items() if role in target.callers and name in given}
    if target.clock_header and "LIGHTFIELD_CLOCK_HEADER" in given:
        found["LIGHTFIELD_CLOCK_HEADER"] = given["LIGHTFIELD_CLOCK_HEADER"]
    values = ("_ID", *(f"LIGHTFIELD_{key.strip('$').upper()}" for key in target.given_options))
    found |= {name: os.environ[name] for name in target.given if name.endswith(values) and name in os.environ}
    return found
