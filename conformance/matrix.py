"""Judges the suite: it has to find every fault by its clause, and nothing in a server that keeps the contract."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import enum
import io
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..reference import Pipeline, Reference
from ..reference import Settings as ServerSettings
from ..reference.faults import fault, faults
from ..reference.variants import enumerate_variants, make_variant
from ..reports import Result, Verdict, read_json
from ..spec import load
from .running import run_tests

__all__ = ["Matrix", "Outcome", "Row", "judge_faults", "judge_server", "judge_variants"]

_BLAMED = (Verdict.VIOLATED, Verdict.ADVICE)


class Outcome(enum.StrEnum):
    """What became of a fault, from best to worst."""

    RIGHT = "right clause"
    """A clause that the fault names is violated."""
    OTHER = "another clause"
    """A clause is violated, but none that the fault names."""
    MISSED = "missed"
    """No clause is violated."""
    ERROR = "not judged"
    """The run ended without a result."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One run of the suite.

    Attributes:
        subject: the fault's id, or what the server was told.
        named: the clauses that are a right answer; empty for a server that keeps the contract.
        blamed: the clauses that the run found violated, advice included.
        note: why there is no result, or errors of ours in it.
    """

    subject: str
    statement: str
    named: tuple[str, ...]
    blamed: tuple[str, ...]
    seconds: float
    note: str = ""
    judged: bool = True

    @property
    def outcome(self) -> Outcome:
        """What became of the fault."""
        if set(self.named) & set(self.blamed):
            return Outcome.RIGHT
        if not self.judged:
            return Outcome.ERROR
        return Outcome.OTHER if self.blamed else Outcome.MISSED


@dataclasses.dataclass(frozen=True)
class Matrix:
    """All runs, in the order of the catalogue."""

    depth: str
    seed: int
    seconds: float
    rows: tuple[Row, ...]

    def of(self, outcome: Outcome) -> tuple[Row, ...]:
        """The rows with that outcome."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def clauses_blamed(self) -> float:
        """How many clauses a fault that was caught has blamed on it, on average."""
        caught = [row for row in self.rows if row.blamed]
        return sum(len(row.blamed) for row in caught) / len(caught) if caught else 0.0

    def summary(self) -> str:
        """The totals in one line."""
        total = len(self.rows)
        caught = total - len(self.of(Outcome.MISSED)) - len(self.of(Outcome.ERROR))
        right = len(self.of(Outcome.RIGHT))
        return (
            f"{caught} of {total} faults caught, {right} by the clause that they name; {self.clauses_blamed:.1f} clauses "
            f"blamed for each on average; {self.seconds:.0f} s at {self.depth} depth"
        )

    def render(self) -> str:
        """The rows that are not as they should be, worst first, then the totals."""
        lines = []
        for outcome in reversed(Outcome):
            rows = self.of(outcome) if outcome is not Outcome.RIGHT else ()
            lines += [f"{outcome.value.upper()} ({len(rows)})"] if rows else []
            lines += [_line(row) for row in rows]
        return "\n".join([*lines, self.summary()])

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        rows = [{**dataclasses.asdict(row), "outcome": row.outcome.value} for row in self.rows]
        return {"depth": self.depth, "seed": self.seed, "seconds": round(self.seconds, 1), "rows": rows}


def judge_faults(
    ids: Sequence[str] = (),
    *,
    depth: str = "standard",
    seed: int = 0,
    workers: int = 0,
    progress: Callable[[int, int, Row], None] | None = None,
) -> Matrix:
    """Runs the suite once against each fault.

    Args:
        ids: of the faults; all when empty.
        workers: processes; as many as there are processors when 0.
        progress: called after each run with how many are done, of how many, and the last one.

    Raises:
        UsageError: there is no fault of that id.
    """
    chosen = [fault(each).id for each in ids] or [info.id for info in faults()]
    start = time.perf_counter()
    rows = _judge(_judge_fault, [(each, depth, seed) for each in chosen], workers, progress)
    return Matrix(depth, seed, time.perf_counter() - start, rows)


def judge_variants(
    *,
    seeds: Sequence[int] = (0, 1, 2),
    rounds: int = 1,
    depth: str = "standard",
    workers: int = 0,
    progress: Callable[[int, int, Row], None] | None = None,
) -> Matrix:
    """Runs the suite against servers that keep the contract in ways of their own: every finding is a mistake of ours.

    Args:
        rounds: how many times each pair of freedoms occurs at least, for each seed.
    """
    chosen = [dict(variant.choices) for variant in enumerate_variants(load(), rounds)]
    start = time.perf_counter()
    rows = _judge(_judge_variant, [(choices, depth, seed) for seed in seeds for choices in chosen], workers, progress)
    return Matrix(depth, seeds[0], time.perf_counter() - start, rows)


def judge_server(
    pipeline: type[Pipeline],
    settings: ServerSettings | None,
    arguments: Sequence[str],
    given: Mapping[str, str] | None = None,
) -> tuple[Result | None, str]:
    """Runs the suite in this process against a server of its own; the result, and what was printed.

    Args:
        given: variables besides the server's own.
        arguments: further ones of `lightfield-contract run`.
    """
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, Reference(load(), settings, pipeline) as server:
        told = [f"--base-url={server.url}", f"--lf-report-dir={folder}", "--lf-report=json", *arguments]
        with (
            _environment({**server.environment, **(given or {})}),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            run_tests(told)
        file = Path(folder) / "result.json"
        return (read_json(file) if file.exists() else None), printed.getvalue()


def _judge_fault(fault_id: str, depth: str, seed: int) -> Row:
    info = fault(fault_id)
    start = time.perf_counter()
    result, printed = judge_server(info.pipeline, None, [f"--lf-depth={depth}", f"--lf-seed={seed}"])
    seconds = round(time.perf_counter() - start, 2)
    return Row(info.id, info.statement, info.clauses, _blamed(result), seconds, _note(result, printed), result is not None)


def _judge_variant(choices: dict[str, str], depth: str, seed: int) -> Row:
    variant = make_variant(load(), choices)
    arguments = [f"--lf-depth={depth}", f"--lf-seed={seed}", f"--lf-basis={variant.basis}"]
    start = time.perf_counter()
    result, printed = judge_server(variant.pipeline, variant.settings, arguments, variant.given)
    seconds = round(time.perf_counter() - start, 2)
    statement = f"Keeps the contract by the basis {variant.basis}; seed {seed}."
    return Row(variant.id, statement, (), _blamed(result), seconds, _note(result, printed), result is not None)


def _judge(
    judge: Callable[..., Row],
    jobs: Sequence[tuple[Any, str, int]],
    workers: int,
    progress: Callable[[int, int, Row], None] | None,
) -> tuple[Row, ...]:
    # Spawned, because a forked process would inherit locks that the parent's threads hold.
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(workers or os.cpu_count(), context) as pool:
        submitted = [pool.submit(judge, *job) for job in jobs]
        for count, done in enumerate(concurrent.futures.as_completed(submitted), 1):
            if progress:
                progress(count, len(jobs), done.result())
        return tuple(each.result() for each in submitted)


def _blamed(result: Result | None) -> tuple[str, ...]:
    return tuple(clause.id for clause in result.clauses if clause.verdict in _BLAMED) if result else ()


def _note(result: Result | None, printed: str) -> str:
    if result is None:
        return printed.strip()[-300:]
    return "; ".join(note for note in result.notes if note.startswith("our own error"))


def _line(row: Row) -> str:
    told = f"; blamed: {', '.join(row.blamed)}" if row.blamed else ""
    note = f"; {row.note}" if row.note else ""
    return f"  {row.subject} ({' or '.join(row.named)}): {row.statement}{told}{note}"


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets the suite's variables, and takes all others of its name away meanwhile."""
    before = {name: value for name, value in os.environ.items() if name.startswith("LIGHTFIELD_")}
    for name in before:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            os.environ.pop(name, None)
        os.environ.update(before)
