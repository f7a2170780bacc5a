"""The audit: records that nobody was told of are found, and blamed on the clause that their maker broke."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import subprocess
from collections.abc import Callable
from typing import TypeAlias

import httpx
import pytest

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Call, JsonAnswer, Pipeline, Reference, Refusal
from lightfield_contract.reference.faults import fault
from lightfield_contract.reference.idempotency import KEY_HEADER
from lightfield_contract.reference.store import Record
from lightfield_contract.reference.variations import conforming_server
from lightfield_contract.reports import AuditState, Result, Verdict
from lightfield_contract.spec import Role, load

Judge: TypeAlias = Callable[..., tuple[subprocess.CompletedProcess[str], Result]]


class CreatesAndRefuses(Pipeline):
    """Makes a record of whatever it refuses."""

    async def make(self, call: Call) -> JsonAnswer:
        """Stores first and checks afterwards."""
        try:
            return await super().make(call)
        except Refusal:
            self.save(call, self.make_record(call))
            raise


class CreatesAfterRefusing(Pipeline):
    """Makes a record of what it refused, a tenth of a second later."""

    async def make(self, call: Call) -> JsonAnswer:
        """Leaves the storing to a job in the background."""
        try:
            return await super().make(call)
        except Refusal:
            asyncio.get_running_loop().call_later(0.1, lambda: self.save(call, self.make_record(call)))
            raise


class CreatesTwice(Pipeline):
    """Makes two records for one accepted create."""

    async def make(self, call: Call) -> JsonAnswer:
        """Stores the record once more under another ID."""
        answer = await super().make(call)
        self.save(call, self.make_record(call))
        return answer


class CreatesTwiceInShortPages(conforming_server(load(), {"pages": "short"}).pipeline, CreatesTwice):  # type: ignore[misc]
    """Lists fewer records on a page than it is asked for."""


class ReplaysByCreating(Pipeline):
    """Gives the original response to a repeat, and makes another record all the same."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        """The original answer, after the work was done again."""
        self.save(call, self.make_record(call))
        return answer


class ForgetsKeys(Pipeline):
    """Takes every repeat for a new request."""

    def recall(self, call: Call) -> JsonAnswer | None:  # noqa: ARG002 - what was remembered is not looked at
        """Nothing was ever answered before."""
        return None


class Loses(Pipeline):
    """Answers with a record that it then throws away."""

    lost = False

    async def make(self, call: Call) -> JsonAnswer:
        """Takes back the third record of the run, and only that one."""
        answer = await super().make(call)
        records = call.organization.records[call.resource.object_type]
        if len(records) == 6 and not self.lost:
            self.lost = True
            del call.organization.index[records.pop().id]
        return answer


class StopsStoring(Pipeline):
    """Answers with records that it never keeps, once it has kept a few."""

    async def make(self, call: Call) -> JsonAnswer:
        """Takes back every record from the third of the run on."""
        answer = await super().make(call)
        records = call.organization.records[call.resource.object_type]
        if len(records) > 5:
            del call.organization.index[records.pop().id]
        return answer


class Renames(Pipeline):
    """Gives two records one ID."""

    async def make(self, call: Call) -> JsonAnswer:
        """The answer names the first record of the run."""
        answer = await super().make(call)
        first = call.organization.of_type(call.resource.object_type)[3]
        return dataclasses.replace(answer, body={**copy.deepcopy(answer.body), "id": first.id})


def violated(result: Result) -> set[str]:
    """The clauses that were broken."""
    return {clause.id for clause in result.clauses if clause.verdict is Verdict.VIOLATED}


@pytest.mark.parametrize(
    ("pipeline", "clause", "kinds"),
    [
        (CreatesAndRefuses, "refusal:nothing-created", {"refusal", "idempotency"}),
        (CreatesAfterRefusing, "refusal:nothing-created", {"refusal", "idempotency"}),
        (CreatesTwiceInShortPages, "success:once", {"success", "idempotency"}),
        (ReplaysByCreating, "idempotency:replay", {"idempotency"}),
        (ForgetsKeys, "idempotency:replay", {"idempotency"}),
        (Renames, "success:id-unique", {"success", "idempotency"}),
        (Loses, "success:stored", {"success"}),
        (fault("id-again-at-times").pipeline, "success:id-unique", {"success", "idempotency"}),
        (fault("thirteen-keys-only").pipeline, "idempotency:replay", {"idempotency"}),
        (fault("limited-is-replayed").pipeline, "idempotency:rate-limited", {"idempotency"}),
    ],
)
def test_a_record_too_many_or_too_few_is_blamed_on_its_clause(
    pipeline: type[Pipeline], clause: str, kinds: set[str]
) -> None:
    """The clause that the fault breaks is violated, with the request that shows it, and no clause of another kind is.

    So it is with what shows only when a run ends: keys that were used long ago, and keys that got nothing but 429.
    """
    result, printed = judge_server(Reference(pipeline=pipeline), ["--lightfield-depth=smoke"], socket=False)
    assert result is not None, printed
    assert result.run.exit_status == 1
    assert clause in violated(result)
    assert {name.partition(":")[0] for name in violated(result)} <= kinds
    assert next(result.findings_of(found) for found in result.clauses if found.id == clause)[0].exchanges


def test_an_id_that_is_given_again_is_seen_in_the_ledger() -> None:
    """Where nothing else is judged, no two creates are compared before the run ends."""
    options = ["--lightfield-depth=standard", "--lightfield-clause=success:id-unique"]
    result, printed = judge_server(Reference(pipeline=fault("id-again-at-times").pipeline), options, socket=False)
    assert result is not None, printed
    assert violated(result) == {"success:id-unique"}


class _LosesOne(Pipeline):
    """Does not store what is created under a key of one character."""

    def save(self, call: Call, record: Record) -> Record:
        return record if len(call.headers.get(KEY_HEADER, "")) == 1 else super().save(call, record)


def test_a_record_that_no_case_reads_is_missed_when_the_run_ends() -> None:
    """The list shows what an answer named, and a read of what the list does not show is the evidence."""
    result, printed = judge_server(Reference(pipeline=_LosesOne), ["--lightfield-depth=standard"], socket=False)
    assert result is not None, printed
    assert violated(result) == {"success:stored"}
    assert {finding.cases for finding in result.findings} == {("audit",)}


@pytest.mark.long
def test_a_list_that_cannot_be_read_any_more_is_blamed() -> None:
    """It answered when the run began; what was stored of a body that is refused makes it crash, and ends the audit."""
    result, printed = judge_server(Reference(pipeline=CreatesAndRefuses), ["--lightfield-depth=standard"], socket=False)
    assert result is not None, printed
    assert result.audit.state is AuditState.NOT_VERIFIED
    assert violated(result) == {"read:list"}
    assert result.run.exit_status == 1


def test_a_target_that_stops_storing_is_no_target_with_a_slow_index(judge: Judge, serve: Callable[..., Reference]) -> None:
    """The audit's own last record is neither listed nor to be retrieved: that is a loss, and not a reason to look away."""
    told, result = judge("--clause", "success:", target=serve(StopsStoring))
    assert "success:stored" in violated(result), told.stdout
    assert told.returncode == 1


def test_the_audit_reads_the_ledger_of_every_worker(judge: Judge, serve: Callable[..., Reference]) -> None:
    """A fault that only the audit shows is found on two workers as well."""
    told, result = judge("--workers", "2", target=serve(CreatesAfterRefusing))
    assert told.returncode == 1
    assert "refusal:nothing-created" in violated(result)
    assert result.audit.state is AuditState.UNACCOUNTED
    assert result.audit.unaccounted


def test_without_a_read_the_audit_is_not_verified(judge: Judge, serve: Callable[..., Reference]) -> None:
    """With a key that may create and nothing else, the run passes and says what it could not see."""
    target = serve()
    sample = target.environment
    given = known_links(target)
    environment = {"LIGHTFIELD_API_KEY": sample["LIGHTFIELD_API_KEY_CREATE_ONLY"], **given}
    told, result = judge(target=target, environment=environment)
    assert told.returncode == 0, told.stdout
    assert result.audit.state is AuditState.NOT_VERIFIED
    once = next(clause for clause in result.clauses if clause.id == "success:once")
    assert once.verdict is Verdict.NOT_VERIFIED
    assert "LIGHTFIELD_API_KEY_READ" in once.remedy
    assert "LIGHTFIELD_API_KEY_READ" in told.stdout
    assert set(given) <= set(result.run.given)


@pytest.mark.long
def test_strict_fails_a_run_that_left_something_unverified(judge: Judge, serve: Callable[..., Reference]) -> None:
    """The same clauses pass with a read key, and without one they pass as long as nobody is strict."""
    target = serve()
    environment = {"LIGHTFIELD_API_KEY": target.environment["LIGHTFIELD_API_KEY_CREATE_ONLY"], **known_links(target)}
    select = ("--clause", "success:once", "--clause", "success:status")
    statuses = [
        judge(*select, "--strict", target=target)[0].returncode,
        judge(*select, target=target, environment=environment)[0].returncode,
        judge(*select, "--strict", target=target, environment=environment)[0].returncode,
    ]
    assert statuses == [0, 0, 1]


def known_links(target: Reference) -> dict[str, str]:
    """What a user would give who knows the organization: an ID of each type that is linked to, and an option."""
    contract = target.contract
    version = contract.version_header
    assert version is not None
    headers = {"Authorization": f"Bearer {target.environment['LIGHTFIELD_API_KEY']}", version.name: version.schema["const"]}
    with httpx.Client(base_url=target.url, headers=headers) as client:
        types = {place.object_type for place in contract.link_places if place.object_type and not place.read_only}
        pages = {name: client.get(contract.collections[name].path).json() for name in types}
        fields = client.get(f"{contract.collection.path}/definitions").json()["fieldDefinitions"]
    given = {f"LIGHTFIELD_{name.upper()}_ID": page["data"][0]["id"] for name, page in pages.items()}
    selects = [place.key for place in contract.value_places if place.role is Role.OPTION and not place.read_only]
    options = {key: fields[key]["typeConfiguration"]["options"][0]["label"] for key in selects}
    return {**given, **{f"LIGHTFIELD_{key.removeprefix('$').upper()}": label for key, label in options.items()}}
