"""What came of judging the suite by servers of which it is known what is wrong with them: the fault matrix."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from .digest import Headline
from .files import write_files
from .lists import plural

__all__ = ["Detection", "Matrix", "ServerRun", "matrix_headline", "write_matrix_json"]


class Detection(enum.StrEnum):
    """What the suite made of a server, from best to worst."""

    CLEAN = "no finding"
    """The server keeps the contract, and no clause is violated."""
    DETECTED = "detected"
    """A clause that the fault names is violated."""
    MISATTRIBUTED = "misattributed"
    """A clause is violated, but none that the fault names."""
    MISSED = "missed"
    """The server has a fault, and no clause is violated."""
    FALSE_ALARM = "false alarm"
    """The server keeps the contract, and a clause is violated all the same."""
    ERROR = "not judged"
    """The run ended without a result, or with an error of ours."""


_STEPS: Final = (10, 20, 50, 100, 200, 400, 800, 1600, 3200)
"""Writes after which found faults are counted."""


@dataclasses.dataclass(frozen=True)
class ServerRun:
    """One run of the suite against one server.

    Attributes:
        subject: the fault's id, or the variations that the server has.
        statement: what the server does, in one sentence.
        group: the title under which it is listed.
        named: the clauses by which the fault may be detected; empty for a server that keeps the contract.
        blamed: the clauses that the run found violated, advice included.
        seconds: wall time.
        note: why there is no result, or errors of ours in it.
        writes: how many writes were sent until the first request that shows a named clause broken; 0 where none does.
    """

    subject: str
    statement: str
    group: str
    named: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    requests: int = 0
    seconds: float = 0.0
    note: str = ""
    writes: int = 0

    @property
    def outcome(self) -> Detection:
        """What the suite made of the server."""
        if self.note:
            return Detection.ERROR
        if not self.named:
            return Detection.FALSE_ALARM if self.blamed else Detection.CLEAN
        if set(self.named) & set(self.blamed):
            return Detection.DETECTED
        return Detection.MISATTRIBUTED if self.blamed else Detection.MISSED


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
    rows: tuple[ServerRun, ...]
    interrupted: bool = False

    def of(self, *outcomes: Detection) -> tuple[ServerRun, ...]:
        """Return the rows with one of these outcomes."""
        return tuple(row for row in self.rows if row.outcome in outcomes)

    @property
    def good(self) -> bool:
        """Whether every fault was found, by whichever clause, and no conforming server was blamed."""
        return not self.interrupted and not self.of(Detection.MISSED, Detection.FALSE_ALARM, Detection.ERROR)

    @property
    def clauses_blamed(self) -> float:
        """How many clauses are blamed for a fault that was found, on average."""
        found = self.of(Detection.DETECTED, Detection.MISATTRIBUTED)
        return sum(len(row.blamed) for row in found) / len(found) if found else 0.0

    def curve(self) -> dict[int, int]:
        """Return by a number of writes how many faults were found within it; empty where no request shows one."""
        spent = [row.writes for row in self.of(Detection.DETECTED) if row.writes]
        steps = [step for step in _STEPS if spent and step <= 2 * max(spent)]
        return {step: sum(writes <= step for writes in spent) for step in steps}

    def groups(self) -> dict[str, list[ServerRun]]:
        """Return the rows under their group's title, both in the order given."""
        found: dict[str, list[ServerRun]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        rows = [{**dataclasses.asdict(row), "outcome": row.outcome.value} for row in self.rows]
        return {**dataclasses.asdict(self), "seconds": round(self.seconds, 1), "rows": rows}


def matrix_headline(matrix: Matrix) -> Headline:
    """Return the totals in one line: of faults, of conforming servers, or of both."""
    parts = [*_fault_totals(matrix), *_conforming_totals(matrix)]
    if errors := matrix.of(Detection.ERROR):
        parts.append(f"{len(errors):,} not judged")
    seeds = f"seed{'s' if len(matrix.seeds) > 1 else ''} {', '.join(map(str, matrix.seeds))}"
    parts.append(f"{matrix.seconds:.0f} s at {matrix.depth} depth, {seeds}")
    word = "interrupted" if matrix.interrupted else "proved" if matrix.good else "not proved"
    return Headline(word, "; ".join(parts), matrix.good)


def write_matrix_json(matrix: Matrix, path: str | Path) -> None:
    """Write `to_json` to a file."""
    write_files({Path(path): json.dumps(matrix.to_json(), indent=1) + "\n"})


def _fault_totals(matrix: Matrix) -> Iterable[str]:
    total = sum(bool(row.named) for row in matrix.rows)
    if total:
        others = [(outcome, len(matrix.of(outcome))) for outcome in (Detection.MISATTRIBUTED, Detection.MISSED)]
        rest = "".join(f", {count:,} {outcome}" for outcome, count in others if count)
        yield f"{len(matrix.of(Detection.DETECTED)):,} of {plural(total, 'fault')} detected by the clause named{rest}"
        yield f"{matrix.clauses_blamed:.1f} clauses blamed for each on average"


def _conforming_totals(matrix: Matrix) -> Iterable[str]:
    total = sum(not row.named for row in matrix.rows)
    if total:
        alarms = len(matrix.of(Detection.FALSE_ALARM))
        found = plural(alarms, "false alarm") if alarms else "no finding"
        yield f"{found} in {plural(total, 'run')} against conforming servers"
