"""What a scripted server does with one request: whether it makes a record, what it answers, and how the answer travels."""

from __future__ import annotations

import dataclasses
import enum
import gzip
import json
from collections.abc import Callable
from typing import Any

__all__ = ["HTML", "PLAIN", "Conduct", "Delivery", "ScriptedReply", "json_reply", "refusal"]

HTML = b"<!doctype html><title>Gateway</title><h1>Something stands between you and the API</h1>"
_TYPES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    415: "unsupported_media_type",
    422: "unprocessable_content",
    429: "too_many_requests",
    500: "internal_server_error",
    503: "service_unavailable",
    504: "gateway_timeout",
}


class Delivery(enum.StrEnum):
    """How an answer travels."""

    WHOLE = "whole"
    """At once."""
    DROP = "drop"
    """Not at all: the connection is closed."""
    CUT = "cut"
    """Half of its body, after which the connection is closed."""
    HANG = "hang"
    """Not at all, and the connection stays open until the client leaves."""
    DRIP = "drip"
    """Byte by byte, with a pause before each."""
    CHUNKED = "chunked"
    """In chunks."""


@dataclasses.dataclass(frozen=True)
class ScriptedReply:
    """An HTTP answer: status, headers besides those of the framing, and body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def with_json(self, value: Any) -> ScriptedReply:
        """The same answer with another JSON body."""
        return dataclasses.replace(self, body=json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def compressed(self) -> ScriptedReply:
        """The same answer in gzip."""
        return ScriptedReply(self.status, (*self.headers, ("Content-Encoding", "gzip")), gzip.compress(self.body, mtime=0))


@dataclasses.dataclass(frozen=True)
class Conduct:
    """What happens to one request.

    Attributes:
        commit: whether the reference gets the request, and so makes a record of a good one.
        reply: what is answered in place of the reference's answer; None for the reference's own.
        status: another status for the answer; None for the one it has.
        edit: changes the JSON body of the answer.
        delivery: how the answer travels.
        interim: statuses of the 1xx answers that come before it.
        delay: seconds before the answer begins.
        pause: seconds before each byte of a dripping answer.
        compress: whether to answer in gzip, where the client offers to read it.
    """

    commit: bool = True
    reply: ScriptedReply | None = None
    status: int | None = None
    edit: Callable[[Any], Any] | None = None
    delivery: Delivery = Delivery.WHOLE
    interim: tuple[int, ...] = ()
    delay: float = 0.0
    pause: float = 0.0
    compress: bool = False


PLAIN = Conduct()
"""What the reference does by itself."""


def json_reply(status: int, value: Any, *headers: tuple[str, str]) -> ScriptedReply:
    """An answer with a JSON body."""
    return ScriptedReply(status, (("Content-Type", "application/json"), *headers)).with_json(value)


def refusal(
    status: int,
    *headers: tuple[str, str],
    code: str | None = None,
    param: str | None = None,
    type_: str | None = None,
    message: str = "",
    bare: bool = False,
) -> Conduct:
    """Refuses the request without making anything, in the API's own form of an error (contract 3)."""
    error = {
        "type": type_ or _TYPES.get(status, "bad_request"),
        "message": message or f"The reference is scripted to answer {status}.",
    }
    error |= {name: text for name, text in (("code", code), ("param", param)) if text is not None}
    return Conduct(commit=False, reply=json_reply(status, error if bare else {"error": error}, *headers))
