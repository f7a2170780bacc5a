"""A request before it leaves: the body of a create, and all else that is to be sent with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from ....strategies.ways import PLAINLY, Spelling
from .exchange import MISSING
from .target import Credentials

__all__ = ["CAPITAL_KEY", "CUT_KEY", "KEY", "Draft", "Outgoing"]

KEY: Final = "{key}"
"""Stands in an Authorization header for the caller's key, which is put in when the request leaves."""
CUT_KEY: Final = "{key%?}"
"""Stands for the caller's key without its last character."""
CAPITAL_KEY: Final = "{key^^}"
"""Stands for the caller's key in capitals."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Draft:
    """The body of a create, ready to be sent any number of times.

    Attributes:
        path: of the endpoint.
        sent: the JSON value, MISSING when the content is not one.
        stamp: the marker in it, "" when it could carry none.
        own: whether it is for the endpoint under test, whose records the audit reads.
    """

    path: str
    content: bytes = b""
    sent: Any = MISSING
    stamp: str = ""
    own: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outgoing(Draft):
    """What is to be sent, with whose credentials; the exchange that comes of it holds no key.

    Attributes:
        headers: all of them but the credentials; an Authorization header in another form than usual holds `KEY`.
        key: the idempotency key among the headers, None for none.
        later: seconds by which the target's clock is asked to be ahead.
        category: write, read or search; limits count each alone.
        overlapping: whether others are sent at the same moment.
        abandon: close the connection after sending, before an answer is read.
        hurried: send it at once, whatever the limit, and give a 429 as it came.
        way: how it is written.
    """

    number: str
    method: str
    caller: Credentials
    headers: Mapping[str, str]
    key: str | None = None
    later: int = 0
    category: str = "read"
    overlapping: bool = False
    abandon: bool = False
    hurried: bool = False
    way: Spelling = PLAINLY

    @property
    def authorized(self) -> bool:
        """Whether it goes with a key that the target should know."""
        known = self.caller.key is not None and self.caller.name not in ("no-key", "unknown-key")
        return known and "Authorization" not in self.headers
