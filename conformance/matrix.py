"""Judges the suite: it has to detect every fault by its clause, and find nothing in a server that keeps the contract."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import gc
import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest

from ..reference import Configuration, Pipeline, Reference
from ..reference.faults import fault, faults
from ..reference.variations import conforming_server, conforming_servers
from ..reports import Detection, Matrix, Result, ServerRun, Verdict, read_json
from ..spec import load
from .harness.plugin.activation import TRANSPORT
from .harness.run.starting import LOW_RATE
from .harness.wire.client import tool_version
from .pool import PROCESSORS, spread
from .running import run_tests

__all__ = ["Progress", "judge_fault", "judge_faults", "judge_server", "judge_variations"]

Progress: TypeAlias = Callable[[int, int, ServerRun], None]
"""Called after each run with how many are done, of how many, and the last one."""

_IN_PROCESS_URL = "http://in-process.invalid"
_BLAMED = (Verdict.VIOLATED, Verdict.ADVICE)


def judge_faults(
    ids: Sequence[str] = (),
    *,
    depth: str = "standard",
    seed: int = 0,
    workers: int = 0,
    sockets: bool = False,
    smoke_first: bool = False,
    progress: Progress | None = None,
) -> Matrix:
    """Run the suite once against each fault.

    Args:
        ids: of the faults; all when empty, which at deep depth are those that need three things to meet.
        sockets: whether suite and server speak over sockets, which takes twice as long.
        smoke_first: whether what smoke depth detects is not judged at the given one.
        workers: processes; when 0, two for each processor, because a run waits a fifth of its time: for races, for
            records that come late, and for the end of its own server.

    Raises:
        UsageError: there is no fault of that id.
    """
    chosen = [fault(each).id for each in ids] or [info.id for info in faults(deep=depth == "deep")]
    judge = functools.partial(_judge_smoke_first if smoke_first else judge_fault, socket=sockets)
    named = f"smoke, then {depth}" if smoke_first else depth
    return _judge(judge, [(each, depth, seed) for each in chosen], named, (seed,), workers, progress)


def judge_variations(
    *,
    seeds: Sequence[int] = (0, 1, 2),
    rounds: int = 2,
    depth: str = "standard",
    workers: int = 0,
    progress: Progress | None = None,
) -> Matrix:
    """Run the suite against servers that keep the contract in ways of their own: every finding is a mistake of ours.

    Args:
        rounds: how many times each pair of variations occurs at least, for each seed.
        workers: as for `judge_faults`.
    """
    chosen = [dict(server.choices) for server in conforming_servers(load(), rounds)]
    jobs = [(choices, depth, seed) for seed in seeds for choices in chosen]
    return _judge(_judge_conforming, jobs, depth, tuple(seeds), workers, progress)


def judge_fault(
    fault_id: str, depth: str = "standard", seed: int = 0, *, clause: str = "", socket: bool = False
) -> ServerRun:
    """Run the suite against one fault, in this process.

    Args:
        clause: judges this one alone; all when empty.
        socket: whether suite and server speak over a socket.

    Raises:
        UsageError: there is no fault of that id.
    """
    info = fault(fault_id)
    contract = load()
    blank = ServerRun(info.id, info.statement, contract.sections[contract.clause(info.clause).section], info.clauses)
    arguments = [
        f"--lightfield-depth={depth}",
        f"--lightfield-seed={seed}",
        *([f"--lightfield-clause={clause}"] if clause else []),
        *(["--lightfield-exceed-limits"] if info.limited else []),
    ]
    served = Configuration(rate=LOW_RATE) if info.limited else None
    return _run(blank, info.pipeline, served, arguments, socket=socket)


def _judge_smoke_first(fault_id: str, depth: str, seed: int, *, socket: bool) -> ServerRun:
    quick = judge_fault(fault_id, "smoke", seed, socket=socket)
    return quick if quick.outcome is Detection.DETECTED else judge_fault(fault_id, depth, seed, socket=socket)


def judge_server(
    server: Reference,
    arguments: Sequence[str],
    given: Mapping[str, str] | None = None,
    *,
    socket: bool = True,
) -> tuple[Result | None, str]:
    """Run the suite in this process against a server of this process; return the result, and what was printed.

    Args:
        server: not yet started.
        arguments: options of our plugin and of pytest.
        given: variables besides the server's own.
        socket: whether they speak over a socket; without one a run takes half as long.
    """
    printed = io.StringIO()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(_environment({**server.environment, **(given or {})}))
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(contextlib.redirect_stderr(printed))
        url, plugins = _IN_PROCESS_URL, []
        if socket:
            url = stack.enter_context(server).url
        else:
            plugins = [_Transported(stack.enter_context(server.transport()))]
        options = [f"--base-url={url}", f"--lightfield-report-dir={folder}", "--lightfield-report=json"]
        run_tests([*options, *arguments], plugins=plugins)
        file = Path(folder) / "result.json"
        return (read_json(file) if file.exists() else None), printed.getvalue()


class _Transported:
    """A pytest plugin that gives the run a transport."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Give it before the run is prepared."""
        config.stash[TRANSPORT] = self._transport


def _judge_conforming(choices: dict[str, str], depth: str, seed: int) -> ServerRun:
    server = conforming_server(load(), choices)
    statement = " ".join(server.statements) or "Does everything as the reference does it."
    blank = ServerRun(server.id, f"{statement} Judged by the basis {server.basis}.", f"Conforming servers, seed {seed}")
    arguments = [f"--lightfield-depth={depth}", f"--lightfield-seed={seed}", f"--lightfield-basis={server.basis}"]
    return _run(blank, server.pipeline, server.configuration, arguments, server.given)


def _run(
    blank: ServerRun,
    pipeline: type[Pipeline],
    configuration: Configuration | None,
    arguments: Sequence[str],
    given: Mapping[str, str] | None = None,
    *,
    socket: bool = True,
) -> ServerRun:
    start = time.perf_counter()
    server = Reference(load(), configuration, pipeline)
    result, printed = judge_server(server, arguments, given, socket=socket)
    seconds = round(time.perf_counter() - start, 2)
    if result is None:
        return dataclasses.replace(blank, seconds=seconds, note=printed.strip()[-300:] or "the run left no result")
    if result.run.interrupted:
        raise KeyboardInterrupt
    return dataclasses.replace(
        blank,
        blamed=tuple(clause.id for clause in result.clauses if clause.verdict in _BLAMED),
        requests=result.run.writes + result.run.reads,
        seconds=seconds,
        note="; ".join(note for note in result.notes if note.startswith("our own error")),
        writes=_writes_until(result, blank.named),
    )


def _writes_until(result: Result, named: Sequence[str]) -> int:
    """How many writes were sent until the first request that shows one of the clauses broken; 0 where none does."""
    shown = [finding.judged.sent_at for finding in result.findings if finding.judged and finding.clause in named]
    return sum(timing.kind == "write" and timing.sent_at <= min(shown) for timing in result.timings) if shown else 0


def _judge(
    judge: Callable[..., ServerRun],
    jobs: Sequence[tuple[object, str, int]],
    depth: str,
    seeds: tuple[int, ...],
    workers: int,
    progress: Progress | None,
) -> Matrix:
    start = time.perf_counter()
    rows: dict[int, ServerRun] = {}
    interrupted = False
    with contextlib.closing(spread(judge, jobs, workers or 2 * PROCESSORS, _collect_seldom)) as found:
        try:
            for number, row in found:
                rows[number] = row
                if progress:
                    progress(len(rows), len(jobs), row)
        except KeyboardInterrupt:
            interrupted = True
    done = tuple(rows[number] for number in sorted(rows))
    tool = tool_version().replace("/", " ")
    return Matrix(tool, depth, seeds, time.perf_counter() - start, done, interrupted)


def _collect_seldom() -> None:
    """Collect garbage seldom: a run makes little that only the collector finds, and looking takes a tenth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set the suite's variables, and take all others of its name away meanwhile."""
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
