"""Shows each request and its response to an observer, which may keep a log of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, MutableMapping
from typing import Any, TypeAlias

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ObservedRequest", "ObservedResponse", "Observer", "observed"]

_KEPT = 1024 * 1024
"""Bytes of a body that are kept for the observer."""


@dataclasses.dataclass(frozen=True)
class ObservedRequest:
    """One request as it arrived, with the credentials that it carries.

    Attributes:
        target: path and query as sent.
        body: at most its first 1 MiB.
    """

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclasses.dataclass(frozen=True)
class ObservedResponse:
    """One response as it was sent; the body is at most its first 1 MiB."""

    status: int
    headers: Headers
    body: bytes


Observer: TypeAlias = Callable[[ObservedRequest, ObservedResponse | None], None]
"""Called once for each request, after its response was sent; None is given where none was."""


def observed(app: ASGIApp, observer: Observer) -> ASGIApp:
    """Return an app that does what `app` does and shows each request to the observer.

    It has no part in what is answered, so it can stand outside or inside of whatever else wraps the app.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        received, sent = bytearray(), bytearray()
        start: Message = {}

        async def receive_copy() -> Message:
            message = await receive()
            _keep(received, message)
            return message

        async def send_copy(message: MutableMapping[str, Any]) -> None:
            await send(message)
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                _keep(sent, message)

        try:
            await app(scope, receive_copy, send_copy)
        finally:
            response = ObservedResponse(start["status"], Headers(raw=start["headers"]), bytes(sent)) if start else None
            observer(_request(scope, bytes(received)), response)

    return serve


def _keep(kept: bytearray, message: Message) -> None:
    kept += message.get("body", b"")[: _KEPT - len(kept)]


def _request(scope: Scope, body: bytes) -> ObservedRequest:
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
    return ObservedRequest(scope["method"], f"{path}?{query}" if query else path, Headers(scope=scope), body)
