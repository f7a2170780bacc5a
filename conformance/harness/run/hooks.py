"""What the suite does at each stage of a pytest run, on the controller and in xdist's workers."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from ....reports import (
    Audit,
    AuditState,
    Result,
    decode,
    encode,
    inert_block,
    render_annotations,
    render_markdown,
    render_summary,
    write_reports,
)
from ..judge import Judged
from ..judge.judgement import Judgement
from ..judge.record import CaseRecord, NotVerified
from .findings import Findings, KnownFailing
from .outcome import Known, make_result
from .progress import Progress
from .selection import wanted
from .suite import Case, Suite

__all__ = ["CASE", "SUITE", "Hooks", "case_name"]

SUITE = pytest.StashKey[Suite]()
CASE = pytest.StashKey[Case]()
_ATTRIBUTE = "lightfield_contract"


class Hooks:
    """Registered once the conformance tests are collected."""

    def __init__(self, suite: Suite, config: pytest.Config, known: tuple[KnownFailing, ...], workers: int) -> None:
        self._suite = suite
        self._config = config
        self._workers = workers
        self._worker = hasattr(config, "workerinput")
        self._findings = Findings(suite.contract, known)
        self._errors: list[str] = []
        self._result: Result | None = None
        self._written: tuple[Path, ...] = ()
        self._started = time.time()
        self._findings.add(suite.first)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Gives each worker what the controller found out, so that it is found out, and made, once."""
        node.workerinput[_ATTRIBUTE] = self._suite.share(self._workers)

    def pytest_sessionstart(self) -> None:
        """Shows progress by clause, where that was asked for; the terminal's reporter exists from here on."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal and self._config.getoption("--lightfield-progress") and not self._worker:
            self._config.pluginmanager.register(Progress(self._suite, terminal), "lightfield_contract_progress")

    def pytest_report_header(self) -> list[str]:
        """Says who is judged, by what, and how to find the run's records and requests."""
        settings, world = self._suite.settings, self._suite.world
        return [
            f"target: {world.target.url}, contract: {world.contract.name} {world.contract.version}",
            f"depth: {settings.depth}, basis: {settings.basis_word}, seed: {settings.seed}",
            f"marker: {world.run}",
            *(f"note: {note}" for note in self._suite.notes),
        ]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leaves the cases that the selected clauses need."""
        chosen = [item for item in items if wanted(item, self._suite.contract, self._suite.settings)]
        if dropped := [item for item in items if item not in chosen]:
            config.hook.pytest_deselected(items=dropped)
            items[:] = chosen

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of ours that cannot be collected is our own error, not an interruption."""
        if report.failed:
            self._errors.append(f"our own error while collecting {report.nodeid}: {str(report.longrepr).splitlines()[-1]}")

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Turns what a case noted into a pytest outcome."""
        case = pyfuncitem.stash.get(CASE, None)
        if case is None:
            return (yield)
        try:
            outcome = yield
        except Judged:
            outcome = True
        except NotVerified as problem:
            if case.own:
                case.recorder.cannot(case.own.id, problem)
            self._fail(case)
            pytest.skip(f"not verified: {problem.reason}")
        self._fail(case)
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Attaches what the case found out to its report, and takes keys out of everything else in it."""
        report = yield
        redact = self._suite.world.target.redactor
        report.sections = [(name, redact.text(text)) for name, text in report.sections]
        if report.longrepr is not None and redact.holds(str(report.longrepr)):
            report.longrepr = redact.text(str(report.longrepr))
        case = item.stash.get(CASE, None)
        if case is None:
            return report
        if call.when == "call" and case.recorder.broken:
            # Reporters of pytest's own, such as pytest-html and Allure, show sections beside the case.
            text = "\n\n".join(self._describe(judgement) for judgement in case.recorder.broken)
            report.sections.append(("Lightfield contract", text))
        crash = _crash(call)
        if call.when == "call" or crash:
            setattr(report, _ATTRIBUTE, self._suite.record_of(case, redact.text(crash)))
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        """Makes plain data of what a case found out, for the way from a worker to the controller."""
        data = yield
        if (found := getattr(report, _ATTRIBUTE, None)) is not None:
            data[_ATTRIBUTE] = encode(found)
        return data

    @pytest.hookimpl(wrapper=True)
    def pytest_report_from_serializable(self) -> Generator[None, Any, Any]:
        """Reads that data again."""
        report = yield
        if (found := getattr(report, _ATTRIBUTE, None)) is not None:
            setattr(report, _ATTRIBUTE, decode(CaseRecord, found))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collects what all cases found out; workers leave that to the controller."""
        found: CaseRecord | None = getattr(report, _ATTRIBUTE, None)
        if found is None or self._worker:
            return
        self._findings.add(found)
        if found.error:
            self._errors.append(f"our own error in {found.case}: {found.error}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Audits the run, gives the verdicts, writes the reports and sets the exit status."""
        if (
            self._worker
            or session.config.option.collectonly
            or exitstatus in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR)
        ):
            return
        interrupted = exitstatus == pytest.ExitCode.INTERRUPTED and not self._errors
        audit = Audit(AuditState.NOT_VERIFIED, "the run was interrupted") if interrupted else self._audit()
        known = Known(self._errors, self._narrowed(), interrupted, self._started)
        self._result = make_result(self._suite, self._findings, audit, known)
        session.exitstatus = self._result.run.exit_status
        self._write(self._result)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tells the verdicts."""
        if self._result is None:
            return
        writer = terminalreporter.config.get_terminal_writer()
        terminalreporter.ensure_newline()
        terminalreporter.write_line("")
        terminalreporter.write_line(render_summary(self._result, writer.fullwidth, writer.hasmarkup))
        for path in self._written:
            terminalreporter.write_line(f"report: {path}")
        if os.environ.get("GITHUB_ACTIONS") == "true" and (annotations := render_annotations(self._result)):
            terminalreporter.write_line(annotations)

    def pytest_unconfigure(self) -> None:
        """Lets go of the target."""
        self._suite.close(last=not self._worker)

    def _fail(self, case: Case) -> None:
        """Fails the case for its own clause, and for another one unless that has failed a case before."""
        broken = [
            judgement
            for judgement in case.recorder.broken
            if self._suite.binds(judgement.clause) and not self._findings.knows(judgement.clause, judgement.identity)
        ]
        failed, own = self._suite.failed, case.own.id if case.own else ""
        new = [judgement for judgement in broken if judgement.clause not in failed or judgement.clause == own]
        failed |= {judgement.clause for judgement in broken}
        if new:
            pytest.fail("\n\n".join(self._describe(judgement) for judgement in new), pytrace=False)

    def _describe(self, judgement: Judgement) -> str:
        clause = self._suite.contract.clause(judgement.clause)
        lines = [f"{clause.id}: {clause.statement}", f"expected: {judgement.expected}", f"observed: {judgement.problem}"]
        if judgement.judged is not None:
            lines.append(judgement.judged.to_transcript().request.curl)
        return inert_block("\n".join(self._suite.world.target.redactor.text(line)[:4000] for line in lines))

    def _audit(self) -> Audit:
        try:
            audit, record = self._suite.audit()
        except KeyboardInterrupt:
            return Audit(AuditState.NOT_VERIFIED, "the run was interrupted")
        self._findings.add(record)
        return audit

    def _narrowed(self) -> bool:
        """Whether the user chose cases by pytest's own means, so that clauses without a case say nothing."""
        option = self._config.option
        by_path = any("::" in argument or argument.endswith(".py") for argument in self._config.args)
        return bool(option.keyword or option.markexpr or by_path or getattr(option, "lf", False))

    def _write(self, result: Result) -> None:
        folder = self._suite.settings.report_dir
        if folder is not None:
            self._written = write_reports(result, self._suite.settings.reports, folder)
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(render_markdown(result) + "\n")


def case_name(item: pytest.Item) -> str:
    """An item's name, the same wherever the package lies and whichever worker runs it."""
    return f"{item.path.stem}::{item.name}"


def _crash(call: pytest.CallInfo[None]) -> str:
    """The error of ours that ended a stage, in a line; "" when none did."""
    error = call.excinfo
    if error is None or error.errisinstance((pytest.skip.Exception, pytest.fail.Exception, KeyboardInterrupt)):
        return ""
    return error.exconly(tryshort=True).splitlines()[0]
