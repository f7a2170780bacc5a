"""Requests of one case that are under way together: creates at the same moment, and reads that will be asked for."""

from __future__ import annotations

import concurrent.futures
import contextlib
import contextvars
import dataclasses
import functools
import threading
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ....spec import Operation
from ..wire.exchange import Exchange
from ..wire.outgoing import Draft
from .sending import Sender

__all__ = ["Create", "Read", "Reader", "send_together"]


@dataclasses.dataclass(frozen=True)
class Read:
    """A read of a collection, by a caller."""

    operation: Operation
    caller: str
    query: Mapping[str, Any] | None = None
    record_id: str = ""

    @property
    def path(self) -> str:
        """The path of the request, with its query."""
        path = self.operation.path_of(self.record_id)
        return f"{path}?{urllib.parse.urlencode(self.query, errors='surrogatepass')}" if self.query else path


class Reader:
    """Sends reads in the name of one case."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._foreseen: Mapping[tuple[str, str], Callable[[], Exchange]] = {}

    def get(self, read: Read) -> Exchange:
        """Return the answer to a read: the one that was foreseen, else to a new request."""
        foreseen = self._foreseen.get((read.path, read.caller))
        return foreseen() if foreseen else self._sender.get(read.path, read.caller)

    @contextlib.contextmanager
    def foreseeing(self, reads: Iterable[Read]) -> Iterator[None]:
        """Send reads that will be asked for, side by side where that is quicker; each is answered once meanwhile."""
        wanted = dict.fromkeys((read.path, read.caller) for read in reads)
        asks = {read: functools.partial(self._sender.get, *read, self._sender.number()) for read in wanted}
        self._foreseen = {read: functools.cache(ask) for read, ask in asks.items()}
        with concurrent.futures.ThreadPoolExecutor(self._sender.room("read")) as pool:
            if self._sender.room("read") > 1:
                self._foreseen = {read: pool.submit(ask).result for read, ask in asks.items()}
            try:
                yield
            finally:
                pool.shutdown(cancel_futures=True)
                self._foreseen = {}


@dataclasses.dataclass(frozen=True)
class Create:
    """A create to be sent at the same moment as others.

    Attributes:
        blame: the clause broken when a record results that no answer accounts for; the case's own when left out.
    """

    draft: Draft
    key: str | None = None
    caller: str = "main"
    blame: str = ""


def send_together(sender: Sender, creates: Sequence[Create]) -> list[Exchange]:
    """Send creates at the same moment, over connections of their own; return what came of each."""
    number = sender.number()
    start = threading.Barrier(len(creates))

    def one(index: int) -> Exchange:
        create = creates[index]
        start.wait()
        return sender.post(
            create.draft,
            caller=create.caller,
            key=create.key,
            blame=create.blame,
            number=f"{number}.{index}",
            overlapping=True,
        )

    with concurrent.futures.ThreadPoolExecutor(len(creates)) as pool:
        try:
            sent = [pool.submit(contextvars.copy_context().run, one, index) for index in range(len(creates))]
            return [future.result() for future in sent]
        except BaseException:
            # An interruption may come before all have begun, and those that have wait for the others.
            start.abort()
            raise
