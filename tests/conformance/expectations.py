"""Finds every expectation of the judge in its source, and blanks one, so that it can be shown that each is needed.

An expectation is a call of `judge` whose third argument says whether it held, or of `Judgement` with a problem. A blank
one holds whatever was seen.
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

import lightfield_contract.conformance.harness.expect as package

__all__ = ["Expectation", "blank", "expectations"]

_BLANK = {"judge": True, "Judgement": ""}
"""What stands for "it held", by the name of what is called."""


@dataclasses.dataclass(frozen=True)
class Expectation:
    """One expectation.

    Attributes:
        module: its name within the package.
        function: the qualified name of the function that it stands in.
        number: counts the expectations of one function, from 1.
    """

    module: str
    function: str
    number: int

    def __str__(self) -> str:
        return f"{self.module}.{self.function} {self.number}"


def expectations() -> tuple[Expectation, ...]:
    """All of them, in the order of the source."""
    found = []
    for path in sorted(Path(package.__file__).parent.glob("*.py")):
        counts: Counter[str] = Counter()
        for function, _ in _calls(ast.parse(path.read_text("utf-8"))):
            counts[function] += 1
            found.append(Expectation(path.stem, function, counts[function]))
    return tuple(found)


def blank(expectation: Expectation) -> tuple[Callable[..., Any], types.CodeType]:
    """The function that an expectation stands in, and the code that it would have without it.

    Whoever has imported the function gets the other code with it, once it is set as its `__code__`.
    """
    module = importlib.import_module(f"{package.__name__}.{expectation.module}")
    tree = ast.parse(inspect.getsource(module))
    calls = [call for function, call in _calls(tree) if function == expectation.function]
    call = calls[expectation.number - 1]
    call.args[2] = ast.copy_location(ast.Constant(_BLANK[call.func.id]), call.args[2])  # type: ignore[attr-defined]
    code = compile(tree, module.__file__ or "", "exec")
    function: Any = module
    for name in expectation.function.split("."):
        function = getattr(function, name)
        code = next(each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == name)
    return function, code


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Each expectation's call, with the qualified name of the function that it stands in."""

    def within(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[str, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef):
                yield from within(child, (*names, child.name))
                continue
            if names and isinstance(child, ast.Call) and _may_fail(child):
                yield ".".join(names), child
            yield from within(child, names)

    yield from ((function, call) for function, call in within(tree, ()) if function != "judge")


def _may_fail(call: ast.Call) -> bool:
    """Whether it is an expectation, and not one that always holds because it only notes that there was one."""
    named = isinstance(call.func, ast.Name) and call.func.id in _BLANK
    return named and len(call.args) > 2 and not isinstance(call.args[2], ast.Constant)
