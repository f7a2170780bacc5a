"""Finds out what a repeat depends on that does not get the original response: who sends it, how, and what came before."""

from __future__ import annotations

from typing import Final

from ....strategies.key_space import short_key
from ....strategies.ways import AGAIN
from ..case.api import Api
from ..case.material import reformatted
from ..case.shared_creates import NOTHING_CREATED
from ..judge import Expect, NotVerified
from ..wire.exchange import Exchange
from .narrowing import Plainest

__all__ = ["judge_first_repeat", "judge_single_key"]

_TIMES: Final = 12
"""Repeats that are sent at once before the time since its create is blamed for another one."""


def judge_first_repeat(api: Api, expect: Expect, first: Exchange, plainest_of: Plainest) -> None:
    """Expect a repeat in another form to get the original response; where it does not, tell what it is about it.

    Its form may be the cause, and later repeats may suffer from it: so a new create is repeated, by its caller, by another,
    and last in another form. Where none of these makes a difference, how the repeat is sent may, or that its key is short;
    else the first repeat came later than these did.
    """
    again = api.repeat_in_other_form(first)
    original = first if again.answered_as(first) else api.create(api.full_body(), key=api.key())
    if original is first or not original.record_id:
        expect.replayed(first, again)
        expect.replayed(first, again, "idempotency:same-json")
        return
    repeats = [api.repeat(original, caller=caller) for caller in dict.fromkeys((original.caller, api.other_caller))]
    formed = api.repeat(original, content=reformatted(original.content)).answered_as(original)
    if formed and all(repeat.answered_as(original) for repeat in repeats):
        _judge_sending(api, expect, original, plainest_of, (first, again))
        return
    for repeat in repeats:
        expect.replayed(original, repeat)
    if not formed:
        expect.replayed(first, again, "idempotency:same-json")


def _judge_sending(
    api: Api, expect: Expect, original: Exchange, plainest_of: Plainest, before: tuple[Exchange, Exchange]
) -> None:
    """Judge repeats of a create whose caller and form make no difference.

    Args:
        before: another create, and its repeat that got something else.
    """
    if not api.repeat(original, way=AGAIN).answered_as(original):
        plainest_of(AGAIN, lambda way: expect.replayed(original, api.repeat(original, way=way)))
        expect.replayed(*before, "idempotency:same-json")
        return
    for judge in (_judge_short_key, _judge_after_refusal, _judge_after_another_organization):
        if judge(api, expect):
            return
    at_once = (api.repeat(original) for _ in range(_TIMES))
    if unlike := next((repeat for repeat in at_once if not repeat.answered_as(original)), None):
        expect.replayed(original, unlike)
        return
    expect.replayed(*before, kind="a repeat some time after its create, unlike one that is sent at once")


def _judge_short_key(api: Api, expect: Expect) -> bool:
    """Judge a repeat with a short key; return whether it is what is wrong."""
    short = api.create(api.valued, key=short_key(api.key()))
    again = api.repeat(short)
    kind = f"a repeat with an Idempotency-Key of {len(short.key or '')} characters"
    expect.replayed(short, again, "idempotency:characters", kind)
    return not again.answered_as(short)


def _judge_after_refusal(api: Api, expect: Expect) -> bool:
    """Judge a repeat after a create that was refused, with another key; return whether it is what is wrong."""
    first = api.create(api.valued, key=api.key())
    refused = api.create({}, key=api.key(), blame=NOTHING_CREATED)
    again = api.repeat(first)
    kind = "a repeat after a create with another Idempotency-Key was refused"
    expect.replayed(first, again, kind=kind, between=refused)
    return not again.answered_as(first)


def _judge_after_another_organization(api: Api, expect: Expect) -> bool:
    """Judge a repeat after a create of another organization with an equal key; return whether it is what is wrong."""
    first = api.create(api.valued, key=api.key())
    try:
        api.by_other_organization(first.key)
    except NotVerified:
        return False
    again = api.repeat(first)
    kind = "a repeat after a create of another organization with an equal Idempotency-Key"
    expect.replayed(first, again, "idempotency:other-organization", kind)
    return not again.answered_as(first)


def judge_single_key(api: Api, expect: Expect, first: Exchange) -> None:
    """Expect a repeat of a create with a key of one character to get its response.

    Where it does not, and the next repeat gets what the first one got, such keys are kept, and something else is wrong.
    """
    again = api.repeat(first)
    if again.answered_as(first) or not api.repeat(first).answered_as(again):
        expect.replayed(first, again, kind="a repeat with an Idempotency-Key of one character")
    else:
        expect.replayed(first, again, "idempotency:replay")
