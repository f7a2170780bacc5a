"""Bodies that run ahead of their turn: side by side on a target that is far, and for pytest and its plugins as ever."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from benchmarks.distant import Distant

from lightfield_contract.conformance.harness.wire.lane import Lane, StoppedError, keep_warnings, keeping_back
from lightfield_contract.conformance.harness.wire.pacing import Pacer
from lightfield_contract.reference.faults import fault

Start: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

_SUITE = "lightfield_contract.conformance"
_PLUGINS = ["pytest_base_url.plugin", "lightfield_contract.conformance.harness.plugin.entry"]


@pytest.fixture
def far() -> Iterator[Distant]:
    """A server that is far enough for several requests to be under way."""
    with Distant(0.06, 200) as server:
        yield server


@pytest.fixture
def start(run: Start, far: Distant, tmp_path: Path) -> Start:
    """Runs pytest in a user's project, with the conformance tests about required places unless others are named."""

    def started(
        *arguments: str, files: Mapping[str, str] | None = None, server: Distant = far, plugins: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        for name, text in (files or {}).items():
            (tmp_path / name).write_text(text, "utf-8")
        named = [*_PLUGINS, *plugins, *(["plug"] if "plug.py" in (files or {}) else [])]
        words = [word for name in named for word in ("-p", name)]
        tests = [word for word in arguments if not word.startswith("-")] or [f"{_SUITE}.test_required"]
        options = [word for word in arguments if word.startswith("-")]
        given = [*words, "--pyargs", *tests, "--lightfield-depth=smoke", *options]
        return run(
            [sys.executable, "-m", "pytest", "-v", *given],
            tmp_path,
            {**server.environment, "LIGHTFIELD_BASE_URL": server.url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )

    return started


def cases(output: str) -> list[str]:
    """The lines of cases, in the order in which they were reported, without how far the run is."""
    return [re.sub(r"\s+\[.*", "", line) for line in output.splitlines() if re.search(r"::test_\S+ [A-Z]", line)]


def test_cases_are_under_way_side_by_side_and_reported_in_their_order(start: Start, far: Distant) -> None:
    together = start()
    side_by_side, far.most = max(far.writes), 0
    alone = start("--lightfield-in-flight=1")
    assert together.returncode == 0, together.stdout
    assert cases(together.stdout) == cases(alone.stdout) != []
    assert side_by_side > 2
    assert far.most == 1
    assert 429 not in far.statuses


HOOK = "import pytest\n\n\ndef pytest_runtest_setup(item):\n    pass\n"
FIXTURE = "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef database():\n    pass\n"
MARK = "import pytest\n\n\ndef pytest_collection_modifyitems(items):\n    [i.add_marker(pytest.mark.xfail) for i in items]\n"


@pytest.mark.parametrize(
    ("files", "arguments", "plugins"),
    [
        ({"plug.py": HOOK}, [], ()),
        ({"plug.py": FIXTURE}, [], ()),
        ({"plug.py": MARK}, [], ()),
        ({}, ["--timeout=60"], ("pytest_timeout",)),
    ],
    ids=["a hook", "a fixture", "a mark", "a time-out"],
)
def test_what_a_user_has_a_part_in_runs_in_its_turn(
    start: Start, far: Distant, files: Mapping[str, str], arguments: list[str], plugins: tuple[str, ...]
) -> None:
    ended = start(*arguments, "-kmissing", files=files, plugins=plugins)
    assert cases(ended.stdout) != [], ended.stdout
    # Those of the first look come before.
    assert set(far.writes[-5:]) == {1}


def test_nothing_is_under_way_while_a_test_of_the_users_runs(start: Start, far: Distant) -> None:
    """The server says so."""
    mine = f"import urllib.request\n\n\ndef test_mine():\n    try:\n        urllib.request.urlopen({far.url + '/mine'!r})\n"
    mine += "    except OSError:\n        pass\n"
    ended = start(f"{_SUITE}.test_required", "test_mine.py", f"{_SUITE}.test_read_only", files={"test_mine.py": mine})
    assert ended.returncode == 0, ended.stdout
    assert far.beside == [0]
    assert max(far.writes) > 2


@pytest.mark.long
def test_what_is_logged_stays_with_its_case(start: Start) -> None:
    """Each case's own requests, whichever thread sent them."""
    plug = (
        "import logging\nlogging.getLogger().setLevel(logging.INFO)\n\n\ndef pytest_runtest_logreport(report):\n"
        "    if report.when == 'call':\n        print('LOGGED', report.nodeid, report.caplog.count(' answered '))\n"
    )
    together, alone = (start("-s", *more, files={"plug.py": plug}) for more in ((), ("--lightfield-in-flight=1",)))
    counts = [re.findall(r"LOGGED (\S+) (\d+)", ended.stdout) for ended in (together, alone)]
    assert counts[0] == counts[1] != []
    assert {count for _, count in counts[0]} != {"0"}


@pytest.mark.long
def test_a_broken_server_is_blamed_as_by_a_run_in_turns(start: Start) -> None:
    """And the first failure ends a run that is to end by it."""
    planted = fault("field-may-be-missing:/fields/$name").pipeline
    verdicts = []
    for more in ((), ("--lightfield-in-flight=1",)):
        with Distant(0.06, 200, planted) as server:
            verdicts.append(start(*more, server=server))
    assert [ended.returncode for ended in verdicts] == [1, 1], verdicts[0].stdout
    assert cases(verdicts[0].stdout) == cases(verdicts[1].stdout)
    with Distant(0.06, 200, planted) as server:
        first = start("-x", server=server)
    assert len(cases(first.stdout)) < len(cases(verdicts[0].stdout))
    assert " 1 failed" in first.stdout


def test_nothing_is_sent_from_a_lane_that_is_stopped() -> None:
    """Neither at once nor after a pause."""
    stop = threading.Event()
    lane, pacer = Lane(stop), Pacer(0.01)
    with pacer.admitted("own:write", lane):
        pass
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(StoppedError), pacer.admitted("own:write", lane):
        pytest.fail("it was let out")
    with pytest.raises(StoppedError):
        lane.wait_for_turn()


def test_what_is_warned_of_in_a_lane_is_kept_for_its_turn() -> None:
    lane = Lane(threading.Event())
    with keeping_back(), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        keep_warnings()
        with lane.entered():
            warnings.warn("ahead", stacklevel=1)
        warnings.warn("in its turn", stacklevel=1)
        before = [str(warning.message) for warning in seen]
        lane.say_again()
    assert (before, [str(warning.message) for warning in seen]) == (["in its turn"], ["in its turn", "ahead"])


def test_an_interrupted_run_sends_nothing_more(clean_environment: dict[str, str], tmp_path: Path) -> None:
    """Whatever is under way when the signal is taken may end; the hundreds of cases that are left do not begin."""
    with Distant(0.1, 100) as server:
        command = [sys.executable, "-m", "lightfield_contract", "run", "--base-url", server.url]
        environment = {**clean_environment, **server.environment}
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
        with process:
            while len(server.writes) < 30 and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            before = len(server.arrivals)
            output, _ = process.communicate(timeout=60)
        # A busy machine takes a signal late, and meanwhile the run goes on.
        assert len(server.arrivals) - before <= 150
    assert process.returncode == 2, output
