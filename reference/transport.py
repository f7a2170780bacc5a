"""The reference server as a transport of httpx: the same app in the client's own process, without a socket between.

A client sees what it sees of a server on a socket: requests at the same time overlap, what the app does later is done
later, an answer whose length is wrong breaks off, and a client may leave before its answer.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Coroutine, MutableMapping
from typing import Any, TypeVar

import httpx
from starlette.types import ASGIApp, Message

from .scope import make_scope

__all__ = ["InProcess"]

_Result = TypeVar("_Result")
_TURNS = 3
"""Turns of the loop in which what is due gets done before the next request comes in."""


class InProcess(httpx.BaseTransport):
    """Hands requests to an ASGI app; several threads may do so at the same time.

    Args:
        app: such as `make_app` gives.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._turn = threading.Lock()
        self._left: set[asyncio.Task[None]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the app's answer.

        Raises:
            httpx.RemoteProtocolError: the answer breaks off.
        """
        request.read()
        trace = request.extensions.get("trace")
        if trace is None:
            return self._run(self._answer(_Conversation(request)))
        # A client that traces may leave once the request is sent, which is a lost answer; the app goes on without it.
        conversation = _Conversation(request)
        self._run(self._begin(conversation))
        trace("http11.receive_response_headers.started", {"request": request})
        return self._run(self._await_answer(conversation))

    def close(self) -> None:
        """End what the app still does; harmless when repeated."""
        with self._turn:
            if self._loop.is_closed():
                return
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    async def _answer(self, conversation: _Conversation) -> httpx.Response:
        await self._app(conversation.scope, conversation.receive, conversation.send)
        return conversation.response()

    async def _begin(self, conversation: _Conversation) -> None:
        async def go_on() -> None:
            await self._app(conversation.scope, conversation.receive, conversation.send)
            conversation.done.set()

        self._left.add(task := self._loop.create_task(go_on()))
        task.add_done_callback(self._left.discard)
        await asyncio.sleep(0)
        conversation.gone.set()

    async def _await_answer(self, conversation: _Conversation) -> httpx.Response:
        await conversation.done.wait()
        return conversation.response()

    def _run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Do the work on the loop, which whichever thread waits for an answer keeps going."""
        if self._turn.acquire(blocking=False):
            try:
                return self._loop.run_until_complete(_after_due(work))
            finally:
                self._turn.release()
        ended = asyncio.run_coroutine_threadsafe(work, self._loop)
        while not ended.done():
            if self._turn.acquire(timeout=0.001):
                try:
                    self._loop.run_until_complete(asyncio.wait([asyncio.wrap_future(ended, loop=self._loop)]))
                finally:
                    self._turn.release()
        return ended.result()


class _Conversation:
    """One request and its answer, as ASGI has them.

    Attributes:
        gone: whether the client has left.
        done: whether the app is done with it.
    """

    def __init__(self, request: httpx.Request) -> None:
        self.gone, self.done = asyncio.Event(), asyncio.Event()
        self._content: bytes | None = request.content
        self._start: Message = {}
        self._chunks: list[bytes] = []
        url = request.url
        self.scope = make_scope(
            request.method,
            url.path,
            url.raw_path.partition(b"?")[0],
            url.query,
            [(name, value.strip(b" \t")) for name, value in request.headers.raw],
            scheme=url.scheme,
            server=(url.host, url.port),
        )

    async def receive(self) -> Message:
        """Return the body, and then nothing until the client leaves."""
        if self._content is not None:
            body, self._content = self._content, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._chunks.append(message.get("body", b""))

    def response(self) -> httpx.Response:
        """Return the whole answer."""
        content = b"".join(self._chunks)
        headers = httpx.Headers(self._start["headers"])
        if headers.get("Content-Length", str(len(content))) != str(len(content)):
            raise httpx.RemoteProtocolError("the answer broke off before the end that its Content-Length announced")
        return httpx.Response(self._start["status"], headers=headers, stream=httpx.ByteStream(content))


async def _after_due(work: Awaitable[_Result]) -> _Result:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    return await work
