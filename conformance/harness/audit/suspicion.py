"""Decides whether a record without the run's marker is ours: by sending the suspected request again and counting records."""

from __future__ import annotations

import time
from typing import Any

from ....spec import Place, profile
from ....spec.pointer import set_at
from ..case.api import Api
from ..case.world import World
from ..judge.record import NotVerified
from ..wire.ledger import Entry
from .listing import Listed, Listing

__all__ = ["makes_more"]

_TIMES = 3
_QUIET = 0.5
"""Seconds without a request of ours, in which the number of records may not change."""
_LAG = 3.0
"""Seconds given to the list to show what a request has made."""
_INDEX_WAIT = 10.0
"""Seconds given to it where there is a record to wait for."""


def makes_more(world: World, api: Api, entry: Entry) -> tuple[Listed, ...] | None:
    """Return what a request makes beyond what its answer names, three times of three; None where that is not so.

    It is sent again with a link to an object that is made for this, to which no other client's records link. Where that
    cannot be, all records are counted, and their number may not change in between: anything else may be another client's
    doing, or that of a run before this one. Which records are ours is then not known, and none are returned.
    """
    try:
        sent = entry.sent
        own = _make_object(world, api) if isinstance(sent, dict) else None
        if own is None:
            return () if all(_once(world, api, entry) for _ in range(_TIMES)) else None
        return _makes_more_linked(world, api, entry, set_at(sent, own[0].pointer, own[1]), own[1])
    except NotVerified:
        return None


def _make_object(world: World, api: Api) -> tuple[Place, str] | None:
    """Make an object that a record can link to; return where, and its ID."""
    for place in world.contract.link_places:
        collection = world.contract.collections.get(place.object_type or "")
        if not place.read_only and collection and collection.create:
            made = api.create_other(collection.object_type, api.key())
            return (place, made.record_id) if made.record_id else None
    return None


def _makes_more_linked(world: World, api: Api, entry: Entry, body: Any, linked: str) -> tuple[Listed, ...] | None:
    answers = [api.create(body, key=api.key() if entry.key else None) for _ in range(_TIMES)]
    last = api.create()
    listing, deadline = Listing(world, api), time.monotonic() + _INDEX_WAIT
    while not listing.shows(last.record_id):
        if time.monotonic() > deadline:
            raise NotVerified("the list did not show the last record")
        time.sleep(_QUIET)
    named = {answer.record_id for answer in answers}
    more = tuple(item for item in listing.records([])[0] if linked in item.links and item.id not in named)
    return more if len(more) >= _TIMES else None


def _once(world: World, api: Api, entry: Entry) -> bool:
    before = _total(world, api)
    time.sleep(_QUIET)
    if _total(world, api) != before:
        return False
    again = api.equal(entry, key=api.key() if entry.key else None)
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
