"""Fixtures of the conformance tests: what a case works with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from .case_hooks import CASE, PREPARED, case_name
from .explorer import Explorer
from .histories import HistoryDriver
from .hooks import SUITE
from .material import Material
from .narrowing import judge_narrowest, judge_plainest
from .packs import Unpacking
from .reduction import judge_smallest
from .suite import Case, Suite

__all__ = ["TOOLS"]

TOOLS: Final[Mapping[str, Callable[[Suite, Case], Any]]] = {
    "api": lambda _, case: case.api,
    "expect": lambda _, case: case.expect,
    "contract": lambda suite, _: suite.contract,
    "given": lambda suite, _: Material(suite.world),
    "driver": lambda suite, case: HistoryDriver(suite.world, case.api),
    "smallest_of": lambda suite, case: functools.partial(judge_smallest, suite, case),
    "narrowest_of": lambda suite, case: functools.partial(judge_narrowest, suite, case),
    "plainest_of": lambda _, case: functools.partial(judge_plainest, case),
    "unpacking": lambda suite, case: Unpacking(
        suite.world, case.api, case.expect, functools.partial(judge_smallest, suite, case)
    ),
    "explorer": Explorer,
}
"""What the arguments of a case are made of, by name."""


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> Suite:
    """The run."""
    return request.config.stash[SUITE]


@pytest.fixture
def case(request: pytest.FixtureRequest, suite: Suite) -> Case:
    """The tools of this case: those that its body has already, where it runs ahead."""
    made: Case | None = request.node.stash.get(PREPARED, None)
    if made is not None:
        del request.node.stash[PREPARED]
    else:
        # The plugin that runs failed cases again counts attempts for all workers.
        attempt = getattr(request.node, "execution_count", 1)
        made = suite.case(case_name(request.node), suite.selection.own_of(request.node), attempt)
    request.node.stash[CASE] = made
    return made


def _tool(name: str) -> object:
    @pytest.fixture(name=name)
    def give(suite: Suite, case: Case) -> Any:
        return TOOLS[name](suite, case)

    return give


# pytest finds fixtures as attributes of a module.
globals().update({f"_{name}": _tool(name) for name in TOOLS})
