"""Writes what a command puts out, and keeps it running when the reader has gone, as with `| head -1`."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["Output", "forgiving_output", "screen", "write_file"]

_Made = TypeVar("_Made")

_STREAMS = ("stdout", "stderr")
_LAST_STANDARD = 2


class Output:
    """What came of the output of a command.

    Attributes:
        problem: why some of it is lost, though somebody may be waiting for it; "" when none is, or its reader has gone.
    """

    def __init__(self) -> None:
        self.problem = ""

    def lose(self, error: OSError) -> None:
        """Note that some output cannot be written."""
        if error.errno not in (errno.EPIPE, errno.ESHUTDOWN):
            self.problem = self.problem or error.strerror or str(error)


class _Stream(io.FileIO):
    """A stream that takes all that is written, and drops it from the first moment at which it cannot be passed on."""

    def __init__(self, descriptor: int, output: Output) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._output = output
        self._lost = False

    def write(self, data: ReadableBuffer, /) -> int:
        """Write what can be written; a reader that has gone is no error of the command."""
        if not self._lost:
            try:
                return super().write(data)
            except OSError as error:
                self._lost = True
                self._output.lose(error)
        return memoryview(data).nbytes


@contextlib.contextmanager
def forgiving_output() -> Iterator[Output]:
    """Let what is printed meanwhile be lost rather than end the command; yields what is known of that.

    A stream that was closed by whoever started the command (`>&-`) is one without a reader.
    """
    output = Output()
    before = {name: getattr(sys, name) for name in _STREAMS}
    _fill_descriptors()
    try:
        for name, stream in before.items():
            setattr(sys, name, _wrap(stream, output))
        yield output
    finally:
        for name, stream in before.items():
            if (current := getattr(sys, name)) is not stream:
                current.flush()
            setattr(sys, name, stream)


def _wrap(stream: io.TextIOBase | None, output: Output) -> io.TextIOBase:
    """Return a stream to the same place; the stream itself where it is no file, such as in a test."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    try:
        descriptor = stream.fileno()
        stream.flush()
    except OSError:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Stream(descriptor, output)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _fill_descriptors() -> None:
    """Open the standard descriptors that are closed: the next file to be opened would take their place, and their output."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _LAST_STANDARD:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def screen() -> tuple[int, bool]:
    """Return its width in columns, and whether to use colour (https://no-color.org)."""
    return shutil.get_terminal_size().columns, sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write_file(write: Callable[[_Made, str], None], made: _Made, path: str) -> None:
    """Write what a command has made to the file that the user names.

    Raises:
        UsageError: it cannot be written.
    """
    from ..spec import UsageError
    from ..spec.given import show

    try:
        write(made, path)
    except OSError as error:
        raise UsageError(f"{show(path)} cannot be written: {error.strerror}") from error
