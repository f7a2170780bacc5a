"""What a reference server is set up with: its configuration, whose defaults suit an embedded one, and its clock."""

from __future__ import annotations

import dataclasses
import math
import time

from ..spec import UsageError

__all__ = ["CLOCK_HEADER", "Clock", "Configuration"]

CLOCK_HEADER = "Reference-Clock-Offset"
"""The request header that has a request taken as one made so many seconds later."""


@dataclasses.dataclass(frozen=True)
class Configuration:
    """How one reference server is set up.

    Attributes:
        rate: requests a second in each category, per organization; announced in the headers and enforced.
        latency: seconds that making a record takes; even at 0 other requests get a turn meanwhile.
        key_lifetime: seconds after completion for which an idempotency key is remembered.
        summary_delay: seconds after creation at which the background job has written the summary.
        body_limit: bytes of the longest request body that is read.
        text_limit: characters of the longest text value that is stored.

    Raises:
        UsageError: the rate is not a number above 0.
    """

    rate: float = 10_000
    latency: float = 0.0
    key_lifetime: float = 24 * 60 * 60
    summary_delay: float = 0.05
    body_limit: int = 1024 * 1024
    text_limit: int = 20_000

    def __post_init__(self) -> None:
        if not 0 < self.rate < math.inf:
            raise UsageError(f"a rate of {self.rate:g} requests a second serves no request: give a number above 0")


class Clock:
    """The server's own clock, in Unix seconds; a test gives one that it moves itself."""

    def now(self) -> float:
        """Return the time now."""
        return time.time()
