"""Spreads jobs over processes that can be stopped at any moment, and then leave neither files nor themselves behind."""

from __future__ import annotations

import concurrent.futures
import itertools
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TypeVar

from .running import terminated_like_interrupted

__all__ = ["PROCESSORS", "spread"]

PROCESSORS = os.cpu_count() or 1
_Result = TypeVar("_Result")


def spread(
    work: Callable[..., _Result],
    jobs: Sequence[tuple[object, ...]],
    processes: int,
    settle_in: Callable[[], None] | None = None,
) -> Generator[tuple[int, _Result], None, None]:
    """Yield the results as they come, each with its job's place.

    Args:
        work: what a process does with the arguments of one job.
        processes: one, or a single job, does without any process but this one.
        settle_in: what each process does first.

    Raises:
        KeyboardInterrupt: the user stopped it, by Ctrl-C or SIGTERM; no process is left.
    """
    if min(processes, len(jobs)) <= 1:
        if settle_in is not None:
            settle_in()
        yield from ((place, work(*job)) for place, job in enumerate(jobs))
        return
    # Spawned, because a forked process would inherit locks that the parent's threads hold.
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        concurrent.futures.ProcessPoolExecutor(processes, context, _settle_in, (folder, settle_in)) as pool,
        terminated_like_interrupted(),
    ):
        try:
            yield from _submitted(pool, processes, work, jobs)
        except BaseException:
            for process in multiprocessing.active_children():
                process.kill()
            raise


def _submitted(
    pool: concurrent.futures.Executor, processes: int, work: Callable[..., _Result], jobs: Sequence[tuple[object, ...]]
) -> Iterator[tuple[int, _Result]]:
    """Yield the results, with no job waiting in the pool, so that a stop has none to wait for."""
    waiting = enumerate(jobs)
    running: dict[concurrent.futures.Future[_Result], int] = {}
    while True:
        for place, job in itertools.islice(waiting, processes - len(running)):
            running[pool.submit(work, *job)] = place
        if not running:
            return
        for done in concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED).done:
            yield running.pop(done), done.result()


def _settle_in(folder: str, more: Callable[[], None] | None) -> None:
    # The parent says when to stop; Ctrl-C reaches its children as well.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A process that is killed leaves its files, and the parent takes its folder away.
    tempfile.tempdir = folder
    if more is not None:
        more()
