"""Counts a run's requests: how many of each kind over time, and how long each endpoint took."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Sequence

from .model import Timing

__all__ = ["Bar", "Chart", "Endpoint", "chart_requests", "measure_endpoints", "percentile"]

KINDS = ("write", "read", "other")
_BARS = 60
_MOST_ENDPOINTS = 40
# A path segment with a digit in it is an ID, unless it is the API's version.
_ID = re.compile(r"(?<=/)(?!v\d+(?:/|$))[^/]*\d[^/]*")


@dataclasses.dataclass(frozen=True)
class Bar:
    """One rectangle of the chart, in units of its view box, 100 wide and 100 high."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclasses.dataclass(frozen=True)
class Chart:
    """Requests over time, stacked by kind.

    Attributes:
        peak: the most requests in one bar. step: the seconds of one bar. seconds: of all bars.
        totals: requests by kind; kinds that did not occur are left out.
    """

    bars: tuple[Bar, ...]
    peak: int
    step: float
    seconds: float
    totals: dict[str, int]


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """The requests to one method and path, IDs left out of it; durations in milliseconds.

    Attributes:
        statuses: how many answers of each class (`2xx`, …, `no answer`).
    """

    name: str
    requests: int
    statuses: dict[str, int]
    p50: float
    p95: float
    p99: float
    slowest: float


def chart_requests(timings: Sequence[Timing]) -> Chart | None:
    """Return the chart; None when no request was made."""
    if not timings:
        return None
    start = min(timing.sent_at for timing in timings)
    seconds = max(max(timing.sent_at for timing in timings) - start, 0.001)
    counts = {kind: [0] * _BARS for kind in KINDS}
    for timing in timings:
        place = min(int((timing.sent_at - start) / seconds * _BARS), _BARS - 1)
        counts[timing.kind if timing.kind in counts else "other"][place] += 1
    peak = max(sum(counts[kind][place] for kind in KINDS) for place in range(_BARS))
    totals = {kind: sum(counts[kind]) for kind in KINDS if any(counts[kind])}
    return Chart(tuple(_bars(counts, peak)), peak, seconds / _BARS, seconds, totals)


def measure_endpoints(timings: Iterable[Timing]) -> tuple[Endpoint, ...]:
    """Return one line per endpoint, the busiest first; endpoints beyond the first 40 are counted together."""
    groups: dict[str, list[Timing]] = {}
    for timing in timings:
        path = _ID.sub("{id}", timing.path.partition("?")[0])
        groups.setdefault(f"{timing.method} {path}", []).append(timing)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    rest = [timing for _, group in ordered[_MOST_ENDPOINTS:] for timing in group]
    named = ordered[:_MOST_ENDPOINTS] + ([("all others", rest)] if rest else [])
    return tuple(_measure(name, group) for name, group in named)


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values, which are in rising order, does not exceed."""
    return ordered[max(math.ceil(len(ordered) * share) - 1, 0)]


def _measure(name: str, timings: list[Timing]) -> Endpoint:
    durations = sorted(timing.seconds * 1000 for timing in timings)
    classes = [f"{timing.status // 100}xx" if timing.status else "no answer" for timing in timings]
    statuses = {word: classes.count(word) for word in sorted(set(classes))}
    p50, p95, p99 = (percentile(durations, share) for share in (0.5, 0.95, 0.99))
    return Endpoint(name, len(timings), statuses, p50, p95, p99, durations[-1])


def _bars(counts: dict[str, list[int]], peak: int) -> Iterable[Bar]:
    width = 100 / _BARS
    for place in range(_BARS):
        top = 100.0
        for kind in KINDS:
            if count := counts[kind][place]:
                height = 100 * count / peak
                top -= height
                yield Bar(kind, round(place * width, 3), round(top, 3), round(width * 0.84, 3), round(height, 3))
