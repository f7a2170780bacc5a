"""The command line of `client`: its options, and what it does."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ...reference import SampleKeys
from ...reports import FORMS, Finding, Result, render_summary, write_reports
from ...spec import UsageError
from ..harness.run.settings import BASES, Settings
from .command import Command, command_environment
from .running import judge_client

__all__ = ["add_client", "replay_client"]

_MESSAGES = """\
The command reads one JSON message a line from standard input, creates the record with the client under test, and
prints one JSON answer a line to standard output; it may stay for the next message, or end. It is given
LIGHTFIELD_API_KEY, a key of the embedded reference. docs/clients.md describes the messages, with examples.
"""


def add_client(found: Any, statuses: str, forms: str) -> None:
    """Adds the command to the command line.

    Args:
        found: the subparsers.
        statuses: what the exit statuses mean. forms: the default report forms.
    """
    parser: argparse.ArgumentParser = found.add_parser(
        "client",
        help="judge a client",
        usage="lightfield-contract client [OPTIONS] -- COMMAND…",
        description="Judges a client, in any language, by what it sends and by what it makes of answers.",
        epilog=f"{_MESSAGES}\n{statuses}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--clause", action="append", default=[], metavar="ID", help="only this, or all whose ids start so; repeatable")
    add("--basis", default="all", choices=list(BASES), help="weakest source that a clause may rest on (default: all)")
    add("--seed", type=int, default=0, metavar="N", help="seed of everything that is drawn (default: 0)")
    add("--timeout", type=_seconds, default=15.0, metavar="S", help="seconds that one operation may take (default: 15)")
    add(
        "--known-failing",
        type=Path,
        metavar="FILE",
        help="clauses that the client is known to break: an id a line, a reason after #",
    )
    add("--strict", action="store_true", help="advice and clauses that are not verified fail the run")
    add("--side-by-side", type=_count, default=8, metavar="N", help="how many commands to run at the same time (default: 8)")
    add("--report-dir", type=Path, metavar="DIR", help="where reports are written (default: none are)")
    add("--report", type=_forms, default=forms, metavar="FORMS", help=f"which of {', '.join(FORMS)} (default: {forms})")
    add("--contract", default="opportunities", metavar="NAME", help="fragment: a name, or the path of a .yaml file")
    add("words", nargs="*", metavar="-- COMMAND", help=argparse.SUPPRESS)
    parser.set_defaults(command=_client)


def replay_client(result: Result, finding: Finding, words: Sequence[str]) -> int:
    """Plays the scenario of a finding again; 1 when it still breaks the clause.

    Raises:
        UsageError: no command is given: one that stands in a file is not run without a word.
    """
    if not words:
        told = f"give the command again: lightfield-contract replay RESULT.json {finding.id} -- {result.run.target}"
        raise UsageError(f"{finding.id} is about a client, and a command is not taken from a file; {told}")
    settings = Settings(contract=result.run.contract, clauses=(finding.clause,), seed=result.run.seed, timeout=15.0)
    again = judge_client(_maker(words), shlex.join(words), settings, names=[finding.case.rpartition("::")[2]])
    return again.run.exit_status


def _client(options: argparse.Namespace) -> int:
    if not options.words:
        raise UsageError("client: give the command that drives the client after --, such as -- python adapter.py")
    settings = _settings(options)
    result = judge_client(
        _maker(options.words),
        shlex.join(options.words),
        settings,
        workers=options.side_by_side,
        progress=_progress(),
    )
    print(render_summary(result, shutil.get_terminal_size().columns, sys.stdout.isatty()))
    if settings.report_dir is not None:
        for path in _written(result, settings.reports, settings.report_dir):
            print(f"report: {path}")
    return result.run.exit_status


def _settings(options: argparse.Namespace) -> Settings:
    """What the user asked for, in the form that runs against servers have it."""
    return Settings(
        contract=options.contract,
        basis=BASES[options.basis],
        clauses=tuple(options.clause),
        seed=options.seed,
        timeout=options.timeout,
        known_failing=options.known_failing,
        strict=options.strict,
        report_dir=options.report_dir,
        reports=options.report,
    )


def _maker(words: Sequence[str]) -> Callable[[bool | None], Command]:
    """Makes commands; each gets the reference's key and no other."""
    environment = command_environment(SampleKeys().full, "")
    return lambda once: Command(words, environment, once)


def _written(result: Result, forms: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    try:
        return write_reports(result, forms, folder)
    except OSError as error:
        raise UsageError(f"{folder}: reports cannot be written: {error.strerror}") from error


def _progress() -> Callable[[int, int, str], None]:
    """A line that is rewritten on a terminal, and nothing elsewhere."""

    def tell(done: int, total: int, name: str) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\r{done} of {total} scenarios: {name[:40]:40}", end=end, file=sys.stderr, flush=True)

    return tell


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def _forms(text: str) -> tuple[str, ...]:
    forms = tuple(form.strip() for form in text.split(",") if form.strip())
    if not forms or not set(forms) <= FORMS.keys():
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of {', '.join(FORMS)}")
    return forms
