"""What the answer to a repeated create must be, in the light of the first one (contract 4 and 11)."""

from __future__ import annotations

from collections.abc import Sequence

from ..wire.exchange import Exchange
from .judgement import Judgement, judge

__all__ = ["judge_one_winner", "judge_original_or_refused", "judge_replayed", "judge_separate"]


def judge_replayed(clause: str, first: Exchange, again: Exchange) -> Judgement:
    """The first answer once more: same status, same JSON value; headers and bytes may differ."""
    expected = f"the original response: {first.status} with record {first.record_id}"
    told = _told(again)
    if again.record_id and again.record_id == first.record_id and again.body != first.body:
        told += ", whose body differs"
    return judge(clause, expected, again.status == first.status and again.body == first.body, told)


def judge_separate(clause: str, first: Exchange, second: Exchange) -> Judgement:
    """A record of its own."""
    held = bool(second.record_id) and second.record_id != first.record_id
    return judge(clause, f"a record of its own, not {first.record_id}", held, _told(second))


def judge_original_or_refused(clause: str, first: Exchange, again: Exchange) -> Judgement:
    """The first answer once more, or a 4xx; never a second record."""
    held = again.refused or (again.accepted and again.body == first.body)
    return judge(clause, f"the original response or a 4xx, and no record besides {first.record_id}", held, _told(again))


def judge_one_winner(clause: str, exchanges: Sequence[Exchange]) -> Judgement:
    """One record; every other answer is that response, or 409."""
    winners = [exchange for exchange in exchanges if exchange.accepted]
    one = len({exchange.record_id for exchange in winners}) == 1
    held = one and all(e.status == 409 or (e.accepted and e.body == winners[0].body) for e in exchanges)
    told = ", ".join(f"{exchange.answer} {exchange.record_id}".strip() for exchange in exchanges)
    return judge(clause, "one record; every other answer the same or 409", held, told)


def _told(exchange: Exchange) -> str:
    return f"answered {exchange.answer}" + (f" with record {exchange.record_id}" if exchange.record_id else "")
