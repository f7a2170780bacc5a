"""Judges where the target's records and the ledger may differ: an ID of two records, a record too many, one that is gone."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from ....reports import ExchangeRole
from ..case.api import Api
from ..case.world import World
from ..judge.expectation import Expectation
from ..judge.judgement import Evidence, Subject, judge
from ..judge.record import Recorder
from ..judge.situations import situation_of
from ..wire.exchange import Exchange
from ..wire.ledger import Entry
from .alike import alike_in
from .attribution import NOTHING, ONCE, broken_clause
from .listing import Listed

__all__ = ["STORED", "irretrievable", "judge_ids", "judge_missing", "judge_surplus"]

STORED = "success:stored"
"""The clause of a record that cannot be retrieved."""
_UNIQUE = "success:id-unique"
_SAMPLE = 50
_MOST_BEFORE = 6
"""Requests that are shown of those with the key of one that made a record too many."""


def judge_ids(recorder: Recorder, own: Sequence[Entry]) -> None:
    """Judge that an ID belongs to one record; replays share one by right, and are judged where they happen."""
    makers: dict[str, list[Entry]] = {}
    for entry in own:
        if entry.record and entry.stamp:
            makers.setdefault(entry.record, []).append(entry)
    # A server that takes two keys for one gives the answer of the other, and is blamed for that.
    doubled = [found for found in map(_of_their_own, makers.values()) if len({entry.stamp for entry in found}) > 1]
    # Of several, the same one whatever the number of workers.
    shared = min(doubled, key=lambda found: _order(found[0]), default=[])[:2]
    if shared or len(makers) > 1:
        expected, observed = "an ID of its own for each record", f"{shared[0].record} twice" if shared else ""
        judgement = judge(Expectation.ID_OF_ITS_OWN, _UNIQUE, expected, not shared, observed, symptom=alike_in(doubled))
        again, all_of_them = sum(len(found) - 1 for found in doubled), sum(map(len, map(_of_their_own, makers.values())))
        # The first one has no earlier record.
        judgement = dataclasses.replace(judgement, share=(again, all_of_them - 1))
        roles = (ExchangeRole.FIRST, ExchangeRole.JUDGED)
        recorder.note([judgement], _with_moments(roles, shared) if shared else [])


def _of_their_own(several: Sequence[Entry]) -> list[Entry]:
    """Of creates that were answered with one ID, those whose answer was to them, as far as it or a missing key shows.

    Of one key there is one: what another create with it is answered, is judged where it is sent.
    """
    first: dict[str, Entry] = {}
    for entry in several:
        if entry.marked or not entry.key:
            first.setdefault(entry.key or entry.number, entry)
    return list(first.values())


def _order(entry: Entry) -> tuple[bool, str]:
    """Creates without a key first, then by their numbers, which do not depend on the number of workers."""
    return bool(entry.key), entry.number


def judge_surplus(
    recorder: Recorder, own: Sequence[Entry], surplus: Sequence[tuple[Listed, Entry]], listed: Collection[str]
) -> None:
    """Judge each clause once, by the first of the records too many that break it.

    Args:
        listed: the IDs of all records there are.
    """
    broken: dict[str, list[tuple[Listed, Entry]]] = {}
    for found in surplus:
        broken.setdefault(broken_clause(found[1]), []).append(found)
    expected = "no record that no answer accounts for"
    for clause, several in broken.items():
        item, entry = min(several, key=lambda found: _order(found[1]))
        observed = f"record {item.id}, which no answer named"
        observed += f", and {len(several) - 1} more like it" if len(several) > 1 else ""
        about = Subject(kind=situation_of(clause) if entry.record or entry.status == 409 else "")
        plain = [each for each in own if each.record and broken_clause(each) == clause]
        symptom = "under another ID" if entry.record and entry.record not in listed else ""
        judgement = judge(Expectation.ACCOUNTED_FOR, clause, expected, False, observed, symptom=symptom, subject=about)
        judgement = dataclasses.replace(judgement, share=(len(several), len(plain)))
        for each in (entry, *(other for _, other in several if other is not entry)):
            recorder.note([judgement], _of_one_key(own, each))
    could_break = {
        NOTHING: any(400 <= entry.status < 500 for entry in own),
        ONCE: any(entry.record for entry in own),
    }
    kept = [clause for clause, could in could_break.items() if could and clause not in broken]
    recorder.note([judge(Expectation.ACCOUNTED_FOR, clause, expected, True, "") for clause in kept], [])


def _of_one_key(own: Sequence[Entry], judged: Entry) -> list[Evidence]:
    """A create that made a record too many, after the others with its Idempotency-Key; one without an answer before them."""
    alike = [entry for entry in own if judged.key and entry.key == judged.key and entry.number != judged.number]
    later = [entry for entry in alike if entry.sent_at > judged.sent_at] if not judged.status else []
    sent = [judged, *later[:_MOST_BEFORE]] if later else [*alike[:_MOST_BEFORE], judged]
    return _with_moments([*(ExchangeRole.STEP for _ in sent[1:]), ExchangeRole.JUDGED], sent)


def _with_moments(roles: Iterable[ExchangeRole], sent: Sequence[Entry]) -> list[Evidence]:
    """Creates with their roles; those that were sent at the same moment say so."""
    moments = Counter(map(_moment, sent))
    together = [bool(_moment(entry)) and moments[_moment(entry)] > 1 for entry in sent]
    entries = (dataclasses.replace(entry, overlapping=each) for entry, each in zip(sent, together, strict=True))
    return [Evidence(role, entry) for role, entry in zip(roles, entries, strict=True)]


def _moment(entry: Entry) -> str:
    """What the numbers of creates that were sent at the same moment begin with."""
    return entry.number.rpartition(".")[0]


def judge_missing(world: World, api: Api, recorder: Recorder, own: Sequence[Entry], listed: set[str]) -> tuple[str, ...]:
    """Judge which records are missing: the list may lag, so one has to be irretrievable too. Return their IDs."""
    absent = {entry.record: entry for entry in own if entry.record and entry.record not in listed}
    gone = list(irretrievable(world, api, list(absent)[:_SAMPLE]))
    # Where not all were read, it is known only if none of the read ones was there.
    sure = len(absent) if len(gone) == _SAMPLE else len(gone) if len(absent) <= _SAMPLE else 0
    share = (sure, len({entry.record for entry in own if entry.record})) if sure else (0, 0)
    for record_id, read in gone:
        expected, observed = f"record {record_id} under its ID", f"answered {read.answer}"
        judgement = judge(Expectation.STILL_STORED, STORED, expected, False, observed, due=("200",))
        judgement = dataclasses.replace(judgement, share=share)
        created = Evidence(ExchangeRole.FIRST, absent[record_id])
        recorder.note([judgement], [created, Evidence(ExchangeRole.JUDGED, read)])
    return tuple(record_id for record_id, _ in gone)


def irretrievable(world: World, api: Api, ids: Sequence[str]) -> Iterator[tuple[str, Exchange]]:
    """Yield those of some records that cannot be retrieved, each with the read that shows it."""
    for record_id in ids:
        if world.contract.collection.retrieve is None:
            return
        read = api.get(world.contract.collection.retrieve, record_id=record_id)
        if read.status == 404:
            yield record_id, read
