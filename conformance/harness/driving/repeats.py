"""Sends what makes a repeat of a create, or comes between the two, where a case has to go on from what was answered."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from typing import Any

from ....reports.breach_words import breach_phrase
from ....strategies import Breach
from ....strategies.key_space import digits_key
from ..case.api import Api
from ..case.pack_creates import TURNED_AWAY
from ..case.shared_creates import NOTHING_CREATED
from ..judge import Expect, NotVerified
from ..wire.exchange import Exchange

__all__ = [
    "Originals",
    "create_under_used_key",
    "equal_with_near_key",
    "judge_key_after_callers",
    "judge_key_after_refusals",
    "judge_race",
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
        """Expect a body with the key of an earlier create to make nothing; where the key is of digits, that may be why."""
        first = self._take(self.api.valued)
        again = self.api.create(body, caller=caller, key=first.key)
        if again.record_id in ("", first.record_id) or not (first.key or "").isdecimal() or self._knows_digits():
            self.expect.original_or_refused(first, again)

    def _knows_digits(self) -> bool:
        """Return whether a repeat gets the original response if its key is of digits; judged where another one does."""
        kind, keys = "a repeat with an Idempotency-Key of digits", (digits_key(self.api.key()), self.api.key())
        firsts = [self.api.create(self.api.valued, key=key) for key in keys]
        repeats = [self.api.repeat(first) for first in firsts]
        digits, other = (again.answered_as(first) for first, again in zip(firsts, repeats, strict=True))
        if other and not digits:
            self.expect.replayed(firsts[0], repeats[0], "idempotency:characters", kind)
        return digits or not other

    def _take(self, body: dict[str, Any]) -> Exchange:
        return self.there.pop() if self.there else self.expect.accepted(self.api.create(body, key=self.api.key()))


def equal_with_near_key(api: Api, expect: Expect, first: Exchange) -> Exchange:
    """Return an equal create under nearly the same key, which has to be taken; where it is not another, one that is."""
    second = api.equal(first, key=f"{first.key}-")
    if second.accepted and second.record_id != first.record_id:
        return second
    other = api.equal(first, key=api.key())
    if not second.accepted:
        expect.makes_record(second, by="idempotency:characters")
    elif other.record_id != first.record_id:
        expect.separate(first, second, "idempotency:exact", "a hyphen at the end")
    return other


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


def create_under_used_key(api: Api, expect: Expect, caller: str) -> Exchange:
    """Return a create by a caller who may not, under the key of another create, of which it must not tell.

    Where it is let in, and another create is not, the key has let it in, which is judged.
    """
    first = api.original(TURNED_AWAY)
    again = api.repeat(first, caller=caller)
    if again.refused:
        expect.reveals_nothing(again, [first.record_id], by="idempotency:not-served", first=first)
        return again
    plain = api.create(caller=caller)
    if plain.refused:
        expect.holds("refused with 401 or 403", False, again.answer, first, again, by="idempotency:not-served")
    return plain


def judge_key_after_callers(api: Api, expect: Expect) -> None:
    """Expect a key to create that came with callers who were turned away; where it does not, tell after which of them.

    Raises:
        NotVerified: there is no caller without the scope; the other one is judged all the same.
    """
    try:
        forbidden = [api.once(caller="no-create", keyed=True)]
    except NotVerified:
        forbidden = []
    unknown = api.by_longer_key(forbidden[0].key if forbidden else api.key())
    expect.turned_away(unknown, 401, by="key:status", sent="longer-key", required="key:required")
    first = [*forbidden, unknown][0]
    created = api.repeat(first)
    if created.record_id:
        expect.makes_record(created, *forbidden, unknown)
    else:
        _judge_alone(api, expect, forbidden)
    api.sender.caller("no-create")


def _judge_alone(api: Api, expect: Expect, forbidden: Sequence[Exchange]) -> None:
    alone = [api.create(caller=each.caller, key=api.key()) for each in forbidden]
    for turned_away in (*alone, api.by_longer_key(api.key())):
        expect.makes_record(api.repeat(turned_away), turned_away)


def judge_key_after_refusals(api: Api, expect: Expect, breaches: Sequence[Breach]) -> None:
    """Expect a key to create that came with breaches which were refused; where it does not, tell after which of them.

    Whether each is refused is for other cases to judge; one that is not has used the key, and the next ones have another.
    """
    sent = {breach.rule: api.send(breach) for breach in breaches}
    key = api.key_of_turns(len(breaches))
    refused = {rule: exchange for rule, exchange in sent.items() if exchange.refused}
    created = api.create(api.valued, key=key)
    if created.record_id or not refused:
        expect.makes_record(created, *refused.values())
        return
    for breach in breaches:
        alone = api.create(breach.body, key=api.key(), headers=breach.headers, blame=NOTHING_CREATED)
        if alone.refused:
            said = breach_phrase(breach.rule, [breach.place], [breach.variant])
            expected = f"a record, since the refusal of a create {said} does not use up its key"
            expect.makes_record(api.create(api.valued, key=alone.key), alone, expected=expected)


def still_stored(api: Api, expect: Expect, first: Exchange) -> None:
    """Expect a read to give a record as its create returned it; who may not read records judges the rest all the same."""
    with contextlib.suppress(NotVerified):
        expect.stored(first, api.read(first))
