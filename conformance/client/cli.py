"""What the commands do that are about a client: judge one, and play the scenario of a finding again."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ...reference import SampleKeys
from ...reports import Finding, Result, render_summary, write_reports
from ...spec import UsageError
from ..harness.run.closing import try_reporting
from ..harness.settings.file import choose_settings
from ..harness.settings.options import PREFIX, Settings
from ..harness.settings.reading import read_settings
from .command import Command, command_environment
from .running import judge_client

__all__ = ["replay_client", "run_client"]


def replay_client(result: Result, finding: Finding, words: Sequence[str]) -> tuple[Result, int]:
    """Play the scenario of a finding again; return what that showed, and the exit status.

    Raises:
        UsageError: no command is given: one that stands in a file is not run without a word.
    """
    if not words:
        remedy = f"give the command again: lightfield-contract replay RESULT.json {finding.id} -- {result.run.target}"
        raise UsageError(f"{finding.id} is about a client, and a command is not taken from a file; {remedy}")
    settings = Settings(contract=result.run.contract, clauses=(finding.clause,), seed=result.run.seed, timeout=15.0)
    again = judge_client(_maker(words), shlex.join(words), settings, names=[finding.case.rpartition("::")[2]])
    return again, again.run.exit_status


def run_client(options: argparse.Namespace) -> int:
    """Judge a client, print the verdicts and write the reports.

    Raises:
        UsageError: an option cannot be used, or the command cannot be started.
    """
    if not options.words:
        raise UsageError("client: give the command that drives the client after --, such as -- python adapter.py")
    settings = _settings(options)
    try_reporting(settings)
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

    def option(name: str) -> Any:
        named_plainly = name == f"{PREFIX}progress"
        return named_plainly or getattr(options, name.removeprefix(PREFIX).replace("-", "_"), None)

    return read_settings(option, choose_settings(options.settings))


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
    """A line that is rewritten on a terminal; nothing where it does not."""

    def tell(done: int, total: int, name: str) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\r{done} of {total} scenarios: {name[:40]:40}", end=end, file=sys.stderr, flush=True)

    return tell
