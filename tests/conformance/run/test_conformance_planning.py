"""A plan comes of the code that sends, and writes nothing."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from servers.runs import run_suite
from servers.serving import serve

Command = Callable[..., subprocess.CompletedProcess[str]]
NARROW = ("--depth", "smoke", "--clause", "required:", "--clause", "custom:", "--clause", "success:once")


def test_what_is_planned_is_what_is_sent(command: Command, tmp_path: Path) -> None:
    """For a server whose organization has no rules of its own, request for request but for what the end of a run adds."""
    with serve("plain") as server:
        planned = command("run", "--plan", "--base-url", server.url, *NARROW, environment=server.environment)
        assert (planned.returncode, len(server.store.created)) == (0, 0), planned.stdout + planned.stderr
        outcome = run_suite(server.url, server.environment, tmp_path, *NARROW[2:])
    assert outcome.result is not None
    numbers = re.search(r"(\d+) creates, (\d+) reads", planned.stdout)
    assert numbers is not None
    assert abs(int(numbers[1]) - outcome.result["run"]["writes"]) <= 2
    for clause in outcome.result["clauses"]:
        assert clause["id"] in planned.stdout
    unverified = [clause["id"] for clause in outcome.result["clauses"] if clause["verdict"] == "not verified"]
    below = planned.stdout.partition("would not be verified")[2]
    assert all(f"{clause}: " in below for clause in unverified)


def test_a_target_that_cannot_be_judged_has_no_plan(command: Command) -> None:
    with serve("plain") as server:
        environment = {**server.environment, "LIGHTFIELD_API_KEY": "sk_lf_of_nobody_at_all"}
        ended = command("run", "--plan", "--base-url", server.url, environment=environment)
    assert (ended.returncode, "refused the key" in ended.stderr) == (4, True)
