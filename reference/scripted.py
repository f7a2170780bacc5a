"""A server that does to each request what a script says, down to the bytes and the connection, over the reference's app."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import http
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from types import TracebackType
from typing import Any, TypeVar

from starlette.types import ASGIApp

from .arrival import Arrival
from .conduct import PLAIN, Conduct, Delivery, ScriptedReply, json_reply
from .listening import listen, url_of
from .messages import ask, head, parts, receive, takes_gzip

__all__ = ["Loop", "Scripted"]

_Result = TypeVar("_Result")
_READ = 64 * 1024


class Loop:
    """A thread with an asyncio loop of its own, in which any number of scripted servers live; a context manager."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="scripted", daemon=True)

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Does the work in the loop and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def __enter__(self) -> Loop:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.run(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Scripted:
    """One listening server; several may share an app or have one each.

    Args:
        app: such as `make_app` gives.
        create: the path of the operation that the plan is about.
        plan: what to do with a create that has arrived.
        prefix: a path before that of every operation, as behind a gateway.
        observe: called when a request has been dealt with.
        intercept: answers a request in place of everything else, and without an entry in `arrivals`.
        headers: of every answer.

    Attributes:
        url: its base URL, with the prefix.
        arrivals: every request so far, in order.
        operation: the number that requests from now on are entered under.
    """

    def __init__(
        self,
        app: ASGIApp,
        create: str,
        plan: Callable[[Arrival], Conduct],
        *,
        prefix: str = "",
        observe: Callable[[Arrival], None] = lambda _: None,
        intercept: Callable[[Arrival], ScriptedReply | None] = lambda _: None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.url = ""
        self.arrivals: list[Arrival] = []
        self.operation = 0
        self._app, self._create, self._plan, self._prefix = app, create, plan, prefix
        self._observe, self._intercept, self._headers = observe, intercept, headers
        self._ids: set[str] = set()
        self._connections = itertools.count(1)
        self._listener: socket.socket | None = None
        self._opening: set[asyncio.Task[None]] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begins to listen.

        Raises:
            UsageError: the port cannot be listened on.
        """
        listener = listen(host, port)
        listener.setblocking(False)
        self.url = url_of(listener) + self._prefix
        self._listener = listener
        asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    async def stop(self) -> None:
        """Stop listening; connections that are open stay so until their loop ends."""
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
        self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        """Take a connection. asyncio's own server loses one that comes while it closes."""
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            connection.setblocking(False)
            task = asyncio.create_task(self._open(connection))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
            task.add_done_callback(lambda done: connection.close() if done.cancelled() else None)

    async def _open(self, connection: socket.socket) -> None:
        protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader(), self._serve)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: protocol, connection)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection, rest, again = next(self._connections), b"", True
        try:
            while again:
                arrival = Arrival(0, connection)
                rest = await receive(arrival, reader, writer, rest)
                if not arrival.method and not arrival.problem:
                    break
                again = await self._respond(arrival, reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _respond(self, arrival: Arrival, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answers, and tells whether the connection may be used again."""
        wanted = None if arrival.problem else self._intercept(arrival)
        if wanted is not None:
            writer.write(self._head(arrival, wanted, len(wanted.body)) + wanted.body)
            await writer.drain()
            return arrival.value("Connection") != "close"
        self._enter(arrival)
        conduct = self._plan(arrival) if arrival.is_create else PLAIN
        try:
            reply = await self._reply(arrival, conduct)
            return await self._deliver(arrival, conduct, reply, reader, writer) and not arrival.problem
        finally:
            arrival.ended = time.monotonic()
            self._observe(arrival)

    def _enter(self, arrival: Arrival) -> None:
        arrival.at, arrival.sent_at, arrival.operation = time.monotonic(), time.time(), self.operation
        if not arrival.problem and arrival.method == "POST" and arrival.path == self._prefix + self._create:
            before = [other for other in self.arrivals if other.is_create and other.operation == self.operation]
            arrival.attempt = len(before) + 1
        arrival.number = len(self.arrivals) + 1
        self.arrivals.append(arrival)

    async def _reply(self, arrival: Arrival, conduct: Conduct) -> ScriptedReply:
        """The answer, and a record where one is to be made, before anything goes out."""
        if arrival.problem:
            return json_reply(400, {"error": {"type": "bad_request", "message": arrival.problem}})
        reply = conduct.reply
        if conduct.commit or reply is None:
            answered = await ask(self._app, arrival, self._prefix)
            arrival.made = self._new_record(answered) if arrival.is_create else ""
            reply = reply or answered
        if conduct.edit is not None:
            reply = reply.with_json(conduct.edit(json.loads(reply.body)))
        if conduct.status is not None:
            reply = dataclasses.replace(reply, status=conduct.status)
        return reply.compressed() if conduct.compress and takes_gzip(arrival) else reply

    def _new_record(self, reply: ScriptedReply) -> str:
        """The ID of a record that was not there before; "" for a refusal and for a replay."""
        if reply.status not in (200, 201):
            return ""
        try:
            made = str(json.loads(reply.body)["id"])
        except (ValueError, TypeError, KeyError):
            return ""  # a faulty server answers with something else
        if made in self._ids:
            return ""
        self._ids.add(made)
        return made

    async def _deliver(
        self,
        arrival: Arrival,
        conduct: Conduct,
        reply: ScriptedReply,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Sends the answer as the conduct has it, and tells whether the connection may be used again."""
        await asyncio.sleep(conduct.delay)
        await _send_interim(conduct.interim, writer)
        if conduct.delivery in (Delivery.DROP, Delivery.HANG):
            arrival.fate = "connection closed" if conduct.delivery is Delivery.DROP else "never answered"
            while conduct.delivery is Delivery.HANG and await reader.read(_READ):
                pass
            return False
        arrival.status, arrival.response_headers, arrival.response_body = reply.status, reply.headers, reply.body
        length = None if conduct.delivery is Delivery.CHUNKED else len(reply.body)
        writer.write(self._head(arrival, reply, length))
        for part in parts(reply.body, conduct.delivery):
            if conduct.delivery is Delivery.DRIP:
                arrival.fate = "dripping"
                await asyncio.sleep(conduct.pause)
                if reader.at_eof():
                    arrival.gone = True
                    return False
            writer.write(part)
            await writer.drain()
        arrival.fate = "cut in the middle" if conduct.delivery is Delivery.CUT else arrival.fate
        return conduct.delivery is not Delivery.CUT and not _closes(arrival, reply)

    def _head(self, arrival: Arrival, reply: ScriptedReply, length: int | None) -> bytes:
        return head(arrival, dataclasses.replace(reply, headers=(*reply.headers, *self._headers)), length)


async def _send_interim(statuses: Iterable[int], writer: asyncio.StreamWriter) -> None:
    for status in statuses:
        writer.write(f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}\r\n\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.01)


def _closes(arrival: Arrival, reply: ScriptedReply) -> bool:
    """Whether either side asks for the connection to be closed."""
    named = [value for name, value in reply.headers if name.lower() == "connection"]
    return arrival.version == "1.0" or any(value.lower() == "close" for value in (arrival.value("Connection") or "", *named))


async def _cancel_others() -> None:
    """Ends what still goes on in the loop, such as connections that were left open."""
    await asyncio.sleep(0)  # so that each task has begun, and closes what it has opened
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), timeout=2)
