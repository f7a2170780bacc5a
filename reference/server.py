"""Runs the reference server: embedded in a thread, or in the foreground until it is told to stop."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType

import uvicorn

from ..spec import Contract, TargetError, UsageError
from .app import make_app
from .clock import CLOCK_HEADER
from .pipeline import Pipeline
from .sample import SampleKeys
from .settings import Settings

__all__ = ["Reference", "listen", "serve", "url_of"]

_PATIENCE = 10
_LAST_PORT = 65535


class Reference:
    """An embedded server: a context manager that listens on a port of its own and prints nothing.

    Attributes:
        url: its base URL.
        environment: the variables that give the suite everything it can be given.
    """

    def __init__(
        self,
        contract: Contract,
        settings: Settings | None = None,
        pipeline: type[Pipeline] = Pipeline,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.contract = contract
        self.settings = settings or Settings()
        self.pipeline = pipeline
        self.host = host
        self.port = port
        self.url = ""
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """A fresh copy each time, so nobody's change reaches another."""
        return _environment(self.contract)

    def start(self) -> None:
        """Begins to listen; returns when requests are answered.

        Raises:
            UsageError: the port cannot be listened on.
            TargetError: the server did not start in time.
        """
        if self._thread is not None:
            raise UsageError("this reference server runs already: stop it first, or make another one")
        listener = listen(self.host, self.port)
        self.url = url_of(listener)
        server = _server(make_app(self.contract, self.settings, self.pipeline))
        thread = threading.Thread(target=server.run, args=([listener],), name="reference", daemon=True)
        thread.start()
        self._server, self._thread = server, thread
        deadline = time.monotonic() + _PATIENCE
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise TargetError("the reference server did not start")
            time.sleep(0.001)

    def stop(self) -> None:
        """Ends it; requests under way get their answer first."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_PATIENCE)
        self._server = self._thread = None

    def __enter__(self) -> Reference:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def serve(
    contract: Contract,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    settings: Settings | None = None,
    pipeline: type[Pipeline] = Pipeline,
) -> None:
    """Serves in the foreground until Ctrl-C or SIGTERM, after saying where it is and which keys open it.

    Raises:
        UsageError: the port cannot be listened on.
    """
    listener = listen(host, port)
    server = _server(make_app(contract, settings, pipeline))
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


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that the port is known and ours before the server's loop begins."""
    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"cannot listen on {host} port {port}: ports go from 0, for any that is free, to {_LAST_PORT}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"cannot listen on {host} port {port}: {error}; give another host or port") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        message = f"cannot listen on {host} port {port}: {reason}; give another port, or 0 for any that is free"
        raise UsageError(message) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(app: object) -> uvicorn.Server:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # The pipeline writes the Date itself, by the clock of the request.
        date_header=False,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM end the server instead of the process.

    uvicorn raises a signal again when it is done, for whoever handled it before; this handler is who did.
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
