"""Goes over the announced rate limit, on request, and judges what is refused for it and what is not."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import functools
import time
from collections.abc import Callable, Iterator, Sequence

from ....reports import ExchangeRole
from ....spec import error_form, profile
from ..case.api import Api
from ..case.material import Material
from ..case.world import World
from ..judge.answers import judge_limit_status, judge_retry_after, judge_separate
from ..judge.judgement import Evidence
from ..judge.record import NotVerified, Recorder
from ..wire.exchange import Exchange
from ..wire.pacing import LONG, LONGEST, announced_limit, asked_pause

__all__ = ["exceed_limits"]

_SEPARATE = "limits:separate"
_STATUS = "limits:status"
_CLAUSES = (_STATUS, "limits:retry-after", "idempotency:rate-limited", _SEPARATE)
_TOO_MANY = 429
_OTHERWISE = (401, 409)
"""What else may be wrong with one of many creates: its key has stopped working, or its idempotency key is in flight."""
_MOST = 300
"""Requests a second; a higher limit is not gone over."""
_AT_ONCE = 64
"""Requests under way at one time at most: where answers take long, a limit is gone over by none that wait for each other."""
_TIMES = 3
"""Windows in which the limit is tried, for a request may come just after one has ended; and times that something else has
to be refused, each time that creates are, before it is that which refuses it."""
_LET_IN = 2
"""Windows in which something else has to be let in, for once it may just have been the last one that there was room for."""
_WINDOWS = 9
"""Windows at most in which it is tried what else is refused."""


def exceed_limits(world: World, api: Api, hurried: Api, recorder: Recorder) -> None:
    """Judge what a target answers over its limit.

    The burst repeats one create under its key, and so makes nothing. One more create, with a key of its own, is refused in
    it; whether that made a record, and whether its key still creates, is judged when the run ends.

    Args:
        api: keeps to the limit.
        hurried: sends at once, and gives a 429 as it came.
    """
    try:
        burst = _begin(world, api, hurried)
        limited = burst.limited_create()
        recorder.note([judge_limit_status(limited)], burst.evidence(limited))
        if limited.status != _TOO_MANY:
            raise NotVerified(f"what is over the limit is answered {limited.answer}", f"see the clause {_STATUS}")
    except NotVerified as problem:
        for clause in _CLAUSES:
            recorder.cannot(clause, problem)
        return
    unreadable = limited if asked_pause(limited.response_headers) is None else None
    retry = judge_retry_after(dataclasses.replace(limited, limited=1, unreadable=unreadable))
    recorder.note([retry], [Evidence(ExchangeRole.JUDGED, limited)])
    burst.wait_out(limited)
    try:
        _judge_others(burst, list(_others(world, api, hurried)), recorder)
    except NotVerified as problem:
        recorder.cannot(_SEPARATE, problem)


@dataclasses.dataclass(frozen=True)
class _Burst:
    """Creates above the limit: repeats of one under its key, which make nothing.

    Attributes:
        first: the create that is repeated.
        limit: requests a second, as announced.
    """

    world: World
    hurried: Api
    first: Exchange
    limit: int

    def limited_create(self) -> Exchange:
        """Return a create with a key of its own that was answered 429, or each time with one other refusal.

        Raises:
            NotVerified: the limit is not enforced.
        """
        otherwise: list[Exchange] = []
        for window in range(_WINDOWS):
            if len(otherwise) == _TIMES or window >= _TIMES * (1 + len(otherwise)):
                break
            _, (limited,) = self.send([functools.partial(self.hurried.create, key=self.hurried.key())])
            if limited.status == _TOO_MANY:
                return limited
            otherwise += [limited] if self._is_refused_for_limit(limited) else []
        if len(otherwise) == _TIMES:
            return otherwise[-1]
        seen = f"the announced limit of {self.limit} requests a second is not enforced, or could not be gone over"
        raise NotVerified(seen, "none: no source demands that it is")

    def _is_refused_for_limit(self, limited: Exchange) -> bool:
        """Whether a create is refused by the API itself, and accepted a while after."""
        if not limited.refused or limited.status in _OTHERWISE or error_form.read_error(limited.body) is None:
            return False
        self.wait_out(limited)
        return self.hurried.repeat(limited).accepted

    def evidence(self, limited: Exchange) -> list[Evidence]:
        """Return what shows that a create was refused for the limit."""
        return [Evidence(ExchangeRole.CONTROL, self.first), Evidence(ExchangeRole.JUDGED, limited)]

    def send(self, others: Sequence[Callable[[], Exchange]]) -> tuple[Exchange, list[Exchange]]:
        """Send, without waiting for answers, what goes over the limit, then others, and one repeat more.

        The end of one window and the next take twice the limit.

        Args:
            others: each sends one request.

        Returns:
            The answer to the last repeat, and those to the others.
        """
        enough = 2 * self.limit + 1
        with concurrent.futures.ThreadPoolExecutor(min(enough, _AT_ONCE)) as pool:
            for _ in range(enough):
                pool.submit(self.hurried.repeat, self.first)
            beside = [pool.submit(other) for other in others]
            last = pool.submit(self.hurried.repeat, self.first)
        return last.result(), [answer.result() for answer in beside]

    def wait_out(self, limited: Exchange) -> None:
        """Wait until creates are taken again."""
        wait = asked_pause(limited.response_headers)
        pause = min(1.0 if wait is None else wait, LONGEST)
        if pause > LONG:
            self.world.tell(f"waiting {pause:.0f} s for the rate limit that the run went over")
        time.sleep(pause)


@dataclasses.dataclass(frozen=True, eq=False)
class _Other:
    """A request that has a limit of its own (contract 6).

    Attributes:
        kind: what it is, in words.
        usual: its answer when nothing is over a limit.
        send: sends it at once.
    """

    kind: str
    usual: Exchange
    send: Callable[[], Exchange]


def _begin(world: World, api: Api, hurried: Api) -> _Burst:
    first = api.create(key=api.key())
    limit = announced_limit(first.response_headers)
    if not first.record_id or not limit:
        seen = "the answer to a create names no record, or no rate limit"
        raise NotVerified(seen, "see the clauses operation:create and limits:headers")
    if limit > _MOST:
        raise NotVerified(f"{limit} requests a second are too many to go over", "give the target a lower limit")
    return _Burst(world, hurried, first, limit)


def _others(world: World, api: Api, hurried: Api) -> Iterator[_Other]:
    """What the target is known to answer while it has to refuse no create."""
    own = world.contract.collection
    for kind, operation, query in (("a read", own.definitions, None), ("a list", own.list, profile.page_query(1))):
        with contextlib.suppress(NotVerified):
            usual = api.get(operation, query=query)
            if usual.status == 200 and operation is not None:
                yield _Other(kind, usual, functools.partial(hurried.get, operation, query=query))
    with contextlib.suppress(NotVerified):
        theirs = api.create(Material(world).of_other_organization[0], caller="other-organization", key=api.key())
        if theirs.accepted:
            send = functools.partial(hurried.repeat, theirs, caller="other-organization")
            yield _Other("another organization's create", theirs, send)


def _judge_others(burst: _Burst, others: Sequence[_Other], recorder: Recorder) -> None:
    """Blame what is refused each of several times that creates are, and never when they are not."""
    refused: dict[_Other, int] = dict.fromkeys(others, 0)
    let_in = dict.fromkeys(others, 0)
    for _ in range(_WINDOWS):
        if not refused:
            break
        last, answers = burst.send([other.send for other in refused])
        burst.wait_out(last)
        for other, answer in zip([*refused], answers if last.status == 429 else (), strict=False):
            refused[other] += answer.status == 429
            let_in[other] += answer.status == other.usual.status
            if answer.status == 429 and other.send().status == 429:
                recorder.cannot(_SEPARATE, NotVerified(f"{other.kind} is over a limit of its own"))
                del refused[other]
            elif refused[other] == _TIMES or let_in[other] == _LET_IN:
                evidence = [Evidence(ExchangeRole.CONTROL, other.usual), Evidence(ExchangeRole.STEP, burst.first)]
                recorder.note([judge_separate(answer, other.kind)], [*evidence, Evidence(ExchangeRole.JUDGED, answer)])
                del refused[other]
    if refused or not others:
        seen = "nothing else could be read, or created by another organization, while creates were refused"
        raise NotVerified(seen, "give a key that may read, or LIGHTFIELD_API_KEY_OTHER_ORG")
