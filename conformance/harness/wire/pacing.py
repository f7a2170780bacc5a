"""Keeps a client inside the rate that its target announces, and inside the one that the user allows."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import email.utils
import functools
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from ....spec import rate_limit
from .lane import Lane

__all__ = ["LONG", "LONGEST", "Pacer", "announced_limit", "asked_pause", "read_date", "read_retry_after"]

_MOST = 16
"""Requests under way at one time, where the user does not say how many."""
_FAR = 0.03
"""Seconds; a target that answers sooner gains nothing by it."""
_ROOM = 1.5
"""How many more are under way than latency and rate ask for: cases wait for each other, and for pauses of their own."""
_SHARE = 0.96
"""Of the announced limit, what is used where requests leave evenly: on the way some come closer together."""
_SHORTEST = 1.0
"""Seconds of the documented window (contract 6); two resets that are closer together are one that slides."""
_DIGITS = 10
"""Of a limit; one that has as many is none."""
_LATE = 0.02
"""Seconds by which a request may be late without the next one being late as well."""
LONG = 2.0
"""Seconds; a longer wait is announced."""
LONGEST = 60.0
"""Seconds; a target that asks for a longer pause is not waited out."""


def read_retry_after(value: str | None, date: str | None) -> float | None:
    """Seconds to wait, from a Retry-After of either form (RFC 9110, 10.2.3); None when it cannot be read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = read_date(text)
    if until is None:
        return None
    now = read_date(date)
    return max(0.0, until - (time.time() if now is None else now))


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait, by its headers in lower case; None when it does not say so readably."""
    return read_retry_after(headers.get("retry-after"), headers.get("date"))


def announced_limit(headers: Mapping[str, str]) -> int:
    """Requests in a window that an answer announces, by its headers in lower case; 0 where that is none."""
    limit = headers.get(rate_limit.LIMIT.lower(), "")
    return int(limit) if limit.isascii() and limit.isdigit() and len(limit) < _DIGITS else 0


@functools.lru_cache(maxsize=8)
def read_date(value: str | None) -> float | None:
    """Unix seconds of an HTTP date in any of its forms (RFC 9110, 5.6.7); None when it cannot be read.

    The asctime form names no zone, and `-0000` an unknown one: an HTTP date is in GMT all the same.
    """
    try:
        moment = email.utils.parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp() if moment else None


@dataclasses.dataclass
class _Category:
    """What is known of one category of requests.

    Attributes:
        free_at: when the next request may leave, on the monotonic clock.
        under_way: requests that have no answer yet.
        limit: requests in a window, as announced; 0 where nothing was.
        reset: the latest reset that was announced, in Unix seconds.
        window: seconds of a window: the shortest time between two resets; the documented second while that is not known.
        latency: seconds that an answer takes, smoothed.
        quickest: seconds that the quickest answer took.
    """

    free_at: float = 0.0
    under_way: int = 0
    limit: int = 0
    reset: float = math.inf
    window: float = 0.0
    latency: float = 0.0
    quickest: float = math.inf


class Pacer:
    """Says how long to wait before the next request, for each organization and category of requests.

    Args:
        rate: requests a second that the user allows in each category; None for no limit of our own.
        workers: how many processes share the target's limit.
        tell: says a sentence to the user at once; long waits are announced.
        most: requests under way at one time at most; as many as latency and rate ask for when left out.

    Attributes:
        spread: whether several requests are under way at a time, and are to leave evenly, below the announced limit: a
            target that counts in any window then never sees too many.
    """

    def __init__(
        self,
        rate: float | None,
        workers: int = 1,
        tell: Callable[[str], None] | None = None,
        *,
        most: int | None = None,
    ) -> None:
        self._tell = tell
        self._announced: dict[str, float] = {}
        self.spread = False
        self._rate = rate
        self._workers = workers
        self._most = 1 if workers > 1 else _MOST if most is None else most
        self._categories: dict[str, _Category] = {}
        self._lock = threading.Lock()

    def room(self, category: str) -> int:
        """Return how many requests of the category are to be under way at one time, so that the allowed rate is reached.

        That is one for a target that is near, or that announces no limit where the user gives none.
        """
        of = self._of(category)
        rate = min((rate for rate in (self._rate, of.limit / (of.window or _SHORTEST)) if rate), default=0.0)
        wanted = math.ceil(of.quickest * rate * _ROOM) if _FAR < of.quickest < math.inf else 1
        return max(1, min(self._most, wanted))

    def wait(self, category: str, lane: Lane | None = None) -> None:
        """Wait until a request of the category may be sent."""
        of = self._of(category)
        while (pause := self._take(of)) > 0:
            self._announce(category, pause)
            lane.sleep(pause) if lane else time.sleep(pause)

    @contextlib.contextmanager
    def admitted(self, category: str, lane: Lane | None = None) -> Iterator[None]:
        """Wait until a request of the category may be sent, and count it until it is answered.

        Raises:
            StoppedError: the lane was stopped meanwhile.
        """
        self.wait(category, lane)
        of = self._of(category)
        start = time.monotonic()
        try:
            if lane:
                lane.check()
            yield
        finally:
            with self._lock:
                of.under_way -= 1
                took = time.monotonic() - start
                of.quickest = min(of.quickest, took)
                of.latency = took if not of.latency else 0.8 * of.latency + 0.2 * took

    def learn(self, category: str, headers: Mapping[str, str]) -> None:
        """Reads the X-RateLimit headers: when what remains is nearly used up, waits for the reset.

        The reset is in Unix seconds of the target's clock, so it is compared with the Date header. It may lie in
        the past when nothing was used (contract 11).
        """
        try:
            remaining = int(headers[rate_limit.REMAINING.lower()])
            reset = float(headers[rate_limit.RESET.lower()])
        except (KeyError, ValueError):
            return
        # The clock's own time when both are ours; Date has whole seconds only and would lose most of one.
        now, date = time.time(), read_date(headers.get("date"))
        clock = now if date is None or abs(now - date) < 1.5 else date
        left, of = reset - clock, self._of(category)
        with self._lock:
            of.limit = announced_limit(headers)
            if reset > of.reset:
                of.window = max(_SHORTEST, min(of.window or math.inf, reset - of.reset))
            of.reset = reset
            # Of the requests under way, those count that arrive before the reset.
            due = of.under_way * min(1.0, max(0.0, left) / of.latency) if of.latency and self.spread else 0.0
        # What is announced for later than that is no reset of a limit per second; less than none is no number of requests.
        if 0 <= remaining < self._workers + due and left <= LONGEST:
            self.pause(category, left)

    def pause(self, category: str, seconds: float) -> None:
        """Lets no request of the category out for that long."""
        if seconds > 0:
            of = self._of(category)
            with self._lock:
                of.free_at = max(of.free_at, time.monotonic() + seconds)

    def _announce(self, category: str, pause: float) -> None:
        """Say once that there is a long wait."""
        with self._lock:
            at = time.monotonic() + pause
            long = pause > LONG and at > self._announced.get(category, 0.0)
            self._announced |= {category: at + LONG} if long else {}
        if long and self._tell:
            kind = category.rpartition(":")[2]
            self._tell(f"waiting {pause:.0f} s before the next {kind}, to keep within the rate limit")

    def _of(self, category: str) -> _Category:
        with self._lock:
            if category not in self._categories:
                # Until it is announced, the limit is taken to be that of another category of the organization.
                organization = category.partition(":")[0]
                alike = (of for name, of in self._categories.items() if name.partition(":")[0] == organization and of.limit)
                known = next(alike, _Category())
                self._categories[category] = _Category(limit=known.limit, window=known.window)
            return self._categories[category]

    def _take(self, of: _Category) -> float:
        """Take the right to send, or return the seconds until there may be one."""
        with self._lock:
            now = time.monotonic()
            if of.free_at > now:
                return of.free_at - now
            of.free_at = max(of.free_at, now - _LATE) + self._interval(of) if self.spread else now + self._interval(of)
            of.under_way += 1
            return 0.0

    def _interval(self, of: _Category) -> float:
        """Seconds between two requests."""
        ours = self._workers / self._rate if self._rate else 0.0
        even = self._workers * (of.window or _SHORTEST) / (_SHARE * of.limit) if self.spread and of.limit else 0.0
        return max(ours, even)
