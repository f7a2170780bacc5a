"""Cleaning up deletes what one run has made, and nothing else."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from servers.kinds import read_organization
from servers.serving import Running, assemble, serve

from lightfield_contract.conformance.cleaning import clean_run
from lightfield_contract.conformance.harness.audit.cleaning import Cleaned, clean_up
from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.conformance.harness.wire.ledger import read_ledger
from lightfield_contract.reports import MadeRecord

COMMAND = str(Path(sys.executable).with_name("lightfield-contract"))
Prepare = Callable[[Running], Suite]


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Prepare]:
    """Look at a server of the tests' own without a socket, and make a few records there."""
    with contextlib.ExitStack() as running:

        def start(server: Running) -> Suite:
            for name, value in server.environment.items():
                monkeypatch.setenv(name, value)
            transport = httpx.WSGITransport(app=server.application)
            suite = start_run(Settings(), "http://127.0.0.1:1", 0, transport)
            running.callback(suite.close, last=True)
            api = suite.quiet("creates").api
            for _ in range(3):
                api.create()
            return suite

        yield start


def organization(*, deletes: bool) -> Running:
    plain = read_organization("plain")
    return assemble(dataclasses.replace(plain, manners=dataclasses.replace(plain.manners, deletes=deletes)))


def clean(suite: Suite, *more: MadeRecord, dry: bool = False) -> Cleaned:
    own = suite.contract.collection.object_type
    made = [record for record in suite.made() if record.object_type == own]
    return clean_up(suite.world, suite.quiet("cleaning").api, [*made, *more], dry=dry)


def live(server: Running) -> set[str]:
    return {record.id for record in server.store.created} - server.store.trash


def test_a_run_in_one_process_keeps_nothing_beside_its_ledger(prepare: Prepare) -> None:
    """So one that is killed leaves nothing else."""
    suite = prepare(organization(deletes=True))
    assert [path.name for path in suite.ledger.parent.iterdir()] == ["ledger.jsonl"]


def test_what_the_run_made_is_deleted_and_once_more_is_harmless(prepare: Prepare) -> None:
    server = organization(deletes=True)
    others = server.store.add({"$name": "Theirs"}, {}, time.time()).id
    suite = prepare(server)
    made = live(server) - {others}
    first, second = clean(suite), clean(suite)
    assert live(server) == {others}
    assert {*first.deleted} >= made
    assert (second.deleted, {*second.gone} >= made, second.failed) == ((), True, False)


def test_a_record_that_no_answer_names_is_found_by_its_marker(prepare: Prepare) -> None:
    server = organization(deletes=True)
    suite = prepare(server)
    stray = server.store.add({"$name": f"{suite.world.run} abcdef-0001 Sample"}, {}, time.time()).id
    assert stray in clean(suite).deleted


def test_a_record_that_was_there_before_is_kept_whatever_an_answer_said(prepare: Prepare) -> None:
    server = organization(deletes=True)
    suite = prepare(server)
    before = MadeRecord("opp_old_00000001", suite.contract.collection.object_type, time.time())
    cleaned = clean(suite, before)
    assert "made at another time" in cleaned.kept[before.id]
    assert before.id not in server.store.trash


def test_where_nothing_can_be_deleted_all_is_listed(prepare: Prepare) -> None:
    server = organization(deletes=False)
    suite = prepare(server)
    cleaned = clean(suite)
    assert (cleaned.deleted, cleaned.failed) == ((), False)
    assert {*cleaned.left} >= live(server)


def test_a_dry_run_deletes_nothing(prepare: Prepare) -> None:
    server = organization(deletes=True)
    suite = prepare(server)
    before = live(server)
    assert {*clean(suite, dry=True).deleted} >= before
    assert live(server) == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_run_that_is_stopped_leaves_its_ledger_and_nothing_else(
    number: signal.Signals, clean_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every record that the server holds is named there, by its ID or by its marker; and `clean` takes it."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    with serve("plain") as server:
        environment = {**clean_environment, **server.environment, "TMPDIR": str(folder)}
        run = subprocess.Popen(
            [COMMAND, "run", "--base-url", server.url], cwd=tmp_path, env=environment, stderr=subprocess.PIPE
        )
        assert run.stderr is not None
        ledger = Path(run.stderr.readline().decode().rpartition(" ")[2].strip())
        while len(server.store.created) < number:
            time.sleep(0.01)
        run.send_signal(number)
        run.communicate(timeout=20)
        left = [path for path in folder.rglob("*") if path.is_file()]
        # What is killed takes away nothing: what its processes leave for each other stays beside the ledger.
        assert {path.parent for path in left} == {ledger.parent} if number is signal.SIGKILL else left == [ledger]
        assert stat.S_IMODE(ledger.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
        unnamed = {record.id for record in server.store.created} - {entry.record for entry in read_ledger(ledger)}
        stamps = {entry.stamp for entry in read_ledger(ledger) if not entry.record}
        names = [record.fields["$name"] for record in server.store.created if record.id in unnamed]
        assert all(any(stamp and stamp in name for stamp in stamps) for name in names)
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        origin, cleaned = clean_run(str(ledger), Settings(), dry=True)
    assert origin.target == server.url
    assert {*cleaned.deleted} >= {record.id for record in server.store.created}


def test_what_is_neither_a_ledger_nor_a_result_is_refused(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "other.json").write_text(json.dumps({"schemaVersion": 4}), encoding="utf-8")
    ended = command("clean", "other.json", environment={"LIGHTFIELD_API_KEY": os.devnull})
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr.startswith("lightfield-contract: other.json: not of result.schema.json")
