"""Keeps a client inside the rate that its target announces, and inside the one that the user allows."""

from __future__ import annotations

import datetime
import email.utils
import threading
import time
from collections.abc import Callable, Mapping

__all__ = ["LONGEST", "Pacer", "read_date", "read_retry_after"]

_LONG = 2.0
"""Seconds; a longer wait is announced."""
LONGEST = 60.0
"""Seconds; a target that asks for a longer pause is not waited out."""


def read_retry_after(value: str | None, date: str | None) -> float | None:
    """Seconds to wait, from a Retry-After of either form (RFC 9110, 10.2.3); None when it cannot be read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = read_date(text)
    now = read_date(date)
    return None if until is None else max(0.0, until - (time.time() if now is None else now))


def read_date(value: str | None) -> float | None:
    """Unix seconds of an HTTP date in any of its forms (RFC 9110, 5.6.7); None when it cannot be read.

    The asctime form names no zone, and `-0000` an unknown one: an HTTP date is in GMT all the same.
    """
    try:
        moment = email.utils.parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp() if moment else None


class Pacer:
    """Says how long to wait before the next request, for each organization and category of requests.

    Args:
        rate: requests a second that the user allows in each category; None for no limit of our own.
        workers: how many processes share the target's limit.
        tell: says a sentence to the user at once; long waits are announced.
    """

    def __init__(self, rate: float | None, workers: int = 1, tell: Callable[[str], None] | None = None) -> None:
        self._tell = tell
        self._announced: dict[str, float] = {}
        self._interval = workers / rate if rate else 0.0
        self._workers = workers
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, category: str) -> None:
        """Sleeps until a request of the category may be sent."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next.get(category, now))
            self._next[category] = at + self._interval
            long = at - now > _LONG and at > self._announced.get(category, 0.0)
            self._announced |= {category: at + _LONG} if long else {}
        if long and self._tell:
            kind = category.rpartition(":")[2]
            self._tell(f"waiting {at - now:.0f} s before the next {kind}, to keep within the rate limit")
        if at > now:
            time.sleep(at - now)

    def learn(self, category: str, headers: Mapping[str, str]) -> None:
        """Reads the X-RateLimit headers: when what remains is nearly used up, waits for the reset.

        The reset is in Unix seconds of the target's clock, so it is compared with the Date header. It may lie in
        the past when nothing was used (contract 11).
        """
        try:
            remaining = int(headers["x-ratelimit-remaining"])
            reset = float(headers["x-ratelimit-reset"])
        except (KeyError, ValueError):
            return
        if remaining >= self._workers:
            return
        # The clock's own time when both are ours; Date has whole seconds only and would lose most of one.
        now, date = time.time(), read_date(headers.get("date"))
        clock = now if date is None or abs(now - date) < 1.5 else date
        # What is announced for later than that is no reset of a limit per second, and no reason to wait.
        if reset - clock <= LONGEST:
            self.pause(category, reset - clock)

    def pause(self, category: str, seconds: float) -> None:
        """Lets no request of the category out for that long."""
        if seconds > 0:
            with self._lock:
                self._next[category] = max(self._next.get(category, 0.0), time.monotonic() + seconds)
