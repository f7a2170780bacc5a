"""Ends a run: audits the target, makes the result, writes the reports, and says so even where something goes wrong."""

from __future__ import annotations

import dataclasses
import os
import traceback
from collections.abc import Sequence
from pathlib import Path

from ....reports import Audit, AuditState, Result, render_markdown, try_appending, try_reports, write_reports
from ....spec import UsageError
from ..settings.options import Settings
from ..verdicts.exit_status import Status, worst
from ..verdicts.findings import Findings
from .suite import Suite

__all__ = ["Errors", "audit_run", "describe", "try_reporting", "write_results"]

_SUMMARY = "GITHUB_STEP_SUMMARY"


def try_reporting(settings: Settings) -> None:
    """See whether the reports can be written, before anything is sent; leave nothing behind.

    Raises:
        UsageError: they cannot.
    """
    try:
        if settings.report_dir is not None:
            try_reports(settings.reports, settings.report_dir)
    except OSError as error:
        raise UsageError(f"--report-dir: {_say(error, settings.report_dir)}; give another folder, or make room") from error
    summary = os.environ.get(_SUMMARY)
    try:
        if summary:
            try_appending(Path(summary))
    except OSError as error:
        raise UsageError(f"{_SUMMARY}: {_say(error, summary)}; name another file, or take the variable away") from error


class Errors:
    """Collects errors of ours: one that many cases met is one."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def note(self, error: str, place: str) -> None:
        """Add an error, in a line, and the id of the case or module that met it; "" is none."""
        if error:
            self._places.setdefault(error, []).append(place.rpartition("/")[2])

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each."""
        return tuple(
            f"our own error in {places[0]}{f' and {len(places) - 1} more' if len(places) > 1 else ''}: {error}"
            for error, places in self._places.items()
        )


def describe(error: Exception) -> str:
    """Return an error of ours in a line, with the place in our code."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"


def audit_run(suite: Suite, findings: Findings, errors: Errors) -> Audit:
    """Audit the target, and add what only that can show to the findings."""
    try:
        audit, record = suite.audit()
    except Exception as error:
        errors.note(suite.world.target.redactor.text(describe(error)), "the audit")
        return Audit(AuditState.NOT_VERIFIED, "an error of ours ended the audit")
    findings.add(record)
    return audit


def write_results(result: Result, settings: Settings) -> tuple[Result, tuple[Path, ...]]:
    """Write the reports and GitHub's summary; return the result, noting what could not be written, and the paths."""
    written: tuple[Path, ...] = ()
    problems: list[str] = []
    try:
        if settings.report_dir is not None:
            written = write_reports(result, settings.reports, settings.report_dir)
    except OSError as error:
        problems.append(f"the reports are not written: {_say(error, settings.report_dir)}")
    summary = os.environ.get(_SUMMARY)
    try:
        if summary:
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(render_markdown(result) + "\n")
    except OSError as error:
        problems.append(f"the summary is not written: {_say(error, summary)}")
    return (_note(result, problems) if problems else result), written


def _note(result: Result, problems: Sequence[str]) -> Result:
    run = dataclasses.replace(result.run, exit_status=worst(result.run.exit_status, Status.ERROR))
    return dataclasses.replace(result, run=run, notes=(*result.notes, *problems))


def _say(error: OSError, path: object) -> str:
    """What cannot be written, and why."""
    return f"{error.filename or path} cannot be written: {error.strerror or error}"
