"""The folder of one run: the ledger, and a folder in which its processes leave things for each other."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from ....reports import try_writing
from ....spec import UsageError

__all__ = ["LEDGER", "keep_ledger", "make_folder", "remove_at_exit", "shared_folder", "tidy"]

LEDGER = "ledger.jsonl"
_PREFIX = "lightfield-contract-"
_SHARED = "shared"
_ROOM = 1024 * 1024
"""Bytes that the ledger of a standard run takes."""


def make_folder() -> Path:
    """Make the folder, and see whether it has room for the ledger.

    Raises:
        UsageError: there is no such room.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    except OSError as error:
        raise UsageError(f"no temporary folder can be made ({error.strerror}): name one in TMPDIR") from error
    try:
        try_writing([folder / LEDGER], _ROOM)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        reason = f"the ledger cannot be kept in {folder.parent} ({error.strerror})"
        raise UsageError(f"{reason}: make room, or name another folder in TMPDIR") from error
    return folder


def keep_ledger(folder: Path) -> None:
    """Remove all but the ledger, for a run that did not come to its end."""
    shutil.rmtree(shared_folder(folder), ignore_errors=True)


def tidy(ledger: Path) -> None:
    """Remove what the processes of a killed run have left beside its ledger; a copy of a ledger has nothing beside it."""
    if ledger.name == LEDGER and ledger.parent.name.startswith(_PREFIX):
        keep_ledger(ledger.parent)


def shared_folder(folder: Path) -> Path:
    """Return the folder in which the processes of a run leave things for each other; a run in one process has none."""
    return folder / _SHARED


def remove_at_exit(owner: object, folder: Path) -> weakref.finalize[..., object]:
    """Have the folder removed with its owner, at the latest when the interpreter ends; returns what removes it earlier."""
    return weakref.finalize(owner, _remove, folder, os.getpid())


def _remove(folder: Path, process: int) -> None:
    # A process that was forked from ours leaves it to us.
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
