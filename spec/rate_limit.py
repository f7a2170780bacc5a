"""The headers in which an answer announces the rate limit (contract 6)."""

from __future__ import annotations

from typing import Final

__all__ = ["HEADERS", "LIMIT", "REMAINING", "RESET"]

LIMIT: Final = "X-RateLimit-Limit"
"""Requests in a window."""
REMAINING: Final = "X-RateLimit-Remaining"
"""Those that are left in this one."""
RESET: Final = "X-RateLimit-Reset"
"""When the next one begins, in Unix seconds."""
HEADERS: Final = (LIMIT, REMAINING, RESET)
