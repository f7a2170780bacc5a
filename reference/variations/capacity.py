"""Variations of capacity: how long a create takes, and how many requests a second are allowed."""

from __future__ import annotations

from .variation import Variation, permitted

__all__: list[str] = []


@permitted("speed", "slow", configured={"latency": 0.02})
class CreatesSlowly(Variation):
    """Making a record takes 20 ms."""


@permitted("rate", "100", configured={"rate": 100})
class HundredRequests(Variation):
    """100 requests a second are allowed."""


@permitted("rate", "25", configured={"rate": 25}, rare=True)
class VendorsRate(Variation):
    """25 requests a second are allowed, as by the vendor."""
