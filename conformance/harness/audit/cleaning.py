"""Deletes what one run has made, as its ledger or its result names it, and nothing else."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Sequence

from ....reports import MadeRecord
from ....spec import Contract, Operation, profile
from ....spec.pointer import get_at
from ..case.api import Api
from ..case.world import World
from ..judge.record import NotVerified
from ..wire.exchange import Exchange
from ..wire.ledger import Entry
from .listing import Listing

__all__ = ["Cleaned", "clean_up", "made_records"]

_OTHER = "other-organization"
_SKEW = 300.0
"""Seconds by which the target's clock may differ from ours (contract 11)."""
_NO_DELETE = (401, 403, 404, 405, 501)
"""What is answered to a DELETE where the target's edition has none, or the key may not."""


@dataclasses.dataclass(frozen=True)
class Cleaned:
    """What became of a run's records.

    Attributes:
        deleted: IDs, of those that would be where nothing was to be changed. gone: IDs of those that were no longer there.
        kept: by ID, why a record that the run seems to have made is left alone.
        left: by ID, why a record could not be deleted; where the target has no way to, that is the reason of all.
        failed: whether one could not be deleted by a target that deletes records.
    """

    deleted: tuple[str, ...]
    gone: tuple[str, ...]
    kept: dict[str, str]
    left: dict[str, str]
    failed: bool = False


def made_records(contract: Contract, entries: Sequence[Entry]) -> tuple[MadeRecord, ...]:
    """Return what answers to a run's creates named, each record once, in the order made."""
    types = {collection.create.path: name for name, collection in contract.collections.items() if collection.create}
    found: dict[str, MadeRecord] = {}
    for entry in entries:
        if entry.record:
            found.setdefault(entry.record, MadeRecord(entry.record, types.get(entry.path, ""), entry.sent_at))
    return tuple(found.values())


def clean_up(world: World, api: Api, made: Sequence[MadeRecord], *, dry: bool = False) -> Cleaned:
    """Delete a run's records, one after the other; safe to repeat.

    Args:
        world: whose `run` is the marker of that run.
        made: what its answers named. Records that carry its marker in the list are added.
        dry: only see what would be deleted.
    """
    return _Cleaning(world, api, dry=dry).clean(made)


class _Cleaning:
    def __init__(self, world: World, api: Api, *, dry: bool) -> None:
        self._world = world
        self._api = api
        self._dry = dry
        self._refused: dict[str, str] = {}
        self._failed = False

    def clean(self, made: Sequence[MadeRecord]) -> Cleaned:
        own_type = self._world.contract.collection.object_type
        left = {
            record.id: f"no operation deletes {record.object_type or 'it'}"
            for record in made
            if record.object_type != own_type
        }
        ours = {record.id: record for record in made if record.object_type == own_type}
        ours |= {record.id: record for record in self._marked() if record.id not in ours}
        deleted: list[str] = []
        gone: list[str] = []
        kept: dict[str, str] = {}
        for record in ours.values():
            caller, read = self._read(record)
            if read.status == 404:
                gone.append(record.id)
            elif doubt := self._doubt(record, read):
                kept[record.id] = doubt
            elif problem := self._delete(record.id, caller):
                left[record.id] = problem
            else:
                deleted.append(record.id)
        return Cleaned(tuple(deleted), tuple(gone), kept, left, self._failed)

    def _marked(self) -> Iterator[MadeRecord]:
        """Records in the list that carry the marker: those whose answers were lost, and those that no answer names."""
        try:
            listing = Listing(self._world, self._api)
            found = [item for item in listing.ends() if isinstance(item.text, str) and self._world.run in item.text]
        except NotVerified:
            return
        for item in found:
            yield MadeRecord(item.id, self._world.contract.collection.object_type, 0.0)

    def _read(self, record: MadeRecord) -> tuple[str, Exchange]:
        """The record, and whose it is: a few are made in the other organization."""
        operation = self._world.contract.collection.retrieve
        read = self._api.get(operation, record_id=record.id)
        if read.status == 404 and _OTHER in self._world.target.callers:
            theirs = self._api.get(operation, record_id=record.id, caller=_OTHER)
            if theirs.status == 200:
                return _OTHER, theirs
        return "main", read

    def _doubt(self, record: MadeRecord, read: Exchange) -> str:
        """Why a record may not be the run's; "" where it carries the marker, or was made when the run made it."""
        if read.status != 200:
            return f"it cannot be read: {read.answer}"
        place = self._world.contract.marker_place
        text = get_at(read.body, profile.value_pointer(place.pointer), None) if place else None
        if isinstance(text, str) and self._world.run in text:
            return ""
        try:
            moment = datetime.datetime.fromisoformat(profile.creation_time(read.body))
        except ValueError:
            return "it has no marker of the run, and does not say when it was made"
        aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        if abs(aware.timestamp() - record.sent_at) <= _SKEW:
            return ""
        return f"it has no marker of the run, and was made at another time: {aware.isoformat()}"

    def _delete(self, record_id: str, caller: str) -> str:
        """Delete a record; return why it is still there, "" where it is not."""
        operation = _deletion(self._world.contract)
        if operation is None:
            return "the fragment has no operation that deletes it"
        if self._dry or caller in self._refused:
            return self._refused.get(caller, "")
        answer = self._api.delete(operation, record_id, caller)
        if 200 <= answer.status < 300:
            return ""
        if answer.status in _NO_DELETE:
            self._refused[caller] = f"the target does not delete with this key: DELETE was answered {answer.answer}"
            return self._refused[caller]
        self._failed = True
        return f"DELETE was answered {answer.answer}"


def _deletion(contract: Contract) -> Operation | None:
    """The fragment's own, else what later editions have: DELETE where a record is retrieved (contract 7)."""
    collection = contract.collection
    if collection.delete or collection.retrieve is None:
        return collection.delete
    return dataclasses.replace(collection.retrieve, method="DELETE")
