"""What the suite does with a pytest session until it ends: it collects, and listens to what becomes of each case."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from ..run.starting import share_run
from ..run.suite import Suite
from ..verdicts.cases import Gap, collect, is_case
from ..verdicts.exit_status import Status
from ..verdicts.findings import Findings
from .case_hooks import RECORD
from .collection import refuse_other_url
from .ending import Heard
from .progress import Progress
from .stages import StageEnd, attach_stage, attached_stage

__all__ = ["SUITE", "Hooks"]

SUITE = pytest.StashKey[Suite]()
_DIED = Gap("a case ended with the process that ran it", "see what ended the process")


class Hooks:
    """Registered once the conformance tests are named or found; on the controller and in each worker of xdist."""

    def __init__(self, suite: Suite, config: pytest.Config, heard: Heard, findings: Findings, workers: int) -> None:
        self._suite = suite
        self._config = config
        self._heard = heard
        self._findings = findings
        self._workers = workers
        self._found: list[pytest.Item] = []
        self._wanted: list[pytest.Item] = []
        self._session: pytest.Session | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give each worker what the controller found out, so that it is found out, and made, once."""
        node.workerinput[RECORD] = share_run(self._suite, self._workers)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear of a status that a plugin gave in a worker, which xdist makes nothing of."""
        status = getattr(node, "workeroutput", {}).get("exitstatus", Status.OK)
        if status not in tuple(Status):
            self._heard.given.append(status)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        """Collect here, before the workers do, where it has to be known first whether a case will run."""
        session = self._session
        if not self._heard.waiting or session is None:
            return
        failed = session.testsfailed
        session.perform_collect()
        self._begin(session)
        self._found, self._wanted = [], []
        self._heard.forget()
        session.items, session.testscollected, session.testsfailed = [], 0, failed

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, object, object]:
        """Create the first records when it is known that a case will run; collect again where the cases are others then."""
        done = yield
        if self._heard.waiting and not self._workers and self._begin(session):
            self._found = []
            if (terminal := self._config.pluginmanager.get_plugin("terminalreporter")) is not None:
                # It adds up what is collected.
                terminal.stats.pop("deselected", None)
                terminal._numcollected = 0
            session.perform_collect()
        return done

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Show progress by clause, where that was asked for; the terminal's reporter exists from here on."""
        self._session = session
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal and self._config.getoption("--lightfield-progress") and not self._heard.worker:
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
        self._heard.cases.collection = collect(self._config, self._found, self._wanted, left, self._suite.selection)
        if self._heard.worker and self._suite.folder.shared:
            self._heard.cases.collection.write(self._suite.folder.shared)

    def _begin(self, session: pytest.Session) -> bool:
        """Do what was put off, where a case is left; return whether the cases may be others now."""
        found = set(self._found)
        return any(item in found for item in session.items) and self._heard.begin()

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Mark a module of ours that cannot be collected: that is an error of ours; one of the user's is theirs."""
        report = yield
        if report.failed and is_case(collector):
            attach_stage(report, StageEnd(last=False, error=self._heard.line(str(report.longrepr))))
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Hear of it, from a worker as well."""
        if (stage := attached_stage(report)) is not None:
            self._heard.errors.note(stage.error, report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Send nothing more from a worker whose controller was killed."""
        if self._heard.worker and self._heard.orphaned:
            pytest.exit("the process that started this one is gone")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what all cases found out; workers leave that to the controller."""
        if self._heard.worker:
            return
        stage = attached_stage(report)
        if stage is None:
            if report.failed:
                # As xdist has it for a case whose worker died; the user's own tests are not among the cases.
                self._heard.cases.end(report.nodeid, _DIED)
            return
        if stage.last:
            self._heard.cases.end(report.nodeid, stage.gap)
        self._heard.errors.note(stage.error, report.nodeid)
        self._heard.count(judged=stage.judged and report.failed and not hasattr(report, "wasxfail"))
        if (record := getattr(report, RECORD, None)) is not None:
            self._findings.add(record)
