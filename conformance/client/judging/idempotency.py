"""Judges of idempotency keys: one for each operation, the same on each of its attempts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ....reference.arrival import Arrival
from ....reports.inert import cut
from ..scenario import Played, ScenarioEvidence
from .check import MANY_RECORDS, Checks, Judge, check, shown

__all__ = ["JUDGES", "may_have_made"]

_LONGEST = 255
_SHOWN = 50
"""Characters of a key that are shown."""
_NOTHING_MADE = frozenset({400, 401, 403, 404, 409, 413, 415, 422, 429, 503})


def may_have_made(arrival: Arrival) -> bool:
    """Whether a client cannot know that its request made nothing: no answer, a success that it could not read, a 5xx."""
    return arrival.status not in _NOTHING_MADE and not 300 <= arrival.status <= 399


_COMPARED = 20
"""Attempts at one operation that are compared with each other; a client that makes thousands breaks another clause."""


def _pairs(seen: ScenarioEvidence) -> Iterator[tuple[Played, Arrival, Arrival]]:
    """Each attempt with each later one of its operation, as far as they are compared."""
    for played in seen.played if seen.name != "parallel" else ():
        for earlier, later in itertools.combinations(played.creates[:_COMPARED], 2):
            yield played, earlier, later


def _key(seen: ScenarioEvidence) -> Checks:
    expected = "an Idempotency-Key on a create that is sent again when a record may have been made"
    for _, earlier, later in _pairs(seen):
        if may_have_made(earlier):
            held = earlier.key is not None or later.key is not None
            yield check(
                held, expected, f"sent again without a key after {_fate(earlier)}", earlier, later, symptom=MANY_RECORDS
            )
    if _was_retryable(seen):
        yield check(True, expected, "")


def _was_retryable(seen: ScenarioEvidence) -> bool:
    """Whether a client had a reason to send again; one that does not is blameless."""
    return any(may_have_made(arrival) and arrival.status not in (200, 201) for arrival in seen.creates)


def _fate(arrival: Arrival) -> str:
    return f"an answer with {arrival.status}" if arrival.status else "a lost answer"


def _same_key(seen: ScenarioEvidence) -> Checks:
    expected = "the same Idempotency-Key on every attempt"
    for _, earlier, later in _pairs(seen):
        mixed = (earlier.key is None) != (later.key is None)
        if earlier.key != later.key and (not mixed or may_have_made(earlier)):
            yield check(
                False,
                expected,
                f"sent again with {_described(later)}, after {_described(earlier)}",
                earlier,
                later,
                symptom=MANY_RECORDS,
            )
        else:
            yield check(True, expected, "")
    if seen.creates and not any(True for _ in _pairs(seen)):
        yield check(True, expected, "")


def _described(arrival: Arrival) -> str:
    return "no key" if arrival.key is None else f"the key {shown(arrival.key)}"


def _same_body(seen: ScenarioEvidence) -> Checks:
    expected = "the same body on every attempt"
    for _, earlier, later in _pairs(seen):
        yield check(_value(earlier) == _value(later), expected, "another body on a later attempt", earlier, later)
    if seen.creates and not any(True for _ in _pairs(seen)):
        yield check(True, expected, "")


def _value(arrival: Arrival) -> object:
    try:
        return arrival.json()
    except ValueError:
        return arrival.body


def _different(seen: ScenarioEvidence) -> Checks:
    expected = "another key for another operation"
    for one, other in itertools.combinations(seen.played, 2):
        keys = {arrival.key for arrival in one.creates} & {arrival.key for arrival in other.creates} - {None}
        arrivals = (*one.creates[:1], *other.creates[:1])
        if one.creates and other.creates:
            yield check(
                not keys, expected, f"both operations carried {' and '.join(map(shown, sorted(map(str, keys))))}", *arrivals
            )


def _callers_key(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.ask.key is None or not played.applied("idempotencyKey"):
            continue
        for arrival in played.creates:
            sent = arrival.values("Idempotency-Key")
            observed = f"Idempotency-Key: {cut(', '.join(sent), _SHOWN) or 'absent'}"
            yield check(sent == [played.ask.key], f"Idempotency-Key: {cut(played.ask.key, _SHOWN)}", observed, arrival)


def _length(seen: ScenarioEvidence) -> Checks:
    expected = f"one key of 1 to {_LONGEST} visible ASCII characters"
    for played in seen.played:
        for arrival in played.creates if played.ask.key is None else ():
            sent = arrival.values("Idempotency-Key")
            good = all(1 <= len(key) <= _LONGEST and all("!" <= letter <= "~" for letter in key) for key in sent)
            observed = (
                f"{len(sent)} keys" if len(sent) > 1 else f"a key of {len(''.join(sent))} characters: {shown(''.join(sent))}"
            )
            yield check(len(sent) <= 1 and good, expected, observed, arrival)


def _resend(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.ask.max_retries == 0 and played.applied("maxRetries") and played.creates:
            observed = f"{len(played.creates)} requests"
            yield check(len(played.creates) == 1, "one request where no retry is wanted", observed, *played.creates)


JUDGES = (
    Judge("idempotency:key", _key),
    Judge("idempotency:same-key", _same_key),
    Judge("idempotency:same-body", _same_body),
    Judge("idempotency:fresh", _different, ("two-different",)),
    Judge("idempotency:not-derived", _different, ("two-equal",)),
    Judge("idempotency:callers-key", _callers_key, ("own-key", "long-key")),
    Judge("idempotency:length", _length),
    Judge("idempotency:resend", _resend, ("no-retries",)),
)
