"""A command that crashes, hangs, prints rubbish or leaves things behind: one clear verdict, and nothing left running."""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lightfield_contract.conformance.client.command import Command, command_environment
from lightfield_contract.conformance.client.running import judge_client
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.reference import SampleKeys
from lightfield_contract.reports import Result, Verdict
from lightfield_contract.spec import UsageError

GOOD = """
import json, os, sys, urllib.request

def good(message):
    headers = {"Authorization": "Bearer " + os.environ["LIGHTFIELD_API_KEY"], "Lightfield-Version": "2026-03-01",
               "Content-Type": "application/json"}
    request = urllib.request.Request(message["baseUrl"].rstrip("/") + "/v1/opportunities",
                                     json.dumps(message["body"]).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=message["timeout"]) as answer:
            told = {"record": json.load(answer)}
    except Exception as error:
        told = {"error": {"status": getattr(error, "code", None)}}
    return json.dumps({"id": message["id"], "applied": ["timeout"], **told})

def messages():
    for line in sys.stdin:
        yield json.loads(line)
"""
SCENARIOS = ("plain", "two-different", "created", "refused-400")
PATIENCE = 3.0

Judging = Callable[[str], Result]


@pytest.fixture
def judge(tmp_path: Path) -> Judging:
    """Judges a command that is written in Python, with a few scenarios and little patience."""

    def start(program: str, variables: dict[str, str] | None = None) -> Result:
        path = tmp_path / "adapter.py"
        path.write_text(GOOD + textwrap.dedent(program))
        environment = {**command_environment(SampleKeys().full, ""), "FOLDER": str(tmp_path), **(variables or {})}
        words = [sys.executable, str(path)]
        settings = Settings(timeout=PATIENCE)
        return judge_client(lambda once: Command(words, environment, once), "adapter", settings, names=SCENARIOS, workers=2)

    return start


def broken(result: Result) -> dict[str, str]:
    """What was observed of the clauses about the command that are broken."""
    return {
        clause.id: result.findings_of(clause)[0].observed
        for clause in result.clauses
        if clause.verdict is Verdict.VIOLATED and clause.id.startswith("command:")
    }


def test_a_command_that_stays_is_good(judge: Judging) -> None:
    """One process answers one message after the other."""
    result = judge("for message in messages(): print(good(message), flush=True)")
    assert broken(result) == {}
    assert {clause.id for clause in result.clauses if clause.verdict is Verdict.CONFORMS} >= {
        "command:answers",
        "command:once",
        "command:ends",
        "answers:created",
    }


def test_a_command_that_ends_after_each_answer_is_good(judge: Judging) -> None:
    """It is found out that it runs once per operation."""
    result = judge("print(good(next(messages())))")
    assert broken(result) == {}
    assert next(clause for clause in result.clauses if clause.id == "answers:status-201").verdict is Verdict.CONFORMS


def test_a_command_that_ends_late_after_each_answer_is_good(judge: Judging) -> None:
    """One that takes long to end after its first answer is taken for one that stays, until it is seen to end."""
    result = judge("import time; print(good(next(messages())), flush=True); sys.stdout.close(); time.sleep(1.5)")
    assert broken(result) == {}


@pytest.mark.parametrize(
    ("program", "observed"),
    [
        ("sys.exit(3)", "the command ended with status 3 before it answered"),
        ("raise RuntimeError('no')", "ended with status 1 before it answered; it printed: RuntimeError: no"),
        ("os.kill(os.getpid(), 9)", "the command was ended by signal 9 before it answered"),
        ("import time; time.sleep(60)", "the command did not answer in time"),
        ("print('ready!', flush=True); list(messages())", "the command printed a line that is no JSON text: 'ready!'"),
        ("print('[]', flush=True); list(messages())", "the command printed a message that is not of the documented form"),
        ("print('x' * 3_000_000, end='', flush=True); list(messages())", "the command printed more than 1,048,576 bytes"),
        ("print(json.dumps({'id': 'other', 'record': {}}), flush=True); list(messages())", "an answer to 'other'"),
        ("sys.stdout.close(); list(messages())", "the command did not answer in time"),
    ],
    ids=["exits", "raises", "killed", "hangs", "rubbish", "no-message", "megabytes", "other-id", "closes"],
)
def test_no_answer_is_one_verdict(judge: Judging, program: str, observed: str) -> None:
    """One clause is broken, says what happened, and nothing else is blamed or judged."""
    result = judge(program)
    assert list(broken(result)) == ["command:answers"]
    assert observed in broken(result)["command:answers"]
    others = [clause for clause in result.clauses if clause.id != "command:answers"]
    assert {clause.verdict for clause in others} == {Verdict.NOT_VERIFIED}
    assert result.run.exit_status == 1


def test_megabytes_on_standard_error_do_no_harm(judge: Judging) -> None:
    """Logs are read, and not kept for ever."""
    program = "for message in messages(): sys.stderr.write('log ' * 1_000_000); print(good(message), flush=True)"
    assert broken(judge(program)) == {}


def test_an_answer_given_twice_is_told(judge: Judging) -> None:
    """A second answer to one message breaks the clause about it, and spoils no other operation."""
    result = judge("for message in messages(): print(good(message)); print(good(message), flush=True)")
    assert list(broken(result)) == ["command:once"]


@pytest.mark.parametrize(
    "detached",
    ["start_new_session=False", "start_new_session=True"],
    ids=["in-its-group", "in-a-group-of-its-own"],
)
def test_children_left_behind_are_told_and_killed(judge: Judging, tmp_path: Path, detached: str) -> None:
    """A process that the command started and left does not outlive the run."""
    result = judge(f"""
        import subprocess
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, {detached})
        with open(os.path.join(os.environ["FOLDER"], "children"), "a") as file:
            file.write(f"{{child.pid}}\\n")
        for message in messages():
            print(good(message), flush=True)
    """)
    assert list(broken(result)) == ["command:ends"]
    assert "left 1 process running" in broken(result)["command:ends"]
    assert not [number for number in (tmp_path / "children").read_text().split() if is_running(int(number))]


def test_a_command_that_does_not_end_is_told_and_killed(judge: Judging) -> None:
    """The end of its input is the end of the command."""
    result = judge("""
        import time
        for message in messages():
            print(good(message), flush=True)
        time.sleep(600)
    """)
    assert broken(result) == {"command:ends": "the command did not end when its standard input did"}


def test_a_command_gets_no_keys_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment's Lightfield variables it gets the reference's URL and key alone."""
    monkeypatch.setenv("LIGHTFIELD_API_KEY", "sk_lf_the_users_own")
    monkeypatch.setenv("LIGHTFIELD_API_KEY_READ", "sk_lf_the_users_own_too")
    found = command_environment("sk_lf_reference", "http://127.0.0.1:1")
    named = {name: value for name, value in found.items() if name.startswith("LIGHTFIELD")}
    assert named == {"LIGHTFIELD_BASE_URL": "http://127.0.0.1:1", "LIGHTFIELD_API_KEY": "sk_lf_reference"}


def test_a_command_that_cannot_be_started_is_wrong_usage() -> None:
    """That is a mistake of the user's, and says which word was wrong."""
    with pytest.raises(UsageError, match="no-such-command"):
        judge_client(lambda once: Command(["no-such-command"], {}, once), "x", Settings())


def is_running(number: int) -> bool:
    """Whether a process is there and no zombie; one that was killed gets a moment to go."""
    for _ in range(50):
        try:
            os.kill(number, 0)
            if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except OSError:
            return False
        time.sleep(0.02)
    return True
