"""What the arguments of a conformance test are: the tools of its case, and everything in the contract that it is about."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pytest

from ....spec import Contract, Rule
from ....strategies import (
    Breach,
    Caller,
    Depth,
    Workspace,
    enumerate_bodies,
    enumerate_breaches,
    enumerate_histories,
    enumerate_packs,
)
from ....strategies.ways import enumerate_ways
from ..case.material import Material
from ..driving.explorer import Explorer
from ..driving.histories import HistoryDriver
from ..driving.narrowing import judge_narrowest, judge_plainest
from ..driving.packs import Unpacking
from ..driving.reducing import judge_smallest
from ..run.suite import Case, Suite

__all__ = ["TOOLS", "Plan", "arguments", "own_parameters", "parametrize"]

_OFTEN_REFUSED: Final = frozenset(
    (
        Rule.VERSION,
        Rule.MEDIA_TYPE,
        Rule.MALFORMED,
        Rule.MISSING,
        Rule.TYPE,
        Rule.READ_ONLY,
        Rule.UNKNOWN_OPTION,
        Rule.UNKNOWN_ID,
    )
)
"""Rules that are looked at in different places: before the body is read, in its form, or in what the target holds."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """What the cases of one collection are about: each thing once, of what there is to write with when pytest collects."""

    contract: Contract
    workspace: Workspace
    depth: Depth
    caller: Caller
    seed: int
    others: tuple[Caller, ...] = ()

    @classmethod
    def of(cls, suite: Suite) -> Plan:
        """Return the plan of a run, as far as the target is known by now."""
        world, settings = suite.world, suite.settings
        others = world.other_callers[1:]
        return cls(suite.contract, world.workspace, settings.depth, world.other_caller, settings.seed, others)

    @functools.cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """All breaches, each in its context."""
        return enumerate_breaches(self.contract, self.workspace, self.depth, self.caller, others=self.others, seed=self.seed)

    @property
    def refusals(self) -> tuple[Breach, ...]:
        """One breach with a key of each rule whose breach has to be refused; at smoke depth of a few rules."""
        header = self.contract.key_header
        rules = _OFTEN_REFUSED if self.depth is Depth.SMOKE else set(Rule) - {Rule.SURVIVES}
        refused = [each for each in self.breaches if each.keyed and each.clause and each.rule in rules]
        keyless = [each for each in refused if not (header and each.place == header.name)]
        return tuple({each.rule: each for each in reversed(keyless)}.values())


def parametrize(metafunc: pytest.Metafunc, plan: Plan) -> None:
    """Gives a test its parameters, by the names of its arguments.

    breach: each breach of the run's depth whose clause, or kind of clause, the mark `breaches` names; `observed`
    stands for those that no clause forbids. place, value_type: each subject of the clause that the mark `clause` names.
    body, pack, way, history: each one of the run's depth.
    """
    contract, workspace, depth = plan.contract, plan.workspace, plan.depth
    wanted = metafunc.fixturenames
    if "breach" in wanted and (mark := metafunc.definition.get_closest_marker("breaches")):
        chosen = [breach for breach in plan.breaches if _matches(breach.clause, mark.args)]
        _repeat(metafunc, "breach", chosen, ids=[breach.id for breach in chosen])
    if "body" in wanted:
        bodies = enumerate_bodies(contract, workspace, depth)
        _repeat(metafunc, "body", bodies, ids=[f"body-{number}" for number in range(len(bodies))])
    if "way" in wanted:
        ways = enumerate_ways(depth, plan.caller, keyed=contract.key_header is not None)
        _repeat(metafunc, "way", ways, ids=[f"way-{number}" for number in range(len(ways))])
    if "history" in wanted:
        # The shortest history of each clause is a case of test_idempotency.
        histories = [history for history in enumerate_histories(depth, plan.seed) if not history.shortest]
        _repeat(metafunc, "history", histories, ids=[history.name for history in histories])
    if "pack" in wanted:
        packs = enumerate_packs(contract, workspace, depth)
        _repeat(metafunc, "pack", packs, ids=[pack.id for pack in packs])
    for name in {"place", "value_type"} & set(wanted):
        mark = metafunc.definition.get_closest_marker("clause")
        kind = mark.args[0].partition(":")[0] if mark else ""
        subjects = [clause.id.partition(":")[2] for clause in contract.clauses if clause.kind == kind]
        _repeat(metafunc, name, subjects, ids=subjects)


def _repeat(metafunc: pytest.Metafunc, name: str, values: Sequence[object], *, ids: Sequence[str]) -> None:
    """Repeat a test for each value; without any, it is a case for no depth, which pytest is not asked to skip or fail."""
    nothing = [pytest.param(None, id="nothing", marks=pytest.mark.depth())]
    metafunc.parametrize(name, values or nothing, ids=ids or None)


def _matches(clause: str | None, names: tuple[str, ...]) -> bool:
    if clause is None:
        return "observed" in names
    return clause in names or clause.partition(":")[0] in names


TOOLS: Final[Mapping[str, Callable[[Case], Any]]] = {
    "api": lambda case: case.api,
    "expect": lambda case: case.expect,
    "contract": lambda case: case.suite.contract,
    "thorough": lambda case: case.suite.settings.depth is not Depth.SMOKE,
    "refusals": lambda case: case.suite.state.turns,
    "given": lambda case: Material(case.suite.world),
    "driver": lambda case: HistoryDriver(case.suite.world, case.api),
    "smallest_of": lambda case: functools.partial(judge_smallest, case),
    "narrowest_of": lambda case: functools.partial(judge_narrowest, case),
    "plainest_of": lambda case: functools.partial(judge_plainest, case),
    "unpacking": lambda case: Unpacking(case.suite.world, case.api, case.expect, functools.partial(judge_smallest, case)),
    "explorer": Explorer,
}
"""What the arguments of a case are made of, by name."""


def own_parameters(item: pytest.Function) -> Mapping[str, Any]:
    """Return what a case is repeated for, by the names of its arguments."""
    return item.callspec.params if hasattr(item, "callspec") else {}


def arguments(item: pytest.Function, case: Case) -> dict[str, Any]:
    """Return what a case is called with: what it is repeated for, and its tools."""
    given, names = own_parameters(item), item._fixtureinfo.argnames
    return {name: given[name] if name in given else TOOLS[name](case) for name in names if name in given or name in TOOLS}
