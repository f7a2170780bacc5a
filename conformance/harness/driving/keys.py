"""Sends Idempotency-Keys that a target may refuse, and looks for the character by which it takes two of them for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ....strategies.key_space import ODD_CHARACTERS, digits_key, odd_keys, rewritten_keys, spaced_keys
from ..case.api import Api
from ..judge import Expect
from ..wire.exchange import Exchange

__all__ = ["judge_ends_of_keys", "judge_refused_twin", "judge_rewritten_keys"]

_DEMANDED: Final = ("", "a hyphen at the end", "an underscore at the end")
"""The rewritten keys of no other characters than those that have to be taken."""
_FEW: Final = 8
"""Characters that are not tried in smaller groups where a target refuses them together."""


def judge_rewritten_keys(api: Api, expect: Expect) -> None:
    """Expect each of `rewritten_keys` that is taken to make a record of its own."""
    keys = rewritten_keys(api.key())
    created: list[Exchange] = []
    for kind, key in keys.items():
        exchange = api.equal(created[0], key=key) if created else expect.accepted(api.create(api.valued, key=key))
        if kind in _DEMANDED:
            expect.makes_record(exchange, by="idempotency:characters")
        else:
            _note(expect, exchange, f"with {kind}")
        if exchange.accepted:
            same = next((each for each in created if each.record_id == exchange.record_id), None)
            if created:
                expect.separate(same or created[0], exchange, kind=kind)
            created.append(exchange)


def judge_refused_twin(api: Api, expect: Expect, second: Exchange) -> None:
    """Judge a key of digits that is refused where another one is taken: one like no other tells whether digits are why.

    Raises:
        Judged: it is.
    """
    if second.refused and (second.key or "").isdecimal():
        alone = api.create(api.valued, key=digits_key(api.key()))
        expect.accepted(expect.makes_record(alone, by="idempotency:characters"))


def judge_ends_of_keys(api: Api, expect: Expect, first: Exchange, *, thorough: bool) -> None:
    """Expect two keys to be two that differ after characters of every kind; a finding names what makes them one.

    Args:
        first: a create to send again under other keys.
        thorough: whether characters that are refused together are tried in smaller groups.
    """
    one, other = (api.equal(first, key=key) for key in spaced_keys(api.key(), ODD_CHARACTERS))
    if _are_two(one, other):
        _note(expect, one, f"with spaces and {' '.join(ODD_CHARACTERS)}")
        expect.separate(one, other)
    elif not _judge_ends(api, expect, first, ODD_CHARACTERS, thorough=thorough) and one.record_id:
        expect.separate(one, other, kind="the number of spaces in it")


def _are_two(one: Exchange, other: Exchange) -> bool:
    return bool(one.record_id) and other.accepted and other.record_id != one.record_id


def _judge_ends(api: Api, expect: Expect, first: Exchange, characters: str, *, thorough: bool) -> bool:
    """Judge two keys with characters in them, and return whether anything was found; each half where they are not two."""
    one, other = (api.equal(first, key=key) for key in odd_keys(api.key(), characters))
    crashed = next((each for each in (one, other) if each.status >= 500), None)
    if _are_two(one, other):
        _note(expect, one, f"with {' '.join(characters)}")
        expect.separate(one, other, kind=characters)
        return not other.record_id
    refused = one.refused and not crashed
    smaller = len(characters) > (_FEW if refused else 1) and (thorough or not refused)
    halves = _halves(characters) if smaller else ()
    found = [_judge_ends(api, expect, first, half, thorough=thorough) for half in halves]
    if any(found):
        return True
    _note(expect, crashed or one, f"with {' '.join(characters)}")
    if not refused and not crashed:
        expect.separate(one, other, kind=characters)
    return not refused


def _halves(characters: str) -> Iterator[str]:
    middle = len(characters) // 2
    yield from (characters[:middle], characters[middle:])


def _note(expect: Expect, exchange: Exchange, about: str) -> None:
    """Whether a key is taken is the target's choice, as long as it answers."""
    expect.handled(exchange, f"a create with an Idempotency-Key {about}")
    expect.observe_choice(f"an Idempotency-Key {about}", exchange)
