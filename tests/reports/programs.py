"""Runs the programs and curl lines of each fault's findings: `python tests/reports/programs.py --into FILE --part 1/4`.

For each fault the suite judges a server in this process, which then listens, as it was left, on a socket: the curl lines of
the reports are pasted there. The programs run against a new server with that fault, and against one that keeps the contract,
where they have to say that the fault does not show. FILE gets a line of JSON for each fault; those in it already are not
judged again. What is wrong is printed, a line each, and what `measure.py` says of the same runs; the status is 1 where
anything is.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import Told, averages, broken_limits, say, tell
from pasted_lines import say_of_all_lines, say_of_terminal

from lightfield_contract.conformance.harness.run.starting import LOW_RATE
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.conformance.pool import spread
from lightfield_contract.reference import Configuration, Reference
from lightfield_contract.reference.faults import FaultInfo, fault, faults
from lightfield_contract.reports import Result, parse_result, render_json, write_reports
from lightfield_contract.reports.encoding import decode, encode
from lightfield_contract.spec import load

IN_PROCESS = "http://in-process.invalid"
PATIENCE = 120
"""Seconds that one program may take."""
WORDS = {0: "does not show", 1: "shows", 2: "no verdict"}
BY_CHOICE = ("empty-keys-are-one",)
"""Faults of servers that take an empty key, which the reference refuses by choice: there is no verdict there."""


@dataclasses.dataclass(frozen=True)
class Check:
    """What one program, or the curl lines of one finding, said.

    Attributes:
        kind: `py`, `sh`, `lines` (of all requests of a finding) or `terminal`.
        cause: the finding's sentence.
        wrong: what it should not have said; "" where all is right.
    """

    kind: str
    cause: str
    wrong: str
    seconds: float


@dataclasses.dataclass(frozen=True)
class Judged:
    """What was seen of one fault.

    Attributes:
        without: the findings that have no program, with the reason.
        told: what the reports tell; None where there are none.
    """

    fault: str
    checks: tuple[Check, ...]
    without: tuple[str, ...]
    told: Told | None = None


def main(arguments: list[str]) -> int:
    """Judge the faults that are not judged yet, and print what is wrong of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, help="the file of results")
    parser.add_argument("--part", default="1/1", help="K/N: the K-th of N slices")
    parser.add_argument("--only", action="append", help="a fault, repeatable")
    parser.add_argument("--depth", default="standard")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    known = list(read(options.into)) if options.into and options.into.exists() else []
    part, parts = map(int, options.part.split("/"))
    chosen = options.only or [info.id for info in faults()][part - 1 :: parts]
    jobs = [(each, options.depth) for each in chosen if each not in {judged.fault for judged in known}]
    for _, judged in spread(judge_programs, jobs, options.processes):
        known.append(judged)
        say(*wrong_lines(judged))
        if options.into:
            with options.into.open("a", encoding="utf-8") as file:
                file.write(json.dumps(encode(judged)) + "\n")
    told = {judged.fault: judged.told for judged in known if judged.told}
    say(*counts(known), *averages(told.values()), *broken_limits(told))
    wrong = any(check.wrong for judged in known for check in judged.checks)
    return int(wrong or any(broken_limits(told)))


def judge_programs(name: str, depth: str = "standard", clause: str = "") -> Judged:
    """Judge a fault, and run all that the reports give to see its findings again.

    Args:
        clause: judges this one alone; all when empty.
    """
    info = fault(name)
    server = Reference(load(), served(info), info.pipeline)
    arguments = [f"--lightfield-depth={depth}"]
    arguments += [f"--lightfield-clause={clause}"] if clause else []
    arguments += ["--lightfield-exceed-limits"] if info.limited else []
    result, printed = judge_server(server, arguments, socket=False)
    if result is None:
        return Judged(name, (Check("run", "", printed[-300:], 0.0),), ())
    with server, tempfile.TemporaryDirectory() as folder:
        checks = [*check_lines(render_json(result), server, info), *check_programs(result, info, Path(folder))]
        index = (Path(folder) / "reproduce" / "index.txt").read_text("utf-8").splitlines()
    without = tuple(line.strip() for line in index if line.startswith("   no file: "))
    return Judged(name, tuple(checks), without, tell(result))


def check_lines(text: str, living: Reference, info: FaultInfo) -> Iterator[Check]:
    """Paste the curl lines of each finding: all of them in order, and what the terminal shows.

    What was judged knows the records that they name, but has seen their Idempotency-Keys; a new server has done neither.
    They show nothing where the run closed a connection before the answer, for which curl waits, or went over a rate limit,
    which one request after the other does not reach.
    """
    for kind, look in (("lines", say_of_all_lines), ("terminal", say_of_terminal)):
        with Reference(load(), served(info), info.pipeline) as new:
            tried = [
                (parse_result(text.replace(IN_PROCESS, each.url), info.id), variables_for(each)) for each in (living, new)
            ]
            for number, finding in enumerate(tried[0][0].findings):
                if info.limited or any("closed on purpose" in each.failure for each in finding.own_exchanges):
                    continue
                start = time.perf_counter()
                said: list[str] = []
                for result, variables in tried:
                    said.append(look(result, result.findings[number], variables))
                    if not said[-1]:
                        break
                yield Check(kind, finding.cause, "; ".join(said) if all(said) else "", time.perf_counter() - start)


def check_programs(result: Result, info: FaultInfo, folder: Path) -> Iterator[Check]:
    """Run each program against a new server with the fault, and against one without."""
    write_reports(result, ("reproduce",), folder)
    keys = [value for name, value in Reference().environment.items() if name.startswith("LIGHTFIELD_API_KEY")]
    with Reference(load(), served(info), info.pipeline) as faulty, Reference(load(), served(info)) as plain:
        for file in sorted((folder / "reproduce").glob("[0-9]*")):
            start = time.perf_counter()
            cause = result.findings[int(file.name[:3]) - 1].cause
            wrong = [*run(file, faulty, 1), *run(file, plain, 2 if info.id in BY_CHOICE else 0)]
            wrong += ["holds a key"] if any(key in file.read_text("utf-8") for key in keys) else []
            yield Check(file.suffix[1:], cause, "; ".join(wrong), time.perf_counter() - start)


def run(file: Path, server: Reference, due: int) -> Iterator[str]:
    """Run a program; say what is wrong, where it does not end with the status that is due."""
    command = [sys.executable if file.suffix == ".py" else "sh", str(file)]
    where = "with the fault" if due == 1 else "without"
    try:
        done = subprocess.run(
            command, env=variables_for(server), capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        yield f"{where}: takes over {PATIENCE} s"
        return
    if done.returncode != due:
        last = [line for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()][-3:]
        yield f"{where}: {WORDS.get(done.returncode, done.returncode)} ({' | '.join(last)})"


def variables_for(server: Reference) -> dict[str, str]:
    """Return what a user has set who judges the server."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("LIGHTFIELD_")}
    return {**others, **server.environment, "LIGHTFIELD_BASE_URL": server.url}


def served(info: FaultInfo) -> Configuration | None:
    """Return how a fault is served: one that shows only over the rate limit needs one that can be reached."""
    return Configuration(rate=LOW_RATE) if info.limited else None


def read(file: Path) -> Iterator[Judged]:
    """Yield what was judged before."""
    for line in file.read_text("utf-8").splitlines():
        yield decode(Judged, json.loads(line))


def wrong_lines(judged: Judged) -> Iterator[str]:
    """Yield a line for each program that is wrong."""
    yield from (f"{judged.fault} {each.kind}: {each.wrong} [{each.cause}]" for each in judged.checks if each.wrong)


def counts(known: Sequence[Judged]) -> Iterator[str]:
    """Yield what is wrong of all, and how much is right."""
    for judged in known:
        yield from wrong_lines(judged)
        yield from (f"{judged.fault} has {reason}" for reason in judged.without)
    for kind in ("run", "py", "sh", "lines", "terminal"):
        found = [each for judged in known for each in judged.checks if each.kind == kind]
        yield f"{kind}: {sum(not each.wrong for each in found)} right, {sum(bool(each.wrong) for each in found)} wrong"
    yield f"{len(known)} faults, {sum(bool(judged.without) for judged in known)} with a finding without a program"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
