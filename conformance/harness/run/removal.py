"""Removes a folder when this process ends, however it ends: even one that is killed leaves nothing behind."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["Removal"]

_REMOVE = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"
"""Its input ends when the process that started it does."""
_PATIENCE = 5.0


class Removal:
    """Removes a folder when it is asked to, or when this process is no more.

    Another process waits for that, in a session of its own, so that what ends this one's group does not end it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = subprocess.Popen(  # noqa: S603 - it is this very interpreter
            [sys.executable, "-I", "-S", "-c", _REMOVE, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def remove(self) -> None:
        """Remove it now; harmless when repeated."""
        # A Ctrl-C may have met the other process before it was in its own session.
        shutil.rmtree(self._folder, ignore_errors=True)
        with contextlib.suppress(subprocess.TimeoutExpired, OSError):
            self._waiting.communicate(timeout=_PATIENCE)
