"""One request as it arrived at a scripted server, byte for byte, and what was done with it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

__all__ = ["Arrival"]


@dataclasses.dataclass
class Arrival:
    """A request, filled in while it is served.

    Attributes:
        number: 1 for the server's first request, and so on.
        operation: which call of the client it belongs to; 0 where that is not known.
        attempt: 1 for the first create of its operation; 0 for a request that is no create.
        connection: which connection it came on.
        headers: names and values as sent, in order.
        problem: why it could not be read as an HTTP request; "" when it could.
        at: when its last byte came, by the monotonic clock; `sent_at` is the same in Unix seconds.
        status: of the answer; 0 when none was sent.
        made: the ID of the record that it made; "" when it made none.
        ended: when the answer ended or the connection was closed; None while neither is so.
        fate: in a few words, what the script did to the answer; "" when nothing.
        gone: whether the client left before the answer ended.
    """

    number: int
    connection: int
    method: str = ""
    target: str = ""
    version: str = "1.1"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    problem: str = ""
    at: float = 0.0
    sent_at: float = 0.0
    operation: int = 0
    attempt: int = 0
    status: int = 0
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: bytes = b""
    made: str = ""
    ended: float | None = None
    fate: str = ""
    gone: bool = False

    def values(self, name: str) -> list[str]:
        """The values of every header field of that name, in any spelling."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def value(self, name: str) -> str | None:
        """The value of the first header field of that name."""
        return next(iter(self.values(name)), None)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def is_create(self) -> bool:
        """Whether it is a request to the operation that the script is about."""
        return self.attempt > 0

    @property
    def key(self) -> str | None:
        """The idempotency key."""
        return self.value("Idempotency-Key")

    def json(self) -> Any:
        """The body's JSON value.

        Raises:
            ValueError: it has none: not UTF-8, a byte order mark, NaN or Infinity, a member twice, or no JSON at all.
        """
        try:
            return json.loads(self.body.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_constant)
        except RecursionError as error:
            raise ValueError("the body is nested too deeply") from error


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(_repeated(name for name, _ in pairs))
        raise ValueError(f"the member {twice!r} occurs twice in one object")
    return members


def _repeated(names: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
