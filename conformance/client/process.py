"""One process of a command: started in a group of its own, spoken to line by line, and ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ...spec import UsageError
from .trouble import TroubleError, TroubleKind

__all__ = ["MARK", "Process", "kill_marked"]

MARK = "LIGHTFIELD_CLIENT_RUN"
"""The environment variable by which processes are found that a command started and that left its group."""
_LONGEST_LINE = 1024 * 1024
_KEPT = 256 * 1024
_READ = 64 * 1024
_TURN = 0.05
_GRACE = 6.0


class Process:
    """A running command.

    Args:
        words: the command and its arguments; no shell.
        environment: all of its variables.

    Raises:
        UsageError: it cannot be started.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - it is the user's own command
                list(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise UsageError(f"the command {words[0]!r} cannot be started: {error.strerror}") from error
        self._mark = environment.get(MARK, "")
        self._out, self._err = bytearray(), bytearray()
        self._selector = selectors.DefaultSelector()
        for stream, kept in ((self._process.stdout, self._out), (self._process.stderr, self._err)):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                self._selector.register(stream, selectors.EVENT_READ, kept)

    @property
    def errors(self) -> str:
        """The end of what it printed to standard error so far."""
        return self._err.decode("utf-8", "replace")

    @property
    def extra(self) -> bytes:
        """What it printed to standard output and was not read yet."""
        self._pump(0)
        return bytes(self._out)

    @property
    def ended_well(self) -> bool:
        """Whether it has ended, with status 0."""
        return self._process.poll() == 0

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def write(self, line: bytes, *, last: bool) -> None:
        """Gives it a message; with `last`, the end of its input as well. One that has ended gets nothing."""
        pipe = self._process.stdin
        if pipe is not None and not pipe.closed:
            with contextlib.suppress(BrokenPipeError):
                pipe.write(line)
            if last:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def read_line(self, deadline: float, abandon: Callable[[], bool]) -> bytes:
        """The next line that it prints.

        Args:
            deadline: by the monotonic clock.
            abandon: whether to let it go, asked again and again.

        Raises:
            TroubleError: there is none.
        """
        while b"\n" not in self._out:
            if len(self._out) > _LONGEST_LINE:
                raise TroubleError(TroubleKind.UNREADABLE, f"printed more than {_LONGEST_LINE:,} bytes without a line's end")
            if time.monotonic() > deadline:
                raise TroubleError(TroubleKind.HUNG, "did not answer in time")
            if abandon():
                raise TroubleError(TroubleKind.WAITING, "waits")
            if not self._pump(_TURN) and not self.running:
                self._pump(0)
                if b"\n" not in self._out:
                    raise TroubleError(TroubleKind.CRASHED, self._how_it_ended())
        line, _, rest = bytes(self._out).partition(b"\n")
        self._out[:] = rest
        return line

    def await_end(self, seconds: float) -> bool:
        """Whether it ends by itself within that time."""
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline:
            self._pump(0.01)
        return not self.running

    def end(self) -> str:
        """Ends its input, waits a little, kills what is left, and says what that was; "" when nothing was."""
        self.write(b"", last=True)
        ended = self.await_end(_GRACE)
        left = self.kill()
        if not ended:
            return "did not end when its standard input did"
        return f"left {left} {'process' if left == 1 else 'processes'} running" if left else ""

    def kill(self) -> int:
        """Kills it and all that it started; returns how many other processes were still running."""
        ended = not self.running
        others = len(_marked(self._mark) - {self._process.pid})
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        kill_marked(self._mark)
        self._process.wait()
        while self._pump(0):
            pass
        self._selector.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        return others if ended else 0

    def _pump(self, seconds: float) -> bool:
        """Reads what there is, waiting for it at most so long; whether there was anything."""
        found = False
        if not self._selector.get_map():
            time.sleep(seconds)
            return False
        for key, _ in self._selector.select(seconds):
            data = os.read(key.fd, _READ)
            if not data:
                self._selector.unregister(key.fileobj)
                continue
            found = True
            kept: bytearray = key.data
            kept += data
            if kept is self._err and len(kept) > _KEPT:
                del kept[: len(kept) - _KEPT]
        return found

    def _how_it_ended(self) -> str:
        status = self._process.returncode
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        lines = self.errors.strip().splitlines()
        return f"{how} before it answered" + (f"; it printed: {lines[-1][:300]}" if lines else "")


def kill_marked(mark: str) -> None:
    """Kills every process that carries the mark, whatever group it has gone to."""
    for number in _marked(mark):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(number, signal.SIGKILL)


def _marked(mark: str) -> set[int]:
    """The processes whose environment holds the mark, where the system shows it (Linux); none on other systems."""
    found = set()
    wanted = f"{MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*") if mark else ():
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0") and _state(folder) != "Z":
                found.add(int(folder.name))
        except OSError:
            continue  # it has ended, or belongs to somebody else
    return found


def _state(folder: Path) -> str:
    return (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
