"""Runs the reference server: embedded in a thread, in the client's own process, or in the foreground until it is stopped."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

import anyio.to_thread
from starlette.types import ASGIApp

from ..spec import Contract, TargetError, UsageError, load
from .app import make_app
from .configuration import CLOCK_HEADER, Configuration
from .listening import listen, socket_server, url_of
from .observer import Observer
from .pipeline import Pipeline
from .sample import SampleKeys

if TYPE_CHECKING:
    import uvicorn

    from .transport import InProcess

__all__ = ["Reference", "serve"]

_PATIENCE = 10


class Reference:
    """A server that keeps the contract, embedded in this process; it prints nothing.

    As a context manager it listens on a port of its own:

    >>> import asyncio, httpx
    >>> from lightfield_contract.reference import Reference
    >>> with Reference() as reference:
    ...     httpx.get(f"{reference.url}/v1/opportunities").status_code
    401

    The same in asynchronous code, with asyncio or trio:

    >>> async def ask() -> int:
    ...     async with Reference() as reference, httpx.AsyncClient(base_url=reference.url) as client:
    ...         return (await client.get("/v1/opportunities")).status_code
    >>> asyncio.run(ask())
    401

    Without a socket, which takes half as long, it is a transport of httpx. `app` is the ASGI app itself, for
    `httpx.ASGITransport` and test clients of other libraries:

    >>> reference = Reference()
    >>> with httpx.Client(transport=reference.transport(), base_url="http://reference.invalid") as client:
    ...     key = reference.environment["LIGHTFIELD_API_KEY"]
    ...     headers = {"Authorization": f"Bearer {key}", "Lightfield-Version": reference.contract.version}
    ...     client.get("/v1/opportunities", headers=headers).json()["totalCount"]
    3

    Args:
        contract: what to serve; the opportunities when left out.
        configuration: how; the defaults suit an embedded server.
        pipeline: the class of the pipeline, of which a faulty server overrides a step.
        port: to listen on; any that is free when 0.
        observer: is shown each request and its response, in the server's own thread.

    Attributes:
        url: its base URL; empty until it has listened.
    """

    def __init__(
        self,
        contract: Contract | None = None,
        configuration: Configuration | None = None,
        pipeline: type[Pipeline] = Pipeline,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        observer: Observer | None = None,
    ) -> None:
        self.contract = contract or load()
        self.configuration = configuration or Configuration()
        self.pipeline = pipeline
        self.host = host
        self.port = port
        self.observer = observer
        self.url = ""
        self._app: ASGIApp | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def app(self) -> ASGIApp:
        """The ASGI app; what it remembers lasts until the server is stopped."""
        if self._app is None:
            self._app = make_app(self.contract, self.configuration, self.pipeline, observer=self.observer)
        return self._app

    @property
    def environment(self) -> dict[str, str]:
        """The variables that give the suite everything it can be given; a fresh copy each time."""
        return _environment(self.contract)

    def transport(self) -> InProcess:
        """Return a transport for `httpx.Client` that leads to the app without a socket; its client closes it."""
        from .transport import InProcess

        return InProcess(self.app)

    def start(self) -> None:
        """Begin to listen, and return when requests are answered.

        Raises:
            UsageError: the port cannot be listened on, or the server runs already.
            TargetError: the server did not start in time.
        """
        if self._thread is not None:
            raise UsageError("this reference server runs already: stop it first, or make another one")
        listener = listen(self.host, self.port)
        self.url = url_of(listener)
        server = socket_server(self.app)
        thread = threading.Thread(target=server.run, args=([listener],), name="reference", daemon=True)
        thread.start()
        self._server, self._thread = server, thread
        deadline = time.monotonic() + _PATIENCE
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise TargetError("the reference server did not start")
            time.sleep(0.001)

    def stop(self, *, wait: bool = True) -> None:
        """End it after the requests under way have their answers, and forget what they made; harmless when repeated.

        Args:
            wait: whether to return when it has ended; else that happens a moment later.
        """
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            if not wait:
                return
            self._thread.join(_PATIENCE)
        self._app = self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await anyio.to_thread.run_sync(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self.stop)


def serve(
    contract: Contract,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    configuration: Configuration | None = None,
    pipeline: type[Pipeline] = Pipeline,
    observer: Observer | None = None,
) -> None:
    """Serve in the foreground until Ctrl-C or SIGTERM, after printing the address and the keys that open it.

    Raises:
        UsageError: the port cannot be listened on.
    """
    listener = listen(host, port)
    server = socket_server(make_app(contract, configuration, pipeline, observer=observer))
    url = url_of(listener)
    lines = [f"The reference server for {contract.name} listens on {url} (Ctrl-C stops it).", ""]
    variables = {"LIGHTFIELD_BASE_URL": url, **_environment(contract)}
    lines += [f"export {name}={value}" for name, value in variables.items()]
    with _stopped_by_signals(server):
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        server.run([listener])


def _environment(contract: Contract) -> dict[str, str]:
    return {**SampleKeys().environment(contract), "LIGHTFIELD_CLOCK_HEADER": CLOCK_HEADER}


@contextlib.contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the server instead of the process.

    uvicorn raises a signal again when it is done, for the handler that was there before, which is this one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
