"""The folder of one run: the ledger, and a folder in which its processes leave things for each other."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path

from ....reports import try_writing
from ....spec import UsageError
from .temporary import TemporaryFolder

__all__ = ["LEDGER", "RunFolder"]

LEDGER = "ledger.jsonl"
_PREFIX = "lightfield-contract-"
_SHARED = "shared"
_ROOM = 1024 * 1024
"""Bytes that the ledger of a standard run takes."""


class RunFolder:
    """A folder of one run.

    Attributes:
        path: where it is.
        shared: the folder within in which the run's processes leave things for each other; None for a run in one process,
            which has none. Nothing but the ledger is left, however the process that made it ends.
        mask: random bytes that only the run's processes know, under which they leave keys there for each other.
    """

    def __init__(self, path: Path, mask: bytes, *, alone: bool) -> None:
        self.path = path
        self.shared = None if alone else path / _SHARED
        self.mask = mask
        self._remove: weakref.finalize[..., RunFolder] | None = None
        self._temporary: TemporaryFolder | None = None

    @classmethod
    def make(cls, *, alone: bool = True) -> RunFolder:
        """Make one, and see whether it has room for the ledger; it goes with this object, unless it is let go of earlier.

        Args:
            alone: whether the run has one process.

        Raises:
            UsageError: there is no such room.
        """
        try:
            path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        except OSError as error:
            raise UsageError(f"no temporary folder can be made ({error.strerror}): name one in TMPDIR") from error
        made = cls(path, secrets.token_bytes(32), alone=alone)
        try:
            try_writing([path / LEDGER], _ROOM)
            made._temporary = TemporaryFolder(made.shared) if made.shared else None
        except OSError as error:
            shutil.rmtree(path, ignore_errors=True)
            reason = f"the ledger cannot be kept in {path.parent} ({error.strerror or error})"
            raise UsageError(f"{reason}: make room, or name another folder in TMPDIR") from error
        made._remove = weakref.finalize(made, _remove, path, os.getpid())
        return made

    def let_go(self, *, keep_ledger: bool = False) -> None:
        """Remove it where it was made here; harmless when repeated.

        Args:
            keep_ledger: leave the ledger where it is, for a run that did not come to its end.
        """
        if self._remove is None:
            return
        if self._temporary is not None:
            self._temporary.remove()
        if not keep_ledger:
            self._remove()
        else:
            self._remove.detach()


def _remove(folder: Path, process: int) -> None:
    # A process that was forked from ours leaves it to us.
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
