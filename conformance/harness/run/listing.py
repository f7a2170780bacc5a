"""Reads the target's records for the audit: all pages, or by name where that takes fewer reads."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterator
from typing import Any

from ....spec import Place, profile
from ....spec.pointer import get_at
from ..judge.record import NotVerified
from ..wire.exchange import Exchange
from .case import Api
from .world import World

__all__ = ["Listed", "list_records"]

_PAGE = 25
_MOST_PAGES = 2000


@dataclasses.dataclass(frozen=True)
class Listed:
    """A record in the list: its ID, what stands at the marker place, and when it was made, as the target says."""

    id: str
    text: Any
    created: str


def list_records(world: World, api: Api, texts: Collection[str]) -> tuple[tuple[Listed, ...], bool]:
    """Return the records of the endpoint under test.

    Args:
        texts: what the run has sent at the marker place; with the filter, a read is needed for each.

    Returns:
        The records, and whether they are all there are rather than those that carry one of the texts.

    Raises:
        NotVerified: the list cannot be read, or there is too much of it.
    """
    place = world.contract.marker_place
    if place is None or not world.readable:
        raise world.unmet("read")
    first = _page(world, api, 0)
    total = profile.page_total(first.body)
    pages = _MOST_PAGES if total is None else math.ceil(total / _PAGE)
    if pages > max(len(texts), _PAGE) and _can_filter(world, api, place, texts):
        return tuple(item for text in texts for item in _filtered(world, api, place, text)), False
    if pages > _MOST_PAGES:
        raise NotVerified(f"{total} records are too many to read", "use an organization with fewer records")
    return tuple(_all(world, api, place, first, pages)), True


def _all(world: World, api: Api, place: Place, page: Exchange, pages: int) -> Iterator[Listed]:
    """All pages; a list that ignores the offset shows the same records again, and ends there."""
    seen: set[str] = set()
    for number in range(1, pages + 1):
        rows = profile.page_records(page.body) or []
        found = [item for item in _rows(place, rows) if item.id not in seen]
        seen |= {item.id for item in found}
        yield from found
        if len(rows) < _PAGE or not found or number == pages:
            return
        page = _page(world, api, number * _PAGE)


def _page(world: World, api: Api, offset: int, **query: str) -> Exchange:
    page = api.get(world.contract.collection.list, query={**profile.page_query(_PAGE, offset), **query})
    if page.status != 200 or profile.page_records(page.body) is None:
        raise NotVerified(f"the list could not be read: {page.answer}", world.contract.needs["read"].remedy)
    return page


def _filtered(world: World, api: Api, place: Place, text: str) -> list[Listed]:
    page = _page(world, api, 0, **profile.filter_query(place.key, text))
    return list(_rows(place, profile.page_records(page.body) or []))


def _can_filter(world: World, api: Api, place: Place, texts: Collection[str]) -> bool:
    """A target without the filter ignores the parameter and lists other records, or refuses it."""
    try:
        return all(item.text == text for text in list(texts)[:1] for item in _filtered(world, api, place, text))
    except NotVerified:
        return False


def _rows(place: Place, rows: list[Any]) -> Iterator[Listed]:
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get(profile.ID), str):
            text = get_at(row, profile.value_pointer(place.pointer), None)
            yield Listed(row[profile.ID], text, profile.creation_time(row))
