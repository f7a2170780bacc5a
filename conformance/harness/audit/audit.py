"""Audits a run: compares what the target says it holds with what the ledger says it was asked to make."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Collection, Sequence

from ....reports import Audit, AuditState, ExchangeRole
from ..case.api import Api
from ..case.world import World
from ..judge.judgement import Evidence
from ..judge.reads import judge_read
from ..judge.record import NotVerified, Recorder
from ..wire.exchange import Exchange
from ..wire.ledger import Entry
from ..wire.pacing import LONG
from ..wire.trouble import GATEWAY, is_own_error
from .attribution import NOTHING, ONCE, attributed, beyond_lost_answers, clock_ahead, maker_of, marker_text
from .discrepancies import STORED, irretrievable, judge_ids, judge_missing, judge_surplus
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
_LIST = "read:list"


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
    judge_ids(recorder, lasting)
    judge_late(world, api, recorder, lasting)
    meanwhile()
    time.sleep(max(0.0, _SETTLE - (time.monotonic() - began)))
    try:
        seen = _read(world, api, [entry for entry in entries() if entry.own])
    except NotVerified as problem:
        return _not_audited(world, recorder, problem, early)
    # What was sent meanwhile, because answers were lost, stands in the ledger by now.
    own = [entry for entry in entries() if entry.own and entry.number != seen.last.number]
    return _compare(world, api, recorder, seen, own, lasting=lasting, early={entry.number for entry in early})


def _compare(
    world: World,
    api: Api,
    recorder: Recorder,
    seen: _Seen,
    own: Sequence[Entry],
    *,
    lasting: Sequence[Entry],
    early: Collection[str],
) -> Audit:
    """Compare the records that the list shows with the run's creates, and judge where they differ.

    Args:
        lasting: the creates whose records have to be there still.
        early: the numbers of those that left before the audit began.
    """
    known = {entry.record for entry in own if entry.record} | {seen.last.record_id}
    ids = {item.id for item in seen.listed}
    unnamed = _makers(world, own, early, seen.listed, known)
    surplus, unattributed = attributed(world, api, beyond_lost_answers(own, unnamed))
    judge_surplus(recorder, own, surplus, ids)
    missing: tuple[str, ...] = ()
    with contextlib.suppress(NotVerified):
        missing = judge_missing(world, api, recorder, [*lasting, *_made(seen.last, own)], ids)
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
    world: World, own: Sequence[Entry], numbers: Collection[str], listed: Sequence[Listed], known: Collection[str]
) -> list[tuple[Listed, Entry]]:
    """The records that no answer named, each with the create that made it.

    Args:
        numbers: those of the creates that left before the audit began.
        known: the IDs of records that answers named.
    """
    early = [entry for entry in own if entry.number in numbers]
    late = [entry for entry in own if entry.number not in numbers]
    ahead = clock_ahead(own, listed)
    unnamed = (item for item in listed if item.id not in known)
    return [(item, maker) for item in unnamed if (maker := maker_of(world, early, late, item, ahead))]


def _not_audited(world: World, recorder: Recorder, problem: NotVerified, own: Sequence[Entry]) -> Audit:
    """What is left of an audit whose list could not be read."""
    if isinstance(problem, Unreadable):
        _judge_list(world, recorder, problem.page)
    for clause in {ONCE, NOTHING, STORED} - recorder.kept:
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
    while (
        last.record_id and not listing.shows(last.record_id) and not next(irretrievable(world, api, [last.record_id]), None)
    ):
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


def _limits_of(*, complete: bool, unattributed: int) -> str:
    """What the audit could not tell; "" for nothing."""
    if not complete:
        return "records without the marker could not be looked for among so many"
    return (
        f"{unattributed} unattributed: without the marker, perhaps of another client or an earlier run"
        if unattributed
        else ""
    )


def _made(last: Exchange, own: Sequence[Entry]) -> list[Entry]:
    """The last record as an entry, for it is in no ledger yet when the ledger is read."""
    if not last.record_id or not own:
        return []
    return [dataclasses.replace(own[-1], number=last.number, stamp=last.stamp, record=last.record_id, status=last.status)]
