"""The command line: what it prints, what it takes, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml

from lightfield_contract.conformance.cli import main
from lightfield_contract.reference import Call, Pipeline, Reference
from lightfield_contract.reports import Result, Verdict
from lightfield_contract.spec import Contract, load
from lightfield_contract.spec.document import cite

Command: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]
Judge: TypeAlias = Callable[..., tuple[subprocess.CompletedProcess[str], Result]]

PROGRAM = str(Path(sys.executable).with_name("lightfield-contract"))
REMOTE = ("--base-url", "http://127.0.0.1:9")


class SharesEveryKey(Pipeline):
    """Answers the second create of a key with another ID, and so breaks what replays promise."""

    def find_key_state(self, call: Call) -> None:
        """No key was ever used."""


@pytest.fixture
def talk(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command line in this process: for what starts no run, that is the same and takes no time."""

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
        told = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, status, told.out, told.err)

    return start


def verdicts(result: Result) -> dict[str, Verdict]:
    """The verdict of each clause."""
    return {clause.id: clause.verdict for clause in result.clauses}


def sentence(told: subprocess.CompletedProcess[str]) -> str:
    """What a usage error says: one line, on standard error."""
    assert told.returncode == 4, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
    lines = [line for line in told.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, told.stderr
    return lines[0]


def test_a_remote_target_without_a_key_is_a_usage_error(command: Command) -> None:
    """The variable is named; nothing was sent."""
    assert "LIGHTFIELD_API_KEY" in sentence(command("run", *REMOTE))


def test_the_base_url_may_come_from_the_environment(command: Command) -> None:
    """Without a key, the URL of the environment is a remote target as well."""
    assert "LIGHTFIELD_API_KEY" in sentence(command("run", environment={"LIGHTFIELD_BASE_URL": REMOTE[1]}))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--clause", "no:such"], "'no:such'"),
        (["--clause", "idempotency:", "--clause", "no:such"], "'no:such'"),
        (["--contract", "nowhere"], "opportunities"),
        (["--contract", "nowhere.yaml"], "nowhere.yaml"),
        (["--known-failing", "nowhere.txt"], "nowhere.txt"),
        (["--base-url", "staging.example.com"], "https://"),
        (["--base-url", "https://user:sk_lf_secret@staging.example.com"], "credentials"),
    ],
)
def test_wrong_usage_is_one_sentence(command: Command, arguments: list[str], word: str) -> None:
    """Exit status 4, and what would do."""
    told = sentence(command("run", *arguments, environment={"LIGHTFIELD_API_KEY": "sk_lf_some_key"}))
    assert word in told
    assert "sk_lf" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["judge"],
        ["run", "--no-such-option"],
        ["run", "--depth"],
        ["explain"],
        ["clauses", "--format", "poem"],
        ["serve", "--port", "harbour"],
    ],
    ids=" ".join,
)
def test_arguments_that_no_command_takes_are_wrong_usage(talk: Command, arguments: list[str]) -> None:
    """Exit status 4, as documented; 2 would say that somebody interrupted a run."""
    told = talk(*arguments)
    assert told.returncode == 4, told.stderr
    assert told.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--depth", "bottomless"),
        ("--basis", "hearsay"),
        ("--seed", "lucky"),
        ("--timeout", "-1"),
        ("--rate", "0"),
        ("--max-writes", "few"),
        ("--workers", "some"),
        ("--report", "telegram"),
    ],
)
def test_a_value_that_an_option_does_not_take_is_wrong_usage(command: Command, option: str, value: str) -> None:
    """Exit status 4, and the value or its option is named."""
    told = command("run", option, value)
    assert "Traceback" not in told.stdout + told.stderr
    assert told.returncode == 4, told.stdout + told.stderr
    assert option.removeprefix("--") in told.stderr or value in told.stderr


def test_a_report_folder_that_is_a_file_is_wrong_usage(command: Command, tmp_path: Path) -> None:
    """It is noticed before anything is sent, and not when the reports are due."""
    (tmp_path / "reports").write_text("a file", "utf-8")
    told = sentence(command("run", "--clause", "idempotency:replay", "--report-dir", "reports"))
    assert "reports" in told


def test_a_fragment_that_is_none_is_wrong_usage(command: Command, tmp_path: Path) -> None:
    """The file is named."""
    (tmp_path / "mine.yaml").write_text("openapi: 3.1.0", "utf-8")
    assert "mine.yaml" in sentence(command("run", "--contract", "mine.yaml"))


def test_a_beginning_selects_its_clauses_alone(judge: Judge, contract: Contract) -> None:
    """The result lists them and no other one."""
    told, result = judge("--clause", "key:", "--clause", "malformed:json")
    assert told.returncode == 0, told.stdout
    expected = [clause.id for clause in contract.clauses if clause.id.startswith(("key:", "malformed:json"))]
    assert list(verdicts(result)) == expected
    assert set(verdicts(result).values()) == {Verdict.CONFORMS}


def test_a_clause_that_only_answers_touch_can_be_judged_alone(judge: Judge) -> None:
    """A selection runs the cases that it needs, not only those that carry its name."""
    told, result = judge("--clause", "refusal:", "--clause", "success:once")
    assert told.returncode == 0, told.stdout
    assert set(verdicts(result).values()) == {Verdict.CONFORMS}


@pytest.mark.parametrize("basis", ["endpoint", "docs"])
def test_a_basis_reports_no_weaker_clause(judge: Judge, basis: str) -> None:
    """A run on the endpoint's own page says nothing of what rests on the documentation alone."""
    told, result = judge("--basis", basis, "--clause", "idempotency:", "--clause", "malformed:", "--clause", "success:")
    assert told.returncode == 0, told.stdout
    assert {clause.basis for clause in result.clauses} == {"endpoint", "docs"} - ({"docs"} if basis == "endpoint" else set())
    assert result.run.basis == basis


def test_a_run_that_verifies_nothing_is_no_success(judge: Judge) -> None:
    """Exit status 5, and the clause says what it would need."""
    told, result = judge("--clause", "idempotency:rate-limited")
    assert told.returncode == 5
    assert verdicts(result) == {"idempotency:rate-limited": Verdict.NOT_VERIFIED}
    assert result.clauses[0].remedy


def test_a_budget_of_creates_is_kept(judge: Judge, serve: Callable[..., Reference]) -> None:
    """No more is sent than was allowed, and what could not be judged for it says so."""
    _, result = judge("--max-writes", "10", target=serve())
    assert 0 < result.run.writes <= 10
    assert any("--max-writes" in clause.remedy for clause in result.clauses)


def test_a_known_failure_does_not_fail_the_run(judge: Judge, serve: Callable[..., Reference], tmp_path: Path) -> None:
    """The clause still runs, and its line gives the reason; without the list the same run fails."""
    (tmp_path / "known.txt").write_text("idempotency:replay  # ticket 7\n", "utf-8")
    select, target = ("--clause", "idempotency:replay"), serve(SharesEveryKey)
    assert judge(*select, target=target)[0].returncode == 1
    told, result = judge(*select, "--known-failing", "known.txt", target=target)
    assert told.returncode == 0, told.stdout
    assert verdicts(result) == {"idempotency:replay": Verdict.KNOWN_FAILING}
    assert result.clauses[0].reason == "ticket 7"


def test_one_finding_can_be_listed_and_another_one_still_fails(
    judge: Judge, serve: Callable[..., Reference], tmp_path: Path
) -> None:
    """The list names a finding by the id that it has in every run."""
    select = ("--clause", "idempotency:replay")
    _, before = judge(*select, target=serve(SharesEveryKey))
    ids = [each.id for finding in before.findings for each in finding.occurrences]
    (tmp_path / "known.txt").write_text("".join(f"{name}  # ticket 7\n" for name in ids), "utf-8")
    told, result = judge(*select, "--known-failing", "known.txt", target=serve(SharesEveryKey))
    assert told.returncode == 0, told.stdout
    assert verdicts(result) == {"idempotency:replay": Verdict.KNOWN_FAILING}
    (tmp_path / "known.txt").write_text(f"idempotency:replay#{'0' * 12}\n", "utf-8")
    told, result = judge(*select, "--known-failing", "known.txt", target=serve(SharesEveryKey))
    assert told.returncode == 1
    assert verdicts(result) == {"idempotency:replay": Verdict.VIOLATED}


def test_a_finding_is_replayed_by_its_identity(
    judge: Judge, command: Command, serve: Callable[..., Reference], tmp_path: Path
) -> None:
    """Against the same behaviour it still fails; against a server that keeps the clause it does not. A fragment is kept."""
    fragment = tmp_path / "my.yaml"
    fragment.write_text(yaml.safe_dump(load().document), "utf-8")
    _, result = judge("--clause", "idempotency:replay", "--contract", str(fragment), target=serve(SharesEveryKey))
    again = ("replay", str(tmp_path / "reports" / "result.json"), result.findings[0].id)
    for pipeline, status, outcome in ((SharesEveryKey, 1, "still fails"), (Pipeline, 0, "no longer fails")):
        target = serve(pipeline)
        told = command(*again, "--base-url", target.url, environment=target.environment)
        assert told.returncode == status, told.stdout + told.stderr
        assert told.stdout.splitlines()[-1] == f"{result.findings[0].id} {outcome}"


@pytest.mark.parametrize("arguments", [["report", "{}"], ["compare", "{}", "{}"], ["replay", "{}", "operation:create"]])
def test_a_result_of_an_older_version_is_refused(talk: Command, tmp_path: Path, arguments: list[str]) -> None:
    """One sentence says which version it is of, and what would do."""
    path = tmp_path / "old.json"
    path.write_text('{"schemaVersion": 1}', "utf-8")
    told = sentence(talk(*(argument.format(path) for argument in arguments)))
    assert "schemaVersion 1" in told
    assert "run again" in told


def test_a_stale_line_fails_the_run(judge: Judge, tmp_path: Path) -> None:
    """A clause that conforms again has to be taken off the list; the run says which."""
    (tmp_path / "known.txt").write_text("idempotency:replay\n", "utf-8")
    told, result = judge("--clause", "idempotency:replay", "--known-failing", "known.txt")
    assert told.returncode == 1
    assert verdicts(result) == {"idempotency:replay": Verdict.CONFORMS}
    assert any("idempotency:replay" in note for note in result.notes)


def test_a_line_about_no_clause_is_wrong_usage(command: Command, tmp_path: Path) -> None:
    """File and line are named."""
    (tmp_path / "known.txt").write_text("# ours\nidempotency:reply\n", "utf-8")
    assert "known.txt:2" in sentence(command("run", "--known-failing", "known.txt"))


def test_collecting_alone_creates_nothing(command: Command) -> None:
    """Whoever only wants to see the cases gets the list and no verdicts."""
    methods: list[str] = []
    with Reference(observer=lambda request, _: methods.append(request.method)) as target:
        arguments = ("--depth", "smoke", "--clause", "idempotency:replay", "--base-url", target.url)
        told = command("run", *arguments, "--", "--collect-only", environment=target.environment)
    assert told.returncode == 0, told.stdout
    assert "test_idempotency.py: 1" in told.stdout
    assert set(methods) == {"GET"}


@pytest.mark.parametrize("workers", [[], ["--workers", "2"]], ids=["alone", "two workers"])
def test_a_run_leaves_nothing_behind(command: Command, tmp_path: Path, workers: list[str]) -> None:
    """The temporary folders of the ledger and of workers are gone, and without a report folder no file is written."""
    (tmp_path / "temporary").mkdir()
    environment = {"TMPDIR": str(tmp_path / "temporary")}
    told = command("run", "--depth", "smoke", "--clause", "idempotency:replay", *workers, environment=environment)
    assert told.returncode == 0
    assert [path.name for path in tmp_path.rglob("*")] == ["temporary"]


def test_clauses_are_listed_by_section(talk: Command, contract: Contract) -> None:
    """Every title and every id, with level, basis and statement."""
    told = talk("clauses")
    lines = told.stdout.splitlines()
    assert (told.returncode, told.stderr) == (0, "")
    assert [line for line in lines if not line.startswith(" ")] == list(contract.sections.values())
    assert [line.split()[:3] for line in lines if line.startswith(" ")] == [
        [clause.id, clause.level, clause.basis] for clause in contract.clauses
    ]


def test_clauses_are_listed_as_json(talk: Command, contract: Contract) -> None:
    """One object for each, in the same order, with all that a program would ask for."""
    told = talk("clauses", "--format", "json")
    rows = json.loads(told.stdout)
    assert told.returncode == 0
    assert [row["id"] for row in rows] == [clause.id for clause in contract.clauses]
    assert set(rows[0]) >= {"id", "section", "level", "basis", "statement", "source", "needs", "place"}


def test_a_clause_is_explained(talk: Command, contract: Contract) -> None:
    """Statement, source, needs with their remedy, and how to judge it alone."""
    clause = next(clause for clause in contract.clauses if clause.needs)
    told = talk("explain", clause.id)
    assert told.returncode == 0
    for part in (clause.id, clause.statement, cite(clause), clause.needs[0].remedy, f"--clause '{clause.id}'"):
        assert part in told.stdout


@pytest.mark.parametrize("asked", ["replay", "idempotency:repaly", "idempotency:replays"])
def test_a_clause_that_there_is_not_brings_near_ones_to_mind(talk: Command, asked: str) -> None:
    """Part of an id, two letters that changed places, and one too many: all of them suggest the one that was meant."""
    assert "idempotency:replay" in sentence(talk("explain", asked)).replace(repr(asked), "")


def test_a_clause_that_is_like_none_leads_to_the_list(talk: Command) -> None:
    """Where nothing is near, the command that lists them is."""
    assert "lightfield-contract clauses" in sentence(talk("explain", "zzz"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], ["run", "serve", "clauses", "explain"]),
        (["run", "--help"], ["--base-url", "--depth", "LIGHTFIELD_API_KEY_NO_CREATE", "exit status", "5  nothing"]),
        (["serve", "--help"], ["--port"]),
        (["clauses", "--help"], ["--format"]),
        (["explain", "--help"], ["CLAUSE"]),
    ],
)
def test_help_tells_what_there_is(talk: Command, arguments: list[str], words: list[str]) -> None:
    """Options, variables and exit statuses."""
    told = talk(*arguments)
    assert told.returncode == 0
    assert [word for word in words if word not in told.stdout] == []


def test_the_options_of_pytest_are_in_a_group_of_their_own(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Whoever uses pytest finds them in its help."""
    told = run([sys.executable, "-m", "pytest", "--help"], tmp_path)
    group = told.stdout.partition("conformance of a create endpoint:")[2]
    assert told.returncode == 0
    assert [
        name for name in ("--lightfield-depth", "--lightfield-clause", "--lightfield-report-dir") if name not in group
    ] == []


def test_the_plugin_does_nothing_to_other_tests(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """A user's own tests run as before, without a word about a target."""
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    pass\n", "utf-8")
    told = run([sys.executable, "-m", "pytest", "-q", "-W", "error"], tmp_path)
    assert told.returncode == 0, told.stdout
    assert "lightfield" not in told.stdout
    assert load().name == "opportunities"
