"""Balances the books: compares what the target says it holds with what the ledger says it was asked to make."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import Any

from ....reports import Audit
from ....spec.pointer import get_at
from ..judge.record import CaseRecord, NotVerified, Violation
from ..wire.exchange import MISSING, Exchange
from ..wire.ledger import Entry
from .case import Api
from .late import judge_late
from .listing import Listed, list_records
from .world import World

__all__ = ["balance"]

_SETTLE = 0.25
"""Seconds given to records that a target makes a moment after it refused."""
_INDEX_WAIT = 15.0
"""Seconds given to the list's index to catch up (contract 7)."""
_SAMPLE = 10
_ONCE, _UNIQUE, _NOTHING, _STORED = "success:once", "success:id-unique", "refusal:nothing-created", "success:stored"


def balance(world: World, api: Api, record: CaseRecord, entries: Sequence[Entry]) -> Audit:
    """Audits a run, and judges the clauses that only the books can show.

    Args:
        record: takes the judgements.
        entries: the ledger's, of all workers.
    """
    own = [entry for entry in entries if entry.own]
    # What was made before the target was started anew may be lost by right, where it is kept in memory.
    lasting = [entry for entry in own if entry.sent_at >= world.returned_at]
    _judge_ids(record, lasting)
    accepted = {entry.record for entry in own if entry.record}
    sheet = Audit("not verified", "", len(own), len(accepted))
    try:
        canary, listed, complete = _read(world, api, own)
    except NotVerified as problem:
        return dataclasses.replace(sheet, reason=problem.reason)
    known = accepted | {canary.record_id}
    unnamed = [(item, maker) for item in listed if item.id not in known and (maker := _maker(world, own, item))]
    surplus = _beyond_lost_answers(own, unnamed)
    _judge_surplus(record, own, surplus)
    gone: tuple[str, ...] = ()
    with contextlib.suppress(NotVerified):
        gone = _judge_missing(world, api, record, [*lasting, *_made(canary, own)], {item.id for item in listed})
    judge_late(world, api, record, lasting)
    told = f"{len(surplus)} unaccounted, {len(gone)} missing" if surplus or gone else ""
    return Audit(
        state="unbalanced" if told else "balanced",
        reason=told or ("" if complete else "records without the marker could not be looked for among so many"),
        attempts=len(own) + 1,
        accepted=len(known),
        found=len({item.id for item in listed} & known) + len(surplus),
        unaccounted=tuple(item.id for item, _ in surplus),
        missing=gone,
    )


def _read(world: World, api: Api, own: Sequence[Entry]) -> tuple[Exchange, tuple[Listed, ...], bool]:
    """Makes one last record and waits until the list shows it: what was made before is then listed too."""
    if not world.readable:
        raise world.lack("read")
    time.sleep(_SETTLE)
    canary = api.create()
    place = world.contract.marker_place
    texts = dict.fromkeys(
        text for body in [canary.sent, *(_body(entry) for entry in own)] if isinstance(text := _text(place, body), str)
    )
    deadline = time.monotonic() + _INDEX_WAIT
    while True:
        listed, complete = list_records(world, api, texts)
        shown = not canary.record_id or any(item.id == canary.record_id for item in listed)
        # A record that cannot be retrieved will not be listed either, and is judged as missing.
        if shown or next(_gone(world, api, [canary.record_id]), None):
            return canary, listed, complete
        if time.monotonic() > deadline:
            raise NotVerified(f"the list did not show the last record within {_INDEX_WAIT:g} s")
        time.sleep(_SETTLE)


def _judge_ids(record: CaseRecord, own: Sequence[Entry]) -> None:
    """An ID belongs to one record; replays share one by right, and are judged where they happen."""
    makers: dict[str, list[Entry]] = {}
    for entry in own:
        if entry.record and entry.stamp and entry.clause == _ONCE:
            makers.setdefault(entry.record, []).append(entry)
    shared = next((found for found in makers.values() if len({entry.stamp for entry in found}) > 1), None)
    if shared:
        exchanges = tuple(entry.to_exchange() for entry in shared[:2])
        record.violations.append(
            Violation(_UNIQUE, "an ID of its own for each record", f"{shared[0].record} twice", exchanges)
        )
    elif len(makers) > 1:
        record.keep(_UNIQUE)


def _maker(world: World, own: Sequence[Entry], item: Listed) -> Entry | None:
    """The create that made a record which no answer named; None when it was not one of ours."""
    place = world.contract.marker_place
    if isinstance(item.text, str) and world.run in item.text:
        # Of requests that sent one body, the one that was accepted made it, if there is one.
        stamped = [entry for entry in own if entry.stamp and entry.stamp in item.text]
        return next((entry for entry in stamped if entry.record), stamped[0] if stamped else own[0])
    # A body whose marker place was missing or of a wrong type could carry no marker; its record shows the same there.
    unmarked = [entry for entry in own if not entry.stamp and entry.status is not None and entry.covers(item.created)]
    alike = [entry for entry in unmarked if _shows(item.text, _text(place, _body(entry)))]
    exact = [entry for entry in alike if item.text == _text(place, _body(entry))]
    return next((entry for entry in [*exact, *alike] if not entry.record or entry in exact), None)


def _shows(text: Any, sent: Any) -> bool:
    """Whether a record's text can come of what was sent at the marker place, as it is or made a text of."""
    return text in (None, "") if sent in (None, "") else text == sent or str(text) == str(sent)


def _beyond_lost_answers(own: Sequence[Entry], unnamed: Sequence[tuple[Listed, Entry]]) -> list[tuple[Listed, Entry]]:
    """Without the records that may stem from requests whose answers named none or were never read: one each, or a key."""
    named = {entry.key for entry in own if entry.key and entry.record}
    allowed: dict[str, set[str]] = {}
    for entry in own:
        unnamed_answer = entry.status == 0 or (entry.status in (200, 201) and not entry.record)
        if unnamed_answer and entry.key not in named:
            allowed.setdefault(entry.stamp, set()).add(entry.key or entry.number)
    surplus = []
    for item, entry in unnamed:
        if allowed.get(entry.stamp):
            allowed[entry.stamp].pop()
        else:
            surplus.append((item, entry))
    return surplus


def _judge_surplus(record: CaseRecord, own: Sequence[Entry], surplus: Sequence[tuple[Listed, Entry]]) -> None:
    blamed: set[str] = set()
    for item, entry in surplus:
        clause = _broken_clause(entry)
        if clause not in blamed:
            blamed.add(clause)
            count = sum(_broken_clause(other) == clause for _, other in surplus)
            told = f"record {item.id}, which no answer named" + (f", and {count - 1} more like it" if count > 1 else "")
            record.violations.append(
                Violation(clause, "no record that no answer accounts for", told, (entry.to_exchange(),))
            )
    if _NOTHING not in blamed and any(400 <= (entry.status or 0) < 500 for entry in own):
        record.keep(_NOTHING)
    if _ONCE not in blamed and any(entry.record for entry in own):
        record.keep(_ONCE)


def _broken_clause(entry: Entry) -> str:
    """What a create broke that made a record which no answer named.

    One that was refused is blamed for having made anything, one that was accepted for having made two, unless its case
    is about idempotency; but a caller without the right to create makes nothing, whatever the case is about.
    """
    if entry.status in (401, 403):
        return _NOTHING
    if entry.clause in (_ONCE, _NOTHING):
        return _ONCE if entry.record or not entry.status else _NOTHING
    return entry.clause


def _judge_missing(world: World, api: Api, record: CaseRecord, own: Sequence[Entry], listed: set[str]) -> tuple[str, ...]:
    """The list may lag, so a record counts as missing only when it cannot be retrieved either."""
    absent = {entry.record: entry for entry in own if entry.record and entry.record not in listed}
    gone = list(_gone(world, api, list(absent)[:_SAMPLE]))
    for record_id, read in gone:
        entry = absent[record_id]
        record.violations.append(
            Violation(_STORED, f"record {record_id} under its ID", f"answered {read.answer}", (entry.to_exchange(), read))
        )
    return tuple(record_id for record_id, _ in gone)


def _gone(world: World, api: Api, ids: Sequence[str]) -> Iterator[tuple[str, Exchange]]:
    for record_id in ids:
        if world.contract.collection.retrieve is None:
            return
        read = api.get(world.contract.collection.retrieve, record_id=record_id)
        if read.status == 404:
            yield record_id, read


def _made(canary: Exchange, own: Sequence[Entry]) -> list[Entry]:
    """The last record as an entry, for it is in nobody's ledger yet when the ledger is read."""
    if not canary.record_id or not own:
        return []
    return [
        dataclasses.replace(own[-1], number=canary.number, stamp=canary.stamp, record=canary.record_id, status=canary.status)
    ]


def _body(entry: Entry) -> Any:
    return entry.to_exchange().sent


def _text(place: Any, body: Any) -> Any:
    found = get_at(body, place.pointer, MISSING) if place and isinstance(body, dict) else None
    return None if found is MISSING else found
