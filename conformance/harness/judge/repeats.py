"""What the answer to a repeated create must be, in the light of those before it (contract 4 and 11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ....strategies import Departure, History
from ..wire.exchange import Exchange
from .expectation import Expectation
from .judgement import Judgement, judge

__all__ = [
    "judge_departure",
    "judge_history",
    "judge_one_winner",
    "judge_original_or_refused",
    "judge_replayed",
    "judge_separate",
]


def judge_replayed(clause: str, first: Exchange, again: Exchange) -> Judgement:
    """Judge whether it is the first answer once more: same status, same JSON value; headers and bytes may differ."""
    expected = f"the original response: {first.status} with record {first.record_id}"
    observed = _describe(again)
    if again.record_id and again.record_id == first.record_id and again.body != first.body:
        observed += ", whose body differs"
    held = again.status == first.status and again.body == first.body
    return judge(Expectation.REPLAYED, clause, expected, held, observed, due=(str(first.status),))


def judge_separate(clause: str, first: Exchange, second: Exchange) -> Judgement:
    """Judge whether it is a record of its own."""
    held = bool(second.record_id) and second.record_id != first.record_id
    expected = f"a record of its own, not {first.record_id}"
    return judge(Expectation.SEPARATE, clause, expected, held, _describe(second))


def judge_original_or_refused(clause: str, first: Exchange, again: Exchange) -> Judgement:
    """Judge whether it is the first answer once more, or a 4xx; never a second record."""
    held = again.refused or (again.accepted and again.body == first.body)
    expected = f"the original response or a 4xx, and no record besides {first.record_id}"
    due = (str(first.status), "4xx")
    return judge(Expectation.ORIGINAL_OR_REFUSED, clause, expected, held, _describe(again), due=due)


def judge_one_winner(clause: str, exchanges: Sequence[Exchange]) -> Judgement:
    """Judge whether there is one record, and every other answer is that response, or 409."""
    winners = [exchange for exchange in exchanges if exchange.accepted]
    one = len({exchange.record_id for exchange in winners}) == 1
    held = one and all(e.status == 409 or (e.accepted and e.body == winners[0].body) for e in exchanges)
    observed = ", ".join(f"{exchange.answer} {exchange.record_id}".strip() for exchange in exchanges)
    return judge(Expectation.ONE_WINNER, clause, "one record; every other answer the same or 409", held, observed)


def judge_history(history: History, departure: Departure | None) -> Judgement:
    """Judge whether a history went as the model of the key store permits; `departure` says where it did not."""
    if departure is None:
        return judge(Expectation.HISTORY, history.clause, f"history {history.name}", True, "")
    # A plain repeat is judged by itself; where a history fails there, what came between is to blame.
    clause = history.clause if departure.clause == "idempotency:replay" else departure.clause
    return judge_departure(dataclasses.replace(departure, clause=clause))


def judge_departure(departure: Departure) -> Judgement:
    """Judge a history that went another way than the model permits."""
    expected = "what the model of the key store permits"
    return judge(Expectation.HISTORY, departure.clause, expected, False, departure.reason)


def _describe(exchange: Exchange) -> str:
    return f"answered {exchange.answer}" + (f" with record {exchange.record_id}" if exchange.record_id else "")
