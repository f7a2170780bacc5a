"""Goes over the announced rate limit once, where the user asks for it, to judge what a 429 says and leaves alone."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import time

from ....reports import ExchangeRole
from ..judge.answers import judge_retry_after
from ..judge.judgement import Evidence
from ..judge.record import NotVerified, Recorder
from ..wire.exchange import Exchange
from ..wire.pacing import LONGEST, read_retry_after
from .case import Api
from .material import Material
from .session import World

__all__ = ["exceed_limits"]

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
