"""What the answer to a repeated create must be, in the light of those before it (contract 4 and 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ....strategies import Mismatch, Payload, Reply
from ..wire.exchange import Exchange
from .difference import changed_members
from .expectation import Expectation
from .judgement import NO_SUBJECT, Judgement, Subject, judge
from .situations import situation_of, situation_of_history

__all__ = [
    "NEW_RECORD",
    "judge_history",
    "judge_one_winner",
    "judge_original_or_refused",
    "judge_replayed",
    "judge_separate",
    "judge_situation",
]

NEW_RECORD: Final = "a new record"
"""The symptom of a repeat that made one."""
_REPLAY: Final = "idempotency:replay"
_OTHER_BODIES: Final = "creates with one Idempotency-Key and different bodies at the same time"
_SEEN: Final[Mapping[str, str]] = {
    Reply.NEW: NEW_RECORD,
    Reply.ORIGINAL: "the record of the earlier request",
    Reply.ANOTHER: "the record of another request",
    Reply.BROKEN: "no record",
    "another response": "the same record, but another response",
}
"""What came back, where the status alone does not say it."""
_DUE: Final[Mapping[str, str]] = {
    Reply.NEW: "a new record",
    Reply.ORIGINAL: "the original response",
    Reply.REFUSED: "a refusal",
    Reply.CONFLICT: "409",
}


def judge_replayed(clause: str, first: Exchange, again: Exchange, about: Subject = NO_SUBJECT) -> Judgement:
    """Judge whether it is the first answer once more: same status, same JSON value; headers and bytes may differ."""
    expected = f"the original response: {first.status} with record {first.record_id}"
    observed = _describe(again)
    if again.record_id and again.record_id == first.record_id and again.body != first.body:
        observed += ", whose body differs"
    held = again.answered_as(first)
    symptom, about = _symptom(first, again), about if about.kind else Subject(kind=situation_of(clause))
    due = (str(first.status),)
    return judge(Expectation.REPLAYED, clause, expected, held, observed, symptom=symptom, due=due, subject=about)


def judge_separate(clause: str, first: Exchange, second: Exchange, about: Subject = NO_SUBJECT) -> Judgement:
    """Judge whether it is a record of its own."""
    held = bool(second.record_id) and second.record_id != first.record_id
    expected = f"a record of its own, not {first.record_id}"
    symptom = _symptom(first, second)
    about = about if about.kind else Subject(kind=situation_of(clause) or "a create of its own")
    return judge(Expectation.SEPARATE, clause, expected, held, _describe(second), symptom=symptom, subject=about)


def judge_situation(clause: str, expected: str, held: bool, observed: str, exchanges: Sequence[Exchange]) -> Judgement:
    """Judge the last answer by what a case says of it; the exchanges before it led there."""
    symptom = _symptom(exchanges[0], exchanges[-1]) if len(exchanges) > 1 else _symptom(exchanges[-1], exchanges[-1])
    about = Subject(kind=situation_of(clause))
    return judge(Expectation.AS_THE_CASE_SAYS, clause, expected, held, observed, symptom=symptom, subject=about)


def judge_original_or_refused(clause: str, first: Exchange, again: Exchange) -> Judgement:
    """Judge whether it is the first answer once more, or a 4xx; never a second record."""
    held = again.refused or (again.accepted and again.body == first.body)
    expected = f"the original response or a 4xx, and no record besides {first.record_id}"
    symptom, about, kind = _symptom(first, again), Subject(kind=situation_of(clause)), Expectation.ORIGINAL_OR_REFUSED
    due = (str(first.status), "4xx")
    return judge(kind, clause, expected, held, _describe(again), symptom=symptom, due=due, subject=about)


def judge_one_winner(clause: str, exchanges: Sequence[Exchange]) -> Judgement:
    """Judge whether there is one record, and every other answer is that response, or 409.

    Where they have different bodies, any refusal is right, and nothing says that one of them has to win (contract 11).
    """
    alike = len({exchange.content for exchange in exchanges}) == 1
    winners = [exchange for exchange in exchanges if exchange.accepted]
    records = {exchange.record_id for exchange in winners}
    one = len(records) == 1 or not (alike or records)
    late = [exchange for exchange in exchanges if not exchange.accepted]
    strange = next((each for each in late if (each.status != 409 if alike else not each.refused)), None)
    unlike = next((each for each in winners if each.body != winners[0].body), None)
    held = one and strange is None and unlike is None
    observed = ", ".join(f"{exchange.answer} {exchange.record_id}".strip() for exchange in exchanges)
    made = f"{len(records) or 'no'} new record{'' if one else 's'}"
    # A success without a record is none of the records.
    symptom = _seen(strange) if strange else "no record" if "" in records else made
    symptom = _symptom(winners[0], unlike) if unlike and one and not strange else symptom
    expected = f"one record, and its answer or {'409' if alike else 'a 4xx'} for each of the others"
    about = Subject(kind=situation_of(clause) if alike else _OTHER_BODIES)
    return judge(Expectation.ONE_WINNER, clause, expected, held, observed, symptom=symptom, subject=about)


def judge_history(clause: str, mismatch: Mismatch | None, exchanges: Sequence[Exchange] = ()) -> Judgement:
    """Judge whether a history went as the model of the key store permits.

    Args:
        clause: the one that the history is about.
        mismatch: where it did not; it names the clause that it breaks.
        exchanges: the history's.
    """
    if mismatch is None:
        return judge(Expectation.HISTORY, clause, "what contract 4 permits", True, "")
    # A plain repeat is judged by itself; where a history fails there, what came between is to blame.
    broken = clause if mismatch.clause == _REPLAY else mismatch.clause
    about = Subject(rule="history", kind=situation_of_history(clause, mismatch.clause, mismatch.history))
    crashed = bool(exchanges) and exchanges[-1].status >= 500
    symptom = "" if crashed else _SEEN.get(mismatch.seen) or (mismatch.seen if not mismatch.permitted else "")
    expected = " or ".join(sorted(_DUE[reply] for reply in mismatch.permitted if reply in _DUE)) or "one record for each"
    if mismatch.history and mismatch.history[-1].payload is Payload.INVALID and expected == _DUE[Reply.REFUSED]:
        expected = "the refusal of its body"
    observed = f"answered {exchanges[-1].answer}" if exchanges else mismatch.seen
    observed += f": {symptom}" if symptom else ""
    return judge(Expectation.HISTORY, broken, expected, False, observed, symptom=symptom, subject=about)


def _describe(exchange: Exchange) -> str:
    return f"answered {exchange.answer}" + (f" with record {exchange.record_id}" if exchange.record_id else "")


def _symptom(first: Exchange, again: Exchange) -> str:
    """What an answer is in the light of the first one, where its status does not say it."""
    if not again.record_id:
        return _seen(again)
    if first.record_id and again.record_id != first.record_id:
        return _SEEN[Reply.NEW]
    if again.status != first.status:
        return f"{_SEEN['another response']} than the first, {first.status}"
    if again.body == first.body:
        return _SEEN[Reply.ORIGINAL]
    changed = changed_members(first.body, again.body)
    return f"the same record, but with another {' and '.join(changed)}" if changed else _SEEN["another response"]


def _seen(exchange: Exchange) -> str:
    return _SEEN[Reply.BROKEN] if exchange.accepted else ""
