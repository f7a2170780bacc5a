"""Pastes the curl lines of a finding into a shell, and says whether the answers show it again.

Whether they do is for the finding's own program in Python to say, which is loaded and not run.
"""

from __future__ import annotations

import datetime
import itertools
import re
import subprocess
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import httpx

from lightfield_contract.reports import Finding, Result, render_summary
from lightfield_contract.reports.finding import Transcript
from lightfield_contract.reports.formats.reproduce import render_python
from lightfield_contract.reports.reproduction import unreproducible
from lightfield_contract.reports.reproduction_requests import ROUNDS
from lightfield_contract.spec import profile

__all__ = ["say_of_all_lines", "say_of_terminal"]

WIDTH = 120
PATIENCE = 60
BY_HAND = 0.5
"""Seconds between two lines where a record has to change meanwhile; whoever pastes takes longer."""
_NEXT = re.compile(rb"(?<=[^\n])(?=HTTP/[0-9.]+ [0-9]{3} )")
"""Where the answer to another command of one shell begins: after a body without a line feed at its end."""
_HEAD = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})[^\r\n]*\r\n")


def say_of_all_lines(result: Result, finding: Finding, variables: Mapping[str, str]) -> str:
    """Paste the lines of all requests in order, those of one moment together; "" where they show the finding.

    They are pasted several times where they do not: some faults strike at times only.
    """
    groups = itertools.groupby(finding.exchanges, key=lambda each: each.overlapping)
    moments = [[each.request.curl for each in group] for _, group in groups]
    return _pasted_until_shown(result, finding, variables, moments)


def say_of_terminal(result: Result, finding: Finding, variables: Mapping[str, str]) -> str:
    """Paste what the terminal shows of a finding, the answers before it being those of the run; "" where that shows it.

    Nothing is compared with an answer of which the report has but a part.
    """
    shown = commands_shown(result, finding)
    if any(each.response and each.response.length > len(each.response.body.encode()) for each in finding.exchanges[:-1]):
        return ""
    return _pasted_until_shown(result, finding, variables, [[each] for each in shown]) if shown else ""


def _pasted_until_shown(
    result: Result, finding: Finding, variables: Mapping[str, str], moments: Sequence[Sequence[str]]
) -> str:
    said = ""
    # No shell starts all of them at one moment, so that a race is lost more often than by a program.
    rounds = 4 * ROUNDS if finding.exchanges[-1].overlapping else ROUNDS
    pasted: list[httpx.Response | None] = []
    for number in range(rounds):
        started = time.time()
        try:
            before = _total(result, finding, variables)
            answers: list[httpx.Response | None] = []
            for lines in moments:
                if finding.exchanges[-1].overlapping:
                    answers += paste(lines, variables, number)
                else:
                    answers += [each for line in lines for each in _paste_by_hand(line, finding, variables)]
        except Exception as problem:  # such as the "no verdict" of the program itself
            return f"{type(problem).__name__}: {problem}"[:300]
        # Those of earlier rounds count too, but for repeats, which get an earlier answer by right.
        pasted += [] if any(each.request.key for each in finding.exchanges) else answers
        earlier = finding.exchanges[: max(0, len(finding.exchanges) - len(answers))]
        answers = [*map(_recorded, earlier), *answers]
        if len(answers) == len(finding.exchanges):  # nobody reads an answer that the run did not wait for
            answers = [
                None if "closed on purpose" in exchange.failure else answer
                for exchange, answer in zip(finding.exchanges, answers, strict=True)
            ]
        said = _verdict(result, finding, answers, variables, before, started, pasted)
        if not said:
            return ""
    return said


def _paste_by_hand(line: str, finding: Finding, variables: Mapping[str, str]) -> list[httpx.Response | None]:
    """Paste a line, and wait where the next answer has to be another one than this."""
    answers = paste([line], variables)
    time.sleep(BY_HAND if finding.symptom.startswith("the same record") else 0)
    return answers


def commands_shown(result: Result, finding: Finding) -> list[str]:
    """Return the commands that the terminal shows of a finding, as they stand there."""
    lines = render_summary(result, WIDTH, color=False).split("\n")
    title = re.escape(finding.cause[:60]) if len(result.findings) > 1 else "evidence"
    heads = [number for number, line in enumerate(lines) if re.match(rf"[0-9]+\. {title}", line)]
    commands: list[str] = []
    for line in lines[heads[-1] + 1 :] if heads else ():
        if not line.strip():
            break
        label, rest = line[:12].strip(), line[12:]
        if (label == "sent" and re.match("curl|printf", rest)) or (
            not label and commands and commands[-1].endswith(("\\", "|"))
        ):
            commands[-1:] = [f"{commands[-1]}\n{rest}"] if not label else [*commands[-1:], rest]
    return commands


def paste(lines: Sequence[str], variables: Mapping[str, str], first: int = 0) -> list[httpx.Response | None]:
    """Run commands at the same moment, each in a shell of its own.

    Args:
        first: which of them is started first; no shell starts all of them at once.

    Raises:
        ValueError: one does not run.
        subprocess.SubprocessError: one does not end.
    """
    order = [(first + number) % len(lines) for number in range(len(lines))]
    running = {number: _waiting(lines[number], variables) for number in order}
    for process in running.values():
        if process.stdin:
            process.stdin.write(b"\n")
            process.stdin.flush()
    found = [(*process.communicate(timeout=PATIENCE), process.returncode) for _, process in sorted(running.items())]
    return [_answer(part, problem, status) for out, problem, status in found for part in re.split(_NEXT, out)]


def _waiting(line: str, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A shell that runs a command as soon as it gets a line."""
    pipe = subprocess.PIPE
    # No argument of a process may be as long as the longest of commands.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", errors="surrogatepass", delete=False) as script:
        script.write(f"rm {script.name}\nread -r go\n{line}\n")
    return subprocess.Popen(["sh", script.name], env=dict(variables), stdin=pipe, stdout=pipe, stderr=pipe)


def _answer(out: bytes, problem: bytes, status: int) -> httpx.Response | None:
    """What curl printed, as an answer; None where none came."""
    if status in (52, 56, 18):
        return None
    if status:
        raise ValueError(f"curl ends with {status}: {problem.decode('utf-8', 'replace').strip()}")
    while (found := _HEAD.match(out)) and found[1].startswith(b"1"):
        out = out.partition(b"\r\n\r\n")[2]
    if not found:
        raise ValueError(f"no answer: {out[:200]!r}")
    head, _, body = out.partition(b"\r\n\r\n")
    headers = [tuple(part.strip() for part in line.split(b":", 1)) for line in head.split(b"\r\n")[1:] if b":" in line]
    kept = [(name, value) for name, value in headers if name.lower() not in (b"content-encoding", b"transfer-encoding")]
    return httpx.Response(int(found[1]), headers=kept, content=body)


def _recorded(exchange: Transcript) -> httpx.Response | None:
    if exchange.response is None:
        return None
    return httpx.Response(exchange.response.status, content=exchange.response.body.encode("utf-8", "surrogatepass"))


def _total(result: Result, finding: Finding, variables: Mapping[str, str]) -> int:
    """How many records there are, for a finding that is about that; else 0."""
    program = _program(result, finding, variables)
    if not program or program["SHOWN"]["by"] != "records":
        return 0
    with httpx.Client() as client:
        return int(program["total"](client))


def _program(result: Result, finding: Finding, variables: Mapping[str, str]) -> dict[str, Any]:
    """The names of the finding's program; none where it has none."""
    if unreproducible(finding):
        return {}
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(render_python(result, finding), finding.id, "exec"), names)  # noqa: S102 - our own text
    names["BASE"] = result.run.target
    names["os"] = _Environment(variables)
    return names


class _Environment:
    """What a program sees of `os`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.environ = dict(variables)


def _verdict(
    result: Result,
    finding: Finding,
    answers: Sequence[httpx.Response | None],
    variables: Mapping[str, str],
    before: int,
    started: float,
    pasted: Sequence[httpx.Response | None],
) -> str:
    """Say what is wrong with the answers, of which the last ones were pasted; "" where they show the finding.

    Args:
        before: how many records there were. started: when the last ones were sent, in Unix seconds.
        pasted: the answers of all rounds so far.
    """
    program = _program(result, finding, variables)
    if not program or len(answers) != len(finding.exchanges):
        return _same_statuses(finding, answers)
    this = program["Round"]()
    this.marker = program["MARKER"]
    for request, answer in zip(program["REQUESTS"][-len(answers) :], answers, strict=True):
        new = program["record_id"](answer)
        if request["record"] and new:
            this.carried[request["record"]] = new
    by, ids = program["SHOWN"]["by"], [program["record_id"](each) for each in answers]
    # A repeat may name a record that was there before.
    named = {each for each, answer in zip(ids, answers, strict=True) if not _is_older(program["json_of"](answer), started)}
    if by == "one ID":
        ids, earlier = program["own"](ids), [each["record"] for each in program["own"](program["REQUESTS"])]
        several = [program["record_id"](each) for each in pasted] or ids
        shown = len(set(several)) < len(several) or ids[-1] in earlier or ids[-1] in finding.observed
    elif by == "records":
        shown = _more(program, before, named - {""})
    else:
        shown = program["shows"](answers, this)
    statuses = ", ".join(str(each.status_code) if each is not None else "none" for each in answers)
    return "" if shown else f"not shown by {by}: {statuses}"


def _is_older(record: object, started: float) -> bool:
    """Whether a record says that it was made before a moment."""
    try:
        return datetime.datetime.fromisoformat(profile.creation_time(record)).timestamp() < started - 1
    except ValueError:
        return False


def _more(program: dict[str, Any], before: int, named: Collection[str]) -> bool:
    """Whether there are more records than before, and than the answers named of those that can be read."""
    with httpx.Client() as client:
        for _ in range(6):
            there = [each for each in named if program["read"](client, f"/{each}").status_code != 404]
            kept = len(there) if program["can_read_one"](client) else len(named)
            if program["total"](client) > before + kept:
                return True
            time.sleep(0.5)
    return False


def _same_statuses(finding: Finding, answers: Sequence[httpx.Response | None]) -> str:
    """Compare statuses alone, where no program says what else counts."""
    seen = [
        each.response.status if each.response else 0 for each in finding.exchanges[len(finding.exchanges) - len(answers) :]
    ]
    found = [each.status_code if each is not None else 0 for each in answers]
    return "" if seen == found else f"statuses {found}, the run saw {seen}"
