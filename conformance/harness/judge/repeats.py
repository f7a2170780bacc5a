"""What the answer to a repeated create must be, in the light of those before it (contract 4 and 11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ....strategies import Mismatch, Step
from ..wire.exchange import Exchange
from .expectation import Expectation
from .judgement import NO_SUBJECT, Judgement, Subject, judge

__all__ = ["judge_history", "judge_one_winner", "judge_original_or_refused", "judge_replayed", "judge_separate"]

_REPLAY = "idempotency:replay"


def judge_replayed(clause: str, first: Exchange, again: Exchange) -> Judgement:
    """Judge whether it is the first answer once more: same status, same JSON value; headers and bytes may differ."""
    expected = f"the original response: {first.status} with record {first.record_id}"
    observed = _describe(again)
    if again.record_id and again.record_id == first.record_id and again.body != first.body:
        observed += ", whose body differs"
    held = again.status == first.status and again.body == first.body
    return judge(Expectation.REPLAYED, clause, expected, held, observed, due=(str(first.status),))


def judge_separate(clause: str, first: Exchange, second: Exchange, about: Subject = NO_SUBJECT) -> Judgement:
    """Judge whether it is a record of its own."""
    held = bool(second.record_id) and second.record_id != first.record_id
    expected = f"a record of its own, not {first.record_id}"
    return judge(Expectation.SEPARATE, clause, expected, held, _describe(second), subject=about)


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


def judge_history(clause: str, mismatch: Mismatch | None) -> Judgement:
    """Judge whether a history went as the model of the key store permits.

    Args:
        clause: the one that the history is about.
        mismatch: where it did not; it names the clause that it breaks.
    """
    expected = "what the model of the key store permits"
    if mismatch is None:
        return judge(Expectation.HISTORY, clause, expected, True, "")
    # A plain repeat is judged by itself; where a history fails there, what came between is to blame.
    broken = clause if mismatch.clause == _REPLAY else mismatch.clause
    about = Subject(rule="history", kind=f"{_describe_steps(mismatch.history[-1:])}: {mismatch.seen}")
    return judge(Expectation.HISTORY, broken, expected, False, mismatch.reason, subject=about)


def _describe_steps(steps: Sequence[Step]) -> str:
    """What is special about steps, in words that hold for any run."""
    words = []
    for step in steps:
        for field in dataclasses.fields(step):
            name, value = field.name.replace("_", " "), getattr(step, field.name)
            if value != field.default:
                words.append(f"no {name}" if value is None else name if value is True else f"{name} {value}")
    return ", ".join(words) or "a plain create"


def _describe(exchange: Exchange) -> str:
    return f"answered {exchange.answer}" + (f" with record {exchange.record_id}" if exchange.record_id else "")
