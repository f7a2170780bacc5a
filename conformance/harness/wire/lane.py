"""A lane: what a case that runs ahead has by itself: its turn, the order to stop, and what is logged meanwhile."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import threading
from collections.abc import Iterator

from .redaction import LOGGERS

__all__ = ["Lane", "StoppedError", "keeping_logs"]

_CURRENT: contextvars.ContextVar[Lane | None] = contextvars.ContextVar("lane", default=None)


class StoppedError(Exception):
    """The run ends: nothing more is to be sent."""


class Lane:
    """The way of one case, in whichever threads.

    Args:
        stop: set when nothing more is to be sent.

    Attributes:
        turn: set when all cases before it are reported.
        logged: what was logged in the lane and is to be logged again in the case's turn.
    """

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.turn = threading.Event()
        self.logged: list[logging.LogRecord] = []

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

    def log_again(self) -> None:
        """Log what was kept back, with the loggers and the times that it had."""
        for record in sorted(self.logged, key=lambda record: record.created):
            logging.getLogger(record.name).handle(record)
        self.logged.clear()


class _KeepBack(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what is logged in a lane for its case's turn; let all else pass."""
        lane = _CURRENT.get()
        if lane is not None:
            lane.logged.append(record)
        return lane is None


@contextlib.contextmanager
def keeping_logs() -> Iterator[None]:
    """Keep what the HTTP libraries log in a lane for its case's turn."""
    keep = _KeepBack()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(keep)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(keep)
