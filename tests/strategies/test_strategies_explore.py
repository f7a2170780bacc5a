"""What is drawn, judged by the reference server: it accepts every valid body, and refuses every breach for its reason."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import hypothesis
import pytest

from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.reference import Reference, make_app
from lightfield_contract.spec.error_form import names_place
from lightfield_contract.spec.pointer import get_at
from lightfield_contract.strategies import Breach, Depth, breaches, enumerate_bodies, enumerate_breaches, valid_bodies

MANY = hypothesis.settings(
    max_examples=400,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)


@pytest.fixture(scope="module")
def suite() -> Iterator[Suite]:
    """A run on the embedded reference, for what it found out about the workspace."""
    found = start_run(Settings(), "", 0)
    yield found
    found.close(last=True)


@pytest.fixture(scope="module")
def send(suite: Suite) -> Iterator[Callable[..., httpx.Response]]:
    """Sends a create to a reference server in this process, without a socket."""
    contract = suite.contract
    transport = httpx.ASGITransport(make_app(contract))
    key = Reference(contract).environment["LIGHTFIELD_API_KEY"]
    version = contract.version_header
    assert version is not None
    usual = {"Authorization": f"Bearer {key}", version.name: version.schema["const"], "Content-Type": "application/json"}
    loop = asyncio.new_event_loop()
    client = httpx.AsyncClient(transport=transport, base_url="http://reference")

    def post(body: Any, **changed: str | None) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {name: value for name, value in {**usual, **changed}.items() if value is not None}
        return loop.run_until_complete(client.post(contract.create.path, content=content, headers=headers))

    yield post
    loop.run_until_complete(client.aclose())
    loop.close()


def assert_refused_for_its_reason(suite: Suite, breach: Breach, answer: httpx.Response) -> None:
    """The control's only fault is the breach, so the answer has to be about it."""
    assert 400 <= answer.status_code < 500, (breach.id, answer.text)
    error = answer.json()["error"]
    if breach.place and answer.status_code == 400:
        assert names_place(error["param"], breach.place), (breach.id, answer.text)
    codes = suite.contract.error_codes.get(breach.rule)
    assert codes is None or error["code"] in codes, (breach.id, answer.text)


def test_drawn_bodies_are_accepted(suite: Suite, send: Callable[..., httpx.Response]) -> None:
    """A thousand of them."""

    @MANY
    @hypothesis.given(valid_bodies(suite.contract, suite.world.workspace))
    def accept(body: dict[str, Any]) -> None:
        answer = send(body)
        assert answer.status_code == 200, answer.text

    accept()


@pytest.mark.long
def test_drawn_breaches_are_refused_for_their_reason(suite: Suite, send: Callable[..., httpx.Response]) -> None:
    """A thousand of them, and each control is accepted."""

    @MANY
    @hypothesis.given(breaches(suite.contract, suite.world.workspace))
    def refuse(breach: Breach) -> None:
        assert send(breach.control).status_code == 200
        answer = send(breach.body, **breach.headers)
        if breach.rule != "survives":
            assert_refused_for_its_reason(suite, breach, answer)

    refuse()


def test_enumerated_bodies_are_accepted(suite: Suite, send: Callable[..., httpx.Response]) -> None:
    """All of deep depth, which are those of standard depth and more."""
    for body in enumerate_bodies(suite.contract, suite.world.workspace, Depth.DEEP):
        answer = send(body.value)
        assert answer.status_code == 200, (body.id, answer.text)


def test_enumerated_breaches_are_refused_for_their_reason(suite: Suite, send: Callable[..., httpx.Response]) -> None:
    """All that a clause forbids."""
    found = [breach for breach in enumerate_breaches(suite.contract, suite.world.workspace, Depth.DEEP) if breach.clause]
    for breach in (breach for breach in found if breach.rule != "survives"):
        assert send(breach.control).status_code == 200, breach.id
        assert_refused_for_its_reason(suite, breach, send(breach.body, **breach.headers))
    assert len(found) > 150


@pytest.mark.long
def test_what_the_target_needs_besides_stands_in_every_drawn_body(suite: Suite) -> None:
    """Where an organization accepts nothing without a custom attribute, no valid body leaves it out (contract 11)."""
    workspace = suite.world.workspace
    field = next(field for field in workspace.fields.values() if field.custom and field.value_type == "NUMBER")
    amended = dataclasses.replace(workspace, amendments={field.pointer: 7})

    @MANY
    @hypothesis.given(valid_bodies(suite.contract, amended))
    def each(body: dict[str, object]) -> None:
        assert get_at(body, field.pointer) == 7

    each()
