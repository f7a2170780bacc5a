"""A run that the user stops: in order at first, at once when they insist."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lightfield_contract.conformance.harness.wire.ledger import read_ledger
from lightfield_contract.reference import Call, Pipeline, Reference
from lightfield_contract.reports import Verdict, read_json

PROGRAM = str(Path(sys.executable).with_name("lightfield-contract"))
WORKERS = pytest.mark.parametrize("workers", [[], ["--workers", "2"]], ids=["alone", "two workers"])


@pytest.fixture
def reached() -> threading.Event:
    """Is set when a run is well under way."""
    return threading.Event()


@pytest.fixture
def target(serve: Callable[..., Reference], reached: threading.Event) -> Reference:
    """A server that takes its time for every create once the fifteenth is accepted."""

    class Slow(Pipeline):
        count = 0

        async def work(self, call: Call) -> None:
            type(self).count += 1
            if self.count >= 15:
                reached.set()
                await asyncio.sleep(0.2)
            await super().work(call)

    return serve(Slow)


@pytest.fixture
def start(
    target: Reference, reached: threading.Event, clean_environment: dict[str, str], tmp_path: Path
) -> Callable[..., contextlib.AbstractContextManager[subprocess.Popen[str]]]:
    """Starts a command in a group of its own, and waits until the target is slow."""
    (tmp_path / "temporary").mkdir()
    environment = {
        **clean_environment,
        **target.environment,
        "LIGHTFIELD_BASE_URL": target.url,
        "TMPDIR": str(tmp_path / "temporary"),
    }

    @contextlib.contextmanager
    def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            arguments,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                assert reached.wait(60)
                yield process
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    return started


def end(process: subprocess.Popen[str]) -> str:
    """Waits for a command to end by itself; gives what it printed."""
    output, _ = process.communicate(timeout=60)
    assert "Traceback" not in output, output
    return output


def living(group: int) -> list[str]:
    """The processes of a group that are not dead yet, whether or not somebody has asked how they died."""
    told = subprocess.run(["ps", "-e", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in told.stdout.splitlines()]
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


@WORKERS
@pytest.mark.parametrize(
    ("send", "number"),
    [(os.killpg, signal.SIGINT), (os.kill, signal.SIGINT), (os.kill, signal.SIGTERM)],
    ids=["Ctrl-C", "SIGINT", "SIGTERM"],
)
def test_an_interrupted_run_reports_what_it_knows(
    start: Callable[..., contextlib.AbstractContextManager[subprocess.Popen[str]]],
    tmp_path: Path,
    workers: list[str],
    send: Callable[[int, int], None],
    number: int,
) -> None:
    """Exit status 2, the reports, no traceback, and nothing is left but a ledger that knows more than the result.

    A terminal sends Ctrl-C to all processes.
    """
    with start(PROGRAM, "run", "--depth", "smoke", "--report-dir", "reports", *workers) as process:
        send(process.pid, number)
        output = end(process)
        assert living(process.pid) == []
    assert process.returncode == 2, output
    result = read_json(tmp_path / "reports" / "result.json")
    assert (result.run.interrupted, result.run.exit_status) == (True, 2)
    assert result.audit.state == "not verified"
    assert result.counts()[Verdict.CONFORMS] > 0
    assert any(clause.reason == "the run was interrupted" for clause in result.clauses)
    left = [path for path in (tmp_path / "temporary").rglob("*") if path.is_file()]
    assert [path.name for path in left] in ([], ["ledger.jsonl"])
    assert any(not entry.status for path in left for entry in read_ledger(path)) == bool(left)


@WORKERS
@pytest.mark.parametrize(
    "numbers",
    [(signal.SIGINT,) * 2, (signal.SIGINT,) * 5, (signal.SIGINT, signal.SIGTERM)],
    ids=["twice", "five times", "SIGTERM after Ctrl-C"],
)
def test_who_insists_ends_a_run_at_once(
    start: Callable[..., contextlib.AbstractContextManager[subprocess.Popen[str]]],
    tmp_path: Path,
    workers: list[str],
    numbers: tuple[int, ...],
) -> None:
    """No process is left, and no folder but the ledger's, which is named: what was sent stands there alone."""
    with start(PROGRAM, "run", "--depth", "smoke", "--report-dir", "reports", *workers) as process:
        for number in numbers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        output = end(process)
        assert living(process.pid) == []
    assert process.returncode == 2, output
    left = list((tmp_path / "temporary").iterdir())
    assert [path.name.rpartition("-")[0] for path in left] in ([], ["lightfield-contract"])
    # Two signals that come as one are one.
    assert (tmp_path / "reports").exists() or f"{left[0]}/ledger.jsonl" in output


@WORKERS
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["the process", "its group"])
def test_a_run_that_is_killed_leaves_nothing_but_the_ledger(
    start: Callable[..., contextlib.AbstractContextManager[subprocess.Popen[str]]],
    tmp_path: Path,
    workers: list[str],
    send: Callable[[int, int], None],
) -> None:
    """Nothing of ours can run any more in what was killed, so another process sees to it."""
    with start(PROGRAM, "run", "--depth", "smoke", *workers) as process:
        send(process.pid, signal.SIGKILL)
        process.wait(60)
        for _ in range(300):
            time.sleep(0.1)
            left = [path.name for path in (tmp_path / "temporary").glob("*/*")]
            if left == ["ledger.jsonl"] and not living(process.pid):
                break
    assert (left, len([*(tmp_path / "temporary").iterdir()])) == (["ledger.jsonl"], 1)


def test_plain_pytest_leaves_nothing_but_the_ledger(
    start: Callable[..., contextlib.AbstractContextManager[subprocess.Popen[str]]], tmp_path: Path
) -> None:
    """How it ends is for pytest to say; what was made can be cleaned up."""
    names = ["--pyargs", "lightfield_contract.conformance", "--lightfield-depth=smoke", "-p", "no:cacheprovider"]
    with start(sys.executable, "-m", "pytest", *names) as process:
        for _ in range(2):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode not in (0, 1)
    left = [path for path in (tmp_path / "temporary").rglob("*") if path.is_file()]
    assert [path.name for path in left if "pytest-of" not in str(path)] in ([], ["ledger.jsonl"])


def test_a_job_in_the_background_does_not_hear_of_ctrl_c(
    start: Callable[..., contextlib.AbstractContextManager[subprocess.Popen[str]]], tmp_path: Path
) -> None:
    """A shell has it ignore the signal, and so does the run."""
    line = f"{PROGRAM} run --depth smoke --clause idempotency: --report-dir reports & wait $!"
    with start("bash", "-c", line) as process:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert read_json(tmp_path / "reports" / "result.json").run.interrupted is False
