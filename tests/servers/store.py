"""What one organization holds while its server runs: records, an index of them that may lag, and idempotency keys."""

from __future__ import annotations

import bisect
import dataclasses
import threading
import time
from typing import Any

from .kinds import identify
from .organization import Organization, Thing

__all__ = ["Claim", "Record", "Store"]

_LIFETIME = 24 * 3600
_OLD = 1_700_000_000


@dataclasses.dataclass(frozen=True)
class Record:
    """An opportunity: field values by key, linked IDs by key, when it was created in Unix seconds."""

    id: str
    created: float
    fields: dict[str, Any]
    links: dict[str, list[str]]


@dataclasses.dataclass(frozen=True)
class Claim:
    """A used idempotency key: since when, with which body, and the original answer, None while it is in flight."""

    made: float
    body: Any = None
    answer: bytes | None = None


class Store:
    """The records of one organization. Those that it held before are made up when they are read.

    `lock` is held by whoever checks and then adds.
    """

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.lock = threading.RLock()
        self.created: list[Record] = []
        self.trash: set[str] = set()
        self.things: dict[str, list[Thing]] = {kind: list(rows) for kind, rows in organization.things.items()}
        self.kinds = {thing.id: kind for kind, rows in self.things.items() for thing in rows}
        self._by_id: dict[str, Record] = {}
        self._added: list[float] = []
        self._claims: dict[tuple[str, str], Claim] = {}

    def add(self, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Keep one more record."""
        with self.lock:
            made = Record(identify("opp", self.organization.seat, len(self.created)), now, fields, links)
            self.created.append(made)
            self._added.append(time.monotonic())
            self._by_id[made.id] = made
        return made

    def add_account(self, name: str) -> Thing:
        """Keep one more account; it is listed at once."""
        with self.lock:
            rows = self.things.setdefault("account", [])
            made = Thing(identify("acc", self.organization.seat, "made", len(rows)), name)
            rows.append(made)
            self.kinds[made.id] = "account"
        return made

    def thing(self, kind: str, identifier: str) -> Thing | None:
        """Return what has an ID, when it is of that kind."""
        if self.kinds.get(identifier) != kind:
            return None
        return next(thing for thing in self.things[kind] if thing.id == identifier)

    def find(self, identifier: str) -> Record | None:
        """Return the record as it is now; None for one that is not there or in the trash."""
        if identifier in self.trash:
            return None
        head, _, number = identifier.partition("_old_")
        if head == "opp" and number.isdigit() and len(number) == 8 and int(number) < self.organization.records:
            return self._old(int(number))
        return self._by_id.get(identifier)

    def holds(self, key: str, value: Any) -> bool:
        """Tell whether a record has that value in a field."""
        return any(record.fields.get(key) == value for record in self.created)

    def page(self, offset: int, limit: int, name: str | None) -> tuple[list[Record], int]:
        """Return some records of the index in its order, and how many there are in all."""
        lag = self.organization.manners.lag
        with self.lock:
            seen = bisect.bisect_right(self._added, time.monotonic() - lag) if lag else len(self.created)
            young = [record for record in self.created[:seen] if record.id not in self.trash]
        if name is not None:
            found = [record for record in young if record.fields.get("$name") == name] + self._old_named(name)
            return found[offset : offset + limit], len(found)
        old = self.organization.records
        total = old + len(young)
        places = range(offset, min(offset + limit, total))
        if self.organization.manners.order == "newest":
            places = range(total - 1 - offset, max(total - 1 - offset - limit, -1), -1)
        return [self._old(place) if place < old else young[place - old] for place in places], total

    def claim(self, operation: str, key: str, now: float) -> Claim | None:
        """Take an idempotency key; None when it was free, and is the caller's from now on."""
        with self.lock:
            known = self._claims.get((operation, key))
            if known is None or (known.answer is not None and known.made + _LIFETIME < now):
                self._claims[operation, key] = Claim(now)
                return None
            return known

    def settle(self, operation: str, key: str, now: float, body: Any, answer: bytes | None) -> None:
        """Keep the answer under the key, or let the key go when there is none."""
        with self.lock:
            if answer is None:
                self._claims.pop((operation, key), None)
            else:
                self._claims[operation, key] = Claim(now, body, answer)

    def _old_named(self, name: str) -> list[Record]:
        word, _, number = name.partition(" ")
        known = word == "Deal" and number.isdecimal() and number.isascii() and str(int(number)) == number
        return [self._old(int(number))] if known and int(number) < self.organization.records else []

    def _old(self, number: int) -> Record:
        accounts = self.organization.things.get("account")  # without those that were made since: links do not change
        links = {"$account": [accounts[number % len(accounts)].id]} if accounts else {}
        stage = self.organization.fields["$stage"].options[-1].id
        return Record(f"opp_old_{number:08}", _OLD + number, {"$name": f"Deal {number}", "$stage": stage}, links)
