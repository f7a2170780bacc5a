"""Decides whether a record without the run's marker is ours: by sending the suspected request again and counting records."""

from __future__ import annotations

import time

from ....spec import profile
from ..judge.record import NotVerified
from ..wire.ledger import Entry
from .case import Api
from .world import World

__all__ = ["makes_more"]

_TIMES = 3
_QUIET = 0.5
"""Seconds without a request of ours, in which the number of records may not change."""
_LAG = 3.0
"""Seconds given to the list to show what a request has made."""


def makes_more(world: World, api: Api, entry: Entry) -> bool:
    """Return whether a request makes more records than its answer names: three times of three, and none in between.

    Anything else may be another client's doing, or that of a run before this one.
    """
    try:
        return all(_once(world, api, entry) for _ in range(_TIMES))
    except NotVerified:
        return False


def _once(world: World, api: Api, entry: Entry) -> bool:
    before = _total(world, api)
    time.sleep(_QUIET)
    if _total(world, api) != before:
        return False
    again = api.repeat(entry.to_exchange(), key=api.key() if entry.key else None)
    named = before + bool(again.record_id)
    deadline = time.monotonic() + _LAG
    while (now := _total(world, api)) <= named and time.monotonic() < deadline:
        time.sleep(_QUIET / 2)
    return now > named


def _total(world: World, api: Api) -> int:
    total = profile.page_total(api.get(world.contract.collection.list, query=profile.page_query(1)).body)
    if total is None:
        raise NotVerified("the list does not say how many records there are")
    return total
