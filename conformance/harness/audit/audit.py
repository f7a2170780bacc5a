"""Audits a run: compares what the target says it holds with what the ledger says it was asked to make."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from ....reports import Audit, AuditState, ExchangeRole
from ....spec.pointer import get_at
from ..case.api import Api
from ..case.session import World
from ..judge.expectation import Expectation
from ..judge.judgement import Evidence, Subject, judge
from ..judge.record import NotVerified, Recorder
from ..judge.situations import situation_of
from ..wire.exchange import MISSING, Exchange
from ..wire.ledger import Entry
from .late import judge_late
from .listing import Listed, Listing
from .suspicion import makes_more

__all__ = ["audit_run"]

_SETTLE = 0.25
"""Seconds given to records that a target makes a moment after it refused."""
_INDEX_WAIT = 15.0
"""Seconds given to the list's index to catch up (contract 7)."""
_USUAL_WAIT = 5.0
"""Seconds after which the record is looked for in the whole list, which may be in an order of its own."""
_LONGEST_PAUSE = 1.0
_LONG = 2.0
"""Seconds; a longer wait is announced."""
_SAMPLE = 10
_MOST_BEFORE = 6
"""Requests that are shown of those with the key of one that made a record too many."""
_ONCE, _UNIQUE, _NOTHING, _STORED = "success:once", "success:id-unique", "refusal:nothing-created", "success:stored"


def audit_run(world: World, api: Api, recorder: Recorder, entries: Callable[[], Sequence[Entry]]) -> Audit:
    """Audit a run, and judge the clauses that only the target's records can show.

    Args:
        recorder: takes the judgements.
        entries: gives the ledger's, of all workers.
    """
    own = [entry for entry in entries() if entry.own]
    # What was made before the target was started anew may be lost by right, where it is kept in memory.
    lasting = [entry for entry in own if entry.sent_at >= world.state.returned_at]
    _judge_ids(recorder, lasting)
    numbers, began = {entry.number for entry in own}, time.monotonic()
    judge_late(world, api, recorder, lasting)
    # What the last judgements take is time for the target as well.
    time.sleep(max(0.0, _SETTLE - (time.monotonic() - began)))
    try:
        last, listed, complete = _read(world, api, [entry for entry in entries() if entry.own])
    except NotVerified as problem:
        for clause in {_ONCE, _NOTHING, _STORED} - recorder.kept:
            recorder.cannot(clause, NotVerified(problem.reason, problem.remedy or world.contract.needs["read"].remedy))
        return Audit(AuditState.NOT_VERIFIED, problem.reason, len(own), len({entry.record for entry in own if entry.record}))
    # What was sent meanwhile, because answers were lost, stands in the ledger by now.
    own = [entry for entry in entries() if entry.own and entry.number != last.number]
    known = {entry.record for entry in own if entry.record} | {last.record_id}
    late = [entry for entry in own if entry.number not in numbers]
    early = [entry for entry in own if entry.number in numbers]
    unnamed = [(item, maker) for item in listed if item.id not in known and (maker := _maker(world, early, late, item))]
    surplus, unattributed = _attributed(world, api, _beyond_lost_answers(own, unnamed))
    _judge_surplus(recorder, own, surplus, {item.id for item in listed})
    missing: tuple[str, ...] = ()
    with contextlib.suppress(NotVerified):
        missing = _judge_missing(world, api, recorder, [*lasting, *_made(last, own)], {item.id for item in listed})
    return Audit(
        state=AuditState.UNACCOUNTED if surplus or missing else AuditState.MATCH,
        reason=_limits_of(complete=complete, unattributed=unattributed),
        attempts=len(own) + 1,
        accepted=len(known),
        found=len({item.id for item in listed} & known) + len(surplus),
        unaccounted=tuple(item.id for item, _ in surplus),
        missing=missing,
    )


def _read(world: World, api: Api, own: Sequence[Entry]) -> tuple[Exchange, tuple[Listed, ...], bool]:
    """Make one last record and wait until the list shows it: what was made before is then listed too."""
    listing = Listing(world, api)
    last = api.create()
    place = world.contract.marker_place
    texts = dict.fromkeys(
        text for body in [last.sent, *(entry.sent for entry in own)] if isinstance(text := _text(place, body), str)
    )
    began, whole, announced = time.monotonic(), False, False
    # A record that cannot be retrieved will not be listed either, and is judged as missing.
    while last.record_id and not listing.shows(last.record_id) and not next(_gone(world, api, [last.record_id]), None):
        waited = time.monotonic() - began
        if waited > _LONG and not announced:
            announced = True
            world.tell(f"waiting up to {_INDEX_WAIT - waited:.0f} s for the list to show the last record")
        if waited > _USUAL_WAIT and not whole:
            whole = True
            if any(item.id == last.record_id for item in listing.records(texts)[0]):
                break
        if waited > _INDEX_WAIT:
            raise NotVerified(f"the list did not show the last record within {_INDEX_WAIT:g} s")
        time.sleep(min(max(_SETTLE, waited / 2), _LONGEST_PAUSE))
    listed, complete = listing.records(texts)
    return last, listed, complete


def _judge_ids(recorder: Recorder, own: Sequence[Entry]) -> None:
    """An ID belongs to one record; replays share one by right, and are judged where they happen."""
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
        judgement = judge(Expectation.ID_OF_ITS_OWN, _UNIQUE, expected, not shared, observed)
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


def _maker(world: World, own: Sequence[Entry], late: Sequence[Entry], item: Listed) -> Entry | None:
    """The create that made a record which no answer named; None when it was not one of ours.

    Args:
        late: repeats of others when all cases had ended: what they made, their answers name.
    """
    place = world.contract.marker_place
    if isinstance(item.text, str) and world.run in item.text:
        # Of requests that sent one body, the one that was accepted made it, if there is one.
        alike = ([entry for entry in sent if entry.stamp and entry.stamp in item.text] for sent in (own, late))
        stamped = next(filter(None, alike), [])
        made = [entry for entry in stamped if entry.record] or stamped or [own[0]]
        # Where cases repeat a create that others rest on, it is a repeat that makes one too many.
        return next((entry for entry in made if entry.clause not in (_ONCE, _NOTHING)), made[0])
    # A body whose marker place was missing or of a wrong type could carry no marker; its record shows the same there.
    unmarked = [entry for entry in own if not entry.stamp and entry.settled and entry.covers(item.created)]
    shown = [entry for entry in unmarked if _shows(item.text, _text(place, entry.sent))]
    exact = [entry for entry in shown if item.text == _text(place, entry.sent)]
    return next((entry for entry in [*exact, *shown] if not entry.record or entry in exact), None)


def _shows(text: Any, sent: Any) -> bool:
    """Whether a record's text can come of what was sent at the marker place, as it is or made a text of."""
    return text in (None, "") if sent in (None, "") else text == sent or str(text) == str(sent)


def _beyond_lost_answers(own: Sequence[Entry], unnamed: Sequence[tuple[Listed, Entry]]) -> list[tuple[Listed, Entry]]:
    """Without the records that may stem from requests whose answers named none or were never read: one each, or a key."""
    named = {entry.key for entry in own if entry.key and entry.record}
    allowed: dict[str, set[str]] = {}
    for entry in own:
        unnamed_answer = (entry.settled and not entry.status) or (entry.status in (200, 201) and not entry.record)
        if unnamed_answer and entry.key not in named:
            allowed.setdefault(entry.stamp, set()).add(entry.key or entry.number)
    surplus = []
    for item, entry in unnamed:
        if allowed.get(entry.stamp):
            allowed[entry.stamp].pop()
        else:
            surplus.append((item, entry))
    return surplus


def _attributed(world: World, api: Api, surplus: Sequence[tuple[Listed, Entry]]) -> tuple[list[tuple[Listed, Entry]], int]:
    """The records that this run can be shown to have made, and how many others may be another client's.

    One without the marker is ours only where the suspected request makes more each time that it is sent again.
    """
    marked = [found for found in surplus if isinstance(found[0].text, str) and world.run in found[0].text]
    rest = [found for found in surplus if found not in marked]
    first: dict[str, Entry] = {}
    for _, entry in rest:
        first.setdefault(_broken_clause(entry), entry)
    shown: list[tuple[Listed, Entry]] = []
    for clause, entry in first.items():
        more = makes_more(world, api, entry)
        alike = [found for found in rest if _broken_clause(found[1]) == clause]
        if more == ():
            shown += alike
        elif more:
            # Which of the others are ours is still not known.
            shown += [(item, entry) for item in more]
    return [*marked, *shown], len([found for found in rest if found not in shown])


def _limits_of(*, complete: bool, unattributed: int) -> str:
    """What the audit could not tell; "" for nothing."""
    if not complete:
        return "records without the marker could not be looked for among so many"
    return (
        f"{unattributed} unattributed: without the marker, perhaps of another client or an earlier run"
        if unattributed
        else ""
    )


def _judge_surplus(
    recorder: Recorder, own: Sequence[Entry], surplus: Sequence[tuple[Listed, Entry]], listed: Collection[str]
) -> None:
    """Each clause is judged once, by the first of the records that break it.

    Args:
        listed: the IDs of all records there are.
    """
    broken: dict[str, list[tuple[Listed, Entry]]] = {}
    for found in surplus:
        broken.setdefault(_broken_clause(found[1]), []).append(found)
    expected = "no record that no answer accounts for"
    for clause, several in broken.items():
        item, entry = min(several, key=lambda found: _order(found[1]))
        observed = f"record {item.id}, which no answer named"
        observed += f", and {len(several) - 1} more like it" if len(several) > 1 else ""
        about = Subject(kind=situation_of(clause) if entry.record or entry.status == 409 else "")
        plain = [each for each in own if each.record and _broken_clause(each) == clause]
        symptom = "at times" if 2 * len(several) < len(plain) else ""
        symptom = "under another ID" if entry.record and entry.record not in listed else symptom
        judgement = judge(Expectation.ACCOUNTED_FOR, clause, expected, False, observed, symptom=symptom, subject=about)
        for each in (entry, *(other for _, other in several if other is not entry)):
            recorder.note([judgement], _of_one_key(own, each))
    could_break = {
        _NOTHING: any(400 <= entry.status < 500 for entry in own),
        _ONCE: any(entry.record for entry in own),
    }
    kept = [clause for clause, could in could_break.items() if could and clause not in broken]
    recorder.note([judge(Expectation.ACCOUNTED_FOR, clause, expected, True, "") for clause in kept], [])


def _of_one_key(own: Sequence[Entry], judged: Entry) -> list[Evidence]:
    """A create that made a record too many, after the others with its Idempotency-Key."""
    alike = [entry for entry in own if judged.key and entry.key == judged.key and entry.number != judged.number]
    sent = [*alike[:_MOST_BEFORE], judged]
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


def _judge_missing(world: World, api: Api, recorder: Recorder, own: Sequence[Entry], listed: set[str]) -> tuple[str, ...]:
    """The list may lag, so a record counts as missing only when it cannot be retrieved either."""
    absent = {entry.record: entry for entry in own if entry.record and entry.record not in listed}
    gone = list(_gone(world, api, list(absent)[:_SAMPLE]))
    for record_id, read in gone:
        expected, observed = f"record {record_id} under its ID", f"answered {read.answer}"
        judgement = judge(Expectation.STILL_STORED, _STORED, expected, False, observed, due=("200",))
        created = Evidence(ExchangeRole.FIRST, absent[record_id])
        recorder.note([judgement], [created, Evidence(ExchangeRole.JUDGED, read)])
    return tuple(record_id for record_id, _ in gone)


def _gone(world: World, api: Api, ids: Sequence[str]) -> Iterator[tuple[str, Exchange]]:
    for record_id in ids:
        if world.contract.collection.retrieve is None:
            return
        read = api.get(world.contract.collection.retrieve, record_id=record_id)
        if read.status == 404:
            yield record_id, read


def _made(last: Exchange, own: Sequence[Entry]) -> list[Entry]:
    """The last record as an entry, for it is in no ledger yet when the ledger is read."""
    if not last.record_id or not own:
        return []
    return [dataclasses.replace(own[-1], number=last.number, stamp=last.stamp, record=last.record_id, status=last.status)]


def _text(place: Any, body: Any) -> Any:
    found = get_at(body, place.pointer, MISSING) if place and isinstance(body, dict) else None
    return None if found is MISSING else found
