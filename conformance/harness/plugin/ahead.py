"""Runs the bodies of cases ahead of pytest's turn for them, so that requests that depend on nothing are in flight together.

pytest sets up, calls, tears down and reports each case in its turn, as ever; the call then takes what the body came to. A
case runs ahead only where nothing but this suite has a part in it; others run in their turn, and nothing is in flight then.
"""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from typing import Any

import pytest

from ..run.suite import Suite
from ..verdicts.cases import is_case
from ..wire.lane import Lane, keep_warnings, keeping_back
from .case_hooks import PREPARED, case_name
from .parameters import TOOLS, arguments, own_parameters

__all__ = ["Ahead", "in_flight"]

_READY = frozenset(TOOLS) - {"explorer"}
"""What a body that runs ahead may work with; what is drawn is drawn in its turn."""
_OUR_MARKS = frozenset({"clause", "depth", "breaches", "parametrize"})
_OUR_PACKAGE = __name__.partition(".")[0]
_HOOKS = ("protocol", "setup", "call", "teardown")
_KNOWN_PLUGINS = frozenset(
    [
        "_hypothesis_pytestplugin",
        "_pytest",
        _OUR_PACKAGE,
        "anyio",
        "pytest_asyncio",
        "pytest_base_url",
        "pytest_cov",
        "pytest_html",
    ]
) | {"pytest_httpx", "pytest_metadata", "pytest_randomly", "pytest_rerunfailures", "pytest_timeout", "schemathesis", "xdist"}
"""Packages whose hooks around a case are known to leave the cases of this suite alone, or to be asked about below."""
_IN_TURN = ("usepdb", "trace", "setuponly", "setupplan", "timeout")
_LOG_OPTIONS = ("log_level", "log_cli_level", "log_file_level")
_LOOK_AHEAD = 64
"""Cases that may be run before the one whose turn it is."""
_END = 0.8
"""Seconds in which requests under way may still get their answers when the run ends."""


def in_flight(suite: Suite, config: pytest.Config) -> int:
    """Return how many cases are to be under way at one time: 1 where each is to run in its turn."""
    # What a budget leaves over depends on the order in which it is spent.
    alone = suite.embedded or suite.settings.max_writes is not None or hasattr(config, "workerinput")
    return 1 if alone or _is_watched(config) else suite.room


class Ahead:
    """Hooks that run bodies ahead; registered where several cases may be under way."""

    def __init__(self, suite: Suite, most: int) -> None:
        self._suite = suite
        self._most = most
        self._stop = threading.Event()
        self._bodies: list[_Body] = []
        self._begun = 0
        self._reached = 0
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._by_item: dict[pytest.Item, _Body] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Keep what is logged and warned of for the turn of its case, and leave nothing in flight."""
        with keeping_back():
            try:
                return (yield)
            finally:
                self.stop()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Run ahead what follows; stop when pytest is about to."""
        if item not in self._by_item and runs_ahead(item):
            self._begin(item)
        try:
            return (yield)
        finally:
            if item.session.shouldfail or item.session.shouldstop:
                self.stop()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Tell the warnings of bodies that run ahead from those of the case that pytest now listens to."""
        keep_warnings()

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object:
        """Take what the body came to, in place of calling it."""
        body = self._by_item.get(pyfuncitem)
        if body is None or body.taken:
            return None
        body.taken = True
        body.lane.turn.set()
        with self._changed:
            self._reached = self._bodies.index(body, self._reached)
            self._changed.notify_all()
        body.done.wait()
        body.case.api.note_facts()
        body.lane.say_again()
        if body.error is not None:
            raise body.error
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self) -> None:
        """Send nothing more."""
        self.stop()

    def stop(self) -> None:
        """Begin no other request, and give those under way a moment."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        deadline = time.monotonic() + _END
        # An interruption may come before all are started.
        for thread in filter(threading.Thread.is_alive, self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))

    def _begin(self, first: pytest.Item) -> None:
        """Run ahead an item and those that follow it, up to the next one that has to run in its turn."""
        items = first.session.items
        window: list[pytest.Function] = []
        for item in items[items.index(first) :]:
            if not isinstance(item, pytest.Function) or item in self._by_item or not runs_ahead(item):
                break
            window.append(item)
        self._bodies = [_Body(self._suite, item, Lane(self._stop)) for item in window]
        self._by_item |= dict(zip(window, self._bodies, strict=True))
        self._begun = self._reached = 0
        self._threads = [
            threading.Thread(target=self._work, args=(self._bodies,), name=f"ahead-{number}", daemon=True)
            for number in range(min(self._most, len(window)))
        ]
        for thread in self._threads:
            thread.start()

    def _work(self, bodies: Sequence[_Body]) -> None:
        while (body := self._next(bodies)) is not None:
            body.run()

    def _next(self, bodies: Sequence[_Body]) -> _Body | None:
        with self._changed:
            while not self._stop.is_set() and self._begun - self._reached > _LOOK_AHEAD:
                self._changed.wait()
            if self._stop.is_set() or self._begun == len(bodies):
                return None
            self._begun += 1
            return bodies[self._begun - 1]


class _Body:
    """The body of one case, and what it came to."""

    def __init__(self, suite: Suite, item: pytest.Function, lane: Lane) -> None:
        self.lane = lane
        self.case = item.stash[PREPARED] = suite.case(case_name(item), suite.selection.own_of(item), lane=lane)
        self.error: BaseException | None = None
        self.done = threading.Event()
        self.taken = False
        self._call = functools.partial(item.obj, **arguments(item, self.case))

    def run(self) -> None:
        """Run it, in whichever thread."""
        try:
            with self.lane.entered():
                self._call()
        except BaseException as error:
            self.error = error
        finally:
            self.done.set()


def runs_ahead(item: pytest.Item) -> bool:
    """Return whether nothing but this suite has a part in a case: no fixture, mark or time-out of anybody else's."""
    if not isinstance(item, pytest.Function) or not is_case(item):
        return False
    if any(mark.name not in _OUR_MARKS for mark in item.iter_markers()):
        return False
    given, info = set(own_parameters(item)) | _READY, item._fixtureinfo
    known = all(_is_known(fixtures[-1].func) for name, fixtures in info.name2fixturedefs.items())
    return known and set(info.argnames) <= given


def _is_known(function: Callable[..., Any]) -> bool:
    return function.__module__.partition(".")[0] in _KNOWN_PLUGINS


def _is_watched(config: pytest.Config) -> bool:
    """Whether something takes part in every case, or looks at it while it runs: a debugger, a time-out, a user's hook."""
    if any(config.getoption(name, None) for name in (*_IN_TURN, *_LOG_OPTIONS)) or os.environ.get("PYTEST_TIMEOUT"):
        return True
    if any(_ini(config, name) for name in ("timeout", "log_cli", *_LOG_OPTIONS)):
        return True
    callers = [getattr(config.hook, f"pytest_runtest_{name}") for name in _HOOKS] + [config.hook.pytest_pyfunc_call]
    return any(not _is_known(each.function) for caller in callers for each in caller.get_hookimpls())


def _ini(config: pytest.Config, name: str) -> object:
    try:
        return config.getini(name)
    except (KeyError, ValueError):
        return None
