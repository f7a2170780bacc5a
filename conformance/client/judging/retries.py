"""Judges of retries: what is sent again, when, how often, and how many records that makes."""

from __future__ import annotations

import functools
import itertools
import math
import statistics
from collections.abc import Iterator

from ....reference.arrival import Arrival
from ..scenario import Played, ScenarioEvidence
from ..scenarios import DATE_WAIT, LONG_WAIT, REFUSALS, WAIT
from ..trouble import TroubleKind
from .check import MANY_RECORDS, Checks, Judge, check, shown, status_words

__all__ = ["JUDGES"]

_MOST_ATTEMPTS = 20
_LEAST_WAIT = 0.03
_LEAST_SPREAD = 0.04
_SAMPLES = 6


def _once(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.creates:
            # After an answer that came too late for the client's time-out, another attempt is no answer to the refusal.
            again = [pair for pair in itertools.pairwise(played.creates) if _seconds(pair[0]) < played.message.timeout]
            observed = f"{len(played.creates)} requests, each refused with {played.creates[0].status}"
            shown = again[0] if again else played.creates
            yield check(not again, "a refused request is not sent again", observed, *shown)


def _seconds(arrival: Arrival) -> float:
    return math.inf if arrival.ended is None else arrival.ended - arrival.at


def _gaps(seen: ScenarioEvidence) -> Iterator[tuple[Played, Arrival, Arrival, float]]:
    """Each two attempts in a row, and the seconds between the answer to one and the arrival of the other."""
    for played in seen.played:
        for earlier, later in itertools.pairwise(played.creates):
            if earlier.ended is not None:
                yield played, earlier, later, later.at - earlier.ended


def _waits(seconds: float, seen: ScenarioEvidence) -> Checks:
    """Retry-After is waited for, or the request is not sent again."""
    expected = "no other attempt before Retry-After is over"
    for played, earlier, later, gap in _gaps(seen):
        if _asked_to_wait(earlier):
            wanted = seconds * played.scale
            observed = f"sent again after {gap:.2f} s, where {wanted:.2f} s were asked for{_scaled(played)}"
            yield check(gap >= wanted * 0.95 - 0.02, expected, observed, earlier, later)
    if seen.creates and not any(True for _ in _gaps(seen)):
        yield check(True, expected, "")


def _asked_to_wait(arrival: Arrival) -> bool:
    return any(name.lower() == "retry-after" for name, _ in arrival.response_headers)


def _scaled(played: Played) -> str:
    return f" (waits are scaled by {played.scale:g})" if played.scale != 1 else ""


def _unreadable(seen: ScenarioEvidence) -> Checks:
    expected = "a success after a wait of the client's own, or an error with the status"
    for played in seen.played:
        if played.trouble is not None and played.trouble.kind is TroubleKind.HUNG:
            yield check(False, expected, f"no answer within {played.seconds:.0f} s", *played.creates)
        elif played.trouble is not None and played.trouble.kind is TroubleKind.WAITING:
            yield check(True, expected, "")
        elif played.answer is not None and played.creates:
            error = played.answer.error
            held = played.answer.succeeded or (error is not None and error.status == played.creates[-1].status)
            observed = f"an error without the status, that says {shown(error.message if error else '')}"
            yield check(held, expected, observed, *played.creates)


def _backoff(seen: ScenarioEvidence) -> Checks:
    gaps = [gap for _, _, _, gap in _gaps(seen)]
    if seen.creates:
        usual = statistics.median(gaps) if gaps else _LEAST_WAIT
        observed = f"half of {len(gaps)} waits were shorter than {usual * 1000:.0f} ms"
        yield check(usual >= _LEAST_WAIT, "a wait before the next attempt", observed, *seen.creates[:2])


def _jitter(seen: ScenarioEvidence) -> Checks:
    gaps = sorted(gap for _, _, _, gap in _gaps(seen))[:-1]  # the longest may be the machine's own
    if len(gaps) < _SAMPLES or gaps[-1] < _LEAST_WAIT:
        if seen.creates:
            yield check(True, "waits that differ", "")
        return
    spread = (gaps[-1] - gaps[0]) / statistics.median(gaps)
    observed = f"{len(gaps)} waits of {gaps[0]:.3f} to {gaps[-1]:.3f} s"
    yield check(spread >= _LEAST_SPREAD, "waits that differ", observed, *seen.creates[:2])


def _bounded(seen: ScenarioEvidence) -> Checks:
    expected = f"at most {_MOST_ATTEMPTS} attempts"
    for played in seen.played:
        number = len(played.creates)
        if number and (number > _MOST_ATTEMPTS or played.answer is not None):
            observed = f"{number} attempts in {played.seconds:.1f} s"
            yield check(number <= _MOST_ATTEMPTS, expected, observed, *played.creates[-2:])


def _one_record(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.creates:
            observed = f"{len(played.made)} records"
            yield check(len(played.made) <= 1, "one record for one operation", observed, *played.made, symptom=MANY_RECORDS)


def _one_record_in_time(seen: ScenarioEvidence) -> Checks:
    if "timeout" in seen.applies:
        yield from _one_record(seen)


def _last_status(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.answer is None or not played.creates:
            continue
        status, error = played.creates[-1].status, played.answer.error
        observed = "a success" if error is None else f"an error {status_words(error.status)}"
        held = error is not None and error.status == status
        yield check(held, f"an error of status {status}", observed, played.creates[-1])


JUDGES = (
    Judge("retries:refused", _once, tuple(f"refused-{status}" for status in REFUSALS), separate=True),
    Judge("retries:conflict", _once, ("conflict",)),
    Judge("retries:retry-after", functools.partial(_waits, WAIT), ("retry-after", "retry-after-503")),
    Judge("retries:retry-after-long", functools.partial(_waits, LONG_WAIT), ("retry-after-long",)),
    Judge("retries:retry-after-date", functools.partial(_waits, DATE_WAIT), ("retry-after-date",)),
    Judge(
        "retries:retry-after-unreadable",
        _unreadable,
        ("retry-after-negative", "retry-after-garbled", "retry-after-absurd", "retry-after-absent"),
        separate=True,
    ),
    Judge("retries:backoff", _backoff, ("backoff",)),
    Judge("retries:jitter", _jitter, ("backoff",)),
    Judge("retries:bounded", _bounded, ("unavailable", "over-limit")),
    Judge("retries:lost-answer", _one_record, ("lost-answer",)),
    Judge("retries:cut-answer", _one_record, ("cut-answer",)),
    Judge("retries:no-answer", _one_record_in_time, ("no-answer",)),
    Judge("retries:failed-answer", _one_record, ("gateway-answer", "failed-answer", "unreadable-answer"), separate=True),
    Judge("retries:last-status", _last_status, ("unavailable", "over-limit")),
)
