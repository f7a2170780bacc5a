"""What listens for a reference server: a socket, and uvicorn on it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from ..spec import UsageError
from ..spec.given import show

if TYPE_CHECKING:
    import uvicorn

__all__ = ["listen", "socket_server", "url_of"]

_LAST_PORT = 65535


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, so that the port is known and ours before the server's loop begins.

    Raises:
        UsageError: the address cannot be listened on.
    """
    place = f"{show(host)} port {port}"
    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"cannot listen on {place}: ports go from 0, for any that is free, to {_LAST_PORT}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no host has such a name"
        raise UsageError(f"cannot listen on {place}: {reason}; give another host or port") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        message = f"cannot listen on {place}: {reason}; give another port, or 0 for any that is free"
        raise UsageError(message) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def socket_server(app: ASGIApp) -> uvicorn.Server:
    """Return a server that is ready to run on a listening socket, and prints nothing."""
    # Imported here, because it takes as long to import as the whole reference, and only a socket needs it.
    import uvicorn

    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="httptools",
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
