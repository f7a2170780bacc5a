"""Everything that the server remembers, separately for each organization."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from .answers import JsonAnswer
from .definitions import Resource

__all__ = ["ApiKey", "KeyState", "Organization", "Record", "Store", "opaque_id"]


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
    """One tenant: its resources and their records.

    Attributes:
        resources: by object type.
        records: by object type, oldest first.
        index: the same records by ID.
    """

    id: str
    name: str
    resources: Mapping[str, Resource]
    records: dict[str, list[Record]] = dataclasses.field(default_factory=dict)
    index: dict[str, Record] = dataclasses.field(default_factory=dict)

    def add(self, record: Record) -> Record:
        """Keep the record, as the newest one of its type."""
        self.records.setdefault(record.object_type, []).append(record)
        self.index[record.id] = record
        return record

    def of_type(self, object_type: str) -> Sequence[Record]:
        """Return all records of that type, oldest first."""
        return self.records.get(object_type, ())


@dataclasses.dataclass(frozen=True)
class KeyState:
    """What is known about one idempotency key: its request is in flight while there is no answer."""

    answer: JsonAnswer | None = None
    completed: float = 0.0


class Store:
    """The organizations, their API keys, and the answers kept under idempotency keys."""

    def __init__(self, organizations: Iterable[Organization], keys: Iterable[ApiKey]) -> None:
        self.organizations = {organization.id: organization for organization in organizations}
        self.keys = {key.token: key for key in keys}
        self.key_states: dict[Hashable, KeyState] = {}
        self._made = 0

    def new_id(self, organization: Organization, resource: Resource) -> str:
        """Return an ID that was never given before; it says nothing about other records."""
        self._made += 1
        return opaque_id(resource.prefix, organization.id, str(self._made))

    def find_anywhere(self, record_id: str) -> Record | None:
        """Return the record of that ID in whichever organization; no step that keeps the contract asks for it."""
        found = (organization.index.get(record_id) for organization in self.organizations.values())
        return next((record for record in found if record is not None), None)


def opaque_id(prefix: str, *parts: str) -> str:
    """Return an ID that looks random and is the same in every run."""
    digest = hashlib.blake2b("\0".join((prefix, *parts)).encode(), digest_size=10).hexdigest()
    return f"{prefix}_{digest}"
