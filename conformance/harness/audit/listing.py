"""Reads the target's records for the audit: those that are new since the run began, whatever else the organization holds."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from ....spec import Place, profile
from ....spec.pointer import get_at
from ..case.api import Api
from ..case.overlapping import Read
from ..case.world import World
from ..judge.record import NotVerified
from ..wire.exchange import Exchange

__all__ = ["Listed", "Listing", "Unreadable", "count_records"]

_PAGE = 25
_MOST_PAGES = 2000
_END_PAGES = 40


@dataclasses.dataclass(frozen=True)
class Listed:
    """A record in the list: its ID, what stands at the marker place, when it was made, as the target says, and its links."""

    id: str
    text: Any
    created: str
    links: frozenset[str] = frozenset()


class Unreadable(NotVerified):
    """The list was readable, and is not any more.

    Attributes:
        page: the answer that was no page.
    """

    def __init__(self, page: Exchange, remedy: str) -> None:
        super().__init__(f"the list could not be read: {page.answer}", remedy)
        self.page = page


def count_records(world: World, api: Api) -> int | None:
    """Return how many records the list has, 0 where it does not say; None where it cannot be read."""
    operation = world.contract.collection.list
    page = api.get(operation, query=profile.page_query(1)) if operation else None
    if page is None or page.status != 200 or profile.page_records(page.body) is None:
        return None
    return profile.page_total(page.body) or 0


class Listing:
    """The list of the endpoint under test, of which each look at it learns more.

    New records appear at one end of most lists. Where it is known which, and how many records there were when the run began,
    only those that came since are read.

    Raises:
        NotVerified: the list cannot be read.
    """

    def __init__(self, world: World, api: Api) -> None:
        if not world.state.readable:
            raise world.unmet("read")
        self._world = world
        self._api = api
        self._place = world.contract.marker_place
        self._total: int | None = None
        self._newest_first: bool | None = None
        self._shown: Exchange | None = None

    def shows(self, record_id: str) -> bool:
        """Return whether a new record stands at one end of the list."""
        first = self._shown = self._page(0)
        self._total = profile.page_total(first.body)
        shown = _ids(self._rows(first))
        if self._newest_first is not False and record_id in shown:
            self._newest_first = True
            return True
        # A page may be shorter than what was asked for.
        if self._newest_first or self._total is None or self._total <= len(shown):
            return False
        found = record_id in _ids(self._rows(self._page(self._total - len(shown))))
        self._newest_first = False if found else None
        return found

    def records(self, texts: Collection[str]) -> tuple[tuple[Listed, ...], bool]:
        """Return the records that came since the run began, or more.

        Args:
            texts: what the run has sent at the marker place, to ask for one by one where there is no better way.

        Returns:
            The records, and whether they hold all new ones rather than those that carry one of the texts.

        Raises:
            NotVerified: there is too much of it.
        """
        before = self._world.state.held_before
        if self._newest_first is not None and self._total and before:
            return tuple(self._new(before, self._total)), True
        first = self._page(0)
        total = self._total = profile.page_total(first.body)
        pages = _MOST_PAGES if total is None else math.ceil(total / _PAGE)
        if pages > max(len(texts), _PAGE) and self._can_filter(texts):
            return tuple(item for text in texts for item in self._filtered(text)), False
        if pages > _MOST_PAGES:
            raise NotVerified(f"{total} records are too many to read", "use an organization with fewer records")
        return tuple(self._from(0, pages * _PAGE, first)), True

    def ends(self) -> Iterator[Listed]:
        """Yield the records at both ends of the list, as many pages of each as a large run makes."""
        first = self._page(0)
        total = profile.page_total(first.body) or 0
        reach = _END_PAGES * _PAGE
        yield from self._from(0, reach, first)
        if total > reach:
            yield from self._from(max(reach, total - reach), math.inf)

    def _new(self, before: int, total: int) -> Iterator[Listed]:
        """Those at the end where new ones appear, and a page more, because others may make and delete some meanwhile."""
        if self._newest_first:
            return self._from(0, total - before + _PAGE, self._shown)
        return self._from(max(0, before - _PAGE), math.inf)

    def _from(self, start: int, end: float, page: Exchange | None = None) -> Iterator[Listed]:
        """Page by page; a list that ignores the offset shows the same records again, and ends there."""
        with self._api.reader.foreseeing(self._pages(start + _PAGE * (page is not None), end)):
            yield from self._one_by_one(start, end, page)

    def _pages(self, start: int, end: float) -> Iterator[Read]:
        operation, total = self._world.contract.collection.list, self._total
        if operation is not None and total is not None and total <= _PAGE * _MOST_PAGES:
            for offset in range(start, math.ceil(min(end, total)), _PAGE):
                yield Read(operation, self._world.reader.name, profile.page_query(_PAGE, offset))

    def _one_by_one(self, start: int, end: float, page: Exchange | None) -> Iterator[Listed]:
        seen: set[str] = set()
        for _ in range(_MOST_PAGES):
            page = page or self._page(start)
            rows = profile.page_records(page.body) or []
            found = [item for item in self._rows(page) if item.id not in seen]
            seen |= _ids(found)
            yield from found
            start += len(rows)
            # A page may be shorter than what was asked for, and more come after it.
            last = len(rows) < _PAGE and start >= (profile.page_total(page.body) or 0)
            if last or not found or start >= end:
                return
            page = None

    def _page(self, offset: int, **query: str) -> Exchange:
        operation = self._world.contract.collection.list
        page = self._api.get(operation, query={**profile.page_query(_PAGE, offset), **query})
        if page.status != 200 or profile.page_records(page.body) is None:
            raise Unreadable(page, self._world.contract.needs["read"].remedy)
        return page

    def _filtered(self, text: str) -> list[Listed]:
        query = profile.filter_query(self._place.key, text) if self._place else {}
        return self._rows(self._page(0, **query))

    def _can_filter(self, texts: Collection[str]) -> bool:
        """A target without the filter ignores the parameter and lists other records, or refuses it."""
        try:
            return self._place is not None and all(
                item.text == text for text in list(texts)[:1] for item in self._filtered(text)
            )
        except NotVerified:
            return False

    def _rows(self, page: Exchange) -> list[Listed]:
        return list(_read_rows(self._place, profile.page_records(page.body) or []))


def _ids(items: Iterable[Listed]) -> set[str]:
    return {item.id for item in items}


def _read_rows(place: Place | None, rows: list[Any]) -> Iterator[Listed]:
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get(profile.ID), str):
            text = get_at(row, profile.value_pointer(place.pointer), None) if place else None
            yield Listed(row[profile.ID], text, profile.creation_time(row), frozenset(_links(row)))


def _links(row: Any) -> Iterator[str]:
    for link in profile.answered_links(row):
        ids = link.ids if isinstance(link.ids, list) else []
        yield from (linked for linked in ids if isinstance(linked, str))
