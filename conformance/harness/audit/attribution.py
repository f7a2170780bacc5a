"""Tells which of the records that no answer named a run has made, by which create, and which clause that broke."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from typing import Any

from ....spec.pointer import get_at
from ..case.api import Api
from ..case.world import World
from ..wire.exchange import MISSING
from ..wire.ledger import Entry, read_moment
from .listing import Listed
from .suspicion import makes_more

__all__ = [
    "NOTHING",
    "ONCE",
    "attributed",
    "beyond_lost_answers",
    "broken_clause",
    "clock_ahead",
    "maker_of",
    "marker_text",
]

_SHORTLY = 60.0
"""Seconds; a record that was made later has a moved clock, or none of its own."""
_TICK = 0.001
"""Seconds that a creation time is cut to."""
ONCE, NOTHING = "success:once", "refusal:nothing-created"


def clock_ahead(own: Sequence[Entry], listed: Sequence[Listed]) -> float:
    """Return by how many seconds the target's clock is ahead, as the creation times of records show that answers named."""
    # A body or a key that was sent again may have made its record before.
    times = collections.Counter(text for entry in own for text in (entry.stamp, entry.record))
    sent = {entry.record: entry.sent_at for entry in own if entry.record and times[entry.stamp] == times[entry.record] == 1}
    moments = ((read_moment(item.created), sent[item.id]) for item in listed if item.id in sent)
    return min((moment - began for moment, began in moments if moment is not None), default=0.0)


def maker_of(world: World, own: Sequence[Entry], late: Sequence[Entry], item: Listed, ahead: float) -> Entry | None:
    """Return the create that made a record which no answer named; None when it was not one of ours.

    Args:
        late: repeats of others when all cases had ended: what they made, their answers name.
        ahead: by how many seconds the target's clock is ahead.
    """
    place = world.contract.marker_place
    if isinstance(item.text, str) and world.run in item.text:
        # Of requests that sent one body, the one that was accepted made it, if there is one.
        alike = ([entry for entry in sent if entry.stamp and entry.stamp in item.text] for sent in (own, late))
        stamped = next(filter(None, alike), [])
        made = [entry for entry in stamped if entry.record] or stamped or [own[0]]
        # Where cases repeat a create that others rest on, it is a repeat that makes one too many.
        of_cases = [entry for entry in made if entry.clause not in (ONCE, NOTHING)]
        first = {entry.key: entry for entry in reversed(stamped)}
        repeats = [entry for entry in of_cases if entry.key and first[entry.key] is not entry]
        return _last_before([made[0], *(repeats or of_cases)], item.created, ahead) or next(iter(of_cases), made[0])
    # A body whose marker place was missing or of a wrong type could carry no marker; its record shows the same there.
    unmarked = [entry for entry in own if not entry.stamp and entry.settled and entry.covers(item.created)]
    shown = [entry for entry in unmarked if _shows(item.text, marker_text(place, entry.sent))]
    exact = [entry for entry in shown if item.text == marker_text(place, entry.sent)]
    return next((entry for entry in [*exact, *shown] if not entry.record or entry in exact), None)


def _last_before(entries: Sequence[Entry], created: str, ahead: float) -> Entry | None:
    """The last create that was sent before a record was made; None where none was sent shortly before."""
    moment = read_moment(created)
    if moment is None:
        return None
    cut = _TICK if "." in created else 1.0
    before = [entry for entry in entries if -cut <= moment - ahead - entry.sent_at <= _SHORTLY]
    return max(before, key=lambda entry: entry.sent_at, default=None)


def _shows(text: Any, sent: Any) -> bool:
    """Whether a record's text can come of what was sent at the marker place, as it is or made a text of."""
    return text in (None, "") if sent in (None, "") else text == sent or str(text) == str(sent)


def beyond_lost_answers(own: Sequence[Entry], unnamed: Sequence[tuple[Listed, Entry]]) -> list[tuple[Listed, Entry]]:
    """Return the records without those that may stem from requests whose answers were not read: one each, or a key."""
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


def attributed(world: World, api: Api, surplus: Sequence[tuple[Listed, Entry]]) -> tuple[list[tuple[Listed, Entry]], int]:
    """Return the records that this run can be shown to have made, and how many others may be another client's.

    One without the marker is ours only where the suspected request makes more each time that it is sent again.
    """
    marked = [found for found in surplus if isinstance(found[0].text, str) and world.run in found[0].text]
    rest = [found for found in surplus if found not in marked]
    first: dict[str, Entry] = {}
    for _, entry in rest:
        first.setdefault(broken_clause(entry), entry)
    shown: list[tuple[Listed, Entry]] = []
    for clause, entry in first.items():
        more = makes_more(world, api, entry)
        alike = [found for found in rest if broken_clause(found[1]) == clause]
        if more == ():
            shown += alike
        elif more:
            # Which of the others are ours is still not known.
            shown += [(item, entry) for item in more]
    return [*marked, *shown], len([found for found in rest if found not in shown])


def broken_clause(entry: Entry) -> str:
    """Return what a create broke that made a record which no answer named.

    One that was refused is blamed for having made anything, one that was accepted for having made two, unless its case
    is about idempotency; but a caller without the right to create makes nothing, whatever the case is about.
    """
    if entry.status in (401, 403):
        return NOTHING
    if entry.clause in (ONCE, NOTHING):
        return ONCE if entry.record or not entry.status else NOTHING
    return entry.clause


def marker_text(place: Any, body: Any) -> Any:
    """Return what a body holds at the marker place; None for nothing."""
    found = get_at(body, place.pointer, MISSING) if place and isinstance(body, dict) else None
    return None if found is MISSING else found
