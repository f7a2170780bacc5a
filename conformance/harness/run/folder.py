"""The folder in which the processes of one run leave things for each other: the ledger, and what each has collected."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path

from ....reports import try_writing
from ....spec import UsageError

__all__ = ["LEDGER", "RunFolder"]

LEDGER = "ledger.jsonl"
_ROOM = 1024 * 1024
"""Bytes that the ledger of a standard run takes."""


class RunFolder:
    """A folder of one run.

    Attributes:
        path: where it is.
        mask: random bytes that only the run's processes know, under which they leave keys there for each other.
    """

    def __init__(self, path: Path, mask: bytes) -> None:
        self.path = path
        self.mask = mask
        self._remove: weakref.finalize[..., RunFolder] | None = None

    @classmethod
    def make(cls) -> RunFolder:
        """Make one, and see whether it has room for the ledger; it goes with this object, unless it is let go of earlier.

        Raises:
            UsageError: there is no such room.
        """
        try:
            path = Path(tempfile.mkdtemp(prefix="lightfield-contract-"))
        except OSError as error:
            raise UsageError(f"no temporary folder can be made ({error.strerror}): name one in TMPDIR") from error
        try:
            try_writing([path / LEDGER], _ROOM)
        except OSError as error:
            shutil.rmtree(path, ignore_errors=True)
            reason = f"the ledger cannot be kept in {path.parent} ({error.strerror})"
            raise UsageError(f"{reason}: make room, or name another folder in TMPDIR") from error
        made = cls(path, secrets.token_bytes(32))
        made._remove = weakref.finalize(made, _remove, path, os.getpid())
        return made

    def let_go(self, *, keep_ledger: bool = False) -> None:
        """Remove it where it was made here; harmless when repeated.

        Args:
            keep_ledger: leave the ledger where it is, for a run that did not come to its end.
        """
        if self._remove is None:
            return
        if not keep_ledger:
            self._remove()
        elif self._remove.detach():
            _remove_all_but_ledger(self.path)


def _remove_all_but_ledger(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == LEDGER:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _remove(folder: Path, process: int) -> None:
    # A process that was forked from ours leaves it to us.
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
