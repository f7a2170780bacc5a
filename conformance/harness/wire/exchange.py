"""One request and its response, keys removed, as the judge sees them."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from ....reports import ExchangeRole, Request, Response, Transcript, body_text, make_curl
from ....spec import error_form, profile
from .marker import markers_like

__all__ = ["MISSING", "Exchange", "parse_json"]

_SHOWN = 20_000


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final[Any] = _Missing()
"""Stands for a response body that is absent or is not JSON; None would be JSON's null."""


def parse_json(text: str | bytes) -> Any:
    """Return the value of a JSON text; MISSING for one that is none."""
    try:
        # A byte order mark is a mistake of its own, and no reason to overlook what comes after it.
        return json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except (ValueError, RecursionError):
        return MISSING


@dataclasses.dataclass(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        number: unique in the run, and the same in each run of one seed.
        caller: the name of who sent it.
        headers, response_headers: keys removed; names of the latter in lower case.
        content: the request's body as sent.
        sent: the JSON value of the request's body, MISSING when it is not one.
        stamp: the marker that this create carries, "" where it carries none.
        key: the idempotency key sent, None when none was.
        status: 0 when no answer came, and `failure` tells why.
        cause: of a failure: connect, tls, proxy, timeout, dropped (on purpose) or broken; "" when an answer came.
        body: the JSON value of the response's body, MISSING when it is not one.
        leaked: whether the answer repeated an API key.
        limited: how often it was answered 429 and sent again, before this answer.
        unreadable: the first of those 429 that had no Retry-After that could be read; None where all had. Not kept for
            another process.
        authorized: whether it was sent with a key that the target should know.
        overlapping: whether others were sent at the same moment.
        later: seconds by which the target's clock was asked to be ahead.
        connection: what tells the connection that carried it from others; "" where that is not known.
    """

    number: str
    method: str
    url: str
    path: str
    caller: str
    headers: tuple[tuple[str, str], ...]
    content: bytes
    sent: Any
    stamp: str
    key: str | None
    status: int = 0
    reason: str = ""
    response_headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    text: str = ""
    length: int = 0
    body: Any = MISSING
    failure: str = ""
    cause: str = ""
    leaked: bool = False
    limited: int = 0
    unreadable: Exchange | None = None
    sent_at: float = 0.0
    seconds: float = 0.0
    authorized: bool = False
    overlapping: bool = False
    later: int = 0
    connection: str = ""

    @property
    def accepted(self) -> bool:
        """Whether it was answered with 200 or 201, which are both success under the seed (contract 2)."""
        return self.status in (200, 201)

    @property
    def refused(self) -> bool:
        """Whether it was answered with a 4xx."""
        return 400 <= self.status <= 499

    @property
    def too_many(self) -> bool:
        """Whether it was answered with a 429, which says nothing of what was asked."""
        return self.status == 429

    @property
    def record_id(self) -> str:
        """The ID of the record that an accepted create returned; "" when there is none to read."""
        return profile.record_id(self.body) if self.accepted else ""

    @property
    def marked(self) -> bool:
        """Whether the answer holds the marker of this very request."""
        return bool(self.stamp) and self.stamp in self.text

    def answered_as(self, first: Exchange) -> bool:
        """Return whether it got the answer to an earlier create once more: same status, same JSON value (contract 11)."""
        return (self.status, self.body) == (first.status, first.body)

    def meets(self, other: Exchange) -> bool:
        """Return whether both were under way at one moment, as far as the clock of this machine tells."""
        return self.sent_at < other.sent_at + other.seconds and other.sent_at < self.sent_at + self.seconds

    @property
    def marker_of_another(self) -> str:
        """The marker of another request of the run that the answer holds, where it does not hold that of this one."""
        found = None if self.marked or " " not in self.stamp else re.search(markers_like(self.stamp), self.text)
        return found[0] if found else ""

    @property
    def answers_another(self) -> bool:
        """Whether the answer holds the marker of another request of the run, and not that of this one."""
        return bool(self.marker_of_another)

    @property
    def answer(self) -> str:
        """What came back, in a few words for a sentence."""
        if not self.status:
            return self.failure
        line = f"{self.status} {self.reason}".strip()
        error = error_form.read_error(self.body)
        details = [detail for detail in (error.code, error.param) if isinstance(detail, str)] if error else []
        return f"{line} ({', '.join(details)})" if details else line

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, for another process of the run; for a request whose body is JSON."""
        plain = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del plain["body"], plain["sent"], plain["unreadable"]
        return {**plain, "content": self.content.decode("latin-1"), "response_headers": dict(self.response_headers)}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Exchange:
        """Return what `to_json` made plain data of."""
        content = plain["content"].encode("latin-1")
        headers = tuple((name, value) for name, value in plain["headers"])
        changed = {"content": content, "headers": headers, "sent": parse_json(content), "body": parse_json(plain["text"])}
        return cls(**{**plain, **changed})

    def to_transcript(self, role: ExchangeRole | None = None) -> Transcript:
        """Return the exchange as reports show it.

        Args:
            role: what it is to the finding that shows it.
        """
        body, binary = body_text(self.content)
        curl = make_curl(self.method, self.url, self.headers, body or None, binary)
        response = None
        if self.status:
            headers = tuple(self.response_headers.items())
            response = Response(self.status, self.reason, headers, self.text[:_SHOWN], self.length)
        request = Request(self.method, self.url, self.headers, body, curl, binary)
        return Transcript(
            number=self.number,
            caller=self.caller,
            request=request,
            response=response,
            failure=self.failure,
            overlapping=self.overlapping,
            sent_at=self.sent_at,
            seconds=self.seconds,
            role=role,
        )
