"""What came of judging the suite: which clauses each server had blamed on it, and which of them were the right ones."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .digest import Headline, plural
from .files import write_files

__all__ = ["Matrix", "Outcome", "Row", "matrix_headline", "write_matrix_json"]


class Outcome(enum.StrEnum):
    """What the suite made of a server, from best to worst."""

    CLEAN = "no finding"
    """The server keeps the contract, and nothing is blamed on it."""
    RIGHT = "right clause"
    """A clause that the fault names is violated."""
    OTHER = "another clause"
    """A clause is violated, but none that the fault names."""
    MISSED = "missed"
    """The server has a fault, and no clause is violated."""
    ACCUSED = "false alarm"
    """The server keeps the contract, and a clause is violated all the same."""
    ERROR = "not judged"
    """The run ended without a result, or with an error of ours."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One run of the suite against one server.

    Attributes:
        subject: the fault's id, or the freedoms that the server takes.
        statement: what the server does, in one sentence.
        group: the title under which it is listed.
        named: the clauses that are a right answer; empty for a server that keeps the contract.
        blamed: the clauses that the run found violated, advice included.
        note: why there is no result, or errors of ours in it.
    """

    subject: str
    statement: str
    group: str
    named: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    requests: int = 0
    seconds: float = 0.0
    note: str = ""

    @property
    def outcome(self) -> Outcome:
        """What the suite made of the server."""
        if self.note:
            return Outcome.ERROR
        if not self.named:
            return Outcome.ACCUSED if self.blamed else Outcome.CLEAN
        if set(self.named) & set(self.blamed):
            return Outcome.RIGHT
        return Outcome.OTHER if self.blamed else Outcome.MISSED


@dataclasses.dataclass(frozen=True)
class Matrix:
    """All runs, in the order of the catalogue.

    Attributes:
        tool: name and version of the suite.
        seconds: wall time of all runs together; each row has its own.
        interrupted: whether the user stopped it before all were done.
    """

    tool: str
    depth: str
    seeds: tuple[int, ...]
    seconds: float
    rows: tuple[Row, ...]
    interrupted: bool = False

    def of(self, *outcomes: Outcome) -> tuple[Row, ...]:
        """The rows with one of these outcomes."""
        return tuple(row for row in self.rows if row.outcome in outcomes)

    @property
    def good(self) -> bool:
        """Whether every fault was caught, by whichever clause, and no conforming server was blamed."""
        return not self.interrupted and not self.of(Outcome.MISSED, Outcome.ACCUSED, Outcome.ERROR)

    @property
    def clauses_blamed(self) -> float:
        """How many clauses a fault that was caught has blamed on it, on average."""
        caught = self.of(Outcome.RIGHT, Outcome.OTHER)
        return sum(len(row.blamed) for row in caught) / len(caught) if caught else 0.0

    def groups(self) -> dict[str, list[Row]]:
        """The rows under their group's title, both in the order given."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return found

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        rows = [{**dataclasses.asdict(row), "outcome": row.outcome.value} for row in self.rows]
        return {**dataclasses.asdict(self), "seconds": round(self.seconds, 1), "rows": rows}


def matrix_headline(matrix: Matrix) -> Headline:
    """The totals in one line: of faults, of conforming servers, or of both."""
    parts = [*_faults_told(matrix), *_conforming_told(matrix)]
    if errors := matrix.of(Outcome.ERROR):
        parts.append(f"{len(errors):,} not judged")
    seeds = f"seed{'s' if len(matrix.seeds) > 1 else ''} {', '.join(map(str, matrix.seeds))}"
    parts.append(f"{matrix.seconds:.0f} s at {matrix.depth} depth, {seeds}")
    word = "interrupted" if matrix.interrupted else "proved" if matrix.good else "not proved"
    return Headline(word, "; ".join(parts), matrix.good)


def write_matrix_json(matrix: Matrix, path: str | Path) -> None:
    """Writes `to_json` to a file."""
    write_files({Path(path): json.dumps(matrix.to_json(), indent=1) + "\n"})


def _faults_told(matrix: Matrix) -> Iterable[str]:
    total = sum(bool(row.named) for row in matrix.rows)
    if total:
        right, other = len(matrix.of(Outcome.RIGHT)), len(matrix.of(Outcome.OTHER))
        yield f"{right + other:,} of {plural(total, 'fault')} caught, {right:,} by the clause named"
        yield f"{matrix.clauses_blamed:.1f} clauses blamed for each on average"


def _conforming_told(matrix: Matrix) -> Iterable[str]:
    total = sum(not row.named for row in matrix.rows)
    if total:
        accused = len(matrix.of(Outcome.ACCUSED))
        found = plural(accused, "false alarm") if accused else "no finding"
        yield f"{found} in {plural(total, 'run')} against conforming servers"
