"""A reference server that is far away: every answer takes a while, and it counts what is under way."""

from __future__ import annotations

import threading
import time
from typing import Any

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from lightfield_contract.reference import Configuration, Pipeline, Reference
from lightfield_contract.spec import load

__all__ = ["Distant"]


class Distant(Reference):
    """A server that answers after a while, and enforces what it announces.

    Args:
        latency: seconds until a request is looked at.
        rate: requests a second in each category.

    Attributes:
        arrivals: method, path and time of each request.
        statuses: of the answers, in the order in which they were sent.
        most: how many requests were under way at one time.
        writes: how many creates were under way when each of them came, itself included.
        beside: for each request to a path that the API does not have, how many others were under way.
    """

    def __init__(self, latency: float, rate: float, pipeline: type[Pipeline] = Pipeline, **more: Any) -> None:
        super().__init__(load(), Configuration(rate=rate), pipeline, **more)
        self.latency = latency
        self.arrivals: list[tuple[str, str, float]] = []
        self.statuses: list[int] = []
        self.most = 0
        self.writes: list[int] = []
        self.beside: list[int] = []
        self._under_way = self._writing = 0
        self._lock = threading.Lock()
        self._slow: ASGIApp | None = None

    @property
    def app(self) -> ASGIApp:
        """The app of the reference, from afar."""
        inner = super().app

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            self._begin(scope["method"], scope["path"])
            try:
                await anyio.sleep(self.latency)
                await inner(scope, receive, self._noting(send))
            finally:
                with self._lock:
                    self._under_way -= 1
                    self._writing -= scope["method"] == "POST"

        if self._slow is None:
            self._slow = serve
        return self._slow

    def _begin(self, method: str, path: str) -> None:
        with self._lock:
            if not path.startswith("/v1/"):
                self.beside.append(self._under_way)
            self._under_way += 1
            self._writing += method == "POST"
            self.writes += [self._writing] if method == "POST" else []
            self.most = max(self.most, self._under_way)
            self.arrivals.append((method, path, time.monotonic()))

    def _noting(self, send: Send) -> Send:
        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.statuses.append(message["status"])
            await send(message)

        return noted
