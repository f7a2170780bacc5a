"""Gives the tests a server of one kind of organization, and a client that asks it without a socket."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import httpx
import pytest

from .service import Service
from .serving import Running, assemble


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Running, httpx.Client]]]:
    """Assemble servers, and clients that end with the test."""
    with contextlib.ExitStack() as running:

        def begin(
            *kinds: str, service: type[Service] = Service, rate: int = 1000, enforced: bool = False
        ) -> tuple[Running, httpx.Client]:
            server = assemble(*kinds, service=service, rate=rate, enforced=enforced)
            transport = httpx.WSGITransport(app=server.application)
            client = httpx.Client(base_url="http://127.0.0.1", headers=server.headers(), transport=transport)
            return server, running.enter_context(client)

        yield begin
