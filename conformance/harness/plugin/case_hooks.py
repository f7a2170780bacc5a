"""What the suite does around each of its cases, and in which order they come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import pytest

from ....reports import decode, encode, failure_lines, inert_block
from ....strategies import Breach, Pack
from ..judge import Judged
from ..judge.finding import make_finding
from ..judge.judgement import Judgement
from ..judge.record import CaseRecord, NotVerified
from ..run.suite import Case, Suite
from ..verdicts.cases import is_case
from ..verdicts.findings import Findings
from .parameters import arguments
from .stages import attach_stage, read_stage

__all__ = ["CASE", "PREPARED", "RECORD", "CaseHooks", "by_what_they_find", "case_name"]

CASE = pytest.StashKey[Case]()
PREPARED = pytest.StashKey[Case]()
"""The tools of a case whose body runs ahead of its turn."""
RECORD = "lightfield_contract"
"""The attribute of a report that holds what the case found out."""
_FINISHED = pytest.StashKey[Case]()
"""The attempt whose own code has come to its end."""
_JUDGED = pytest.StashKey[Case]()
"""The attempt that fails by a judgement of ours."""
_SHOWN = pytest.StashKey[tuple[Judgement, ...]]()
"""What an attempt fails by, in full."""
_LONGEST = 4000
_MOST_DESCRIBED = 8
_NOT_OURS = ("_verify_url", "base_url")


class CaseHooks:
    """Makes of what a case notes an outcome in pytest's sense, and a report that travels to the controller."""

    def __init__(self, suite: Suite, findings: Findings) -> None:
        self._suite = suite
        self._findings = findings

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Order the cases, before any plugin that has another order in mind."""
        items[:] = by_what_they_find(items, is_case)
        places: dict[object, tuple[str, int | None]] = {}
        for case in (item for item in items if is_case(item) and isinstance(item, pytest.Function)):
            # Where a test stands is the same for all of its cases; pytest would look at its file for each.
            path, line = places[case.function] = places.get(case.function) or case.location[:2]
            case.location = (path, line, case.name)
            # pytest-base-url asks the target once in a session, and pytest for its fixtures at every case; we ask ourselves.
            case.fixturenames[:] = [name for name in case.fixturenames if name not in _NOT_OURS]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Give a case what it is called with; no fixture of the user's takes the place of any of it."""
        if not is_case(item) or not isinstance(item, pytest.Function):
            return
        # The tools that its body has already, where it runs ahead.
        case = item.stash.get(PREPARED, None)
        if case is not None:
            del item.stash[PREPARED]
        else:
            # The plugin that runs failed cases again counts attempts for all workers.
            attempt = getattr(item, "execution_count", 1)
            case = self._suite.case(case_name(item), self._suite.selection.own_of(item), attempt)
        item.stash[CASE] = case
        item.funcargs.update(arguments(item, case))

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Turn what a case noted into a pytest outcome."""
        case = pyfuncitem.stash.get(CASE, None)
        if case is None:
            return (yield)
        outcome: object = True
        try:
            try:
                outcome = yield
            finally:
                case.api.note_facts()
        except Judged:
            pass
        except NotVerified as problem:
            if case.own:
                case.recorder.cannot(case.own.id, problem)
            pyfuncitem.stash[_FINISHED] = case
            self._fail(pyfuncitem, case)
            pytest.skip(f"not verified: {problem.reason}")
        # A plugin may have let the case pass without a call of its code, which then has noted nothing.
        if case.recorder.asked or self._suite.record_of(case) != CaseRecord(case.name):
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
            shown = item.stash.get(_SHOWN, ())
            if rest := [judgement for judgement in case.recorder.broken if judgement not in shown]:
                # What the case does not fail by: reporters such as pytest-html and Allure show sections beside it.
                report.sections.append(("Lightfield contract", self._describe(case, rest)))
            setattr(report, RECORD, self._suite.record_of(case))
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        """Make plain data of what a case found out, for the way from a worker to the controller."""
        data = yield
        if (found := getattr(report, RECORD, None)) is not None:
            data[RECORD] = encode(found)
        return data

    @pytest.hookimpl(wrapper=True)
    def pytest_report_from_serializable(self) -> Generator[None, Any, Any]:
        """Read that data again."""
        report = yield
        if (found := getattr(report, RECORD, None)) is not None:
            setattr(report, RECORD, decode(CaseRecord, found))
        return report

    def _fail(self, item: pytest.Item, case: Case) -> None:
        """Fail the case for its own clause, and for another one unless that has failed a case before."""
        broken = [
            judgement
            for judgement in case.recorder.broken
            if self._suite.selection.binds(judgement.clause)
            and not self._findings.knows(judgement.clause, judgement.identity)
        ]
        failed, own = self._suite.state.failed, case.own.id if case.own else ""
        new = [judgement for judgement in broken if judgement.clause not in failed or judgement.clause == own]
        failed |= {judgement.clause for judgement in broken}
        if new:
            item.stash[_JUDGED] = case
            item.stash[_SHOWN] = tuple(new)
            pytest.fail(self._describe(case, new), pytrace=False)

    def _describe(self, case: Case, judgements: Sequence[Judgement]) -> str:
        redact, texts = self._suite.world.target.redactor.text, []
        for judgement in judgements[:_MOST_DESCRIBED]:
            statement = self._suite.contract.clause(judgement.clause).statement
            lines = failure_lines(make_finding(judgement, case.name), statement)
            texts.append("\n".join(redact(line)[:_LONGEST] for line in lines))
        texts += [f"and {more} more"] if (more := len(judgements) - _MOST_DESCRIBED) > 0 else []
        return inert_block("\n\n".join(texts))


def case_name(item: pytest.Item) -> str:
    """Return an item's name, the same wherever the package lies and whichever worker runs it."""
    return f"{item.path.stem}::{item.name}"


_SEVERAL = ("test_idempotency", "test_histories", "test_exploration")
"""Modules whose cases take several creates each."""


def by_what_they_find(items: Sequence[pytest.Item], is_ours: Callable[[pytest.Item], bool]) -> list[pytest.Item]:
    """Return the items with ours in another order among themselves; all others keep their places.

    First come the first case of each test, cheap ones before those that take several creates, then bodies that carry many
    values, then the rest as collected. What only greater depths send is never among the first.
    """
    ours = [item for item in items if is_ours(item)]
    seen: set[str] = set()
    rank: dict[pytest.Item, int] = {}
    for item in ours:
        first = _is_smoke(item) and _test_of(item) not in seen
        seen |= {_test_of(item)} if first else set()
        rank[item] = (1 if item.path.stem in _SEVERAL else 0) if first else 2 if _carries_much(item) else 3
    ordered = iter(sorted(ours, key=rank.__getitem__))
    return [next(ordered) if item in rank else item for item in items]


def _carries_much(item: pytest.Item) -> bool:
    params = getattr(item, "callspec", None)
    pack = params.params.get("pack") if params else None
    return isinstance(pack, Pack) and pack.demanded


def _test_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _is_smoke(item: pytest.Item) -> bool:
    params = getattr(item, "callspec", None)
    breach = params.params.get("breach") if params else None
    depths = item.get_closest_marker("depth")
    return (not isinstance(breach, Breach) or breach.smoke) and (depths is None or "smoke" in depths.args)
