"""The model of the key store: right stores pass, each broken one is found, and in a history of three steps at most."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from lightfield_contract.spec import load
from lightfield_contract.strategies import (
    Caller,
    Depth,
    HistoryMismatchError,
    Key,
    KeyAnswer,
    KeyModel,
    Payload,
    Reply,
    Step,
    enumerate_histories,
    history_machine,
    play,
    spell_key,
)

EVERYTHING = ("no-create", "other-organization", "other-operation")
LENGTH = 60
CREATE = Step()


class _Store:
    """A server in memory that keeps every clause about idempotency; each fault below changes one thing about it."""

    def __init__(self) -> None:
        self.made: list[tuple[str, bool]] = []
        self.saved: dict[Any, tuple[Payload, KeyAnswer]] = {}

    def perform(self, step: Step) -> tuple[KeyAnswer, ...]:
        answers = tuple(self.answer(step) for _ in range(step.copies))
        return (KeyAnswer(None),) if step.lost else answers

    def records(self, organization: str, *, other_operation: bool) -> int | None:
        return self.made.count((organization, other_operation))

    def close(self) -> None:
        self.saved.clear()

    def answer(self, step: Step) -> KeyAnswer:
        if step.caller.denied:
            return self.deny(step)
        name = self.name(step)
        if name in self.saved:
            return self.replay(step, name)
        if step.payload is Payload.INVALID:
            return self.refuse(step, name)
        answer = self.create(step)
        if step.key is not None:
            self.save(step, name, answer)
        return answer

    def deny(self, step: Step) -> KeyAnswer:
        return KeyAnswer(401 if step.caller is Caller.UNKNOWN_KEY else 403)

    def name(self, step: Step) -> Any:
        return step.organization, step.other_operation, self.spell(step)

    def spell(self, step: Step) -> str | None:
        return None if step.key is None else spell_key(step.key, "run", LENGTH)

    def replay(self, _step: Step, name: Any, /) -> KeyAnswer:
        return self.saved[name][1]

    def refuse(self, _step: Step, _name: Any, /) -> KeyAnswer:
        return KeyAnswer(400)

    def create(self, step: Step) -> KeyAnswer:
        self.made.append((step.organization, step.other_operation))
        record = f"record-{len(self.made)}"
        return KeyAnswer(200, record, f"{record} made of {step.payload}")

    def save(self, step: Step, name: Any, answer: KeyAnswer, /) -> None:
        self.saved[name] = (step.payload, answer)


class _Strict(_Store):
    """Refuses a used key with another body, as the draft prefers; late copies get 409."""

    def perform(self, step: Step) -> tuple[KeyAnswer, ...]:
        answers = super().perform(step)
        return answers if step.key is None else (*(KeyAnswer(409) for _ in answers[1:]), answers[0])

    def replay(self, step: Step, name: Any, /) -> KeyAnswer:
        return super().replay(step, name) if self.saved[name][0] is step.payload else KeyAnswer(422)


class _Unfinished(_Store):
    """Never finished the request whose connection broke; the retry creates."""

    def perform(self, step: Step) -> tuple[KeyAnswer, ...]:
        return (KeyAnswer(None),) if step.lost else super().perform(step)


class _FoldsCase(_Store):
    """Compares keys without case."""

    def spell(self, step: Step) -> str | None:
        return (super().spell(step) or "").lower() or None


class _DropsSpaces(_Store):
    """Takes inner spaces out of keys."""

    def spell(self, step: Step) -> str | None:
        return (super().spell(step) or "").replace(" ", "") or None


class _CutsKeys(_Store):
    """Stores all but the last character of a long key."""

    def spell(self, step: Step) -> str | None:
        return (super().spell(step) or "")[: LENGTH - 1] or None


class _KeepsTheLastKeyOnly(_Store):
    """Has room for one key."""

    def save(self, step: Step, name: Any, answer: KeyAnswer, /) -> None:
        self.saved.clear()
        super().save(step, name, answer)


class _BurnsKeysOnFailure(_Store):
    """Replays a refusal."""

    def refuse(self, step: Step, name: Any, /) -> KeyAnswer:
        if step.key is not None:
            self.save(step, name, KeyAnswer(400))
        return KeyAnswer(400)


class _BurnsKeysOfTheUnauthorized(_Store):
    """Claims the key before it looks at the credentials."""

    def deny(self, step: Step) -> KeyAnswer:
        answer = super().deny(step)
        if step.key is not None:
            self.saved.setdefault(self.name(step), (step.payload, answer))
        return answer


class _ServesAnybody(_Store):
    """Looks the key up before it looks at the credentials."""

    def deny(self, step: Step) -> KeyAnswer:
        name = self.name(step)
        return self.replay(step, name) if name in self.saved else super().deny(step)


class _SharesOrganizations(_Store):
    """Has one set of keys for everybody."""

    def name(self, step: Step) -> Any:
        return step.other_operation, self.spell(step)


class _SharesOperations(_Store):
    """Has one set of keys for all endpoints."""

    def name(self, step: Step) -> Any:
        return step.organization, self.spell(step)


class _LosesRaces(_Store):
    """Looks for the key, and stores it too much later."""

    def answer(self, step: Step) -> KeyAnswer:
        if step.copies > 1 and self.name(step) not in self.saved:
            return self.create(step)
        return super().answer(step)


class _ForgetsLostAnswers(_Store):
    """Stores the key only when the answer was delivered."""

    def save(self, step: Step, name: Any, answer: KeyAnswer, /) -> None:
        if not step.lost:
            super().save(step, name, answer)


class _MakesAnotherOfAnotherBody(_Store):
    """Takes the body for a part of the key."""

    def name(self, step: Step) -> Any:
        return (*super().name(step), step.payload)


class _ComparesBytes(_Store):
    """Takes the spelling of the body for a part of the key."""

    def name(self, step: Step) -> Any:
        return (*super().name(step), step.reformatted)


class _RendersAnew(_Store):
    """Replays the record as it would be shown now."""

    def replay(self, step: Step, name: Any, /) -> KeyAnswer:
        return dataclasses.replace(super().replay(step, name), content="later")


class _IgnoresKeys(_Store):
    """Has no idempotency."""

    def save(self, _step: Step, _name: Any, _answer: KeyAnswer, /) -> None:
        return None


class _TakesNoKeyForOne(_Store):
    """Replays what has no key."""

    def answer(self, step: Step) -> KeyAnswer:
        answer = super().answer(step)
        if step.key is None and answer.record:
            self.save(step, self.name(step), answer)
        return answer


class _CreatesWhenItReplays(_Store):
    """Answers with the original, and creates again."""

    def replay(self, step: Step, name: Any, /) -> KeyAnswer:
        self.create(step)
        return super().replay(step, name)


class _FallsOver(_Store):
    """Has a bug on the way to a replay."""

    def replay(self, _step: Step, _name: Any, /) -> KeyAnswer:
        return KeyAnswer(500)


CONFORMING = [_Store, _Strict, _Unfinished]
BROKEN = {
    _FoldsCase: {"idempotency:exact"},
    _DropsSpaces: {"idempotency:exact"},
    _CutsKeys: {"idempotency:exact"},
    _KeepsTheLastKeyOnly: {"idempotency:replay"},
    _BurnsKeysOnFailure: {"idempotency:failure"},
    _BurnsKeysOfTheUnauthorized: {"idempotency:unauthorized"},
    _ServesAnybody: {"idempotency:not-served"},
    _SharesOrganizations: {"idempotency:other-organization"},
    _SharesOperations: {"idempotency:other-operation"},
    _LosesRaces: {"idempotency:concurrent"},
    _ForgetsLostAnswers: {"idempotency:lost-answer"},
    _MakesAnotherOfAnotherBody: {"idempotency:other-body"},
    _ComparesBytes: {"idempotency:same-json"},
    _RendersAnew: {"idempotency:replay"},
    _IgnoresKeys: {"idempotency:replay"},
    _TakesNoKeyForOne: {"idempotency:no-key"},
    _CreatesWhenItReplays: {"idempotency:replay"},
    _FallsOver: {"idempotency:replay"},
}
"""The clause that each broken store breaks."""

RARE = (_DropsSpaces, _CutsKeys, _KeepsTheLastKeyOnly)
"""Faults that smoke depth does not look for."""


def explore(store: type[_Store], examples: int) -> None:
    """Drive the machine against fresh stores."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=5,
        database=None,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(history_machine(store, EVERYTHING), settings=chosen)


@pytest.mark.parametrize("store", CONFORMING)
def test_a_conforming_store_passes(store: type[_Store]) -> None:
    """Whichever of the permitted behaviours a store has chosen, no history blames it."""
    for history in enumerate_histories(Depth.DEEP, seed=7):
        assert play(history.steps, store()) is None, history.name
    explore(store, 100)


@pytest.mark.parametrize("store", BROKEN)
def test_the_machine_finds_a_broken_store_and_shrinks_the_history(store: type[_Store]) -> None:
    """What is reported has as few steps as the fault needs."""
    with pytest.raises(HistoryMismatchError) as caught:
        explore(store, 1000)
    assert len(caught.value.mismatch.history) <= 3


@pytest.mark.parametrize("store", BROKEN)
def test_an_enumerated_history_finds_a_broken_store(store: type[_Store]) -> None:
    """Standard depth finds each fault without exploring, and blames the clause that it breaks."""
    blamed = set()
    for history in enumerate_histories():
        if mismatch := play(history.steps, store()):
            blamed.add(mismatch.clause)
    assert blamed & BROKEN[store]


@pytest.mark.parametrize("store", [store for store in BROKEN if store not in RARE])
def test_smoke_depth_finds_most(store: type[_Store]) -> None:
    """One history per clause is enough for all but the rarer ways of breaking one."""
    assert any(play(history.steps, store()) for history in enumerate_histories(Depth.SMOKE))


def test_a_history_breaks_off_at_the_first_mismatch() -> None:
    """The history of a mismatch ends with the step that showed it."""
    mismatch = play((CREATE, CREATE, CREATE), _FallsOver())
    assert mismatch is not None
    assert (mismatch.clause, mismatch.history) == ("idempotency:replay", (CREATE, CREATE))
    assert re.fullmatch(r"idempotency:replay: .*; history: Step\(\), Step\(\)", str(mismatch))


def test_the_model_tells_what_is_permitted() -> None:
    """A fresh key makes a record, a used one shows it, and no other caller is shown it."""
    model = KeyModel()
    assert model.permit(CREATE).replies == {Reply.NEW}
    used = model.after(CREATE, (KeyAnswer(200, "a", "a"),))
    assert used.permit(CREATE).replies == {Reply.ORIGINAL}
    assert used.permit(Step(Payload.SECOND)).replies == {Reply.ORIGINAL, Reply.REFUSED, Reply.CONFLICT}
    assert used.permit(Step(caller=Caller.UNKNOWN_KEY)).replies == {Reply.REFUSED}
    assert used.permit(Step(key=Key.OTHER_CASE)).replies == {Reply.NEW}
    assert used.permit(Step(caller=Caller.OTHER_ORGANIZATION)).replies == {Reply.NEW}
    assert used.records() == (1, 1)
    assert model.records() == (0, 0), "a model is a value: looking ahead changes nothing"


def test_a_lost_answer_leaves_one_record_uncertain() -> None:
    """Until the retry is answered there may be a record or none."""
    lost = KeyModel().after(Step(lost=True), (KeyAnswer(None),))
    assert lost.records() == (0, 1)
    assert lost.permit(CREATE).replies == {Reply.NEW, Reply.CONFLICT}
    waiting = lost.after(CREATE, (KeyAnswer(409),))
    assert waiting.records() == (0, 1)
    assert waiting.after(CREATE, (KeyAnswer(200, "a"),)).records() == (1, 1)


def test_another_body_after_a_lost_answer_may_have_made_the_record() -> None:
    """It cannot be known whose record it is, so neither body is held to a replay."""
    lost = KeyModel().after(Step(lost=True), (KeyAnswer(None),))
    other = lost.after(Step(Payload.SECOND), (KeyAnswer(200, "a"),))
    for payload in (Payload.FIRST, Payload.SECOND):
        assert other.permit(Step(payload)).replies == {Reply.ORIGINAL, Reply.REFUSED, Reply.CONFLICT}


def test_a_leak_is_never_permitted() -> None:
    """A record of another key, organization or operation is never shown."""
    model = KeyModel().after(CREATE, (KeyAnswer(200, "a"),))
    outsider = Step(caller=Caller.OTHER_ORGANIZATION)
    mismatch = model.judge(outsider, (KeyAnswer(200, "a"),))
    assert mismatch is not None
    assert mismatch.clause == "idempotency:other-organization"
    assert "another record" in mismatch.reason


def test_a_race_makes_one_record() -> None:
    """Two records, or none, are a mismatch; late copies may conflict."""
    race = Step(copies=3)
    right = (KeyAnswer(409), KeyAnswer(200, "a", "a"), KeyAnswer(200, "a", "a"))
    twice = (KeyAnswer(200, "a"), KeyAnswer(200, "b"), KeyAnswer(409))
    none = (KeyAnswer(409), KeyAnswer(409), KeyAnswer(409))
    assert KeyModel().judge(race, right) is None
    assert KeyModel().judge(race, twice) is not None
    assert KeyModel().judge(race, none) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"copies": 0},
        {"lost": True, "key": None},
        {"lost": True, "copies": 2},
        {"lost": True, "payload": Payload.INVALID},
        {"lost": True, "caller": Caller.UNKNOWN_KEY},
        {"other_operation": True, "payload": Payload.SECOND},
    ],
)
def test_steps_about_which_the_contract_is_silent_cannot_be_made(wrong: dict[str, Any]) -> None:
    """They are refused when they are made, not when they are judged."""
    with pytest.raises(ValueError, match=r"."):
        Step(**wrong)


def test_keys_differ_as_their_names_say() -> None:
    """Folding case, dropping spaces and cutting the end each merge two of them, and nothing else does."""
    spelled = {key: spell_key(key, "run-7", LENGTH) for key in Key}
    assert len(set(spelled.values())) == len(Key)
    assert spelled[Key.OTHER_CASE].lower() == spelled[Key.PLAIN].lower()
    assert spelled[Key.SPACED].replace(" ", "") == spelled[Key.PLAIN]
    assert spelled[Key.LONGEST][:-1] == spelled[Key.OTHER_END][:-1]
    assert {len(spelled[Key.LONGEST]), len(spelled[Key.OTHER_END])} == {LENGTH}
    assert all(text.isascii() and text == text.strip() and len(text) <= LENGTH for text in spelled.values())
    with pytest.raises(ValueError, match=r"too long"):
        spell_key(Key.PLAIN, "r" * LENGTH, LENGTH)


def test_enumerated_histories() -> None:
    """They are named, repeatable, affordable, and about clauses that exist."""
    clauses = {clause.id for clause in load().clauses}
    for depth in Depth:
        found = enumerate_histories(depth, seed=3)
        assert found == enumerate_histories(depth, seed=3)
        assert len({history.name for history in found}) == len(found)
        assert {history.clause for history in found} <= clauses
    assert enumerate_histories(Depth.DEEP, seed=3) != enumerate_histories(Depth.DEEP, seed=4)
    writes = [sum(step.copies for history in enumerate_histories(depth) for step in history.steps) for depth in Depth]
    assert writes[0] <= 40
    assert writes[1] <= 180
    shortest = {history.clause for history in enumerate_histories(Depth.SMOKE)}
    assert shortest >= {history.clause for history in enumerate_histories()}


def test_a_history_names_what_it_needs() -> None:
    """A caller can leave out what it cannot play."""
    needs = {history.clause: history.needs for history in enumerate_histories(Depth.SMOKE)}
    assert needs["idempotency:replay"] == frozenset()
    assert needs["idempotency:other-organization"] == {"other-organization"}
    assert needs["idempotency:other-operation"] == {"other-operation"}
    assert needs["idempotency:unauthorized"] == frozenset(), "an unknown key can always be sent"
