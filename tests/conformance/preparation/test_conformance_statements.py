"""What the user states of the target is checked before it is used, and never becomes a violation."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from servers.serving import Running, assemble

from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.spec import UsageError

KEY = "LIGHTFIELD_API_KEY"
Prepare = Callable[..., Suite]


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Prepare]:
    """Look at a server of the tests' own, without a socket, with variables that a test changes."""
    with contextlib.ExitStack() as running:

        def start(server: Running, **changed: str) -> Suite:
            for name, value in {**server.environment, **changed}.items():
                monkeypatch.setenv(name, value)
            transport = httpx.WSGITransport(app=server.application)
            suite = start_run(Settings(), "http://127.0.0.1:1", 0, transport)
            running.callback(suite.close, last=True)
            return suite

        yield start


def unverified(suite: Suite) -> dict[str, str]:
    """The reasons of what the first look found unverifiable, by clause."""
    return {found.clause: found.reason for found in suite.state.first.unverified}


def test_a_clock_header_that_the_target_ignores_makes_the_lifetime_unverified(prepare: Prepare) -> None:
    reason = unverified(prepare(assemble("clock-ignored")))["idempotency:lifetime"]
    assert reason.startswith("the target ignores the header in LIGHTFIELD_CLOCK_HEADER: createdAt")


def test_a_clock_header_that_moves_the_clock_is_used(prepare: Prepare) -> None:
    suite = prepare(assemble("clock-honoured"))
    assert suite.world.target.clock_header
    assert not suite.state.notes


@pytest.mark.parametrize(
    ("variable", "taken", "caller", "reason"),
    [
        (f"{KEY}_OTHER_ORG", f"{KEY}_SECOND", "other-organization", "it lists acc_"),
        (f"{KEY}_OTHER_ORG", KEY, "other-organization", f"it is the key in {KEY}"),
        (f"{KEY}_OTHER_ORG", f"{KEY}_CREATE_ONLY", "other-organization", "nothing that it lists or makes"),
        (f"{KEY}_READ", f"{KEY}_OTHER_ORG", "read", "it lists other objects"),
        (f"{KEY}_READ", f"{KEY}_CREATE_ONLY", "read", "the key does not hold opportunities:read"),
        (f"{KEY}_NO_CREATE", f"{KEY}_SECOND", "no-create", "the key may create"),
        (f"{KEY}_CREATE_ONLY", f"{KEY}_SECOND", "create-only", "the key holds other scopes"),
    ],
)
def test_a_key_that_is_not_what_its_variable_says_is_not_used(
    prepare: Prepare, variable: str, taken: str, caller: str, reason: str
) -> None:
    server = assemble("plain")
    suite = prepare(server, **{variable: server.environment[taken]})
    assert caller not in suite.world.target.callers
    assert any(note.startswith(f"{variable} is not used: {reason}") for note in suite.state.notes)


def test_a_create_only_key_of_another_organization_is_not_used(prepare: Prepare) -> None:
    server = assemble("plain")
    given = {"LIGHTFIELD_STAGE": "", "LIGHTFIELD_ACCOUNT_ID": "", "LIGHTFIELD_MEMBER_ID": "", "LIGHTFIELD_CONTACT_ID": ""}
    others = {f"{KEY}_SECOND": "", f"{KEY}_READ": "", f"{KEY}_OTHER_ORG": ""}
    suite = prepare(server, **given, **others, LIGHTFIELD_API_KEY=server.environment[f"{KEY}_OTHER_ORG"])
    assert "create-only" not in suite.world.target.callers
    assert any(
        note.startswith(f"{KEY}_CREATE_ONLY is not used: what the key in {KEY} links to") for note in suite.state.notes
    )


def test_a_clause_whose_key_is_not_used_says_why(prepare: Prepare) -> None:
    server = assemble("plain")
    suite = prepare(server, LIGHTFIELD_API_KEY_OTHER_ORG=server.environment[f"{KEY}_SECOND"])
    assert "as the other keys do" in unverified(suite)["link:other-organization"]


@pytest.mark.parametrize(
    ("kind", "variable", "value"),
    [
        ("plain", "LIGHTFIELD_ACCOUNT_ID", "acc_nothing"),
        ("plain", "LIGHTFIELD_CONTACT_ID", "con_nothing"),
        ("plain", "LIGHTFIELD_MEMBER_ID", "mem_nothing"),
        ("plain", "LIGHTFIELD_STAGE", "No such stage"),
        ("pipelines", "LIGHTFIELD_STAGE", "Discovery"),
        ("reads-forbidden", "LIGHTFIELD_STAGE", "No such stage"),
        ("reads-forbidden", "LIGHTFIELD_ACCOUNT_ID", "acc_nothing"),
    ],
)
def test_what_does_not_exist_ends_the_run_before_anything_is_made(
    prepare: Prepare, kind: str, variable: str, value: str
) -> None:
    server = assemble(kind)
    before = len(server.store.created)
    with pytest.raises(UsageError, match=f"^{variable}: .*'{value}'"):
        prepare(server, **{variable: value})
    assert len(server.store.created) == before


def test_a_read_key_of_another_organization_is_named_where_the_main_key_cannot_read(prepare: Prepare) -> None:
    server = assemble("reads-forbidden")
    given = {"LIGHTFIELD_STAGE": "", "LIGHTFIELD_ACCOUNT_ID": "", "LIGHTFIELD_MEMBER_ID": "", "LIGHTFIELD_CONTACT_ID": ""}
    with pytest.raises(UsageError, match=f"^{KEY}_READ: each account"):
        prepare(server, **given, LIGHTFIELD_API_KEY_READ=server.environment[f"{KEY}_OTHER_ORG"])


def test_a_key_without_a_base_url_is_said_first(command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ended = command("run", "--clause", "required:/fields", environment={KEY: "sk_lf_of_my_own_server"})
    assert ended.returncode == 0
    assert ended.stderr.startswith(f"lightfield-contract: {KEY} is set, and no base URL is given")


def test_a_base_url_of_a_fixture_is_refused_where_it_would_not_be_judged(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    fixture = '@pytest.fixture(scope="session")\ndef base_url():\n    return "http://127.0.0.1:1"\n'
    (tmp_path / "conftest.py").write_text(f"import pytest\n\n\n{fixture}", encoding="utf-8")
    ended = run([sys.executable, "-m", "pytest", "--pyargs", "lightfield_contract.conformance", "-q"], tmp_path)
    assert (ended.returncode, "give --base-url" in ended.stderr) == (4, True), ended.stdout + ended.stderr
