"""Output that nobody reads, and reports that cannot be written: neither changes what a run finds out."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from lightfield_contract.reference import Configuration, Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.reports import read_json
from lightfield_contract.spec import load

Shell: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

PROGRAM = shlex.quote(str(Path(sys.executable).with_name("lightfield-contract")))
RUN = f"{PROGRAM} run --depth smoke --clause key: --report-dir reports"
NO_ROOM = "No space left on device"


@pytest.fixture(scope="module")
def conforming() -> Iterator[Mapping[str, str]]:
    """The variables that lead to a conforming server."""
    with Reference(load(), Configuration(rate=1000)) as server:
        yield {**server.environment, "LIGHTFIELD_BASE_URL": server.url}


@pytest.fixture(scope="module")
def violating() -> Iterator[Mapping[str, str]]:
    """The variables that lead to a server that breaks a clause about keys."""
    with Reference(load(), Configuration(rate=1000), fault("key-is-inactive", load()).pipeline) as server:
        yield {**server.environment, "LIGHTFIELD_BASE_URL": server.url}


@pytest.fixture
def shell(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> Shell:
    """Runs a line of bash, in which a pipeline has the status of whatever in it failed."""

    def start(line: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        told = run(["bash", "-o", "pipefail", "-c", line], tmp_path, environment)
        assert "Traceback" not in told.stdout + told.stderr, told.stdout + told.stderr
        return told

    return start


READERS = [
    "{} | head -1",
    "{} --workers 2 | head -1",
    "{} 2>&1 | grep -q violated",
    "{} | true",
    "{} 2>&1 >&- | true",
    "{} >&-",
    "{} <&- >&- 2>&-",
]


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_that_stops_changes_neither_status_nor_reports(
    shell: Shell, violating: Mapping[str, str], tmp_path: Path, reader: str
) -> None:
    """The run goes on to its end."""
    told = shell(reader.format(RUN), violating)
    assert told.returncode == 1, told.stdout + told.stderr
    assert {path.name for path in (tmp_path / "reports").iterdir()} == {"result.json", "report.html", "junit.xml"}
    assert read_json(tmp_path / "reports" / "result.json").run.exit_status == 1


def test_a_run_without_a_finding_is_a_success_though_nobody_reads_it(shell: Shell, conforming: Mapping[str, str]) -> None:
    """The status is no worse either."""
    assert shell(f"{RUN} | true", conforming).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("clauses", 0),
        ("clauses --format json", 0),
        ("faults", 0),
        ("variations", 0),
        ("explain idempotency:replay", 0),
        ("--help", 0),
        ("run --help", 0),
        ("explain zzz 2>&1", 4),
        ("no-such-command 2>&1", 4),
    ],
)
def test_other_commands_do_not_mind_either(shell: Shell, arguments: str, status: int) -> None:
    """Whatever they would print."""
    assert shell(f"{PROGRAM} {arguments} | true").returncode == status


def test_a_server_goes_on_when_nobody_reads_what_it_says(clean_environment: dict[str, str], tmp_path: Path) -> None:
    """It has said where it is before its reader goes, and still answers."""
    with subprocess.Popen(
        [str(Path(sys.executable).with_name("lightfield-contract")), "serve", "--port", "0"],
        cwd=tmp_path,
        env=clean_environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(6)]
        server.stdout.close()
        variables = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines if line.startswith("export "))
        told = subprocess.run(
            ["bash", "-c", f"{PROGRAM} run --depth smoke --clause key:required"],
            cwd=tmp_path,
            env={**clean_environment, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        server.send_signal(signal.SIGINT)
    assert (told.returncode, server.returncode) == (0, 0), told.stdout + told.stderr


def test_output_that_has_no_room_is_an_error(shell: Shell, conforming: Mapping[str, str], tmp_path: Path) -> None:
    """Somebody waits for it; the reports are written all the same."""
    told = shell(f"{RUN} >/dev/full", conforming)
    assert told.returncode == 3
    assert NO_ROOM in told.stderr
    assert (tmp_path / "reports" / "result.json").exists()


@pytest.mark.parametrize("line", ["clauses > /dev/full", "--help > /dev/full", "clauses > /dev/full 2>&1"])
def test_a_list_that_has_no_room_is_an_error(shell: Shell, line: str) -> None:
    """Also where nobody can be told."""
    assert shell(f"{PROGRAM} {line}").returncode == 3


UNWRITABLE = {
    "a folder of the report's name": ("mkdir -p reports/result.json", "", {}, "reports/result.json"),
    "a file in the place of the folder": ("touch reports", "", {}, "reports"),
    "a folder below a file": ("touch file; ln -s file/reports reports", "", {}, "reports"),
    "a link to a full device": ("mkdir reports; ln -s /dev/full reports/report.html", "", {}, NO_ROOM),
    "a disk without room for a report": ("ulimit -f 100", "", {}, "reports/result.json"),
    "a summary on a full device": ("", "", {"GITHUB_STEP_SUMMARY": "/dev/full"}, "GITHUB_STEP_SUMMARY"),
    "a summary in no folder": ("", "", {"GITHUB_STEP_SUMMARY": "nowhere/summary.md"}, "GITHUB_STEP_SUMMARY"),
    "a summary that is a folder": ("", "", {"GITHUB_STEP_SUMMARY": "."}, "GITHUB_STEP_SUMMARY"),
    "a disk without room for the ledger": ("ulimit -f 600", "", {}, "TMPDIR"),
    "workers, and a folder of the report's name": ("mkdir -p reports/junit.xml", "--workers 2", {}, "reports/junit.xml"),
}


@pytest.mark.parametrize("situation", UNWRITABLE)
def test_reports_that_cannot_be_written_are_found_before_anything_is_sent(
    shell: Shell, tmp_path: Path, situation: str
) -> None:
    """Exit status 4 and a sentence that names the place; what was there is all that is there afterwards."""
    prepare, options, variables, named = UNWRITABLE[situation]
    (tmp_path / "temporary").mkdir()
    # Nothing listens there: whoever tried would be told something else.
    environment = {
        "LIGHTFIELD_BASE_URL": "http://127.0.0.1:9",
        "LIGHTFIELD_API_KEY": "sk_lf_some_key",
        "TMPDIR": str(tmp_path / "temporary"),
        **variables,
    }
    if prepare and not prepare.startswith("ulimit"):
        shell(prepare)
    before = sorted(map(str, tmp_path.rglob("*")))
    told = shell(f"{prepare if prepare.startswith('ulimit') else 'true'}; {RUN} {options}", environment)
    assert told.returncode == 4, told.stdout + told.stderr
    assert named in told.stderr
    assert len([line for line in told.stderr.splitlines() if line.strip()]) == 1
    assert sorted(map(str, tmp_path.rglob("*"))) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_found_beforehand(shell: Shell, tmp_path: Path) -> None:
    """Its owner has reasons."""
    (tmp_path / "reports").mkdir(0o500)
    told = shell(RUN)
    assert (told.returncode, "reports" in told.stderr) == (4, True)


def test_a_run_that_does_not_begin_leaves_no_folder(shell: Shell, tmp_path: Path) -> None:
    """The folder of the reports is made when there are some."""
    told = shell(f"{RUN}/of/today", {"LIGHTFIELD_BASE_URL": "http://127.0.0.1:9", "LIGHTFIELD_API_KEY": "sk_lf_some_key"})
    assert told.returncode == 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_a_report_that_has_no_room_in_the_end_costs_no_verdict(shell: Shell, tmp_path: Path) -> None:
    """Exit status 3, the verdict is told, and the reports of the run before are whole."""
    line = f"{PROGRAM} run --report-dir reports --report json,har"
    assert shell(line).returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "reports").iterdir()}
    # The ledger's trial takes 1024 blocks, and the exchanges more.
    assert len(before["exchanges.har"]) > 1025 * 1024
    told = shell(f"ulimit -f 1025; {line}")
    assert told.returncode == 3, told.stdout + told.stderr
    assert "the reports are not written" in " ".join(told.stdout.split())
    assert re.search(r"of \d+ clauses \d+ conform", " ".join(told.stdout.split()))
    assert {path.name: path.read_bytes() for path in (tmp_path / "reports").iterdir()} == before


@pytest.mark.parametrize(
    "arguments",
    [
        "report result.json --report-dir file/reports",
        "report result.json --report-dir folder --report html",
        "compare result.json result.json --html folder/report.html",
        "compare result.json result.json --markdown file/compared.md",
        "faults --run --only makes-two --json folder/report.html",
        "variations --run --html file/variations.html",
    ],
)
def test_other_files_that_cannot_be_written_are_wrong_usage(
    shell: Shell, smoke: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path, arguments: str
) -> None:
    """A sentence that names the file; where it would come after minutes, it comes before them."""
    (tmp_path / "result.json").write_bytes((smoke[1] / "result.json").read_bytes())
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "report.html").mkdir(parents=True)
    told = shell(f"{PROGRAM} {arguments}")
    assert told.returncode == 4, told.stdout + told.stderr
    assert "cannot be written" in told.stderr
