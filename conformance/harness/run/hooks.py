"""What the suite does with a pytest session: it collects, listens to what becomes of each case, and closes the run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from ....reports import Audit, AuditState, Result, render_annotations, render_summary
from ..wire.target import Target
from .case_hooks import RECORD
from .cases import Cases, Collected, Gap, collect, is_case
from .closing import Errors, audit_run, describe, write_results
from .collection import refuse_other_url
from .exit_status import Status, worst
from .findings import Findings
from .outcome import Known, make_result
from .planning import describe_plan
from .progress import Progress
from .stages import StageEnd, attach_stage, attached_stage
from .starting import share_run
from .suite import Suite

__all__ = ["PLANNED", "SUITE", "Hooks"]

SUITE = pytest.StashKey[Suite]()
PLANNED = pytest.StashKey[Target]()
"""The target of a plan, which another server stands in for."""
_SUMMARIZED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.USAGE_ERROR,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
"""After these pytest asks its plugins for a summary."""
_DIED = Gap("a case ended with the process that ran it", "see what ended the process")


class Hooks:
    """Registered once the conformance tests are named or found; on the controller and in each worker of xdist."""

    def __init__(
        self,
        suite: Suite,
        config: pytest.Config,
        findings: Findings,
        workers: int,
        begin: Callable[[], bool] | None = None,
    ) -> None:
        """Hear of the session.

        Args:
            begin: what to do, once, when it is known that a case will run; returns whether the cases may be others then.
        """
        self._put_off = begin
        self._suite = suite
        self._config = config
        self._workers = workers
        self._worker = hasattr(config, "workerinput")
        self._findings = findings
        self._cases = Cases()
        self._found: list[pytest.Item] = []
        self._wanted: list[pytest.Item] = []
        self._errors = Errors()
        self._judged = 0
        self._given: list[int] = []
        self._interrupted = False
        self._exited = False
        self._stopped = ""
        self._session: pytest.Session | None = None
        self._started_session: pytest.Session | None = None
        self._status = int(Status.OK)
        self._result: Result | None = None
        self._problem = ""
        self._written: tuple[Path, ...] = ()
        self._started = time.time()
        self._parent = os.getppid()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give each worker what the controller found out, so that it is found out, and made, once."""
        node.workerinput[RECORD] = share_run(self._suite, self._workers)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear of a status that a plugin gave in a worker, which xdist makes nothing of."""
        status = getattr(node, "workeroutput", {}).get("exitstatus", Status.OK)
        if status not in tuple(Status):
            self._given.append(status)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        """Collect here, before the workers do, where it has to be known first whether a case will run."""
        session = self._started_session
        if self._put_off is None or session is None:
            return
        failed = session.testsfailed
        session.perform_collect()
        self._begin(session)
        self._found, self._wanted, self._errors, self._cases = [], [], Errors(), Cases()
        session.items, session.testscollected, session.testsfailed = [], 0, failed

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, object, object]:
        """Create the first records when it is known that a case will run; collect again where the cases are others then."""
        done = yield
        if self._put_off is not None and not self._workers and self._begin(session):
            self._found = []
            if (terminal := self._config.pluginmanager.get_plugin("terminalreporter")) is not None:
                # It adds up what is collected.
                terminal.stats.pop("deselected", None)
                terminal._numcollected = 0
            session.perform_collect()
        return done

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Show progress by clause, where that was asked for; the terminal's reporter exists from here on."""
        self._started_session = session
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal and self._config.getoption("--lightfield-progress") and not self._worker:
            self._config.pluginmanager.register(
                Progress(self._suite, self._findings, terminal), "lightfield_contract_progress"
            )

    def pytest_report_header(self) -> list[str]:
        """Say who is judged, by what, and how to find the run's records and requests."""
        settings, world = self._suite.settings, self._suite.world
        return [
            f"target: {world.target.url}, contract: {world.contract.name} {world.contract.version}",
            f"depth: {settings.depth}, basis: {settings.basis_word}, seed: {settings.seed}",
            f"marker: {world.run}",
            *(f"note: {note}" for note in self._suite.state.notes),
        ]

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Tell the cases of this suite from the user's own tests."""
        if is_case(item):
            self._found.append(item)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave the cases that the selected clauses need, and all tests of the user's."""
        self._wanted = [item for item in self._found if self._suite.selection.wants(item)]
        unwanted = set(self._found) - set(self._wanted)
        if dropped := [item for item in items if item in unwanted]:
            config.hook.pytest_deselected(items=dropped)
            items[:] = [item for item in items if item not in unwanted]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn which cases are to be run; a worker leaves that for the controller."""
        if self._suite.embedded:
            refuse_other_url(session, self._found)
        found = set(self._found)
        left = [item for item in session.items if item in found]
        self._cases.collection = collect(self._config, self._found, self._wanted, left, self._suite.selection)
        if self._worker and self._suite.folder.shared:
            self._cases.collection.write(self._suite.folder.shared)

    def _begin(self, session: pytest.Session) -> bool:
        """Do what was put off, where a case is left; return whether the cases may be others now."""
        found = set(self._found)
        if self._put_off is None or not any(item in found for item in session.items):
            return False
        begin, self._put_off = self._put_off, None
        return begin()

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Mark a module of ours that cannot be collected: that is an error of ours; one of the user's is theirs."""
        report = yield
        if report.failed and is_case(collector):
            attach_stage(report, StageEnd(last=False, error=self._line(str(report.longrepr))))
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Hear of it, from a worker as well."""
        if (stage := attached_stage(report)) is not None:
            self._errors.note(stage.error, report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Send nothing more from a worker whose controller was killed."""
        if self._worker and self._orphaned:
            pytest.exit("the process that started this one is gone")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what all cases found out; workers leave that to the controller."""
        if self._worker:
            return
        stage = attached_stage(report)
        if stage is None:
            if report.failed:
                # As xdist has it for a case whose worker died; the user's own tests are not among the cases.
                self._cases.end(report.nodeid, _DIED)
            return
        if stage.last:
            self._cases.end(report.nodeid, stage.gap)
        self._errors.note(stage.error, report.nodeid)
        self._judged += stage.judged and report.failed and not hasattr(report, "wasxfail")
        if (record := getattr(report, RECORD, None)) is not None:
            self._findings.add(record)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Learn what ended the run: the user, a plugin (`pytest.exit`), a limit of failures, an error while collecting."""
        self._interrupted = type(excinfo.value) is KeyboardInterrupt
        self._exited = excinfo.errisinstance(pytest.exit.Exception)
        self._stopped = self._line(str(excinfo.value))

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Learn of an error in pytest or a plugin, in a worker as well."""
        self._stopped = f"pytest ended with an internal error: {self._line(excinfo.exconly())}"

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Generator[None, object, object]:
        """Close the run when all other plugins have said what they have to say, and before the terminal has it."""
        done: object = None
        try:
            done = yield
        except KeyboardInterrupt:
            # It came while the session was taken down; a second one ends the run at once.
            session.exitstatus = worst(session.exitstatus, Status.INTERRUPTED)
            if self._worker or self._interrupted:
                return None
            self._interrupted = True
        except BaseException as error:
            given = error.returncode if isinstance(error, pytest.exit.Exception) else Status.VIOLATED
            self._given += [] if given is None else [given]
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
        self._suite.close(last=not self._worker, ended=ended or self._config.option.collectonly)

    @property
    def _orphaned(self) -> bool:
        """Whether the process that started this one is no more, so that what it finds is lost."""
        return os.getppid() != self._parent

    def _close(self, session: pytest.Session, exitstatus: int) -> None:
        if self._worker and self._orphaned:
            self._suite.folder.remove_shared()
        if self._worker or session.config.option.collectonly or exitstatus == pytest.ExitCode.USAGE_ERROR:
            return
        self._session, self._status = session, worst(*self._given, session.exitstatus)
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
            self._cases.collection = Collected.read(self._suite.folder.shared)
        interrupted = self._interrupted or session.exitstatus == Status.INTERRUPTED
        audit = Audit(AuditState.NOT_VERIFIED, "the run was interrupted" if interrupted else "the run was ended by a plugin")
        if self._put_off is not None:
            self._findings.add(self._suite.state.first)
            audit = Audit(AuditState.NOT_VERIFIED, "no case was to be run")
        elif not interrupted and not self._exited:
            try:
                audit = audit_run(self._suite, self._findings, self._errors)
            except KeyboardInterrupt:
                interrupted = True
        known = Known(
            cases=self._cases,
            session=worst(*self._given, session.exitstatus),
            judged=0 < self._judged >= session.testsfailed,
            errors=self._errors.sentences(),
            interrupted=interrupted,
            stopped=self._stopped or self._line(str(session.shouldfail or session.shouldstop or "")),
            started_at=self._started,
        )
        return make_result(self._suite, self._findings, audit, known)

    def _tell(self) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and self._problem:
            terminal.write_line(f"lightfield-contract: an error of ours ended the run: {self._line(self._problem)}")
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

    def _line(self, text: str) -> str:
        """Return the last line of what somebody said, keys removed."""
        lines = text.strip().splitlines()
        return self._suite.world.target.redactor.text(lines[-1]) if lines else ""


def _shown(terminal: pytest.TerminalReporter) -> frozenset[str]:
    """What pytest itself shows of the cases that failed, by the ids of findings."""
    records = (getattr(report, RECORD, None) for report in terminal.stats.get("failed", ()))
    return frozenset(finding.id for record in records if record for finding in record.findings)
