"""Sends what makes a repeat of a create, or comes between the two, where a case has to go on from what was answered."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from typing import Any

from ....spec import Rule
from ....strategies import Breach
from ....strategies.ways import AGAIN
from ..case.api import NOTHING_CREATED, Api
from ..case.material import reformatted
from ..judge import Expect, NotVerified
from ..wire.exchange import Exchange
from .narrowing import Plainest

__all__ = [
    "Originals",
    "equal_with_short_key",
    "judge_key_after",
    "judge_key_after_refusals",
    "judge_race",
    "plain_repeats",
    "still_stored",
]


@dataclasses.dataclass(frozen=True)
class Originals:
    """Creates to repeat, or to use the key of: those that are there, then a new one each time.

    Whoever looks for the smallest body that fails tries again and again, and a used key is no longer what it was.
    """

    api: Api
    expect: Expect
    there: list[Exchange]

    def repeat(self, body: dict[str, Any]) -> None:
        """Expect a repeat of a create of a body to get the original response, by each caller who may create."""
        first = self._take(body)
        for caller in self.api.creators:
            self.expect.replayed(first, self.api.repeat(first, caller=caller))

    def reuse(self, caller: str, body: dict[str, Any]) -> None:
        """Expect a body with the key of an earlier create to make nothing."""
        first = self._take(self.api.valued)
        self.expect.original_or_refused(first, self.api.create(body, caller=caller, key=first.key))

    def _take(self, body: dict[str, Any]) -> Exchange:
        return self.there.pop() if self.there else self.expect.accepted(self.api.create(body, key=self.api.key()))


def plain_repeats(
    api: Api, expect: Expect, plainest_of: Plainest, first: Exchange, again: Exchange
) -> list[tuple[Exchange, Exchange]]:
    """Return creates with repeats that are equal to them in all.

    A repeat in another form that got the original response shows as much. Where one did not, its form may be the cause, and
    later repeats may suffer from it: so a new create is repeated, by its caller, by another, and last in another form. Where
    that form makes no difference, but how the repeat is sent does, that is judged here; else the first repeat is as good as
    a plain one.
    """
    original = first if _alike(first, again) else api.create(api.full_body(), key=api.key())
    if original is first or not original.record_id:
        return [(first, again)]
    callers = dict.fromkeys((original.caller, api.other_caller))
    found = [(original, api.repeat(original, caller=caller)) for caller in callers]
    formed = api.repeat(original, content=reformatted(original.content))
    if not _alike(original, formed):
        return found
    if _alike(original, api.repeat(original, way=AGAIN)):
        return [(first, again)]
    plainest_of(AGAIN, lambda way: expect.replayed(original, api.repeat(original, way=way)))
    return []


def _alike(first: Exchange, again: Exchange) -> bool:
    return (first.status, first.body) == (again.status, again.body)


def equal_with_short_key(api: Api, expect: Expect, first: Exchange) -> Exchange:
    """Return an equal create under a short key, which has to be taken; where it is not, one under another key."""
    second = api.equal(first, key=api.short_key())
    if second.accepted:
        return second
    expect.makes_record(second, by="idempotency:characters")
    return api.equal(first, key=api.key())


def judge_race(expect: Expect, equal: Sequence[Exchange], beside: Exchange) -> None:
    """Expect one of equal creates at one time to make a record, and another create meanwhile to make its own.

    Where the two have one record, what came back of their values says nothing.
    """
    expect.one_winner(equal)
    winner = next((exchange for exchange in equal if exchange.accepted), None)
    if winner is None:
        return
    expect.separate(winner, beside, "success:id-unique")
    if winner.record_id and beside.record_id and winner.record_id != beside.record_id:
        expect.echoed(beside, others=[winner])
        # A repeat's answer says nothing of values, and only one of them is none: so it counts what all say.
        mixed = all(exchange.answers_another for exchange in equal if exchange.accepted)
        expect.echoed(winner, others=[beside] if mixed else [])


def judge_key_after(api: Api, expect: Expect, turned_away: Sequence[Exchange]) -> None:
    """Expect a key to create that came with requests which were turned away; where it does not, tell after which of them."""
    created = api.repeat(turned_away[0])
    if created.record_id:
        expect.makes_record(created, *turned_away)
        return
    for refused in turned_away:
        alone = api.create(caller=refused.caller, key=api.key())
        expect.makes_record(api.repeat(alone), alone)


def judge_key_after_refusals(api: Api, expect: Expect, breaches: Sequence[Breach]) -> None:
    """Expect a key to create that came with breaches which were refused; where it does not, tell after which of them.

    Whether each is refused is for other cases to judge; one that is not has used the key, and the next ones have another.
    """
    key, refused = api.key(), dict[Rule, Exchange]()
    for breach in breaches:
        exchange = api.create(breach.body, key=key, headers=breach.headers, blame=NOTHING_CREATED)
        if exchange.refused:
            refused[breach.rule] = exchange
        else:
            key, refused = api.key(), {}
    created = api.create(api.valued, key=key)
    if created.record_id or not refused:
        expect.makes_record(created, *refused.values())
        return
    for breach in breaches:
        alone = api.create(breach.body, key=api.key(), headers=breach.headers, blame=NOTHING_CREATED)
        if alone.refused:
            expected = f"a record of a correct body, after a refusal for the rule {breach.rule}"
            expect.makes_record(api.create(api.valued, key=alone.key), alone, expected=expected)


def still_stored(api: Api, expect: Expect, first: Exchange) -> None:
    """Expect a read to give a record as its create returned it; who may not read records judges the rest all the same."""
    with contextlib.suppress(NotVerified):
        expect.stored(first, api.read(first))
