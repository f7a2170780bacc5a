"""Judging the suite by servers of which it is known what is wrong with them: faults, and servers that keep the contract."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lightfield_contract.conformance.matrix import judge_fault, judge_faults, judge_variations
from lightfield_contract.reference.variations import conforming_servers
from lightfield_contract.reports import Detection
from lightfield_contract.spec import UsageError, load

COMMAND = str(Path(sys.executable).with_name("lightfield-contract"))


def test_unknown_fault() -> None:
    """Nothing is run."""
    with pytest.raises(UsageError, match="no fault"):
        judge_faults(["keys-ignored", "no such thing"])


def test_a_gross_fault_is_caught() -> None:
    """A run in a process of its own, with every step of the real thing."""
    seen: list[tuple[int, int, str]] = []
    matrix = judge_faults(
        ["makes-two", "version-optional"],
        depth="smoke",
        workers=1,
        progress=lambda done, total, row: seen.append((done, total, row.subject)),
    )
    assert [row.outcome for row in matrix.rows] == [Detection.DETECTED, Detection.DETECTED]
    assert [row.group for row in matrix.rows] == ["Success response", "Operation and headers"]
    assert all(row.requests > 100 for row in matrix.rows)
    assert seen == [(1, 2, "makes-two"), (2, 2, "version-optional")]


def test_a_row_stands_where_its_fault_stands_in_the_catalogue() -> None:
    """Whichever process is done first."""
    ids = ["limited-uses-up-key", "makes-two", "version-optional"]
    assert [row.subject for row in judge_faults(ids, depth="smoke", workers=3).rows] == ids


def test_what_smoke_depth_does_not_detect_is_judged_at_another() -> None:
    """And nothing else is."""
    matrix = judge_faults(["version-optional", "long-body-crashes"], smoke_first=True, workers=1)
    assert [row.outcome for row in matrix.rows] == [Detection.DETECTED, Detection.DETECTED]
    quick, thorough = (row.requests for row in matrix.rows)
    assert 2 * quick < thorough
    assert matrix.depth == "smoke, then standard"


@pytest.mark.long
@pytest.mark.parametrize("name", ["length-in-characters", "lost-answer-frees-key", "makes-two-later", "two-winners"])
def test_a_socket_changes_nothing(name: str) -> None:
    """Faults of the transport, of lost answers, of later moments and of races are caught alike without one."""
    rows = [judge_fault(name, "smoke", socket=socket) for socket in (False, True)]
    assert [row.outcome for row in rows] == [Detection.DETECTED, Detection.DETECTED]
    assert rows[0].blamed == rows[1].blamed


def test_conforming_servers_are_not_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each server is judged with each seed, by the basis that it conforms to."""
    few = conforming_servers(load())[:2]
    monkeypatch.setattr("lightfield_contract.conformance.matrix.conforming_servers", lambda *_: few)
    matrix = judge_variations(seeds=(0, 1), depth="smoke", workers=2)
    assert [row.outcome for row in matrix.rows] == [Detection.CLEAN] * 4
    assert [(row.group[-1], row.subject) for row in matrix.rows] == [(seed, each.id) for seed in "01" for each in few]


def test_command(command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    """It tells what became of each fault, and writes both forms."""
    told = command("faults", "--run", "--depth", "smoke", "--only", "makes-two", "--json", "m.json", "--html", "m.html")
    assert told.returncode == 0, told.stderr
    assert "✓ makes-two: success:once" in told.stdout
    assert "proved: 1 of 1 fault detected by the clause named" in told.stdout
    assert json.loads((tmp_path / "m.json").read_text("utf-8"))["rows"][0]["blamed"] == ["success:once"]
    assert "makes-two" in (tmp_path / "m.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("faults", "--only", "makes-tow"), "did you mean makes-two"),
        (("variations", "--run", "--seeds", "0"), "'0' is not a whole number above 0"),
        (("serve", "--variation", "time=moon"), "there is no variation 'time=moon'"),
        (("serve", "--variation", "time=offset", "--fault", "makes-two"), "not allowed with argument"),
    ],
)
def test_wrong_usage(
    command: Callable[..., subprocess.CompletedProcess[str]], arguments: tuple[str, ...], told: str
) -> None:
    """A sentence that says what to do, and status 4."""
    ended = command(*arguments)
    assert (ended.returncode, "Traceback" in ended.stderr) == (4, False)
    assert told in ended.stderr


def test_lists(command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Without --run the commands only say what there is."""
    assert "makes-two " in command("faults").stdout
    assert "time=offset" in command("variations").stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_stopped(number: signal.Signals, tmp_path: Path, clean_environment: Mapping[str, str]) -> None:
    """What was found out until then is told, and neither processes nor files are left."""
    (tmp_path / "temporary").mkdir()
    started = subprocess.Popen(
        [COMMAND, "faults", "--run", "--workers", "2", "--json", "m.json"],
        cwd=tmp_path,
        env={**clean_environment, "TMPDIR": str(tmp_path / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not any((tmp_path / "temporary").glob("*/lightfield-contract-*")):
        time.sleep(0.05)
    os.kill(started.pid, number)
    out, err = started.communicate(timeout=30)
    assert started.returncode == 2, err
    assert "interrupted: " in out
    assert "Traceback" not in out + err
    assert json.loads((tmp_path / "m.json").read_text("utf-8"))["interrupted"] is True
    assert not list((tmp_path / "temporary").iterdir())
    assert _ends(started.pid)


def _ends(group: int) -> bool:
    """Whether a group of processes is empty a moment later."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
