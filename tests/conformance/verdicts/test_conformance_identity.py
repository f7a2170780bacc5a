"""A finding has an identity: the same fault is the same finding, whoever is asked, with whatever seed and workers."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from lightfield_contract.conformance.harness.judge.expectation import Expectation
from lightfield_contract.conformance.harness.judge.judgement import Evidence, Judgement, Subject, judge
from lightfield_contract.conformance.harness.judge.subject import about_breach, about_value, features_of
from lightfield_contract.conformance.harness.plugin.activation import TRANSPORT
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.conformance.running import run_tests
from lightfield_contract.reference import Pipeline, Reference, SampleKeys, make_app
from lightfield_contract.reference.faults import fault
from lightfield_contract.reference.transport import InProcess
from lightfield_contract.reports import ExchangeRole, Result, read_json
from lightfield_contract.spec import Contract, FieldDefinition, Option, RelationshipDefinition, Rule, load
from lightfield_contract.strategies import Breach, Workspace

Judge: TypeAlias = Callable[..., tuple[subprocess.CompletedProcess[str], Result]]

CLAUSE, OTHER = "custom:TEXT", "custom:NUMBER"
SUBJECT = Subject(Rule.TYPE, "/fields/some", "array", "/fields/{TEXT}")
FAULTS = [
    "custom-lost:TEXT",
    "numbers-are-whole",
    "custom-link-dropped",
    "text-trimmed",
    "option-is-first:/fields/$stage",
    "link-lost-beside-others",
    "field-of-any-type:/fields/$name",
    "wrong-items-ignored",
    "links-to-nothing",
    "param-is-group",
    "member-missing:/fields/*/value",
    "unset-is-false",
    "refused-and-created",
    "other-body-creates",
]
"""Faults in which IDs, options, values and slugs of the organization take part."""


def judged_as(judgement: Judgement, *exchanges: Exchange) -> Judgement:
    """The judgement, made of these exchanges."""
    return dataclasses.replace(judgement, evidence=tuple(Evidence(ExchangeRole.JUDGED, exchange) for exchange in exchanges))


def failed(clause: str = CLAUSE, expectation: Expectation = Expectation.REFUSED, subject: Subject = SUBJECT) -> Judgement:
    """A judgement that did not hold."""
    return judge(expectation, clause, "this", False, "that", subject=subject)


def test_an_identity_begins_with_its_clause() -> None:
    """So that a list of known failures can be read."""
    assert failed().identity.startswith(f"{CLAUSE}#")


def test_what_distinguishes_findings_is_in_the_identity(but: Callable[..., Exchange]) -> None:
    """Clause, expectation, rule, place, kind of value and how it was sent."""
    changes = [
        failed(),
        failed(OTHER),
        failed(expectation=Expectation.NO_CRASH),
        failed(subject=dataclasses.replace(SUBJECT, rule=Rule.NULL)),
        failed(subject=dataclasses.replace(SUBJECT, role="/fields/{NUMBER}")),
        failed(subject=dataclasses.replace(SUBJECT, kind="object")),
        judged_as(failed(), but(key="k")),
        judged_as(failed(), but(caller="create-only")),
        judged_as(failed(), but(overlapping=True)),
        judged_as(failed(), but(authorized=False)),
    ]
    assert len({judgement.identity for judgement in changes}) == len(changes)


def test_what_depends_on_the_run_is_not_in_the_identity(but: Callable[..., Exchange]) -> None:
    """Neither IDs, keys and numbers, nor what the answer said, nor the place as this organization spells it."""
    one = judged_as(failed(), but(number="1", key="lfc-1", stamp="lfc-1"))
    other = judge(Expectation.REFUSED, CLAUSE, "another record", False, "opp_2", subject=SUBJECT, due=("400",))
    other = dataclasses.replace(other, subject=dataclasses.replace(SUBJECT, place="/fields/another"))
    assert judged_as(other, but(500, {}, number="2", key="lfc-2", stamp="lfc-2")).identity == one.identity


def workspace(slug: str, option: str, linked: str) -> Workspace:
    """An organization with a custom text, a custom select and a custom relationship of some names."""
    select = FieldDefinition(f"{slug}-select", "SINGLE_SELECT", options=(Option(option, option.title()),))
    return Workspace(
        fields={slug: FieldDefinition(slug, "TEXT"), select.key: select},
        relationships={f"{slug}-link": RelationshipDefinition(f"{slug}-link", "account", "has_many")},
        ids={"account": (linked,)},
    )


def test_a_custom_place_is_named_by_its_type(contract: Contract) -> None:
    """A slug is the organization's own; what the fragment names is the same everywhere."""
    own = workspace("colour", "red", "acc_1")
    roles = [
        about_breach(contract, own, Breach(Rule.TYPE, place, "array", CLAUSE, {}, {})).role
        for place in ("/fields/colour", "/relationships/colour-link", "/fields/$name", "Idempotency-Key", "")
    ]
    assert roles == ["/fields/{TEXT}", "/relationships/{account}", "/fields/$name", "Idempotency-Key", ""]


@pytest.mark.parametrize(
    ("place", "value", "kind"),
    [
        ("/fields/colour", "Sample", "plain"),
        ("/fields/colour", "lfc-1 abc Sample", "string"),
        ("/fields/colour", 7, "number"),
        ("/fields/colour-select", "red", "ID"),
        ("/fields/colour-select", "Red", "label"),
        ("/fields/colour-select", ["red", "Red"], "2 by ID and label"),
        ("/relationships/colour-link", "acc_1", "one ID"),
        ("/relationships/colour-link", ["acc_1"], "array of one"),
        ("/relationships/colour-link", ["acc_1", "acc_2"], "array"),
        ("/relationships/colour-link", [], "empty array"),
        ("/relationships/colour-link", None, "null"),
    ],
)
def test_the_kind_of_a_value_is_said_without_the_value(contract: Contract, place: str, value: Any, kind: str) -> None:
    """By the name that the strategies give it, by its form, else by its JSON type."""
    assert about_value(contract, workspace("colour", "red", "acc_1"), place, value).kind == kind


def test_a_marker_does_not_hide_the_kind_of_a_text(contract: Contract) -> None:
    """A text is known for what it was before the run's marker was put into it."""
    marked = about_value(contract, Workspace(), "/fields/$name", "lfc-1 abc Sample", "lfc-1 abc")
    assert (marked.kind, marked.role) == ("plain", "/fields/$name")
    beside = about_value(contract, workspace("colour", "red", "acc_1"), "/fields/colour", "Sample", "lfc-1 abc")
    assert beside.kind == "plain"


def test_features_are_the_same_in_every_organization(contract: Contract, but: Callable[..., Exchange]) -> None:
    """The form of what a request holds at each place, whatever the organization calls its own."""
    described = []
    for slug, option, linked in (("colour", "red", "acc_1"), ("size", "large", "acc_2")):
        values = {slug: "Sample", f"{slug}-select": option}
        sent = {"fields": values, "relationships": {"$account": [linked], f"{slug}-link": linked}}
        described.append(features_of(contract, workspace(slug, option, linked), but(sent=sent, stamp="")))
    assert described[0] == described[1]
    assert dict(described[0]) == {
        "/fields/{TEXT}": "plain",
        "/fields/{SINGLE_SELECT}": "ID",
        "/relationships/$account": "array of one",
        "/relationships/{account}": "one ID",
    }


class RenamesSlugs:
    """Serves another app under other slugs: what that one calls `sample-…` is called `of-ours-…` here."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Rewrites the bodies of requests and of answers, whose length the reference's clients do not need."""

        async def renamed_receive() -> Any:
            # The whole of it, since a slug may be cut where a chunk ends; its first letter may be an escape.
            message = await receive()
            body = message.get("body", b"")
            while message.get("more_body"):
                message = await receive()
                body += message.get("body", b"")
            return {**message, "body": re.sub(rb'"(?:o|\\u006f)f-ours-', b'"sample-', body), "more_body": False}

        async def renamed_send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message["headers"] if pair[0] != b"content-length"]
                await send({**message, "headers": headers})
            else:
                await send({**message, "body": message.get("body", b"").replace(b'"sample-', b'"of-ours-')})

        await self.app(scope, renamed_receive, renamed_send)


class Carries:
    """A plugin that gives the run a transport."""

    def __init__(self, transport: InProcess) -> None:
        self.transport = transport

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Before the run is prepared."""
        config.stash[TRANSPORT] = self.transport


@pytest.fixture
def identities(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, set[str]]]:
    """Judges a server by some keys, and gives the findings' ids for each clause that was judged."""

    def run(app: Any, environment: dict[str, str], *options: str) -> dict[str, set[str]]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        folder = tmp_path / "-".join(environment)
        arguments = ["--base-url=http://in-process.invalid", f"--lightfield-report-dir={folder}", "--lightfield-report=json"]
        with InProcess(app) as transport:
            run_tests([*arguments, *options], plugins=[Carries(transport)])
        for name in environment:
            monkeypatch.delenv(name)
        result = read_json(folder / "result.json")
        return {clause.id: set(clause.findings) for clause in result.clauses if clause.checks}

    return run


@pytest.mark.parametrize("name", FAULTS)
def test_the_same_fault_is_the_same_finding_in_another_organization(
    name: str, identities: Callable[..., dict[str, set[str]]]
) -> None:
    """Other records, other options, other slugs, another seed, and other keys to judge by."""
    keys, pipeline = SampleKeys(), fault(name).pipeline
    clause = f"--lightfield-clause={fault(name).clause}"
    first = {"LIGHTFIELD_API_KEY": keys.full, "LIGHTFIELD_API_KEY_OTHER_ORG": keys.other_org}
    second = {"LIGHTFIELD_API_KEY": keys.other_org, "LIGHTFIELD_API_KEY_OTHER_ORG": keys.full}
    one = identities(make_app(load(), None, pipeline), first, clause)
    other = identities(RenamesSlugs(make_app(load(), None, pipeline)), second, clause, "--lightfield-seed=7")
    assert one == other
    assert one[fault(name).clause]


@pytest.mark.parametrize("name", ["custom-lost:TEXT", "refused-and-created", "keys-ignored"])
def test_the_same_fault_is_the_same_finding_on_two_workers(name: str, judge: Judge, serve: Callable[..., Reference]) -> None:
    """Whichever worker runs which case, and whoever finds it first."""
    pipeline: type[Pipeline] = fault(name).pipeline
    alone, shared = (judge(*workers, target=serve(pipeline))[1] for workers in ((), ("--workers", "2")))
    assert [finding.id for finding in alone.findings] == [finding.id for finding in shared.findings]
    assert [finding.cases for finding in alone.findings] == [finding.cases for finding in shared.findings]
    assert alone.findings
