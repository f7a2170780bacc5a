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
from .organization import KINDS
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
    parser.add_argument("--seeds", type=int, default=1, help="runs with trouble, a seed each")
    parser.add_argument("--faults", nargs="*", metavar="ID", help="judge these faults, or all, over the organization of each")
    given = parser.parse_args(arguments)
    depths = given.depth or ["smoke"]
    sys.stdout.write("| server | depth | exit | verified | violated | seconds | last line |\n| --- | --- | ---: | ---: | --- | ---: | --- |\n")
    for name, kinds, service in _subjects(given.kinds, given.faults):
        for depth in depths:
            for seed in range(given.seeds):
                outcome = _judge(kinds, service, depth, given.trouble, seed)
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


def _judge(kinds: tuple[str, ...], service: type[Service], depth: str, percent: float | None, seed: int) -> Outcome:
    with contextlib.ExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory())
        server = running.enter_context(serve(*kinds, service=service))
        url = server.url
        if percent is not None:
            url = running.enter_context(trouble(url, rate=percent / 100, seed=seed)).url
        return run_suite(url, server.environment, Path(folder), depth=depth)


def _row(outcome: Outcome) -> str:
    total = sum(outcome.counts.values())
    unverified = outcome.counts.get("not verified", 0)
    violated = ", ".join(outcome.clauses("violated")) or "none"
    lines = [line for line in (outcome.stderr if outcome.crashed else outcome.stdout).splitlines() if line.strip()]
    last = next((line for line in reversed(lines) if not line.startswith("report:")), "")
    return f"{outcome.status} | {total - unverified} of {total} | {violated} | {outcome.seconds:.0f} | {last[:120].replace('|', '/')}"


if __name__ == "__main__":
    sys.exit(main())
