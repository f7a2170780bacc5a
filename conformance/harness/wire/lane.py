"""A lane: what a case that runs ahead has by itself: its turn, the order to stop, and what is logged and warned of."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import logging
import operator
import threading
import time
import warnings
from collections.abc import Callable, Iterator

from .redaction import LOGGERS

__all__ = ["Lane", "StoppedError", "keep_warnings", "keeping_back"]

_CURRENT: contextvars.ContextVar[Lane | None] = contextvars.ContextVar("lane", default=None)


class StoppedError(Exception):
    """The run ends: nothing more is to be sent."""


class Lane:
    """The way of one case, in whichever threads.

    Args:
        stop: set when nothing more is to be sent.

    Attributes:
        turn: set when all cases before it are reported.
        kept: what was logged and warned of in the lane: when, and how to say it again in the case's turn.
    """

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.turn = threading.Event()
        self.kept: list[tuple[float, Callable[[], object]]] = []

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Log into the lane, in this thread and in those that take its context."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    def beside(self) -> Lane:
        """Return a lane that stops with this one, and logs by itself."""
        return Lane(self.stop)

    def check(self) -> None:
        """Raise StoppedError when nothing more is to be sent."""
        if self.stop.is_set():
            raise StoppedError

    def sleep(self, seconds: float) -> None:
        """Wait for so long; raise StoppedError when nothing more is to be sent."""
        self.stop.wait(seconds)
        self.check()

    def wait_for_turn(self) -> None:
        """Wait until all cases before it are reported; raise StoppedError when nothing more is to be sent."""
        while not self.turn.wait(0.05):
            self.check()

    def say_again(self) -> None:
        """Log and warn of what was kept back, in the order of the times that it had."""
        for _, say in sorted(self.kept, key=operator.itemgetter(0)):
            say()
        self.kept.clear()


class _KeepBack(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what is logged in a lane for its case's turn; let all else pass."""
        lane = _CURRENT.get()
        if lane is not None:
            lane.kept.append((record.created, functools.partial(logging.getLogger(record.name).handle, record)))
        return lane is None


class _Show:
    """Takes the place of `warnings.showwarning`."""

    def __init__(self, show: Callable[..., object]) -> None:
        self._show = show

    def __call__(self, *warning: object, **more: object) -> None:
        """Keep what is warned of in a lane for its case's turn; show all else."""
        if (lane := _CURRENT.get()) is None:
            self._show(*warning, **more)
        else:
            lane.kept.append((time.time(), lambda: warnings.showwarning(*warning, **more)))  # type: ignore[arg-type]


def keep_warnings() -> None:
    """Keep what is warned of in a lane; to be done again within each `warnings.catch_warnings`, which forgets it."""
    if not isinstance(warnings.showwarning, _Show):
        warnings.showwarning = _Show(warnings.showwarning)


@contextlib.contextmanager
def keeping_back() -> Iterator[None]:
    """Keep what the HTTP libraries log in a lane, and what is warned of, for its case's turn."""
    keep, show = _KeepBack(), warnings.showwarning
    keep_warnings()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(keep)
    try:
        yield
    finally:
        warnings.showwarning = show
        for logger in loggers:
            logger.removeFilter(keep)
