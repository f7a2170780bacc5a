"""HTTP messages of the scripted server: bytes to a request, the request to the app, its answer back to bytes."""

from __future__ import annotations

import asyncio
import email.utils
import http
import urllib.parse
from collections.abc import Iterator

import h11
from starlette.types import ASGIApp, Message, Scope

from .arrival import Arrival
from .conduct import Delivery, ScriptedReply
from .scope import make_scope

__all__ = ["ask", "head", "parts", "receive", "takes_gzip"]

_READ = 64 * 1024
_LONGEST_HEAD = 256 * 1024


async def receive(arrival: Arrival, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rest: bytes) -> bytes:
    """Read one request into the arrival, and return the bytes that came after it."""
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=_LONGEST_HEAD)
    if rest:
        parser.receive_data(rest)
    body = bytearray()
    try:
        while True:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                if parser.they_are_waiting_for_100_continue:
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                parser.receive_data(await reader.read(_READ))
            elif isinstance(event, h11.Request):
                arrival.method, arrival.target = event.method.decode("latin-1"), event.target.decode("latin-1")
                arrival.version = event.http_version.decode()
                raw = event.headers.raw_items()
                arrival.headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                break
    except h11.RemoteProtocolError as error:
        arrival.problem = f"this is no HTTP request: {error}"
    arrival.body = bytes(body)
    return parser.trailing_data[0]


async def ask(app: ASGIApp, arrival: Arrival, prefix: str) -> ScriptedReply:
    """Return what the app answers."""
    sent: list[Message] = []
    body = iter([arrival.body])

    async def receive() -> Message:
        content = next(body, None)
        if content is None:
            await asyncio.get_running_loop().create_future()
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(arrival, prefix), receive, send)
    fields = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"])
    headers = tuple((name, value) for name, value in fields if name.lower() not in ("content-length", "transfer-encoding"))
    return ScriptedReply(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


def _scope(arrival: Arrival, prefix: str) -> Scope:
    path, _, query = arrival.target.partition("?")
    path = path.removeprefix(prefix) if path.startswith(prefix) else "/outside"
    # What is compressed could not be edited.
    headers = [(name, value) for name, value in arrival.headers if name.lower() != "accept-encoding"]
    return make_scope(
        arrival.method,
        urllib.parse.unquote(path) or "/",
        path.encode("latin-1"),
        query.encode("latin-1"),
        [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        version=arrival.version,
    )


def takes_gzip(arrival: Arrival) -> bool:
    """Whether the request accepts a compressed answer."""
    codings = ",".join(arrival.values("Accept-Encoding")).lower().replace(" ", "").split(",")
    return "gzip" in {coding.partition(";")[0] for coding in codings if not coding.endswith(";q=0")}


def parts(body: bytes, delivery: Delivery) -> Iterator[bytes]:
    """Yield the body in the pieces in which it is delivered; the last are missing where it is cut."""
    if delivery is Delivery.DRIP:
        yield from (bytes([byte]) for byte in body)
    elif delivery is Delivery.CHUNKED:
        for start in range(0, len(body), 100):
            part = body[start : start + 100]
            yield f"{len(part):x}\r\n".encode() + part + b"\r\n"
        yield b"0\r\n\r\n"
    else:
        yield body[: len(body) // 2] if delivery is Delivery.CUT else body


def head(arrival: Arrival, reply: ScriptedReply, length: int | None) -> bytes:
    """Return status line and header fields; the body is chunked where its length is None."""
    phrase = http.HTTPStatus(reply.status).phrase if reply.status in set(http.HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in reply.headers)]
    if "date" not in {name.lower() for name, _ in reply.headers}:
        lines.append(f"Date: {email.utils.formatdate(usegmt=True)}")
    if reply.status != http.HTTPStatus.NO_CONTENT:
        lines.append("Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}")
    if arrival.problem:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
