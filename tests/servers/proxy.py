"""A proxy on loopback that disturbs some of the requests that pass through it, chosen by a seed."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import random
import socket
import struct
import threading
import urllib.parse
from collections.abc import Iterator, Sequence

__all__ = ["KINDS_OF_TROUBLE", "Proxy", "trouble"]

KINDS_OF_TROUBLE = (
    "dropped-before",
    "dropped-after",
    "cut",
    "delayed",
    "reset-before",
    "reset-after",
    "gateway-before",
    "gateway-after",
    "garbage-before",
    "garbage-after",
)
"""What can happen to a request; `before` means that the server never sees it, `after` that only the answer is lost."""

_GATEWAYS = ((502, "Bad Gateway"), (503, "Service Unavailable"), (504, "Gateway Time-out"))
_GARBAGE = (b"\x00\xff220 mail ready\r\n\r\n", b"HTTP/9.9 maybe\r\n\r\n", b"<html>\n")


@dataclasses.dataclass
class Proxy:
    """A proxy that is running.

    Attributes:
        rate: the share of requests that is disturbed, from 0 to 1; may be changed while it runs.
        latency: seconds that every answer is held back.
        delay: seconds that a delayed answer is held back besides; above the suite's time-out it is a lost answer.
        requests: how many have passed.
        disturbed: how often each kind of trouble was made.
    """

    upstream: str
    rate: float
    seed: int
    kinds: Sequence[str]
    latency: float
    delay: float
    url: str = ""
    requests: int = 0
    disturbed: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def next_trouble(self) -> tuple[str, random.Random]:
        """Return what happens to the next request, "" for nothing, and the dice for its details."""
        self.requests += 1
        dice = random.Random(f"{self.seed}/{self.requests}")  # noqa: S311 - repeatable on purpose
        kind = dice.choice(list(self.kinds)) if dice.random() < self.rate else ""
        if kind:
            self.disturbed[kind] += 1
        return kind, dice

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass the requests of one connection on, each to its end before the next."""
        parts = urllib.parse.urlsplit(self.upstream)
        try:
            inner_reader, inner_writer = await asyncio.open_connection(parts.hostname, parts.port)
        except OSError:
            writer.close()
            return
        try:
            goes_on = True
            while goes_on and (request := await _read_message(reader)):
                goes_on = await self._pass_on(request, inner_reader, inner_writer, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            for side in (inner_writer, writer):
                side.close()

    async def _pass_on(
        self, request: bytes, upstream: asyncio.StreamReader, inner: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> bool:
        """Pass one request on, or not, and tell whether the connection can be used again."""
        kind, dice = self.next_trouble()
        answer = b""
        if not kind.endswith("-before"):
            inner.write(request)
            answer = await _read_message(upstream, is_head=request.startswith(b"HEAD "))
        await asyncio.sleep(self.latency + (self.delay if kind == "delayed" else 0))
        what = kind.partition("-")[0]
        if what == "cut":
            answer = answer[: dice.randrange(1, max(2, len(answer)))]
        elif what == "gateway":
            answer = _gateway_page(*dice.choice(_GATEWAYS))
        elif what == "garbage":
            answer = dice.choice(_GARBAGE)
        elif what == "reset":
            _reset(client)
        if what in ("dropped", "reset"):
            return False
        client.write(answer)
        await client.drain()
        return (
            what not in ("cut", "garbage", "gateway")
            and b"connection: close" not in answer.partition(b"\r\n\r\n")[0].lower()
        )


@contextlib.contextmanager
def trouble(
    upstream: str,
    *,
    rate: float,
    seed: int = 0,
    kinds: Sequence[str] = KINDS_OF_TROUBLE,
    latency: float = 0.0,
    delay: float = 0.3,
) -> Iterator[Proxy]:
    """Run a proxy in front of a server until the block ends.

    The n-th request of a proxy meets the same trouble whenever the seed is the same.
    """
    proxy = Proxy(upstream, rate, seed, kinds, latency, delay)
    loop = asyncio.new_event_loop()
    listener = loop.run_until_complete(asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=2**24))
    proxy.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(_end(listener), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(listener: asyncio.Server) -> None:
    listener.close()
    await asyncio.sleep(0.01)  # lets connections that were accepted just now become tasks
    while others := [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.01)  # lets closed connections let go of their sockets


async def _read_message(reader: asyncio.StreamReader, *, is_head: bool = False) -> bytes:
    """Return one HTTP/1.1 message as it came, b"" at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as ended:
        return ended.partial
    start, *lines = head.lower().split(b"\r\n")
    headers = {name.strip(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    if b"chunked" in headers.get(b"transfer-encoding", b""):
        return head + await _read_chunks(reader)
    if b"content-length" in headers:
        return head + (b"" if is_head else await reader.readexactly(int(headers[b"content-length"])))
    is_answer = start.startswith(b"http/")
    if is_answer and start.split(b" ")[1:2] == [b"100"]:
        return head + await _read_message(reader, is_head=is_head)
    bodiless = is_head or start.split(b" ")[1:2] in ([b"204"], [b"304"])
    return head + await reader.read() if is_answer and not bodiless else head


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    read = b""
    while True:
        size = await reader.readuntil(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        read += size + await reader.readexactly(length)
        read += await reader.readuntil(b"\r\n")
        if not length:
            return read


def _gateway_page(status: int, reason: str) -> bytes:
    page = f"<html><head><title>{status} {reason}</title></head><body><h1>{status} {reason}</h1></body></html>\n".encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + page


def _reset(writer: asyncio.StreamWriter) -> None:
    """Make the connection end with a reset instead of an orderly end."""
    plain = writer.get_extra_info("socket")
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
