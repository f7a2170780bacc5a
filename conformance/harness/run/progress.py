"""Tells how a run goes on: a line that is rewritten on a terminal, and each violated clause as it is found."""

from __future__ import annotations

import time

import pytest

from ....reports import Finding, inert
from ....spec import Level
from ..judge.record import CaseRecord
from .suite import Suite

__all__ = ["Progress"]

_EVERY = 0.1
"""Seconds between two states of the line."""


class Progress:
    """Takes the place of pytest's dots, which say nothing of clauses."""

    def __init__(self, suite: Suite, terminal: pytest.TerminalReporter) -> None:
        self._suite = suite
        self._terminal = terminal
        self._live = terminal.isatty
        self._total = 0
        self._done = 0
        self._shown_at = 0.0
        self._shown: set[str] = set()

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
        """Tells new violations, and how far the run is."""
        self._done += report.when == "teardown"
        found: CaseRecord | None = getattr(report, "lightfield_contract", None)
        for finding in found.findings if found else ():
            self._tell(finding)
        if self._live and time.monotonic() - self._shown_at > _EVERY:
            self._shown_at = time.monotonic()
            broken = f", {len(self._shown)} clauses broken" if self._shown else ""
            self._terminal.rewrite(f"{self._done} of {self._total} cases{broken}", erase=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Says what takes the last second."""
        if self._live:
            self._terminal.rewrite("auditing the records", erase=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self) -> None:
        """Takes the line away."""
        if self._live:
            self._terminal.rewrite("", erase=True)

    def _tell(self, finding: Finding) -> None:
        clause = finding.clause
        if clause in self._shown:
            return
        self._shown.add(clause)
        word = "violated" if self._suite.contract.clause(clause).level is Level.MUST else "advice"
        if self._live:
            self._terminal.rewrite("", erase=True)
        self._terminal.write_line(
            inert(f"{word}: {clause}: {finding.observed}")[: self._terminal.config.get_terminal_writer().fullwidth]
        )
