"""Judges what shows only when a run ends: keys used long ago, what a target does in the background or over its limit."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import time
from collections.abc import Sequence

from ....reports import ExchangeRole
from ....spec import profile
from ....spec.pointer import get_at
from ..case.api import Api
from ..case.material import Material
from ..case.session import World
from ..judge.answers import judge_retry_after
from ..judge.expectation import Expectation
from ..judge.judgement import Evidence, Subject, judge
from ..judge.record import NotVerified, Recorder
from ..judge.situations import situation_of
from ..wire.exchange import Exchange
from ..wire.ledger import Entry
from ..wire.pacing import LONGEST, read_retry_after

__all__ = ["exceed_limits", "judge_late"]

_REPLAY, _LIMITED, _SUMMARY = "idempotency:replay", "idempotency:rate-limited", "success:summary"


def judge_late(world: World, api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """Judge by a few last requests; what they make is in no ledger that is read any more.

    Args:
        recorder: takes the judgements.
        own: the ledger's entries of the endpoint under test.
    """
    with contextlib.suppress(NotVerified):
        _judge_late_replay(api, recorder, own)
    with contextlib.suppress(NotVerified):
        _judge_limited_to_the_end(api, recorder, own)
    with contextlib.suppress(NotVerified):
        _observe_summary(world, api, recorder, own)


def _judge_late_replay(api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """A key that was used early in the run is still known when it ends: a store of few keys forgets it."""
    # The same one in each run of a seed, however the cases were spread.
    known = sorted(own, key=lambda entry: entry.number)
    used = next((entry for entry in known if entry.clause == _REPLAY and entry.key and entry.record), None)
    if used is None:
        return
    first = used
    again = api.repeat(first)
    held, observed = again.record_id == used.record, f"answered {again.answer} {again.record_id}".strip()
    expected = f"the original response, with record {used.record}"
    symptom, about = "a new record" if again.record_id else "", Subject(kind=situation_of(_REPLAY))
    kind = Expectation.REPLAYED_TO_THE_END
    judgement = judge(kind, _REPLAY, expected, held, observed, symptom=symptom, subject=about)
    recorder.note([judgement], [Evidence(ExchangeRole.FIRST, first), Evidence(ExchangeRole.JUDGED, again)])


def _judge_limited_to_the_end(api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """A key whose request got nothing but 429 still creates: where one without it is let in at once, the key is to blame."""
    used = {entry.key for entry in own if entry.record}
    limited = next((entry for entry in own if entry.status == 429 and entry.key and entry.key not in used), None)
    if limited is None:
        return
    first = limited
    again, plain = api.repeat(first), api.create()
    blocked = again.status == 429 and plain.accepted and not plain.limited
    if again.record_id or blocked:
        observed = f"answered {again.answer}, while a create without the key was accepted"
        judgement = judge(Expectation.KEY_KEPT_TO_THE_END, _LIMITED, "created after a 429", not blocked, observed)
        recorder.note([judgement], [Evidence(ExchangeRole.FIRST, first), Evidence(ExchangeRole.JUDGED, again)])


def _observe_summary(world: World, api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """The summary comes some time after the creation (contract 11): a read-only text that a later read shows filled."""
    texts = [
        field for field in world.workspace.fields.values() if field.read_only and field.value_type in ("TEXT", "MARKDOWN")
    ]
    oldest = next((entry.record for entry in own if entry.record), "")
    if world.contract.collection.retrieve is None or not oldest:
        return
    read = api.get(world.contract.collection.retrieve, record_id=oldest)
    recorder.cannot(
        _SUMMARY, NotVerified("no read-only text field was filled when the run ended", "none: no source names a deadline")
    )
    for field in texts:
        if get_at(read.body, profile.value_pointer(field.pointer), None):
            recorder.note([judge(Expectation.SUMMARY_FILLED, _SUMMARY, "a text", True, "")], [])
            recorder.observe(_SUMMARY, f"{profile.place_param(field.pointer)} is filled when the run ends")


_CLAUSES = ("limits:retry-after", "idempotency:rate-limited")
_MOST = 300
"""Requests a second; a higher limit is not gone over."""
_AT_ONCE = 8
_LONG = 2.0
"""Seconds; a longer wait is announced."""
_TIMES = 3
"""Windows in which the limit is tried; a request may come just after one has ended."""


def exceed_limits(world: World, api: Api, hurried: Api, recorder: Recorder) -> None:
    """Judge what a target answers over its limit.

    The burst repeats one create under its key, and so makes nothing. One more create, with a key of its own, is refused in
    it; whether that made a record, and whether its key still creates, is judged when the run ends.

    Args:
        hurried: sends at once, and gives a 429 as it came.
    """
    try:
        limited = _limited_create(api, hurried)
    except NotVerified as problem:
        for clause in _CLAUSES:
            recorder.cannot(clause, problem)
        return
    wait = read_retry_after(limited.response_headers.get("retry-after"), limited.response_headers.get("date"))
    retry = judge_retry_after(dataclasses.replace(limited, limited=1, unreadable=int(wait is None)))
    evidence = [Evidence(ExchangeRole.JUDGED, limited)]
    recorder.note([retry], evidence)
    _observe_others(world, hurried, recorder)
    pause = min(1.0 if wait is None else wait, LONGEST)
    if pause > _LONG:
        world.tell(f"waiting {pause:.0f} s for the rate limit that the run went over")
    time.sleep(pause)


def _limited_create(api: Api, hurried: Api) -> Exchange:
    """A create with a key of its own that was answered 429.

    Raises:
        NotVerified: the limit is not known, is too high, or is not enforced.
    """
    first = api.create(key=api.key())
    limit = _announced(first)
    if not first.record_id or limit is None:
        seen = "the answer to a create names no record, or no rate limit"
        raise NotVerified(seen, "see the clauses operation:create and limits:headers")
    if limit > _MOST:
        raise NotVerified(f"{limit} requests a second are too many to go over", "give the target a lower limit")
    for _ in range(_TIMES):
        if _go_over(hurried, first, limit):
            limited = hurried.create(key=hurried.key())
            if limited.status == 429:
                return limited
    seen = f"the announced limit of {limit} requests a second is not enforced"
    raise NotVerified(seen, "none: no source demands that it is")


def _go_over(hurried: Api, first: Exchange, limit: int) -> bool:
    """Repeat a create until it is answered 429; one window and the beginning of the next take twice the limit."""
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in range(0, 2 * limit + _AT_ONCE, _AT_ONCE):
            answers = [pool.submit(hurried.repeat, first) for _ in range(_AT_ONCE)]
            if any(answer.result().status == 429 for answer in answers):
                return True
    return False


def _observe_others(world: World, hurried: Api, recorder: Recorder) -> None:
    """What is limited beside the creates of this organization (contract 6)."""
    reads = world.contract.validate or world.contract.collection.list
    if reads is not None:
        answer = hurried.get(reads, caller="main")
        recorder.observe("over the limit of creates: a read", "answered 429" if answer.status == 429 else "answered")
    try:
        body = Material(world).smallest_of_other_organization
        theirs = hurried.create(body, caller="other-organization")
    except NotVerified:
        return
    seen = "answered 429" if theirs.status == 429 else "answered"
    recorder.observe("over the limit of creates: a create of another organization", seen)


def _announced(answer: Exchange) -> int | None:
    text = answer.response_headers.get("x-ratelimit-limit", "")
    return int(text) if text.isascii() and text.isdigit() else None
