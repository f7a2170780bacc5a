"""How much is sent: the one scale that every enumeration of this room takes."""

from __future__ import annotations

import enum

__all__ = ["Depth"]


class Depth(enum.StrEnum):
    """How many cases an enumeration gives; each depth includes what the one before it is for."""

    SMOKE = "smoke"
    """One case per clause."""
    STANDARD = "standard"
    """Every breach at every place, all pairs of body features."""
    DEEP = "deep"
    """All triples of body features, long histories."""
