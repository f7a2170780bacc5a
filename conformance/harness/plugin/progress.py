"""Tells how a run goes on: a line that is rewritten on a terminal, and a line now and then in a log."""

from __future__ import annotations

import shutil
import time

import pytest

from ....reports import Verdict, plural
from ..run.suite import Suite
from ..verdicts.findings import Findings

__all__ = ["Progress"]

_EVERY = 0.1
"""Seconds between two states of the line on a terminal."""
_EVERY_IN_LOG = 15.0
"""Seconds between two lines of a log."""


class Progress:
    """Takes the place of pytest's dots, which say nothing of clauses.

    Args:
        findings: what the run has found out so far; each record is in it before this one hears of the report.
    """

    def __init__(self, suite: Suite, findings: Findings, terminal: pytest.TerminalReporter) -> None:
        self._suite = suite
        self._findings = findings
        self._terminal = terminal
        self._live = terminal.isatty
        self._total = 0
        self._done = 0
        self._shown_at = time.monotonic()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learns how many cases there are."""
        self._total = len(session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Learns it from a worker; each collects the same cases."""
        self._total = len(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Shows no letter for a case, and counts it as pytest does."""
        if report.when != "call" and report.passed:
            return "", "", ""
        return report.outcome, "", ""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tells how far the run is, and how many clauses are violated so far."""
        self._done += report.when == "teardown"
        if time.monotonic() - self._shown_at < (_EVERY if self._live else _EVERY_IN_LOG):
            return
        self._shown_at = time.monotonic()
        violated = self._findings.count(Verdict.VIOLATED, self._suite.selection.clauses)
        broken = f", {plural(violated, 'clause')} violated" if violated else ""
        self._show(f"{self._done} of {self._total} cases{broken}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Says what takes the last second."""
        if self._live:
            self._show("auditing the records")

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self) -> None:
        """Takes the line away."""
        if self._live:
            self._show("")

    def _show(self, line: str) -> None:
        """Show one line, no longer than the terminal is wide: a longer one would be broken, and stay."""
        usual = self._terminal.config.get_terminal_writer().fullwidth
        if self._live:
            # pytest takes a terminal of less than 40 columns for one of 80.
            width = shutil.get_terminal_size((usual, 24)).columns
            self._terminal.rewrite(line[: width - 1].ljust(width - 1))
        else:
            self._terminal.write_line(line[:usual])
