"""Fixtures and parameters of the conformance tests."""

from __future__ import annotations

import functools

import pytest

from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.run.activation import activate
from lightfield_contract.conformance.harness.run.case import Api
from lightfield_contract.conformance.harness.run.case_hooks import CASE, case_name
from lightfield_contract.conformance.harness.run.explorer import Explorer
from lightfield_contract.conformance.harness.run.histories import HistoryDriver
from lightfield_contract.conformance.harness.run.hooks import SUITE
from lightfield_contract.conformance.harness.run.material import Material
from lightfield_contract.conformance.harness.run.parameters import parametrize
from lightfield_contract.conformance.harness.run.reduction import Reduction, judge_smallest
from lightfield_contract.conformance.harness.run.selection import own_clause
from lightfield_contract.conformance.harness.run.suite import Case, Suite
from lightfield_contract.spec import Contract


def pytest_configure(config: pytest.Config) -> None:
    """Prepares the run."""
    activate(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeats a test for each breach, place, value type or body that it is about."""
    parametrize(metafunc, metafunc.config.stash[SUITE])


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> Suite:
    """The run."""
    return request.config.stash[SUITE]


@pytest.fixture
def case(request: pytest.FixtureRequest, suite: Suite) -> Case:
    """The tools of this case."""
    # The plugin that runs failed cases again counts attempts for all workers.
    attempt = getattr(request.node, "execution_count", 1)
    made = suite.case(case_name(request.node), own_clause(request.node, suite.contract), attempt)
    request.node.stash[CASE] = made
    return made


@pytest.fixture
def api(case: Case) -> Api:
    """Sends requests."""
    return case.api


@pytest.fixture
def expect(case: Case) -> Expect:
    """Judges exchanges."""
    return case.expect


@pytest.fixture
def given(suite: Suite) -> Material:
    """Makes bodies."""
    return Material(suite.world)


@pytest.fixture
def driver(api: Api, suite: Suite) -> HistoryDriver:
    """Plays a history."""
    return HistoryDriver(suite.world, api)


@pytest.fixture
def smallest_of(case: Case, suite: Suite) -> Reduction:
    """Judges a body, and shows the smallest one that fails alike."""
    return functools.partial(judge_smallest, suite, case)


@pytest.fixture
def explorer(case: Case, suite: Suite) -> Explorer:
    """Draws and shrinks."""
    return Explorer(suite, case)


@pytest.fixture
def contract(suite: Suite) -> Contract:
    """The contract to judge by."""
    return suite.contract
