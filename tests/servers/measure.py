"""Judges the servers of this folder with the suite as it is installed, and prints a Markdown table of what came of it.

PYTHONPATH=tests python -m servers.measure --depth smoke --depth standard
PYTHONPATH=tests python -m servers.measure unique+busy strict --depth deep
PYTHONPATH=tests python -m servers.measure --trouble 5 --seeds 3 plain
PYTHONPATH=tests python -m servers.measure --faults

With --check the exit status is 1 where a conforming server is blamed, a run crashes, or a fault is not found.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .fault import Faulty
from .faults import FAULTS
from .kinds import KINDS, mixtures
from .proxy import trouble
from .runs import Outcome, run_suite
from .service import Service
from .serving import serve

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each server, each depth and, with trouble, each seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", help="kinds of organization, joined by + where one is of several")
    parser.add_argument("--depth", action="append", help="smoke (default), standard or deep")
    parser.add_argument("--trouble", type=float, action="append", help="percent of the requests that the proxy disturbs")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds of the proxy, each before a server of its own")
    parser.add_argument("--runs", type=int, default=1, help="runs in a row against each living server")
    parser.add_argument("--prefix", default="", help="a path below which the server answers")
    parser.add_argument(
        "--faults", nargs="*", metavar="ID", help="judge these faults, or all, over the organization of each"
    )
    parser.add_argument("--mixtures", action="store_true", help="judge mixtures that hold every pair of kinds")
    parser.add_argument("--check", action="store_true", help="end with status 1 where the suite is wrong about a server")
    given = parser.parse_args(arguments)
    wrong: list[str] = []
    kinds = ["+".join(mixture) for mixture in mixtures()] if given.mixtures else given.kinds
    sys.stdout.write("| server | depth | exit | verified | violated | requests | seconds | last line |\n")
    sys.stdout.write("| --- | --- | ---: | ---: | --- | ---: | ---: | --- |\n")
    for name, over, service in _subjects(kinds, given.faults):
        for depth, percent, seed in itertools.product(given.depth or ["smoke"], given.trouble or [None], range(given.seeds)):
            label = f"{name}, {percent:g} % trouble, seed {seed}" if percent is not None else name
            for outcome in _judge(over, service, depth, given, percent, seed):
                sys.stdout.write(f"| {label} | {depth} | {_row(outcome)} |\n")
                sys.stdout.flush()
                wrong += [f"{label} at {depth}: {problem}" for problem in _problems(outcome, service)]
    sys.stdout.writelines(f"wrong: {problem}\n" for problem in wrong)
    return 1 if wrong and given.check else 0


def _problems(outcome: Outcome, service: type[Service]) -> Iterator[str]:
    """What the suite is wrong about."""
    violated = outcome.clauses("violated")
    if outcome.crashed or outcome.status in (3, -9):
        yield f"ended with status {outcome.status}"
    elif issubclass(service, Faulty):
        if not violated:
            yield "the fault is not found"
    elif violated:
        yield f"blamed for {', '.join(violated)}"


def _subjects(kinds: list[str], faults: list[str] | None) -> Iterator[tuple[str, tuple[str, ...], type[Service]]]:
    if faults is None:
        for kind in kinds or KINDS:
            yield kind, tuple(kind.split("+")), Service
        return
    for name in faults or FAULTS:
        for kind in kinds or [FAULTS[name].kind]:
            yield f"{name} over {kind}", tuple(kind.split("+")), FAULTS[name]


def _judge(
    kinds: tuple[str, ...],
    service: type[Service],
    depth: str,
    given: argparse.Namespace,
    percent: float | None,
    seed: int,
) -> Iterator[Outcome]:
    with contextlib.ExitStack() as running:
        server = running.enter_context(serve(*kinds, service=service, prefix=given.prefix))
        url = server.url
        if percent is not None:
            url = running.enter_context(trouble(url, rate=percent / 100, seed=seed)).url
        for _ in range(given.runs):
            with tempfile.TemporaryDirectory() as folder:
                yield run_suite(url, server.environment, Path(folder), depth=depth)


def _row(outcome: Outcome) -> str:
    total = sum(outcome.counts.values())
    unverified = outcome.counts.get("not verified", 0)
    violated = ", ".join(outcome.clauses("violated")) or "none"
    lines = [line for line in (outcome.stderr if outcome.crashed else outcome.stdout).splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if not line.startswith("report:")), "")
    verified = f"{total - unverified} of {total}"
    run = outcome.result["run"] if outcome.result else {}
    requests = run.get("writes", 0) + run.get("reads", 0)
    return (
        f"{outcome.status} | {verified} | {violated} | {requests} | {outcome.seconds:.0f} | {last[:120].replace('|', '/')}"
    )


if __name__ == "__main__":
    sys.exit(main())
