"""Fixtures of the conformance tests: what a case works with."""

from __future__ import annotations

import functools

import pytest

from ....spec import Contract
from ..judge import Expect
from .case import Api
from .case_hooks import CASE, case_name
from .explorer import Explorer
from .histories import HistoryDriver
from .hooks import SUITE
from .material import Material
from .narrowing import Narrowing, Plainest, judge_narrowest, judge_plainest
from .packs import Unpacking
from .reduction import Reduction, judge_smallest
from .selection import own_clause
from .suite import Case, Suite

__all__: list[str] = []


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
def unpacking(suite: Suite, api: Api, expect: Expect, smallest_of: Reduction) -> Unpacking:
    """Judges packs of values."""
    return Unpacking(suite.world, api, expect, smallest_of)


@pytest.fixture
def narrowest_of(case: Case, suite: Suite) -> Narrowing:
    """Judges a breach in its context, and shows it beside the fewest features with which it is found."""
    return functools.partial(judge_narrowest, suite, case)


@pytest.fixture
def plainest_of(case: Case) -> Plainest:
    """Judges a request sent in a way, and shows it as plainly as it is found."""
    return functools.partial(judge_plainest, case)


@pytest.fixture
def explorer(case: Case, suite: Suite) -> Explorer:
    """Draws and shrinks."""
    return Explorer(suite, case)


@pytest.fixture
def contract(suite: Suite) -> Contract:
    """The contract to judge by."""
    return suite.contract
