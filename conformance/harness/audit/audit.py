"""Audits a run: compares what the target says it holds with what the ledger says it was asked to make."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from ....reports import Audit, AuditState, ExchangeRole
from ..case.api import Api
from ..case.session import World
from ..judge.answers import judge_read
from ..judge.expectation import Expectation
from ..judge.judgement import Evidence, Subject, judge
from ..judge.record import NotVerified, Recorder
from ..judge.situations import situation_of
from ..wire.exchange import Exchange
from ..wire.ledger import Entry
from ..wire.pacing import LONG
from ..wire.trouble import GATEWAY, is_own_error
from .alike import alike_in
from .attribution import NOTHING, ONCE, attributed, beyond_lost_answers, broken_clause, maker_of, marker_text
from .late import judge_late
from .listing import Listed, Listing, Unreadable

__all__ = ["audit_run"]

_SETTLE = 0.25
"""Seconds given to records that a target makes a moment after it refused."""
_INDEX_WAIT = 15.0
"""Seconds given to the list's index to catch up (contract 7)."""
_USUAL_WAIT = 5.0
"""Seconds after which the record is looked for in the whole list, which may be in an order of its own."""
_LONGEST_PAUSE = 1.0
_SAMPLE = 50
_MOST_BEFORE = 6
"""Requests that are shown of those with the key of one that made a record too many."""
_UNIQUE, _STORED, _LIST = "success:id-unique", "success:stored", "read:list"


def audit_run(
    world: World,
    api: Api,
    recorder: Recorder,
    entries: Callable[[], Sequence[Entry]],
    meanwhile: Callable[[], object] = lambda: None,
) -> Audit:
    """Audit a run, and judge the clauses that only the target's records can show.

    Args:
        recorder: takes the judgements.
        entries: gives the ledger's, of all workers.
        meanwhile: what else there is to do while the target is given time.
    """
    began = time.monotonic()
    early = [entry for entry in entries() if entry.own]
    # What was made before the target was started anew may be lost by right, where it is kept in memory.
    lasting = [entry for entry in early if entry.sent_at >= world.state.returned_at]
    _judge_ids(recorder, lasting)
    judge_late(world, api, recorder, lasting)
    meanwhile()
    time.sleep(max(0.0, _SETTLE - (time.monotonic() - began)))
    try:
        seen = _read(world, api, [entry for entry in entries() if entry.own])
    except NotVerified as problem:
        return _not_audited(world, recorder, problem, early)
    # What was sent meanwhile, because answers were lost, stands in the ledger by now.
    own = [entry for entry in entries() if entry.own and entry.number != seen.last.number]
    known = {entry.record for entry in own if entry.record} | {seen.last.record_id}
    numbers, ids = {entry.number for entry in early}, {item.id for item in seen.listed}
    unnamed = _makers(world, own, numbers, [item for item in seen.listed if item.id not in known])
    surplus, unattributed = attributed(world, api, beyond_lost_answers(own, unnamed))
    _judge_surplus(recorder, own, surplus, ids)
    missing: tuple[str, ...] = ()
    with contextlib.suppress(NotVerified):
        missing = _judge_missing(world, api, recorder, [*lasting, *_made(seen.last, own)], ids)
    return Audit(
        state=AuditState.UNACCOUNTED if surplus or missing else AuditState.MATCH,
        reason=_limits_of(complete=seen.complete, unattributed=unattributed),
        attempts=len(own) + 1,
        accepted=len(known),
        found=len(ids & known) + len(surplus),
        unaccounted=tuple(item.id for item, _ in surplus),
        missing=missing,
    )


def _makers(
    world: World, own: Sequence[Entry], numbers: Collection[str], unnamed: Iterable[Listed]
) -> list[tuple[Listed, Entry]]:
    """The records that no answer named, each with the create that made it.

    Args:
        numbers: those of the creates that left before the audit began.
    """
    early = [entry for entry in own if entry.number in numbers]
    late = [entry for entry in own if entry.number not in numbers]
    return [(item, maker) for item in unnamed if (maker := maker_of(world, early, late, item))]


def _not_audited(world: World, recorder: Recorder, problem: NotVerified, own: Sequence[Entry]) -> Audit:
    """What is left of an audit whose list could not be read."""
    if isinstance(problem, Unreadable):
        _judge_list(world, recorder, problem.page)
    for clause in {ONCE, NOTHING, _STORED} - recorder.kept:
        recorder.cannot(clause, NotVerified(problem.reason, problem.remedy or world.contract.needs["read"].remedy))
    return Audit(AuditState.NOT_VERIFIED, problem.reason, len(own), len({entry.record for entry in own if entry.record}))


@dataclasses.dataclass(frozen=True)
class _Seen:
    """What the list shows.

    Attributes:
        last: the create after which it was read. complete: whether no record can be left out.
    """

    last: Exchange
    listed: tuple[Listed, ...]
    complete: bool


def _read(world: World, api: Api, own: Sequence[Entry]) -> _Seen:
    """Make one last record and wait until the list shows it: what was made before is then listed too."""
    listing = Listing(world, api)
    last = api.create()
    place = world.contract.marker_place
    texts = dict.fromkeys(
        text for body in [last.sent, *(entry.sent for entry in own)] if isinstance(text := marker_text(place, body), str)
    )
    began, whole, announced = time.monotonic(), False, False
    # A record that cannot be retrieved will not be listed either, and is judged as missing.
    while last.record_id and not listing.shows(last.record_id) and not next(_gone(world, api, [last.record_id]), None):
        waited = time.monotonic() - began
        if waited > LONG and not announced:
            announced = True
            world.tell(f"waiting up to {_INDEX_WAIT - waited:.0f} s for the list to show the last record")
        if waited > _USUAL_WAIT and not whole:
            whole = True
            if any(item.id == last.record_id for item in listing.records(texts)[0]):
                break
        if waited > _INDEX_WAIT:
            raise NotVerified(f"the list did not show the last record within {_INDEX_WAIT:g} s")
        time.sleep(min(max(_SETTLE, waited / 2), _LONGEST_PAUSE))
    return _Seen(last, *listing.records(texts))


def _judge_list(world: World, recorder: Recorder, page: Exchange) -> None:
    """A list that cannot be read any more, by an error of the target's own, shows what the run's creates did to it."""
    operation = world.contract.collection.list
    if operation is not None and page.status >= 500 and page.status not in GATEWAY and is_own_error(page):
        judgement = judge_read(world.contract, page, operation, _LIST, odd=False)
        recorder.note([judgement], [Evidence(ExchangeRole.JUDGED, page)])


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


def _judge_missing(world: World, api: Api, recorder: Recorder, own: Sequence[Entry], listed: set[str]) -> tuple[str, ...]:
    """The list may lag, so a record counts as missing only when it cannot be retrieved either."""
    absent = {entry.record: entry for entry in own if entry.record and entry.record not in listed}
    gone = list(_gone(world, api, list(absent)[:_SAMPLE]))
    # Where not all were read, it is known only if none of the read ones was there.
    sure = len(absent) if len(gone) == _SAMPLE else len(gone) if len(absent) <= _SAMPLE else 0
    share = (sure, len({entry.record for entry in own if entry.record})) if sure else (0, 0)
    for record_id, read in gone:
        expected, observed = f"record {record_id} under its ID", f"answered {read.answer}"
        judgement = judge(Expectation.STILL_STORED, _STORED, expected, False, observed, due=("200",))
        judgement = dataclasses.replace(judgement, share=share)
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
