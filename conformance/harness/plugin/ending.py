"""What the suite does when a pytest session ends: it learns why, makes and writes the result, and says what came of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from ....reports import Audit, AuditState, Result, render_annotations, render_summary
from ..run.closing import Errors, audit_run, describe, write_results
from ..run.outcome import Known, make_result
from ..run.planning import PLANNED, describe_plan
from ..run.suite import Suite
from ..verdicts.cases import Cases, Collected
from ..verdicts.exit_status import Status, worst
from ..verdicts.findings import Findings
from ..wire.redaction import Redactor
from .case_hooks import RECORD

__all__ = ["EndHooks", "Heard"]

_SUMMARIZED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.USAGE_ERROR,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
"""After these pytest asks its plugins for a summary."""


class Heard:
    """What is heard of a session before it ends.

    Args:
        begin: what to do, once, when it is known that a case will run; returns whether the cases may be others then.

    Attributes:
        worker: whether this is a worker of xdist.
        cases: what became of each case.
        errors: errors of ours.
        judged: failures that are judgements of ours.
        given: statuses that plugins gave.
        started_at: Unix seconds.
    """

    def __init__(self, redactor: Redactor, *, worker: bool, begin: Callable[[], bool] | None = None) -> None:
        self._redactor = redactor
        self._put_off = begin
        self.worker = worker
        self.cases = Cases()
        self.errors = Errors()
        self.judged = 0
        self.given: list[int] = []
        self.started_at = time.time()
        self._parent = os.getppid()

    @property
    def waiting(self) -> bool:
        """Whether it is not known yet that a case will run."""
        return self._put_off is not None

    @property
    def orphaned(self) -> bool:
        """Whether the process that started this one is no more, so that what it finds is lost."""
        return os.getppid() != self._parent

    def begin(self) -> bool:
        """Do what was put off; return whether the cases may be others now."""
        begin, self._put_off = self._put_off, None
        return begin() if begin else False

    def forget(self) -> None:
        """Forget what was collected, which comes again."""
        self.cases, self.errors = Cases(), Errors()

    def count(self, *, judged: bool) -> None:
        """Count a failure where it is a judgement of ours."""
        self.judged += judged

    def line(self, text: str) -> str:
        """Return the last line of what somebody said, keys removed."""
        lines = text.strip().splitlines()
        return self._redactor.text(lines[-1]) if lines else ""


class EndHooks:
    """Registered beside `Hooks`, and on the controller alone does more than close the run."""

    def __init__(self, suite: Suite, config: pytest.Config, heard: Heard, findings: Findings) -> None:
        self._suite = suite
        self._config = config
        self._heard = heard
        self._findings = findings
        self._interrupted = False
        self._exited = False
        self._stopped = ""
        self._session: pytest.Session | None = None
        self._status = int(Status.OK)
        self._result: Result | None = None
        self._problem = ""
        self._written: tuple[Path, ...] = ()

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Learn what ended the run: the user, a plugin (`pytest.exit`), a limit of failures, an error while collecting."""
        self._interrupted = type(excinfo.value) is KeyboardInterrupt
        self._exited = excinfo.errisinstance(pytest.exit.Exception)
        self._stopped = self._heard.line(str(excinfo.value))

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Learn of an error in pytest or a plugin, in a worker as well."""
        self._stopped = f"pytest ended with an internal error: {self._heard.line(excinfo.exconly())}"

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Generator[None, object, object]:
        """Close the run when all other plugins have said what they have to say, and before the terminal has it."""
        done: object = None
        try:
            done = yield
        except KeyboardInterrupt:
            # It came while the session was taken down; a second one ends the run at once.
            session.exitstatus = worst(session.exitstatus, Status.INTERRUPTED)
            if self._heard.worker or self._interrupted:
                return None
            self._interrupted = True
        except BaseException as error:
            given = error.returncode if isinstance(error, pytest.exit.Exception) else Status.VIOLATED
            self._heard.given += [] if given is None else [given]
            self._close(session, exitstatus)
            self._tell()
            raise
        self._close(session, exitstatus)
        if exitstatus not in _SUMMARIZED:
            self._tell()
        return done

    def pytest_terminal_summary(self) -> None:
        """Tell the verdicts."""
        self._tell()

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Let go of the target; and whatever plugins have set meanwhile, the status is no better than it was."""
        if self._session is not None:
            self._session.exitstatus = worst(self._session.exitstatus, self._status)
        result = self._result
        # The JSON report of a run that was stopped names what it is known to have made; the ledger names all it may have.
        written = bool(self._written) and "json" in self._suite.settings.reports and self._suite.settled
        ended = result is not None and (written or not result.run.interrupted)
        self._suite.close(last=not self._heard.worker, ended=ended or self._config.option.collectonly)

    def _close(self, session: pytest.Session, exitstatus: int) -> None:
        if self._heard.worker or session.config.option.collectonly or exitstatus == pytest.ExitCode.USAGE_ERROR:
            return
        self._session, self._status = session, worst(*self._heard.given, session.exitstatus)
        try:
            self._report(session)
        except KeyboardInterrupt:
            self._status = worst(self._status, Status.INTERRUPTED)
        except Exception as error:
            self._problem = describe(error)
            self._status = worst(self._status, Status.ERROR)
        session.exitstatus = self._status

    def _report(self, session: pytest.Session) -> None:
        """Make and write the result; where the user does not want to wait for it any more, without another request."""
        before = self._interrupted
        if self._suite.settings.plan:
            self._result = self._conclude(session)
            decisive = (Status.ERROR, Status.INTERRUPTED)
            self._status = next((status for status in decisive if self._result.run.exit_status == status), Status.OK)
            return
        try:
            self._result = self._conclude(session)
            self._result, self._written = write_results(self._result, self._suite.settings)
        except KeyboardInterrupt:
            if before:
                raise
            self._interrupted = True
            self._result = self._conclude(session)
            self._result, self._written = write_results(self._result, self._suite.settings)
        self._status = self._result.run.exit_status

    def _conclude(self, session: pytest.Session) -> Result:
        """Make the result of what was heard, and of a last look at the target, unless somebody ended the run."""
        if self._config.pluginmanager.has_plugin("dsession") and self._suite.folder.shared:
            self._heard.cases.collection = Collected.read(self._suite.folder.shared)
        interrupted = self._interrupted or session.exitstatus == Status.INTERRUPTED
        audit = Audit(AuditState.NOT_VERIFIED, "the run was interrupted" if interrupted else "the run was ended by a plugin")
        if self._heard.waiting:
            self._findings.add(self._suite.state.first)
            audit = Audit(AuditState.NOT_VERIFIED, "no case was to be run")
        elif not interrupted and not self._exited:
            try:
                audit = audit_run(self._suite, self._findings, self._heard.errors)
            except KeyboardInterrupt:
                interrupted = True
        self._suite.leave()
        known = Known(
            cases=self._heard.cases,
            session=worst(*self._heard.given, session.exitstatus),
            judged=0 < self._heard.judged >= session.testsfailed,
            errors=self._heard.errors.sentences(),
            interrupted=interrupted,
            stopped=self._stopped or self._heard.line(str(session.shouldfail or session.shouldstop or "")),
            started_at=self._heard.started_at,
        )
        return make_result(self._suite, self._findings, audit, known)

    def _tell(self) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and self._problem:
            terminal.write_line(f"lightfield-contract: an error of ours ended the run: {self._heard.line(self._problem)}")
        if self._result is None or terminal is None:
            return
        writer = self._config.get_terminal_writer()
        terminal.ensure_newline()
        terminal.write_line("")
        if self._suite.settings.plan:
            target = self._config.stash.get(PLANNED, self._suite.world.target)
            for line in describe_plan(self._result, target):
                terminal.write_line(line)
            return
        shown = _shown(terminal) if self._config.option.tbstyle != "no" else ()
        terminal.write_line(render_summary(self._result, writer.fullwidth, writer.hasmarkup, shown))
        for path in self._written:
            terminal.write_line(f"report: {path}")
        if os.environ.get("GITHUB_ACTIONS") == "true" and (annotations := render_annotations(self._result)):
            terminal.write_line(annotations)


def _shown(terminal: pytest.TerminalReporter) -> frozenset[str]:
    """What pytest itself shows of the cases that failed, by the ids of findings."""
    records = (getattr(report, RECORD, None) for report in terminal.stats.get("failed", ()))
    return frozenset(finding.id for record in records if record for finding in record.findings)
