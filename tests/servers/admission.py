"""Who may ask for what, how often, and in which form: all that is checked before a body is read as JSON."""

from __future__ import annotations

import dataclasses
import json
import math
import threading
import time
from typing import Any

from werkzeug.http import parse_options_header
from werkzeug.wrappers import Request

from .refusal import Refused
from .store import Store

__all__ = ["CLOCK_HEADER", "VERSION", "Admission", "Call", "Key", "Limits"]

VERSION = "2026-03-01"
CLOCK_HEADER = "X-Clock-Offset"
_LONGEST_KEY = 255


@dataclasses.dataclass(frozen=True)
class Key:
    """An API key: its secret, whose records it reaches, and its scopes, none for full access."""

    secret: str = dataclasses.field(repr=False)
    store: Store
    scopes: tuple[str, ...] = ()


@dataclasses.dataclass
class Call:
    """A request that is being answered: its body is read already, its key is known once it was admitted.

    Attributes:
        now: Unix seconds; moved where the organization honours the clock header.
        headers: what the answer gets besides its own.
    """

    request: Request
    body: bytes
    now: float
    key: Key | None = None
    headers: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The records of the caller's organization."""
        assert self.key is not None, "the call was admitted"
        return self.key.store


class Limits:
    """Counts requests in windows of one second, for each organization and category."""

    def __init__(self, a_second: int, *, enforced: bool) -> None:
        self.a_second = a_second
        self.enforced = enforced
        self._lock = threading.Lock()
        self._windows: dict[tuple[int, str], tuple[int, int]] = {}

    def count(self, store: Store, category: str) -> dict[str, str]:
        """Count one request and return the headers that say what is left.

        Raises:
            Refused: there were too many in this second, and the limit is enforced.
        """
        now = time.time()
        with self._lock:
            second, used = self._windows.get((id(store), category), (0, 0))
            used = used + 1 if second == int(now) else 1
            self._windows[id(store), category] = (int(now), used)
        headers = {
            "X-RateLimit-Limit": str(self.a_second),
            "X-RateLimit-Remaining": str(max(0, self.a_second - used)),
            "X-RateLimit-Reset": str(math.floor(now) + 1),
        }
        if self.enforced and used > self.a_second:
            raise Refused(429, "", "too many requests", headers=headers | {"Retry-After": "1"})
        return headers


class Admission:
    """Checks the key, its scopes, the rate and the headers of a request."""

    def __init__(self, keys: list[Key], limits: Limits) -> None:
        self.keys = {key.secret: key for key in keys}
        self.limits = limits

    def admit(self, call: Call, scope: str, category: str) -> None:
        """Let a call in.

        Raises:
            Refused: 401 without a valid key, 429 over the limit, 403 without the scope.
        """
        call.key = self.key_of(call)
        call.headers |= self.limits.count(call.store, category)
        if scope and call.key.scopes and scope not in call.key.scopes:
            raise Refused(403, "", f"the key lacks the scope {scope}")

    def key_of(self, call: Call) -> Key:
        """Return the key that the request carries.

        Raises:
            Refused: there is none, or it is not known.
        """
        scheme, _, secret = call.request.headers.get("Authorization", "").partition(" ")
        key = self.keys.get(secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise Refused(401, "", "a valid API key is needed")
        return key

    def check_headers(self, call: Call) -> None:
        """Check what a write has to say in its headers.

        Raises:
            Refused: the version or the idempotency key is a 400, the media type a 415.
        """
        headers = call.request.headers
        if headers.get("Lightfield-Version") != VERSION:
            raise Refused(400, "version_header", f"Lightfield-Version has to be {VERSION}", "Lightfield-Version")
        if parse_options_header(headers.get("Content-Type"))[0].lower() != "application/json":
            raise Refused(415, "", "the body has to be application/json")
        key = headers.get("Idempotency-Key", "")
        if len(key) > _LONGEST_KEY:
            raise Refused(400, "idempotency_key_too_long", "255 characters at most", "Idempotency-Key")
        plain = all(char.isascii() and (char.isalnum() or char in "-_") for char in key)
        if not plain and not call.store.organization.manners.any_key:
            raise Refused(400, "invalid_idempotency_key", "letters, digits, - and _ alone", "Idempotency-Key")

    def read_json(self, call: Call) -> dict[str, Any]:
        """Return the body, an object.

        Raises:
            Refused: the body is not JSON, or not an object (400).
        """
        try:
            body = json.loads(call.body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise Refused(400, "invalid_json", "the body is not JSON") from None
        if not isinstance(body, dict):
            raise Refused(400, "invalid_type", "the body has to be an object")
        return body


def _refuse_constant(word: str) -> None:
    raise ValueError(word)
