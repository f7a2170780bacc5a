"""Keeps the creates that were sent, so that a finding can be shown with all that its own requests met."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Sequence
from typing import Any

from ....spec.pointer import get_at
from .exchange import MISSING, Exchange, parse_json

__all__ = ["SentCreates"]

_MOST = 12
"""Creates that a finding is shown with, besides its own."""
_PRECEDING = 2
"""Creates just before the judged request that its program falls back on."""


class SentCreates:
    """The creates that this process has sent, with their whole answers; several threads may add to it.

    Attributes:
        limited_in_a_row: how many of the last ones got nothing but 429.
    """

    def __init__(self) -> None:
        self.limited_in_a_row = 0
        self._creates: dict[str, Exchange] = {}
        self._of_key: dict[str, list[Exchange]] = {}
        self._of_moment: dict[str, list[Exchange]] = {}
        self._of_marker: dict[str, Exchange] = {}
        self._lock = threading.Lock()

    def note(self, exchange: Exchange) -> None:
        """Note what was sent and answered; reads change nothing, and are not kept."""
        if exchange.method == "GET":
            return
        # The texts say it all, and take less room than the values that were read of them.
        create = dataclasses.replace(exchange, sent=MISSING, body=MISSING)
        with self._lock:
            self._creates[create.number] = create
            self.limited_in_a_row = self.limited_in_a_row + 1 if create.too_many else 0
            if create.key:
                self._of_key.setdefault(create.key, []).append(create)
            if moment := _moment(create):
                self._of_moment.setdefault(moment, []).append(create)
            if create.stamp:
                self._of_marker.setdefault(create.stamp, create)

    def whole(self, exchange: Exchange) -> Exchange:
        """Return a create with its whole answer, of which the ledger has but a part; as it is, where that is not known."""
        known = None if exchange.text else self._creates.get(exchange.number)
        return known or exchange

    def beside(self, shown: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """Return what else the target got that bears on some requests, in the order sent.

        That is what had the Idempotency-Key of one of them before, what was sent at the same moment as one of them or of
        those, and the create whose marker the last answer holds in place of its own.

        Args:
            shown: the requests, the judged one last.
        """
        judged = shown[-1]
        with self._lock:
            found = [each for key in _keys(shown) for each in self._of_key.get(key, ()) if each.sent_at < judged.sent_at]
            marker = judged.marker_of_another
            found += [self._of_marker[marker]] if marker in self._of_marker else []
            for moment in dict.fromkeys(map(_moment, (*found, *shown))):
                found += self._of_moment.get(moment, ())
        own = {each.number for each in shown}
        others = {each.number: each for each in found if each.number not in own}
        return tuple(sorted(others.values(), key=lambda each: each.sent_at)[:_MOST])

    def last_with(self, pointer: str, value: Any, judged: Exchange) -> Exchange | None:
        """Return the last create before a request that sent a value at a place; None where there is none."""
        earlier = reversed(self._before(judged))
        return next((each for each in earlier if get_at(parse_json(each.content), pointer, None) == value), None)

    def preceding(self, judged: Exchange) -> tuple[Exchange, ...]:
        """Return the last creates before a request, in the order sent: those of all, and the last one of its connection."""
        earlier = self._before(judged)
        of_connection = [each for each in earlier if judged.connection and each.connection == judged.connection]
        found = {each.number for each in (*earlier[-_PRECEDING:], *of_connection[-1:])}
        return tuple(each for each in earlier if each.number in found)

    def _before(self, judged: Exchange) -> list[Exchange]:
        """The creates before a request, in the order sent."""
        with self._lock:
            creates = sorted(self._creates.values(), key=lambda each: each.sent_at)
        return [each for each in creates if each.sent_at < judged.sent_at and each.number != judged.number]


def _keys(exchanges: Iterable[Exchange]) -> Iterable[str]:
    return dict.fromkeys(each.key for each in exchanges if each.key)


def _moment(exchange: Exchange) -> str:
    """What the numbers of creates that were sent at the same moment begin with; "" for one that was sent alone."""
    return exchange.number.rpartition(".")[0]
