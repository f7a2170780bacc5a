"""Knows which cases a run was to do, and what became of each."""

from __future__ import annotations

import dataclasses
import fnmatch
import functools
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ..settings.selection import Selection

__all__ = ["TESTS", "Cases", "Collected", "Gap", "Gaps", "collect", "is_case", "is_narrowed"]

TESTS = Path(os.path.realpath(__file__)).parents[2]
"""The folder of the conformance tests."""

_PACKAGE = __name__.rpartition(".harness.")[0]


@dataclasses.dataclass(frozen=True)
class Gap:
    """Why a case says nothing, in words that fit all cases of the kind, and what to do about it."""

    reason: str
    remedy: str


@dataclasses.dataclass(frozen=True)
class Chosen:
    """A case that is to be run.

    Attributes:
        node: its id in pytest.
        clauses: ids of clauses, or beginnings of some that end in a colon: first the one that it is about, then what it says
            something of besides; none for a case that only observes.
    """

    node: str
    clauses: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Collected:
    """What was collected.

    Attributes:
        chosen: the cases that are to be run.
        narrowed: whether the user chose among the cases by pytest's own means.
        hidden: test functions that pytest was not let find, although their folder was named.
    """

    chosen: tuple[Chosen, ...] = ()
    narrowed: bool = False
    hidden: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Leave it in a folder, for another process to read."""
        part = folder / f"{os.getpid()}.part"
        part.write_text(json.dumps(dataclasses.asdict(self)), "utf-8")
        part.replace(folder / f"collection-{os.getpid()}.json")

    @classmethod
    def read(cls, folder: Path) -> Collected:
        """Return what all processes together left in a folder; an empty one when that is nothing."""
        found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("collection-*.json"))]
        clauses = {case["node"]: tuple(case["clauses"]) for each in found for case in each["chosen"]}
        return cls(
            tuple(Chosen(node, named) for node, named in clauses.items()),
            narrowed=any(each["narrowed"] for each in found),
            hidden=tuple(dict.fromkeys(name for each in found for name in each["hidden"])),
        )


def is_case(node: pytest.Item | pytest.Collector) -> bool:
    """Return whether a node is of this suite, and not one of the user's own tests."""
    return _is_of_suite(node.path)


@functools.cache
def _is_of_suite(path: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(TESTS)


def collect(
    config: pytest.Config,
    found: Sequence[pytest.Item],
    wanted: Sequence[pytest.Item],
    left: Sequence[pytest.Item],
    selection: Selection,
) -> Collected:
    """Return what this process collected.

    Args:
        found: all conformance cases that pytest found.
        wanted: those that the run's own options select.
        left: those that pytest is about to run.
    """
    by_path = not _names_all(config)
    return Collected(
        tuple(Chosen(item.nodeid, selection.named_by(item)) for item in left),
        narrowed=by_path or not set(wanted) <= set(left),
        hidden=() if by_path else _hidden(found),
    )


class Cases:
    """What became of each case: the last attempt counts, as it does for pytest.

    Attributes:
        collection: the cases that are to be run, once they are known.
    """

    def __init__(self) -> None:
        self.collection = Collected()
        self._ended: dict[str, Gap | None] = {}

    def end(self, node: str, gap: Gap | None) -> None:
        """Note how an attempt ended: without a gap when the case came to its end, whatever it found."""
        self._ended[node] = gap

    @property
    def finished(self) -> bool:
        """Whether any case came to its end."""
        return None in self._ended.values()

    def gaps(self, otherwise: Gap) -> Gaps:
        """Return what the run leaves open; `otherwise` is said of cases of which nothing was heard."""
        ends = {case.node: self._ended.get(case.node, otherwise) for case in self.collection.chosen}
        unfinished = {node: gap for node, gap in ends.items() if gap is not None}
        own: dict[str, Gap] = {}
        touched: dict[str, Gap] = {}
        for case in self.collection.chosen:
            if case.node in unfinished and case.clauses:
                own.setdefault(case.clauses[0], unfinished[case.node])
                for name in case.clauses[1:]:
                    touched.setdefault(name, unfinished[case.node])
        hidden = _HIDDEN if self.collection.hidden else None
        return Gaps(len(unfinished), own, touched, hidden or (None if self.collection.chosen else _NONE_LEFT))


@dataclasses.dataclass(frozen=True)
class Gaps:
    """What a run leaves open.

    Attributes:
        cases: how many cases did not come to their end.
        own: by clause, why a case that is about it did not.
        touched: by clause, or beginning of an id, why a case that would have said something of it did not.
        rest: why nothing was heard of all other clauses; None where that is not for want of cases.
    """

    cases: int
    own: Mapping[str, Gap]
    touched: Mapping[str, Gap]
    rest: Gap | None

    def of(self, clause: str, *, silent: bool) -> Gap | None:
        """Return why a clause is not verified; None when the cases that are about it came to their end.

        Args:
            silent: whether no case had anything to say of it.
        """
        if clause in self.own or not silent:
            return self.own.get(clause)
        kind = f"{clause.partition(':')[0]}:"
        return self.touched.get(clause) or self.touched.get(kind) or self.rest


_HIDDEN = Gap(
    "pytest was not let find all tests of this suite",
    "see whether python_files, python_functions or collect_ignore of your pytest configuration leaves them out",
)
_NONE_LEFT = Gap("no case was left to run", "select less strictly, by -k and -m and otherwise")


def is_narrowed(config: pytest.Config) -> bool:
    """Return whether the user chooses among the cases by pytest's own means, so that it may be that none is left."""
    option = config.option
    return bool(option.keyword or option.markexpr or option.deselect) or not _names_all(config)


def _names_all(config: pytest.Config) -> bool:
    """Whether the command line names the whole suite, and leaves nothing of it out by path."""
    if any(_is_ignored(path, config) for path in TESTS.glob("test_*.py")):
        return False
    named = [argument for argument in config.args if "::" not in argument]
    if config.option.pyargs and any(f"{_PACKAGE}.".startswith(f"{argument}.") for argument in named):
        return True
    # No argument of the user's can hold the character that a path must not have, but a plugin may put any text there.
    return any(TESTS.is_relative_to(os.path.realpath(argument.replace("\0", ""))) for argument in named)


def _is_ignored(path: Path, config: pytest.Config) -> bool:
    """Whether an option of pytest's leaves a module out."""
    ignored = [os.path.realpath(text) for text in config.getoption("ignore", None) or ()]
    globs = [os.path.realpath(text) for text in config.getoption("ignore_glob", None) or ()]
    return any(path.is_relative_to(each) for each in ignored) or any(fnmatch.fnmatch(str(path), each) for each in globs)


def _hidden(found: Sequence[pytest.Item]) -> tuple[str, ...]:
    """The test functions of the suite that pytest did not find, as a user's `python_files` can have it."""
    names = {(item.path.name, getattr(item, "originalname", item.name)) for item in found}
    return tuple(
        f"{path.name}::{name}"
        for path in sorted(TESTS.glob("test_*.py"))
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
        if (path.name, name) not in names
    )
