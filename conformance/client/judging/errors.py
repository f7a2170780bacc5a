"""Judges of the errors that a client gives to its caller."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ....reference.arrival import Arrival
from ..message import Failure
from ..scenario import Played, ScenarioEvidence
from .check import Checks, Judge, check, shown, status_words

__all__ = ["JUDGES"]

_REFUSED = ("refused-400", "refused-401", "refused-403", "refused-404", "refused-415", "refused-422")
_WITH_ERROR = ("error-wrapped", *_REFUSED, "conflict")
_NO_JSON = ("error-page", "error-text", "error-empty", "error-list")
_RETRYABLE = {429: True, 503: True}
_RETRY_WORDS = {True: "said to be worth a retry", False: "said to be worth no retry"}


def _ended(seen: ScenarioEvidence) -> Iterator[tuple[Played, Arrival, Failure | None]]:
    """The operations that were answered, with the last answer on the wire and the error that was reported."""
    for played in seen.played:
        if played.answer is not None and played.creates and not played.answer.unsupported:
            yield played, played.creates[-1], played.answer.error


def _status(seen: ScenarioEvidence) -> Checks:
    for _, arrival, error in _ended(seen):
        observed = f"an error {status_words(error.status)}" if error is not None else "a success"
        held = error is not None and error.status == arrival.status
        yield check(held, f"an error of status {arrival.status}", observed, arrival)


def _member(name: str, seen: ScenarioEvidence) -> Checks:
    """A member of the server's error object reaches the caller as it is."""
    for _, arrival, error in _ended(seen):
        wanted = _error_object(arrival).get(name)
        if wanted is not None and error is not None:
            found = getattr(error, name)
            held = found == wanted if name != "message" else str(wanted) in str(found)
            observed = f"an error with {name} {shown(found)}" if found else f"an error without {name}"
            yield check(held, f"an error with {name} {shown(wanted)}", observed, arrival)


def _error_object(arrival: Arrival) -> Mapping[str, Any]:
    try:
        body = json.loads(arrival.response_body)
    except ValueError:
        return {}
    inner = body.get("error", body) if isinstance(body, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _bare(seen: ScenarioEvidence) -> Checks:
    for _, arrival, error in _ended(seen):
        wanted = _error_object(arrival)
        exact = error is not None and any(getattr(error, name) == wanted[name] for name in ("type", "code", "param"))
        spoken = error is not None and str(wanted["message"]) in str(error.message)
        observed = "an error without any of them" if error is not None else "a success"
        yield check(exact or spoken, "type, code, param or message of an error without its wrapper", observed, arrival)


def _retryable(seen: ScenarioEvidence) -> Checks:
    for _, arrival, error in _ended(seen):
        if error is not None and error.retryable is not None:
            wanted = _RETRYABLE.get(arrival.status, False)
            expected, observed = (f"a {arrival.status} {_RETRY_WORDS[each]}" for each in (wanted, error.retryable))
            yield check(error.retryable is wanted, expected, observed, arrival)


def _unreachable(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.answer is not None and not played.answer.unsupported:
            error = played.answer.error
            observed = f"an error {status_words(error.status)}" if error is not None else "a success"
            yield check(error is not None and error.status is None, "an error without a status", observed)


JUDGES = (
    Judge("errors:status", _status, _WITH_ERROR),
    *(
        Judge(f"errors:{name}", functools.partial(_member, name), _WITH_ERROR)
        for name in ("type", "code", "param", "message")
    ),
    Judge("errors:bare", _bare, ("error-bare",)),
    Judge("errors:not-json", _status, _NO_JSON, separate=True),
    Judge("errors:retryable", _retryable, (*_REFUSED, "unavailable", "over-limit")),
    Judge("errors:unreachable", _unreachable, ("unreachable",)),
)
