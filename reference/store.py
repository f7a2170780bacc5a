"""Everything that the server remembers, kept apart by organization."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .definitions import Kind

if TYPE_CHECKING:
    from .call import Answer

__all__ = ["ApiKey", "Entry", "Organization", "Record", "Store", "opaque_id"]


@dataclasses.dataclass(frozen=True)
class ApiKey:
    """A credential: no scopes at all mean full access."""

    token: str
    organization: str
    scopes: tuple[str, ...] = ()


@dataclasses.dataclass
class Record:
    """One object, with stored values: options by ID, links by ID."""

    id: str
    object_type: str
    created: float
    fields: dict[str, Any]
    links: dict[str, tuple[str, ...]]


@dataclasses.dataclass
class Organization:
    """One tenant: its definitions and its records.

    Attributes:
        records: by object type, oldest first.
        index: the same records by ID.
    """

    id: str
    name: str
    kinds: Mapping[str, Kind]
    records: dict[str, list[Record]] = dataclasses.field(default_factory=dict)
    index: dict[str, Record] = dataclasses.field(default_factory=dict)

    def add(self, record: Record) -> Record:
        """Keeps the record, as the newest one of its type."""
        self.records.setdefault(record.object_type, []).append(record)
        self.index[record.id] = record
        return record

    def of_type(self, object_type: str) -> Sequence[Record]:
        """All records of that type, oldest first."""
        return self.records.get(object_type, ())


@dataclasses.dataclass
class Entry:
    """What is known about one idempotency key: still in flight while there is no answer."""

    answer: Answer | None = None
    completed: float = 0.0


class Store:
    """The organizations, their API keys, and the answers kept under idempotency keys."""

    def __init__(self, organizations: Iterable[Organization], keys: Iterable[ApiKey]) -> None:
        self.organizations = {organization.id: organization for organization in organizations}
        self.keys = {key.token: key for key in keys}
        self.answers: dict[Hashable, Entry] = {}
        self._made = 0

    def new_id(self, organization: Organization, kind: Kind) -> str:
        """An ID that was never given before; it tells nothing about other records."""
        self._made += 1
        return opaque_id(kind.prefix, organization.id, str(self._made))

    def find_anywhere(self, record_id: str) -> Record | None:
        """The record of that ID in whichever organization; no step that keeps the contract asks for it."""
        found = (organization.index.get(record_id) for organization in self.organizations.values())
        return next((record for record in found if record is not None), None)


def opaque_id(prefix: str, *parts: str) -> str:
    """An ID that looks random and is the same in every run."""
    digest = hashlib.blake2b("\0".join((prefix, *parts)).encode(), digest_size=10).hexdigest()
    return f"{prefix}_{digest}"
