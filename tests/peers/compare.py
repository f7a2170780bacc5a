"""Runs schemathesis and our suite over the same faults and the same conforming servers, and prints them side by side."""

from __future__ import annotations

import argparse
import dataclasses
import functools
import importlib.metadata
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from judged import Kind, Subject, choose
from rows import ROWS, Run, judge, warm_up
from table import Judged, judge_runs, remarks, render

from lightfield_contract.conformance.pool import PROCESSORS, spread
from lightfield_contract.spec import UsageError

__all__ = ["main"]

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit status."""
    options = _parser().parse_args(arguments)
    names = tuple(options.settings or ROWS)
    try:
        subjects = choose(options.faults, every=options.every, conforming=options.conforming)
    except UsageError as error:
        sys.stderr.write(f"compare.py: {error}\n")
        return 2
    plain = Subject(Kind.PLAIN, "")
    jobs = [(name, subject, options.seed) for name in names for subject in (plain, *subjects)]
    try:
        runs = list(_run(jobs, names, options.workers or PROCESSORS))
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        return _INTERRUPTED
    judged = judge_runs(runs)
    sys.stdout.write(render([row for name, row in ROWS.items() if name in names], judged) + "\n")
    sys.stdout.write(f"\n{_about(options.seed)}\n{remarks(runs)}\n")
    if options.json:
        options.json.write_text(json.dumps(_as_json(options.seed, judged), indent=1) + "\n", "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare.py", description=__doc__)
    parser.add_argument("--faults", "--only", nargs="+", action="extend", default=[], metavar="ID", help="only these")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth of the faults (default: 1)")
    parser.add_argument("--conforming", type=int, metavar="N", help="that many of the conforming servers; all when left out")
    parser.add_argument("--settings", action="append", choices=list(ROWS), help="only this row; may be repeated")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes; one for each core when left out")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of every tool (default: 0)")
    parser.add_argument("--json", type=lambda text: Path(text).resolve(), metavar="FILE", help="writes every single result")
    return parser


def _run(jobs: Sequence[tuple[str, Subject, int]], names: tuple[str, ...], workers: int) -> Iterator[Run]:
    for count, (_, run) in enumerate(spread(judge, jobs, workers, functools.partial(_settle_in, names)), 1):
        _tell(count, len(jobs), run)
        yield run


def _settle_in(names: tuple[str, ...]) -> None:
    # Schemathesis looks for files of its user's in the working directory.
    os.chdir(tempfile.gettempdir())
    warm_up(names)


def _tell(count: int, total: int, run: Run) -> None:
    if sys.stderr.isatty():
        end = "\n" if count == total else ""
        sys.stderr.write(f"\r\x1b[K{count} of {total}: {run.row} {run.subject.id or run.subject.kind}"[:120] + end)
        sys.stderr.flush()


def _about(seed: int) -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("schemathesis", "lightfield-contract"))
    return f"{versions}; seed {seed}; {PROCESSORS} cores"


def _as_json(seed: int, judged: Sequence[Judged]) -> dict[str, Any]:
    runs = [{**dataclasses.asdict(each.run), "found": each.found, "right": each.right} for each in judged]
    return {"about": _about(seed), "titles": {name: row.title for name, row in ROWS.items()}, "runs": runs}


if __name__ == "__main__":
    sys.exit(main())
