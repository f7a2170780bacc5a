"""The request as an ASGI app is handed it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Scope

__all__ = ["make_scope"]


def make_scope(
    method: str,
    path: str,
    raw_path: bytes,
    query: bytes,
    headers: Iterable[tuple[bytes, bytes]],
    *,
    version: str = "1.1",
    scheme: str = "http",
    server: tuple[str, int | None] = ("127.0.0.1", 0),
) -> Scope:
    """Return the scope of one request over HTTP.

    Args:
        path: with escapes undone. raw_path: as it came.
        headers: as they came; the names are put in lower case.
    """
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": version,
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in headers],
        "server": server,
        "client": ("127.0.0.1", 0),
    }
