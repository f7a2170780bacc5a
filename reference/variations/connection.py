"""Variations of how an answer travels: on a connection that is closed, in chunks, or compressed."""

from __future__ import annotations

import gzip
from typing import Any

from starlette.responses import Response, StreamingResponse

from ..answers import JsonAnswer
from ..steps import Call
from .variation import Variation, permitted

__all__: list[str] = []


@permitted("connection", "close")
class ConnectionCloses(Variation):
    """The connection is closed after each answer."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        response.headers["Connection"] = "close"
        return response


@permitted("transfer", "chunked")
class BodyInChunks(Variation):
    """A body comes in chunks, without its length."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        body = bytes(response.body)

        async def chunks() -> Any:
            yield body[:7]
            yield body[7:]

        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return StreamingResponse(chunks(), response.status_code, headers)


@permitted("transfer", "gzip")
class BodyCompressed(Variation):
    """A body is compressed where the client takes that."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        if "gzip" not in call.headers.get("Accept-Encoding", ""):
            return response
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        body = gzip.compress(bytes(response.body))
        return Response(body, response.status_code, {**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
