"""Says which requests show a finding again, and what of their answers the run saw."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any, Final

from ..spec import profile
from .curl import body_bytes
from .finding import ExchangeRole, Finding, Transcript

__all__ = [
    "ACCEPTED",
    "KEY_HEADER",
    "ROUNDS",
    "ROUNDS_AFTER_OTHERS",
    "Sent",
    "json_of",
    "record_of",
    "status_of",
    "what_is_sent",
    "what_is_sent_between",
    "what_makes_a_record",
    "what_was_sent_before",
]

ACCEPTED: Final = (200, 201)
ROUNDS: Final = 14
"""How often a program sends the requests at most: a fault may strike every tenth time, and a race is lost at times.

With another request in two of three rounds, the last of two is in 14 rounds the n-th of all, for each n modulo 10.
"""
ROUNDS_AFTER_OTHERS: Final = 4
"""How often it then sends them after what the run had sent just before, half of the time after the last of that alone."""
KEY_HEADER: Final = "idempotency-key"
_ABOUT_CALLERS: Final = ("caller-refused", "caller-status", "nothing-revealed")
_LEFT: Final = ("closed on purpose", "no answer was read")
"""Failures of a connection that the run, or its ledger, did not see the answer of."""


@dataclasses.dataclass(frozen=True)
class Sent:
    """One request, and what of its answer the run saw.

    Attributes:
        path: after the base URL.
        body: the text sent; bytes where it is not UTF-8.
        status: 0 for no answer. record: the ID that the answer named; "" for none.
        main: whether the main caller sent it. together: whether others were sent at the same moment.
        dropped: whether the connection was closed on purpose before the answer.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str | bytes
    role: str
    status: int
    record: str
    main: bool
    together: bool
    dropped: bool


def what_is_sent(finding: Finding, target: str) -> tuple[Sent, ...]:
    """Return the requests of a finding, in order.

    Args:
        target: the base URL of the run.
    """
    # An audit shows the create last that made too much, whenever it was sent.
    exchanges = sorted(finding.exchanges, key=_moment) if finding.expectation == "accounted-for" else finding.exchanges
    sent = tuple(_sent(exchange, target.rstrip("/")) for exchange in exchanges)
    if len(sent) == 2 and sent[1].method == "GET" and sent[0].status in ACCEPTED and not sent[0].record:
        # Of what an audit read again the answer to the create is not kept, but the read names its record.
        sent = (dataclasses.replace(sent[0], record=sent[1].path.rpartition("/")[2]), sent[1])
    if len(sent) == 1 and finding.expectation in _ABOUT_CALLERS and not sent[0].main and sent[0].method == "POST":
        # Whom a target lets in may depend on whom it let in before.
        return (_by_main(sent[0]), *sent)
    return sent


def what_was_sent_before(finding: Finding, target: str) -> tuple[Sent, ...]:
    """Return what the run sent just before the judged request; none where that was one of several at the same moment.

    Nor are there any where all are reads, which are compared with each other.

    Args:
        target: the base URL of the run.
    """
    own = {each.number for each in finding.exchanges}
    reads = all(each.request.method == "GET" for each in finding.exchanges)
    if reads or any(each.overlapping for each in finding.exchanges):
        return ()
    preceding = (each for each in finding.preceding if each.number not in own)
    return tuple(dataclasses.replace(_sent(each, target.rstrip("/")), together=False) for each in preceding)


def what_makes_a_record(finding: Finding, target: str) -> tuple[Sent, ...]:
    """Return a create that the run sent before a finding and that was accepted, for a target that holds fewer records.

    Args:
        target: the base URL of the run.
    """
    made = [each for each in finding.preceding if record_of(each) and not each.overlapping]
    return tuple(_sent(each, target.rstrip("/")) for each in made[-1:])


def _moment(exchange: Transcript) -> float:
    return exchange.sent_at


def _by_main(sent: Sent) -> Sent:
    """The same request as the main caller sends it, without an Idempotency-Key, which would be used by then."""
    headers = [(name, value) for name, value in sent.headers if name.lower() not in ("authorization", "idempotency-key")]
    authorized = ("Authorization", "Bearer $LIGHTFIELD_API_KEY")
    first = dataclasses.replace(sent, headers=(authorized, *headers), role=str(ExchangeRole.STEP), status=200, main=True)
    return dataclasses.replace(first, together=False, dropped=False)


def what_is_sent_between(sent: Sequence[Sent], marker: str) -> tuple[Sent, ...]:
    """Return a create, and one that is refused, under keys of their own: by one, servers may forget what they remembered.

    None of them where the last request does not repeat a key.

    Args:
        marker: the part of the run's that a program replaces.
    """
    keys = [[value for name, value in each.headers if name.lower() == KEY_HEADER] for each in sent]
    if any(each.together for each in sent) or not keys[-1] or keys[-1] not in keys[:-1]:
        return ()
    first = dataclasses.replace(sent[keys.index(keys[-1])], role=str(ExchangeRole.STEP), record="", dropped=False)
    other, refused = (
        dataclasses.replace(
            first,
            headers=tuple(
                (name, f"lfc-{marker}-{key}" if name.lower() == KEY_HEADER else value) for name, value in first.headers
            ),
        )
        for key in ("other", "refused")
    )
    return other, dataclasses.replace(refused, body="{}", status=400)


def _sent(exchange: Transcript, target: str) -> Sent:
    request = exchange.request
    data = body_bytes(request.body, request.binary)
    return Sent(
        method=request.method,
        path=request.url.removeprefix(target),
        headers=request.headers,
        body=data if request.binary else request.body,
        role=str(exchange.role or ExchangeRole.STEP),
        status=exchange.response.status if exchange.response else 0,
        record=record_of(exchange),
        main=exchange.caller in ("main", ""),
        together=exchange.overlapping,
        dropped=any(words in exchange.failure for words in _LEFT),
    )


def record_of(exchange: Transcript) -> str:
    """Return the ID of the record that an answer names; "" for none."""
    return profile.record_id(json_of(exchange)) if status_of(exchange) in ACCEPTED else ""


def status_of(exchange: Transcript) -> int:
    """Return the status of an answer; 0 for none."""
    return exchange.response.status if exchange.response else 0


def json_of(exchange: Transcript) -> Any:
    """Return the body of an answer, parsed; None where it is no JSON."""
    try:
        return json.loads(exchange.response.body) if exchange.response else None
    except (ValueError, RecursionError):
        return None
