"""What the suite does around each of its cases, in the process that runs it."""

from __future__ import annotations

from collections.abc import Collection, Generator

import pytest

from ....reports import inert_block
from ..judge import Judged
from ..judge.record import NotVerified, Violation
from .cases import is_case
from .stages import attach_stage, read_stage
from .suite import Case, Suite

__all__ = ["CASE", "RECORD", "CaseHooks", "case_name"]

CASE = pytest.StashKey[Case]()
RECORD = "lightfield_contract"
"""The attribute of a report that holds what the case found out."""
_FINISHED = pytest.StashKey[Case]()
"""The attempt whose own code has come to its end."""
_JUDGED = pytest.StashKey[Case]()
"""The attempt that fails by a judgement of ours."""
_LONGEST = 4000


class CaseHooks:
    """Makes of what a case notes an outcome in pytest's sense, and a report that travels to the controller."""

    def __init__(self, suite: Suite, known: Collection[str]) -> None:
        self._suite = suite
        self._known = known

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Turn what a case noted into a pytest outcome."""
        case = pyfuncitem.stash.get(CASE, None)
        if case is None:
            return (yield)
        outcome: object = True
        try:
            outcome = yield
        except Judged:
            pass
        except NotVerified as problem:
            own = case.own
            if own and self._suite.selected(own.id) and not any(v.clause == own.id for v in case.record.violations):
                case.record.unverified[own.id] = (problem.reason, problem.remedy)
            pyfuncitem.stash[_FINISHED] = case
            self._fail(pyfuncitem, case)
            pytest.skip(f"not verified: {problem.reason}")
        # A plugin may have let the case's code pass without a call; then nothing is noted.
        if case.record != type(case.record)():
            pyfuncitem.stash[_FINISHED] = case
        self._fail(pyfuncitem, case)
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Attach what the case found out to its report, and take keys out of everything else in it."""
        report = yield
        redact = self._suite.world.target.redactor
        report.sections = [(name, redact.text(text)) for name, text in report.sections]
        if report.longrepr is not None and redact.holds(str(report.longrepr)):
            report.longrepr = redact.text(str(report.longrepr))
        if not is_case(item):
            return report
        case = item.stash.get(CASE, None)
        finished = case is not None and item.stash.get(_FINISHED, None) is case
        judged = case is not None and item.stash.get(_JUDGED, None) is case
        stage = read_stage(call, finished=finished, judged=judged, redact=redact.text)
        attach_stage(report, stage)
        if case is not None and stage.last:
            if case.record.violations:
                # Reporters of pytest's own, such as pytest-html and Allure, show sections beside the case.
                described = "\n\n".join(self._describe(violation) for violation in case.record.violations)
                report.sections.append(("Lightfield contract", described))
            setattr(report, RECORD, case.record.to_json(case_name(item), full=self._suite.settings.full))
        return report

    def _fail(self, item: pytest.Item, case: Case) -> None:
        """Fail the case for its own clause, and for another one unless that has failed a case before."""
        broken = [v for v in case.record.violations if self._suite.binds(v.clause) and v.clause not in self._known]
        telling = [v for v in broken if v.clause not in self._suite.failed or (case.own and v.clause == case.own.id)]
        self._suite.failed |= {v.clause for v in broken}
        if telling:
            item.stash[_JUDGED] = case
            pytest.fail("\n\n".join(self._describe(violation) for violation in telling), pytrace=False)

    def _describe(self, violation: Violation) -> str:
        clause = self._suite.contract.clause(violation.clause)
        lines = [f"{clause.id}: {clause.statement}", f"expected: {violation.expected}", f"observed: {violation.observed}"]
        lines += [exchange.to_report().request.curl for exchange in violation.exchanges[-1:]]
        return inert_block("\n".join(self._suite.world.target.redactor.text(line)[:_LONGEST] for line in lines))


def case_name(item: pytest.Item) -> str:
    """Return an item's name, the same wherever the package lies and whichever worker runs it."""
    return f"{item.path.stem}::{item.name}"
