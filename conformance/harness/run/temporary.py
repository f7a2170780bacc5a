"""A folder that goes when this process ends, however it ends: even one that is killed leaves nothing behind."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["TemporaryFolder"]

_KEEP = """
import os, shutil, sys
os.mkdir(sys.argv[1], 0o700)
print(flush=True)
sys.stdin.read()
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""
"""Its input ends when the process that started it does."""
_PATIENCE = 5.0
"""Seconds to wait for the end of the other process."""


class TemporaryFolder:
    """A folder that only its user can read.

    Another process makes it, waits until this one is no more, and removes it. It is in a session of its own, so that what
    ends this one's group does not end it.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._keeper = subprocess.Popen(  # noqa: S603 - it is this very interpreter
            [sys.executable, "-I", "-S", "-c", _KEEP, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._keeper.stdout is None or not self._keeper.stdout.readline():
            self.remove()
            raise OSError(f"the folder {path} cannot be made")

    def remove(self) -> None:
        """Remove it now; harmless when repeated."""
        shutil.rmtree(self.path, ignore_errors=True)
        with contextlib.suppress(subprocess.TimeoutExpired, OSError, ValueError):
            self._keeper.communicate(timeout=_PATIENCE)
