"""The suite in other people's pytest: what their tests and plugins say is never improved, and nothing is passed over."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from lightfield_contract.reference import Configuration, Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.reports import ClauseResult, Result, Verdict, read_json
from lightfield_contract.spec import load

Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]
Project: TypeAlias = Callable[..., "Ended"]

SUITE = ["--pyargs", "lightfield_contract.conformance"]
FEW = ["--lightfield-depth=smoke", "--lightfield-clause=key:"]
"""Six cases, one of which is about `key:validate`."""
VICTIM, CLAUSE = "test_a_key_can_be_asked_what_it_may_do", "key:validate"
PLUGINS = ["pytest_base_url.plugin", "lightfield_contract.conformance.harness.plugin.entry", "xdist.plugin"]
OWN_FAILURE = {"test_mine.py": "def test_mine():\n    assert False\n"}
OWN_SUCCESS = {"test_mine.py": "def test_mine():\n    pass\n"}


def around(hook: str, action: str) -> dict[str, str]:
    """A plugin of the user's that does something in a hook of one case of ours."""
    body = f"def {hook}(item):\n    if item.name == {VICTIM!r}:\n        {action}\n"
    return {"plug.py": f"import os, time\nimport pytest\n\n\n{body}"}


def fixture(action: str, scope: str = "function") -> dict[str, str]:
    """A fixture of the user's that does something around every test."""
    head = f"@pytest.fixture(autouse=True, scope={scope!r})\ndef database():\n"
    return {"conftest.py": f"import pytest\n\n\n{head}    {action}\n"}


def finishing(order: str, action: str) -> dict[str, str]:
    """A plugin of the user's that does something when the session ends."""
    return {
        "plug.py": f"import pytest\n\n\n@pytest.hookimpl({order}=True)\ndef pytest_sessionfinish(session):\n    {action}\n"
    }


def collecting(action: str) -> dict[str, str]:
    """A plugin of the user's that does something with the cases that were collected."""
    return {"plug.py": f"import pytest\n\n\ndef pytest_collection_modifyitems(items):\n    {action}\n"}


@dataclasses.dataclass(frozen=True)
class Ended:
    """A run of pytest in a user's project that has ended."""

    status: int
    output: str
    result: Result | None

    def clause(self, name: str = CLAUSE) -> ClauseResult:
        """What the result says of a clause."""
        assert self.result is not None, self.output
        return next(clause for clause in self.result.clauses if clause.id == name)


@pytest.fixture(scope="module")
def target() -> Iterator[Reference]:
    """A conforming server, the same for all projects."""
    with Reference(load(), Configuration(rate=1000)) as server:
        yield server


@pytest.fixture
def project(run: Run, target: Reference, tmp_path: Path) -> Project:
    """Makes a user's project and runs pytest in it: its own tests, if it has any, and a few of the conformance tests."""

    def start(
        files: Mapping[str, str],
        *arguments: str,
        tests: Sequence[str] = SUITE,
        few: Sequence[str] = FEW,
        plugins: Sequence[str] = (),
        server: Reference = target,
    ) -> Ended:
        for name, text in files.items():
            (tmp_path / name).write_text(text, "utf-8")
        own = ["test_mine.py"] if "test_mine.py" in files else []
        named = [*PLUGINS, *plugins, *(["plug"] if "plug.py" in files else [])]
        words = [word for name in named for word in ("-p", name)]
        reports = ["--lightfield-report-dir=reports", "--lightfield-report=json"]
        told = run(
            [sys.executable, "-m", "pytest", "-q", *words, *own, *tests, *few, *reports, *arguments],
            tmp_path,
            {**server.environment, "LIGHTFIELD_BASE_URL": server.url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )
        file = tmp_path / "reports" / "result.json"
        ended = Ended(told.returncode, told.stdout + told.stderr, read_json(file) if file.exists() else None)
        assert ended.result is None or ended.result.run.exit_status == ended.status, ended.output
        return ended

    return start


SITUATIONS: dict[str, tuple[dict[str, str], list[str], list[str]]] = {
    "all well": ({}, [], []),
    "all well beside an own test": (OWN_SUCCESS, [], []),
    "own failing test": (OWN_FAILURE, [], []),
    "own failing test, the first failure ends it": (OWN_FAILURE, ["-x"], []),
    "broken fixture": (fixture("raise RuntimeError"), [], []),
    "nothing collected": ({"pytest.ini": "[pytest]\npython_files = check_*.py\n"}, [], []),
    "pytest.exit": (around("pytest_runtest_teardown", 'pytest.exit("enough", returncode=7)'), [], []),
    "time-out": (around("pytest_runtest_call", "time.sleep(30)"), ["--timeout=1"], ["pytest_timeout"]),
    "time-out that ends the process": (
        around("pytest_runtest_call", "time.sleep(30)"),
        ["--timeout=1", "--timeout-method=thread"],
        ["pytest_timeout"],
    ),
    "dead process": (around("pytest_runtest_call", "os._exit(9)"), [], []),
    "-k without a match": ({}, ["-k", "zzz"], []),
}
# The statuses of pytest alone; where it knows of nothing, this suite's.
PLAIN = dict(zip(SITUATIONS, (0, 0, 1, 1, 1, 5, 7, 1, 1, 9, 5), strict=True))
TWO_WORKERS = PLAIN | {"own failing test, the first failure ends it": 2, "dead process": 1}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["plain", "-n 2"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_only_where_all_is_well_the_status_says_so(project: Project, situation: str, workers: tuple[str, ...]) -> None:
    """A user's project of its own, with everything that may go wrong around the conformance tests."""
    files, arguments, plugins = SITUATIONS[situation]
    ended = project(files, *arguments, *workers, plugins=plugins)
    assert ended.status == (TWO_WORKERS if workers else PLAIN)[situation], ended.output


UNVERIFIED: dict[str, tuple[dict[str, str], list[str], str, int]] = {
    "a fixture that fails": (
        fixture("raise OSError('no database')"),
        [],
        "a case failed in set-up: OSError: no database",
        1,
    ),
    "a fixture that there is not": (
        {"pytest.ini": "[pytest]\nusefixtures = db\n"},
        [],
        "a case failed in set-up: fixture 'db' not found",
        1,
    ),
    "a set-up hook that fails": (
        around("pytest_runtest_setup", "raise LookupError('no tenant')"),
        [],
        "a case failed in set-up: LookupError: no tenant",
        1,
    ),
    "a mark that skips": (
        collecting("[item.add_marker(pytest.mark.skip('not ours')) for item in items]"),
        [],
        "a case was skipped: not ours",
        5,
    ),
    "a fixture that skips": (
        fixture("pytest.skip('no database')"),
        [],
        "a case was skipped: no database",
        5,
    ),
    "an expected failure that is not run": (
        collecting("[item.add_marker(pytest.mark.xfail(run=False, reason='later')) for item in items]"),
        [],
        "a case was skipped: [NOTRUN] later",
        5,
    ),
    "a hook before the case that fails": (
        around("pytest_runtest_call", "raise RuntimeError('quota')"),
        [],
        "a case was ended from outside: RuntimeError: quota",
        1,
    ),
    "a plugin that runs no code": (
        {"plug.py": "import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call():\n    return True\n"},
        [],
        "a plugin passed over a case",
        5,
    ),
    "an end by a plugin with status 0": (
        around("pytest_runtest_setup", 'pytest.exit("enough", returncode=0)'),
        [],
        "the run ended early: enough",
        5,
    ),
    "an own failing test that ends it": (OWN_FAILURE, ["-x"], "the run ended early: stopping after 1 failures", 1),
    "an own test that cannot be collected": (
        {"test_mine.py": "import nowhere\n"},
        [],
        "the run ended early: 1 error during collection",
        2,
    ),
    "set-up alone": ({}, ["--setup-only"], "a case was left out, by a plugin or with the process that was to run it", 5),
}


@pytest.mark.parametrize("situation", UNVERIFIED)
def test_what_did_not_come_to_its_end_is_not_verified(project: Project, situation: str) -> None:
    """The clause says why, and the run is no success, whatever pytest thinks of it."""
    files, arguments, reason, status = UNVERIFIED[situation]
    ended = project(files, *arguments)
    assert ended.status == status, ended.output
    clause = ended.clause()
    assert (clause.verdict, clause.reason) == (Verdict.NOT_VERIFIED, reason)
    assert clause.remedy


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("os._exit(9)", "a case ended with the process that ran it"),
        ("os.kill(os.getpid(), 11)", "a case ended with the process that ran it"),
    ],
)
def test_a_case_that_dies_with_its_worker_is_not_verified(project: Project, end: str, reason: str) -> None:
    """The other cases are, by the workers that are left."""
    ended = project(around("pytest_runtest_call", end), "-n", "2")
    assert ended.status == 1, ended.output
    assert (ended.clause().verdict, ended.clause().reason) == (Verdict.NOT_VERIFIED, reason)
    assert ended.clause("key:required").verdict is Verdict.CONFORMS


def test_what_no_worker_is_left_to_run_is_not_verified(project: Project) -> None:
    """The only worker dies in its first case, and none takes its place."""
    ended = project(
        {"plug.py": "import os\n\n\ndef pytest_runtest_call():\n    os._exit(9)\n"}, "-n", "1", "--max-worker-restart=0"
    )
    assert ended.status not in (0, 5), ended.output
    assert ended.result is not None
    assert {clause.verdict for clause in ended.result.clauses} == {Verdict.NOT_VERIFIED}


FOREIGN: dict[str, tuple[dict[str, str], list[str], list[str], int]] = {
    "a teardown of one of our cases that fails": (around("pytest_runtest_teardown", "raise OSError('tidy')"), [], [], 1),
    "a fixture of the session whose end fails": (fixture("yield\n    raise OSError", "session"), [], [], 1),
    "a case that was expected to fail, strictly": (
        collecting("[item.add_marker(pytest.mark.xfail(strict=True)) for item in items]"),
        [],
        [],
        1,
    ),
    "an own subtest that fails": (
        {"test_mine.py": "def test_mine(subtests):\n    with subtests.test():\n        assert False\n"},
        [],
        [],
        1,
    ),
    "an own failing test that was run again": (OWN_FAILURE, ["--reruns=1"], ["pytest_rerunfailures"], 1),
    "a status that a plugin sets before": (finishing("tryfirst", "session.exitstatus = 9"), [], [], 9),
    "a status that a plugin sets after": (finishing("trylast", "session.exitstatus = 9"), [], [], 9),
    "a status of wrong usage that a plugin sets": (finishing("tryfirst", "session.exitstatus = 4"), [], [], 4),
    "a failure that a plugin counts": (finishing("tryfirst", "session.exitstatus = 1"), [], [], 1),
    "a plugin that fails": (finishing("tryfirst", 'pytest.exit("no disk", returncode=8)'), [], [], 8),
    "an own path that there is not": ({}, ["nowhere.py"], [], 4),
}


if not hasattr(pytest, "Subtests"):
    # Subtests came with pytest 9.
    del FOREIGN["an own subtest that fails"]


@pytest.mark.parametrize("situation", FOREIGN)
def test_what_others_say_stands_although_the_target_conforms(project: Project, situation: str) -> None:
    """Whatever is no judgement of this suite fails the run as it would without it."""
    files, arguments, plugins, status = FOREIGN[situation]
    assert project(files, *arguments, plugins=plugins).status == status


def test_a_run_that_is_stopped_while_it_ends_is_interrupted(project: Project) -> None:
    """What was found out is reported, without an audit."""
    ended = project(finishing("tryfirst", "raise KeyboardInterrupt"))
    assert ended.status == 2, ended.output
    assert ended.result is not None
    assert (ended.result.run.interrupted, ended.result.audit.reason) == (True, "the run was interrupted")
    assert ended.clause().verdict is Verdict.CONFORMS


def test_an_error_inside_pytest_leaves_the_verdicts(project: Project) -> None:
    """Exit status 3 as pytest has it; what was found out until then is written and told."""
    plugin = f"def pytest_runtest_logreport(report):\n    assert not report.nodeid.endswith({VICTIM!r})\n"
    ended = project({"plug.py": plugin})
    assert ended.status == 3, ended.output
    assert ended.result is not None
    assert Verdict.CONFORMS in {clause.verdict for clause in ended.result.clauses}
    assert ended.clause().reason.startswith("the run ended early: pytest ended with an internal error")
    assert f"of {len(ended.result.clauses)} clauses" in ended.output


HIDING = {
    "python_files": {"pytest.ini": "[pytest]\npython_files = check_*.py\n"},
    "python_functions": {"pytest.ini": "[pytest]\npython_functions = check_*\n"},
    "some of the files": {"pytest.ini": "[pytest]\npython_files = test_h*.py test_sc*.py\n"},
    "python_files, and a path that is not ours": {
        "pytest.ini": "[pytest]\npython_files = test_h*.py\naddopts = --ignore=slow --ignore-glob=*/slow/*\n"
    },
    "a plugin": {
        "plug.py": "def pytest_ignore_collect(collection_path):\n    return 'conformance' in str(collection_path) or None\n"
    },
}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["plain", "-n 2"])
@pytest.mark.parametrize("way", HIDING)
def test_tests_that_pytest_is_kept_from_finding_are_missed(project: Project, way: str, workers: tuple[str, ...]) -> None:
    """Though the user's own test passes; nobody chose to leave ours out."""
    ended = project({**OWN_SUCCESS, **HIDING[way]}, *workers, tests=SUITE)
    assert ended.status == 5, ended.output
    assert ended.result is not None
    assert any("did not find" in note for note in ended.result.notes)


@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        ({}, ["-k", "zzz"]),
        ({}, ["-m", "nosuch"]),
        ({}, ["-k", "test_mine"]),
        (collecting("items[:] = [item for item in items if item.name == 'test_mine']"), []),
    ],
    ids=["-k zzz", "-m nosuch", "-k test_mine", "a plugin"],
)
def test_a_choice_that_leaves_none_verifies_nothing(project: Project, files: dict[str, str], arguments: list[str]) -> None:
    """A user's own test that is left and passes makes it no success of this suite; by pytest's options, nothing is sent."""
    ended = project({**OWN_SUCCESS, **files}, *arguments)
    assert ended.status == 5, ended.output
    assert ended.result is not None
    assert "no case was left to run" in ended.result.notes
    assert not arguments or ended.result.run.writes == 0


@pytest.mark.parametrize(
    ("tests", "arguments"),
    [
        (SUITE, ("-k", VICTIM)),
        (["--pyargs", "lightfield_contract.conformance.test_scopes"], ()),
        (SUITE, ("--ignore-glob=*/test_[!s]*.py",)),
        (SUITE, ("--deselect=nowhere.py", "-m", "clause")),
    ],
    ids=["-k", "a module", "--ignore-glob", "-m"],
)
def test_a_choice_that_leaves_some_is_the_users(project: Project, tests: list[str], arguments: tuple[str, ...]) -> None:
    """What was left out is no part of the run."""
    ended = project({}, *arguments, tests=tests)
    assert ended.status == 0, ended.output
    assert ended.clause().verdict is Verdict.CONFORMS


def test_own_tests_are_run_whatever_clauses_are_selected(project: Project) -> None:
    """The options of this suite select among its own cases; marks of the same names may mean anything elsewhere."""
    marked = "import pytest\n\n\n@pytest.mark.depth('sea')\ndef test_mine():\n    assert False\n"
    ended = project({"test_mine.py": marked})
    assert (ended.status, "1 failed" in ended.output) == (1, True), ended.output


@pytest.fixture
def broken(request: pytest.FixtureRequest) -> Iterator[Reference]:
    """A server with the fault that a test names."""
    with Reference(load(), Configuration(rate=1000), fault(request.param, load()).pipeline) as server:
        yield server


@pytest.mark.parametrize("broken", ["key-is-inactive"], indirect=True)
@pytest.mark.parametrize(
    ("files", "arguments", "plugins"),
    [
        ({}, [], []),
        (collecting("[item.add_marker(pytest.mark.xfail) for item in items]"), [], []),
        ({}, ["--reruns=1"], ["pytest_rerunfailures"]),
        (finishing("tryfirst", "session.exitstatus = 0"), [], []),
        (finishing("trylast", "session.exitstatus = 0"), [], []),
        ({"plug.py": "import pytest\n\n\ndef pytest_unconfigure(config):\n    config.stash\n"}, ["-x"], []),
    ],
    ids=["alone", "expected to fail", "run again", "status taken back before", "status taken back after", "-x"],
)
def test_a_violated_clause_fails_the_run_whatever_pytest_thinks_of_the_case(
    project: Project, broken: Reference, files: dict[str, str], arguments: list[str], plugins: list[str]
) -> None:
    """Of this suite's own cases, its verdicts count."""
    ended = project(files, *arguments, plugins=plugins, server=broken)
    assert ended.status == 1, ended.output
    assert ended.clause().verdict is Verdict.VIOLATED


@pytest.mark.parametrize("broken", ["keys-ignored"], indirect=True)
@pytest.mark.parametrize(("own", "status"), [({}, 0), (OWN_FAILURE, 1)], ids=["alone", "own failing test"])
def test_a_case_that_fails_for_what_rests_on_a_known_failure_fails_no_run(
    project: Project, broken: Reference, own: dict[str, str], status: int
) -> None:
    """Pytest counts it as failed; an own failing test beside it counts as ever."""
    few = ["--lightfield-depth=smoke", "--lightfield-clause=idempotency:replay", "--lightfield-clause=idempotency:same-json"]
    files = {**own, "known.txt": "idempotency:replay\n"}
    ended = project(files, "--lightfield-known-failing=known.txt", few=few, server=broken)
    assert ended.status == status, ended.output
    assert " failed" in ended.output
    assert ended.clause("idempotency:replay").verdict is Verdict.KNOWN_FAILING


@pytest.mark.parametrize("arguments", [("-k", "no_key"), ("-x", "-k", "zzz or test_mine")], ids=["narrowed", "stopped"])
def test_a_line_is_stale_only_when_all_cases_of_its_clause_ran(project: Project, arguments: tuple[str, ...]) -> None:
    """One that was left out may be the one that shows it broken."""
    files = {**OWN_SUCCESS, "known.txt": "success:once\n"}
    few = ["--lightfield-depth=smoke", "--lightfield-known-failing=known.txt"]
    ended = project(files, *arguments, few=few)
    assert ended.result is not None
    assert [note for note in ended.result.notes if "known failing" in note] == []


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["plain", "-n 2"])
def test_a_case_that_is_run_again_sends_nothing_twice(project: Project, workers: tuple[str, ...]) -> None:
    """A repeat with the same keys and markers would look like a fault of the target; only the last attempt counts."""
    plugin = (
        "import os\nimport pytest\n\n\n@pytest.fixture(autouse=True)\ndef flaky(request, tmp_path_factory):\n    yield\n"
        "    if request.node.execution_count == 1:\n        raise OSError\n"
    )
    few = ["--lightfield-depth=smoke", "--lightfield-clause=idempotency:", "--lightfield-clause=success:"]
    ended = project({"conftest.py": plugin}, "--reruns=1", *workers, few=few, plugins=["pytest_rerunfailures"])
    assert ended.status == 0, ended.output
    assert "rerun" in ended.output


def test_collecting_alone_has_the_status_of_pytest(project: Project) -> None:
    """Nothing was to be run."""
    ended = project({}, "--collect-only")
    assert (ended.status, ended.result) == (0, None), ended.output
