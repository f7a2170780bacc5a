"""The main key as it is now: when the target takes it no more, a fresh one is fetched, once for all workers."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ....spec import TargetError, UsageError
from .redaction import Secret

__all__ = ["KeyShare", "MainKey"]

_WAIT = 40.0
"""Seconds that a worker gives another one to fetch the key: longer than the command may take."""
_POLL = 0.05


class KeyShare:
    """Passes fresh keys between the processes of one run, in a folder that only its user can read.

    The files tell nothing without the run's mask, which only its processes hold: one that outlives a killed run is harmless.

    Args:
        folder: goes away with the run.
        mask: random bytes, the same in all processes of the run.
    """

    def __init__(self, folder: Path, mask: bytes) -> None:
        self._folder = folder
        self._mask = mask

    def claim(self, generation: int) -> bool:
        """Whether it is this process that fetches the key of that generation; true for one of them."""
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._folder / f"key-{generation}.claim", os.O_CREAT | os.O_EXCL, 0o600))
            return True
        return False

    def put(self, generation: int, key: str) -> None:
        """Hands out the key of a generation; "" when it could not be fetched."""
        path = self._folder / f"key-{generation}"
        part = path.with_suffix(".part")
        part.touch(0o600)
        part.write_bytes(self._masked(generation, b"key:" + key.encode()))
        part.replace(path)

    def take(self, generation: int) -> str | None:
        """The key of a generation; None while there is none."""
        try:
            content = (self._folder / f"key-{generation}").read_bytes()
        except FileNotFoundError:
            return None
        return self._masked(generation, content).decode().removeprefix("key:")

    def _masked(self, generation: int, content: bytes) -> bytes:
        stream = hashlib.shake_256(self._mask + generation.to_bytes(4, "big")).digest(len(content))
        return bytes(one ^ other for one, other in zip(content, stream, strict=True))


class MainKey:
    """The main key, and how a fresh one is fetched.

    Args:
        fetch: gives a fresh key; None where the user named no command. Raises UsageError.
        share: None where the run has one process.
        learn: hears of each fresh key before anything else sees it, so that it is hidden from then on.
    """

    def __init__(
        self,
        key: Secret,
        learn: Callable[[Secret], None],
        fetch: Callable[[], str] | None = None,
        share: KeyShare | None = None,
    ) -> None:
        self._key = key
        self._learn = learn
        self._fetch = fetch
        self._share = share
        self._generation = 0
        self._lock = threading.Lock()

    @property
    def now(self) -> Secret:
        """The key to send."""
        return self._key

    def renew(self, refused: Secret) -> bool:
        """Sees to it that another key than the refused one is sent from now on.

        Returns:
            Whether there is one; False where none can be fetched.

        Raises:
            TargetError: the command failed, here or in another worker.
        """
        with self._lock:
            if self._key is not refused:
                return True
            if self._fetch is None:
                return False
            try:
                fresh = self._fetched(self._fetch)
            except UsageError as error:
                raise TargetError(f"the key stopped working, and {error}") from error
            secret = Secret(fresh, refused.variable)
            self._learn(secret)
            self._key = secret
            return True

    def _fetched(self, fetch: Callable[[], str]) -> str:
        if self._share is None:
            return fetch()
        found = None
        # Others may have fetched more than one since: the newest counts.
        while (newer := self._share.take(self._generation + 1)) is not None:
            self._generation += 1
            found = newer
        if found is None:
            self._generation += 1
            found = self._claimed(self._share, self._generation, fetch)
        if not found:
            raise UsageError("the command that prints a fresh one failed in another worker: run it by hand to see why")
        return found

    def _claimed(self, share: KeyShare, generation: int, fetch: Callable[[], str]) -> str:
        if share.claim(generation):
            key = ""
            try:
                key = fetch()
            finally:
                share.put(generation, key)
            return key
        deadline = time.monotonic() + _WAIT
        while (found := share.take(generation)) is None:
            if time.monotonic() > deadline:
                raise UsageError("the worker that was to fetch a fresh one did not: run with one worker to see why")
            time.sleep(_POLL)
        return found
