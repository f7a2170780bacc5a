"""Judges the servers of this folder with the suite as it is installed, and prints a Markdown table of what came of it.

PYTHONPATH=tests python -m servers.measure --depth smoke --depth standard
PYTHONPATH=tests python -m servers.measure unique+busy strict --depth deep
PYTHONPATH=tests python -m servers.measure --trouble 5 --seeds 3 plain
PYTHONPATH=tests python -m servers.measure --faults
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

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
    parser.add_argument("--trouble", type=float, help="percent of the requests that the proxy disturbs")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds of the proxy, each before a server of its own")
    parser.add_argument("--runs", type=int, default=1, help="runs in a row against each living server")
    parser.add_argument("--prefix", default="", help="a path below which the server answers")
    parser.add_argument(
        "--faults", nargs="*", metavar="ID", help="judge these faults, or all, over the organization of each"
    )
    parser.add_argument("--mixtures", action="store_true", help="judge mixtures that hold every pair of kinds")
    given = parser.parse_args(arguments)
    kinds = ["+".join(mixture) for mixture in mixtures()] if given.mixtures else given.kinds
    sys.stdout.write("| server | depth | exit | verified | violated | requests | seconds | last line |\n")
    sys.stdout.write("| --- | --- | ---: | ---: | --- | ---: | ---: | --- |\n")
    for name, over, service in _subjects(kinds, given.faults):
        for depth in given.depth or ["smoke"]:
            for seed in range(given.seeds):
                for outcome in _judge(over, service, depth, given, seed):
                    sys.stdout.write(f"| {name} | {depth} | {_row(outcome)} |\n")
                    sys.stdout.flush()
    return 0


def _subjects(kinds: list[str], faults: list[str] | None) -> Iterator[tuple[str, tuple[str, ...], type[Service]]]:
    if faults is None:
        for kind in kinds or KINDS:
            yield kind, tuple(kind.split("+")), Service
        return
    for name in faults or FAULTS:
        for kind in kinds or [FAULTS[name].kind]:
            yield f"{name} over {kind}", tuple(kind.split("+")), FAULTS[name]


def _judge(
    kinds: tuple[str, ...], service: type[Service], depth: str, given: argparse.Namespace, seed: int
) -> Iterator[Outcome]:
    with contextlib.ExitStack() as running:
        server = running.enter_context(serve(*kinds, service=service, prefix=given.prefix))
        url = server.url
        if given.trouble is not None:
            url = running.enter_context(trouble(url, rate=given.trouble / 100, seed=seed)).url
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
