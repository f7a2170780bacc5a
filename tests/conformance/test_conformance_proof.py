"""Every expectation of the judge is needed: without it a fault escapes, and a self-test fails.

An expectation is a call of `judge` whose third argument says whether it held, a `Judgement` with a problem, or a
comparison of values. A blank one holds whatever was seen.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import lightfield_contract.conformance.harness.judge as package
from lightfield_contract.conformance.matrix import judge_fault
from lightfield_contract.reports import Detection

ESCAPES = {
    "expect.Expect.created 1": "creating-needs-read",
    "expect.Expect.turned_away 1": "bearer-alone",
    "expect.Expect.turned_away 2": "missing-key-is-forbidden",
    "expect.Expect.linked_once 1": "links-twice",
    "expect.Expect.stored 1": "not-retrieved",
    "expect.Expect.same_option 1": "label-names-the-next:/fields/$stage",
    "expect.Expect.reveals_nothing 1": "forbidden-tells-record",
    "expect.Expect.key_information 1": "key-is-inactive",
    "expect.Expect.mismatched 1": "field-refusal-is-replayed",
    "expect.Expect.holds 1": "link-refusal-is-replayed",
    "expect.Expect.every 1": "length-in-characters",
    "expect.Expect.every 2": "unknown-key-repeated",
    "expect.Expect._survives 1": "huge-integers-crash",
    "limits.judge_limit_headers 1": "no-reset",
    "limits.judge_retry_after 1": "no-retry-after",
    "limits.judge_key_kept 1": "first-limited-uses-up-key",
    "refusal.judge_refusal 1": "unknown-is-crash",
    "refusal.judge_refusal 2": "field-of-any-type:/fields/$name",
    "refusal.judge_refusal 3": "media-type-is-bad-request",
    "refusal.judge_error 1": "forbidden-is-empty",
    "refusal.judge_error 2": "type-is-code",
    "refusal._judge_reason 1": "param-is-group",
    "refusal._judge_code 1": "no-code",
    "repeats.judge_replayed 1": "keys-live-an-hour",
    "repeats.judge_separate 1": "keys-live-for-ever",
    "repeats.judge_original_or_refused 1": "other-text-creates",
    "repeats.judge_one_winner 1": "two-winners",
    "shape.RecordShape.judge_members 1": "member-missing:/httpLink",
    "shape.RecordShape.judge_values 1": "unset-number-is-empty-text",
    "success.judge_success 1": "status-at-times",
    "success.judge_success 2": "says-html",
    "success._judge_field 1": "custom-lost:TEXT",
    "success._judge_relationship 1": "link-in-upper-case",
    "success._judge_clock 1": "no-offset",
    "success._judge_clock 2": "clock-behind",
    "values.same_value": "custom-lost:TEXT",
    "values.same_links": "link-in-upper-case",
    "values._exact": "custom-lost:TEXT",
    "values._number": "custom-lost:NUMBER",
    "values._instant": "offset-lost",
    "values._one_or_more": "custom-lost:EMAIL",
    "values._parts": "custom-lost:ADDRESS",
}
"""For each expectation a fault that nothing else in the whole suite catches, in the run that `RUNS` names."""
RUNS = {
    # Histories race as well, but at smoke depth there are none; and whoever races loses answers too.
    "repeats.judge_one_winner 1": ("smoke", "idempotency:concurrent"),
    # An option that another one is stored for does not come back either.
    "expect.Expect.same_option 1": ("standard", "option:/fields/$stage"),
}
"""Depth and clause, where they are not standard depth and all clauses."""
SELF_TESTS = [
    str(Path(__file__).with_name(f"test_conformance_{name}.py")) for name in ("expect", "refusal", "success", "values")
]
BLANK = {"judge": True, "Judgement": ""}
"""What stands for "it held", by the name of what is called."""
COMPARISONS = "values"
"""The module whose functions that return a bool compare what was sent with what came back."""


@dataclasses.dataclass(frozen=True)
class Expectation:
    """One expectation.

    Attributes:
        module: its name within the package.
        function: the qualified name of the function that it stands in.
        number: counts the expectations of one function, from 1; 0 for a function that is one itself.
    """

    module: str
    function: str
    number: int

    def __str__(self) -> str:
        return f"{self.module}.{self.function}" + (f" {self.number}" if self.number else "")


def expectations() -> tuple[Expectation, ...]:
    """All of them, in the order of the source."""
    found = []
    for path in sorted(Path(package.__file__).parent.glob("*.py")):
        counts: Counter[str] = Counter()
        for function, node in _nodes(ast.parse(path.read_text("utf-8")), path.stem):
            counts[function] += isinstance(node, ast.Call)
            found.append(Expectation(path.stem, function, counts[function]))
    return tuple(found)


def blanked(expectation: Expectation) -> tuple[types.FunctionType, types.CodeType]:
    """The function that an expectation stands in, and the code that it would have without it.

    Whoever has imported the function gets the other code with it, once it is set as its `__code__`.
    """
    module = importlib.import_module(f"{package.__name__}.{expectation.module}")
    tree = ast.parse(inspect.getsource(module))
    nodes = [node for name, node in _nodes(tree, expectation.module) if name == expectation.function]
    _blank(nodes[max(expectation.number - 1, 0)])
    code = compile(ast.fix_missing_locations(tree), module.__file__ or "", "exec")
    function: Any = module
    for name in expectation.function.split("."):
        function = getattr(function, name)
        code = next(each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == name)
    return function, code


def _blank(node: ast.Call | ast.FunctionDef) -> None:
    if isinstance(node, ast.FunctionDef):
        node.body = [ast.Return(ast.Constant(value=True))]
    elif isinstance(node.func, ast.Name):
        node.args[2] = ast.Constant(BLANK[node.func.id])


def _nodes(tree: ast.Module, module: str) -> Iterator[tuple[str, ast.Call | ast.FunctionDef]]:
    """Each expectation's node, with the qualified name of the function that it stands in, or is."""

    def within(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[str, ast.Call | ast.FunctionDef]]:
        for child in ast.iter_child_nodes(node):
            inner = (*names, child.name) if isinstance(child, ast.ClassDef | ast.FunctionDef) else names
            if isinstance(child, ast.FunctionDef) and module == COMPARISONS and _returns_bool(child):
                yield ".".join(inner), child
            if isinstance(child, ast.Call) and _may_fail(child):
                yield ".".join(inner), child
            yield from within(child, inner)

    # `judge` itself makes a judgement of every expectation.
    yield from ((function, node) for function, node in within(tree, ()) if function not in ("", "judge"))


def _returns_bool(function: ast.FunctionDef) -> bool:
    return isinstance(function.returns, ast.Name) and function.returns.id == "bool"


def _may_fail(call: ast.Call) -> bool:
    """Whether it is an expectation, and not one that always holds because it only notes that there was one."""
    named = isinstance(call.func, ast.Name) and call.func.id in BLANK
    held = call.args[2] if named and len(call.args) > 2 else ast.Constant(value=True)
    return not (isinstance(held, ast.Constant) and held.value is True)


@pytest.fixture
def blank(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Takes an expectation away until the test ends."""
    known = {str(expectation): expectation for expectation in expectations()}

    def take(name: str) -> None:
        function, code = blanked(known[name])
        monkeypatch.setattr(function, "__code__", code)

    return take


def test_every_expectation_is_here():
    """A new one needs a fault that it alone catches: name one, or do without the expectation."""
    assert [str(expectation) for expectation in expectations()] == list(ESCAPES)


@pytest.mark.parametrize("name", ESCAPES)
def test_without_an_expectation_a_fault_escapes(name: str, blank: Callable[[str], None]):
    """It is caught by a clause that it names as long as the expectation stands, and by no clause without it."""
    depth, clause = RUNS.get(name, ("standard", ""))
    before = judge_fault(ESCAPES[name], depth, clause=clause)
    blank(name)
    after = judge_fault(ESCAPES[name], depth, clause=clause)
    assert (before.outcome, after.outcome, after.blamed) == (Detection.DETECTED, Detection.MISSED, ())


@pytest.mark.parametrize("name", ESCAPES)
def test_without_an_expectation_a_self_test_fails(name: str, blank: Callable[[str], None], tmp_path: Path):
    """The tests of the judge notice by themselves that it has become blind."""
    blank(name)
    # Its modules are loaded already, so that there is nothing to rewrite.
    told = ["-x", "-qq", "--assert=plain", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}", *SELF_TESTS]
    assert pytest.main(told) == pytest.ExitCode.TESTS_FAILED
