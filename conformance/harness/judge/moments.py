"""The words for how far two moments are from each other."""

from __future__ import annotations

import datetime

__all__ = ["between", "in_round_units"]


def between(sent: datetime.datetime | None, shown: datetime.datetime | None) -> str:
    """Return by how much a time that was sent comes back as another one."""
    if sent is None or shown is None or sent.tzinfo is None or shown.tzinfo is None:
        return "comes back as another moment"
    away = (shown - sent).total_seconds()
    return f"comes back {in_round_units(abs(away))} {'later' if away > 0 else 'earlier'}"


def in_round_units(seconds: float) -> str:
    """Return a span of time in the largest unit of which there are two."""
    for unit, length in (("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            count = seconds / length
            # Offsets from UTC have half hours and quarters.
            return f"{count:g} {unit}" if (4 * count).is_integer() else f"{count:.0f} {unit}"
    if seconds < 1:
        return f"{seconds * 1000:g} milliseconds"
    return f"{seconds:.0f} second{'s' if round(seconds) > 1 else ''}"
