"""Ends a run that the user stops: in order at the first Ctrl-C or SIGTERM, at once at the second."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ..spec import UsageError
from .harness.plugin.hooks import SUITE
from .harness.run.temporary import TemporaryFolder
from .harness.verdicts.exit_status import Status

__all__ = ["Interruption"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 5.0
"""Seconds to wait for a process that was killed to be gone."""


class Interruption:
    """A pytest plugin for a process that is ours alone: no test of the user's is taken down with it.

    pytest takes several seconds to stop workers that are busy, and a second Ctrl-C meanwhile ends it wherever it happens to
    be, without a report and with workers and folders left behind.
    """

    def __init__(self) -> None:
        self._config: pytest.Config | None = None
        self._workers: list[subprocess.Popen[bytes]] = []
        self._folder: TemporaryFolder | None = None
        self._signals = 0

    @contextlib.contextmanager
    def watching(self, workers: int | None) -> Iterator[list[str]]:
        """Handle the signals meanwhile; yields options of pytest, by which what workers leave is found again.

        Raises:
            UsageError: there is no place for that.
        """
        with contextlib.ExitStack() as stack:
            if threading.current_thread() is threading.main_thread():
                for number in _SIGNALS:
                    before = signal.getsignal(number)
                    # Whoever starts a job in the background has it ignore Ctrl-C.
                    if before not in (signal.SIG_IGN, None):
                        stack.callback(signal.signal, number, before)
                        signal.signal(number, self._handle)
            options: list[str] = []
            if workers:
                self._folder = _make_folder()
                stack.callback(self._folder.remove)
                options = [f"--basetemp={self._folder.path / 'pytest'}"]
            yield options

    def pytest_configure(self, config: pytest.Config) -> None:
        """Remember where the run is found."""
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Remember a worker's process."""
        process = getattr(getattr(node.gateway, "_io", None), "popen", None)
        if process is not None:
            self._workers.append(process)

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Stop the workers: what they find out is not heard any more."""
        if type(excinfo.value) is KeyboardInterrupt:
            self._kill_workers()
            # It may have met an instruction that belongs to no line, and pytest cannot show such a frame.
            excinfo.traceback = excinfo.traceback[:1]

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        if self._signals == 1:
            raise KeyboardInterrupt
        self._end()

    def _end(self) -> None:
        """End the process here and now: nothing that other code catches or waits for is in the way."""
        self._kill_workers()
        suite = self._config.stash.get(SUITE, None) if self._config else None
        kept = f"; the ledger of what was sent is {suite.ledger}" if suite and not suite.embedded else ""
        if self._folder is not None:
            self._folder.remove()
        if suite is not None:
            suite.folder.let_go(keep_ledger=bool(kept))
        with contextlib.suppress(OSError):
            os.write(2, f"\nlightfield-contract: stopped at once, without a report{kept}\n".encode())
        os._exit(Status.INTERRUPTED)

    def _kill_workers(self) -> None:
        for process in self._workers:
            process.kill()
        for process in self._workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
        self._workers.clear()


def _make_folder() -> TemporaryFolder:
    try:
        return TemporaryFolder(Path(tempfile.gettempdir()) / f"lightfield-contract-workers-{secrets.token_hex(8)}")
    except OSError as error:
        raise UsageError(f"no temporary folder can be made ({error.strerror or error}): name one in TMPDIR") from error
