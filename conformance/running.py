"""Runs the conformance tests with pytest, free of whatever pytest configuration and plugins the user has."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from .interruption import Interruption
from .isolation import isolated

__all__ = ["TESTS", "run_tests", "terminated_like_interrupted"]

TESTS = Path(__file__).parent
"""The folder of the conformance tests."""

# Its name is none that pytest looks for, or it would take the place of the user's own where our folder is named first.
_SETTINGS = TESTS / "command_line.ini"
# The conformance tests assert nothing by themselves, so there is nothing for pytest to rewrite.
_QUIET = ["-p", "no:cacheprovider", "--assert=plain", "-qq", "--lightfield-progress", "--tb=no", "-rN", "--no-header"]
_QUIET += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
# A run that the user passes nothing for pytest shows nothing of these.
_UNSEEN = (
    "debugging",
    "doctest",
    "faulthandler",
    "junitxml",
    "legacypath",
    "logging",
    "pastebin",
    "recwarn",
    "setuponly",
    "setupplan",
    "stepwise",
    "threadexception",
    "unittest",
    "unraisableexception",
)
_PLUGINS = ("pytest_base_url.plugin", "lightfield_contract.conformance.harness.plugin.entry")


def run_tests(
    arguments: Sequence[str],
    *,
    pytest_arguments: Sequence[str] = (),
    workers: int | None = None,
    tests: Sequence[str] = (str(TESTS),),
    plugins: Sequence[object] = (),
) -> int:
    """Runs them and returns pytest's exit status.

    Args:
        arguments: options of our plugin, and of pytest's core.
        pytest_arguments: what the user passes to pytest; with any, all plugins of pytest itself are there.
        plugins: pytest plugins besides ours.
        workers: how many processes share the work; None for this one alone.
        tests: which ones, as pytest names them; all when left out.
    """
    names = [*_PLUGINS, *(["xdist.plugin"] if workers else [])]
    unseen = () if pytest_arguments else _UNSEEN
    command = ["-c", str(_SETTINGS), *_QUIET, *(word for name in names for word in ("-p", name))]
    command += [word for name in unseen for word in ("-p", f"no:{name}")]
    command += ["-n", str(workers)] if workers else []
    interruption = Interruption()
    with isolated(), interruption.watching(workers) as options:
        return int(pytest.main([*command, *options, *arguments, *pytest_arguments, *tests], [*plugins, interruption]))


@contextlib.contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """A run that is to end, as CI has it after its time, leaves no mess and still writes its reports."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
