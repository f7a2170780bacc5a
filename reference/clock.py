"""What time it is for the server, and for a request that asks to be taken as a later one."""

from __future__ import annotations

import datetime
import email.utils
import functools
import time

__all__ = ["CLOCK_HEADER", "Clock", "http_date", "timestamp"]

CLOCK_HEADER = "Reference-Clock-Offset"


class Clock:
    """The server's own clock, in Unix seconds; a test gives one that it moves itself."""

    def now(self) -> float:
        """Return the time now."""
        return time.time()


def timestamp(seconds: float) -> str:
    """Return Unix seconds as RFC 3339 writes them, in UTC."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@functools.lru_cache(maxsize=8)
def http_date(second: int) -> str:
    """Return Unix seconds as the Date header writes them."""
    return email.utils.formatdate(second, usegmt=True)
