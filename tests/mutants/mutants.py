"""Mutants of the reference: each is its source with one small change, made by the operators of mutmut."""

from __future__ import annotations

import ast
import dataclasses
import functools
import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from lightfield_contract import reference

__all__ = ["Mutant", "drawn"]

_FOLDER = Path(reference.__file__).parent
_MODULES = (
    "admission",
    "answers",
    "app",
    "creation",
    "definitions",
    "idempotency",
    "limits",
    "parsing",
    "pipeline",
    "reading",
    "rendering",
    "resources",
    "steps",
    "store",
    "validation",
    "value_types",
)
"""What answers requests. The others listen, keep a log, or play scripts and sample data."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One changed module of the reference.

    Attributes:
        id: does not change when other lines of the module do: module, function, and a digest of the change.
        module: its name within the reference.
        line: where the change is, counted from 1.
        before: the line as it is.
        after: what stands there instead; of several lines, the first that differs.
        source: the whole module as changed.
    """

    id: str
    module: str
    line: int
    before: str
    after: str
    source: str = dataclasses.field(repr=False)

    def __str__(self) -> str:
        return f"reference/{self.module}.py:{self.line}\n  - {self.before}\n  + {self.after}"


def drawn(count: int, seed: int) -> list[Mutant]:
    """Return so many of them, drawn by the seed; all when there are fewer."""
    places = [(module, number) for module in _MODULES for number in range(len(_parsed(module).mutations))]
    random.Random(seed).shuffle(places)  # noqa: S311 - no secret
    return list(itertools.islice(_distinct(places), count))


def _distinct(places: Iterable[tuple[str, int]]) -> Iterator[Mutant]:
    """Yield the mutants at these places, without those that are one program under another text."""
    seen = {(module, _meaning(_parsed(module).source)) for module in _MODULES}
    for module, number in places:
        mutant = _made(module, number)
        if (meaning := (module, _meaning(mutant.source))) not in seen:
            seen.add(meaning)
            yield mutant


@dataclasses.dataclass(frozen=True)
class _Parsed:
    source: str
    tree: libcst.Module
    mutations: tuple[Mutation, ...]
    lines: tuple[int, ...]


@functools.cache
def _parsed(module: str) -> _Parsed:
    source = (_FOLDER / f"{module}.py").read_text(encoding="utf-8")
    wrapper = MetadataWrapper(libcst.parse_module(source))
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    lines = (positions[mutation.original_node].start.line for mutation in visitor.mutations)
    return _Parsed(source, wrapper.module, tuple(visitor.mutations), tuple(lines))


def _made(module: str, number: int) -> Mutant:
    parsed = _parsed(module)
    mutation, line = parsed.mutations[number], parsed.lines[number]
    changed = _applied(parsed.tree, mutation)
    before, after = _first_difference(parsed.source, changed)
    function = mutation.contained_by_top_level_function
    name = function.name.value if isinstance(function, libcst.FunctionDef) else "module"
    above = sum(each.strip() == before for each in parsed.source.splitlines()[: line - 1])
    digest = hashlib.sha256(f"{before}\0{after}\0{above}".encode()).hexdigest()[:8]
    return Mutant(f"{module}.{name}.{digest}", module, line, before, after, changed)


def _applied(module: libcst.Module, mutation: Mutation) -> str:
    tree = module.deep_replace(mutation.original_node, mutation.mutated_node)
    assert isinstance(tree, libcst.Module)
    code: str = tree.code
    return code


def _first_difference(source: str, changed: str) -> tuple[str, str]:
    pairs = zip(source.splitlines(), changed.splitlines(), strict=False)
    before, after = next(((old, new) for old, new in pairs if old != new), ("", ""))
    return before.strip(), after.strip()


def _meaning(source: str) -> str:
    """Return the program without what does nothing when it runs: annotations of names, and `__all__`."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not (isinstance(node, ast.Assign) and _is_all(node))]
    return ast.dump(tree)


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
