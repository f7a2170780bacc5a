"""Counts requests in windows, so that the announced numbers are exactly the enforced ones."""

from __future__ import annotations

import dataclasses
import math

__all__ = ["Quota", "RateLimiter"]


@dataclasses.dataclass(frozen=True)
class Quota:
    """What is left to a caller in the current window.

    Attributes:
        allowed: whether the request that was counted is inside the limit.
        reset: when the next window begins, in Unix seconds.
        wait: whole seconds after which a retry finds a fresh window; at least 1.
    """

    allowed: bool
    limit: int
    remaining: int
    reset: int
    wait: int


class RateLimiter:
    """Windows that begin on whole Unix seconds: a client that waits for `reset` is never refused.

    A rate below one request a second is one request in a longer window.
    """

    def __init__(self, rate: float) -> None:
        self.limit = max(1, math.floor(rate))
        self.length = 1 if rate >= 1 else math.ceil(1 / rate)
        self._used: dict[tuple[str, str], tuple[int, int]] = {}

    def take(self, organization: str, category: str, now: float) -> Quota:
        """Count one request and return what is left."""
        window = math.floor(now) // self.length
        last, used = self._used.get((organization, category), (window, 0))
        used = used + 1 if last == window else 1
        self._used[organization, category] = (window, used)
        reset = (window + 1) * self.length
        return Quota(used <= self.limit, self.limit, max(0, self.limit - used), reset, max(1, math.ceil(reset - now)))
