"""A pure model of the idempotency key store: what each step of a history may be answered, and how many records exist."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .callers import Caller
from .steps import Key, KeyAnswer, Payload, Reply, Step

__all__ = ["Count", "KeyModel", "Mismatch", "Permitted"]


class Count(NamedTuple):
    """How many records there are at the least and at the most; a lost answer leaves one of them uncertain."""

    least: int = 0
    most: int = 0


@dataclasses.dataclass(frozen=True)
class Permitted:
    """What a step may be answered.

    Attributes:
        replies: what each single answer may be.
        new: how many new records its answers show together.
        clause: the id of the clause that any other answer breaks.
    """

    replies: frozenset[Reply]
    new: Count
    clause: str


@dataclasses.dataclass(frozen=True)
class Mismatch:
    """A clause that a history saw broken.

    Attributes:
        reason: what came back, and what was permitted.
        history: the steps taken, the one that showed it last.
        seen: what came back, in a word or two that hold for any run.
        permitted: what a single answer may be; empty where it is the number of records that is wrong.
    """

    clause: str
    reason: str
    history: tuple[Step, ...] = ()
    seen: str = ""
    permitted: frozenset[Reply] = frozenset()

    def __str__(self) -> str:
        """Return the clause, the reason and the history in one line."""
        return f"{self.clause}: {self.reason}; history: {', '.join(map(repr, self.history))}"


class _Scope(NamedTuple):
    organization: str
    other_operation: bool


class _Name(NamedTuple):
    scope: _Scope
    key: Key


@dataclasses.dataclass(frozen=True)
class _Slot:
    """What is known of one key.

    Attributes:
        tried: whether a request that may have made the record was sent.
        payload: the body that made the record; None if it is one of several.
        record, content: what the first answer showed; record is None as long as nothing was seen.
        unused_after: why it has to be as good as new though it was sent: `failure` or `unauthorized`.
    """

    tried: bool = False
    payload: Payload | None = None
    record: str | None = None
    content: str = ""
    unused_after: str = ""


_DENIED = frozenset({Reply.REFUSED})
_REFUSING = {Caller.NO_CREATE: "scope:required", Caller.UNKNOWN_KEY: "key:required", Caller.NO_KEY: "key:required"}
_ANY_4XX = frozenset({Reply.REFUSED, Reply.CONFLICT})


@dataclasses.dataclass(frozen=True)
class KeyModel:
    """The key store as the contract has it (contract 4 and 11), as far as a client can know its state.

    A value: `permit` looks one step ahead, `judge` compares, `after` is the next model.
    """

    slots: Mapping[_Name, _Slot] = dataclasses.field(default_factory=dict)
    keyless: Mapping[_Scope, int] = dataclasses.field(default_factory=dict)
    seen: frozenset[str] = frozenset()

    def permit(self, step: Step) -> Permitted:
        """Return what the step may be answered now."""
        slot = self._slot(step)
        if step.lost:
            return Permitted(frozenset({Reply.LOST}), Count(), "idempotency:lost-answer")
        if step.caller.denied:
            return Permitted(_DENIED, Count(), "idempotency:not-served" if slot.tried else _REFUSING[step.caller])
        if slot.record is not None:
            return Permitted(*self._used(step, slot), self._clause(step, slot))
        if slot.tried:
            return Permitted(*self._uncertain(step, slot), "idempotency:lost-answer")
        return Permitted(*_fresh(step), self._clause(step, slot))

    def judge(self, step: Step, answers: Sequence[KeyAnswer]) -> Mismatch | None:
        """Return what is wrong with the answers to the step, one for each copy in any order; None if nothing is."""
        permitted = self.permit(step)
        replies = self.replies(step, answers)
        for reply in replies:
            if reply not in permitted.replies:
                reason = f"{step}: {reply}, where {_listed(permitted.replies)} was due"
                return Mismatch(permitted.clause, reason, seen=reply.value, permitted=permitted.replies)
        new = {answer.record for answer, reply in zip(answers, replies, strict=True) if reply is Reply.NEW}
        if not permitted.new.least <= len(new) <= permitted.new.most:
            reason = f"{step}: {len(new)} new records, where {_ranged(permitted.new)} was due"
            return Mismatch(permitted.clause, reason, seen=f"{len(new)} new records")
        contents = {self._slot(step).content, *(answer.content for answer in answers if answer.record)} - {""}
        if step.key is not None and len(contents) > 1:
            reason = f"{step}: the same record, but not the same response"
            return Mismatch(permitted.clause, reason, seen="another response", permitted=permitted.replies)
        return None

    def after(self, step: Step, answers: Sequence[KeyAnswer]) -> KeyModel:
        """Return the model that has learned permitted answers."""
        successes = [answer for answer in answers if answer.record is not None]
        seen = self.seen | {answer.record for answer in successes if answer.record is not None}
        scope = _Scope(step.organization, step.other_operation)
        if step.key is None:
            made = len({answer.record for answer in successes})
            return KeyModel(self.slots, {**self.keyless, scope: self.keyless.get(scope, 0) + made}, seen)
        slot = _learned(self._slot(step), step, successes)
        return KeyModel({**self.slots, _Name(scope, step.key): slot}, self.keyless, seen)

    def replies(self, step: Step, answers: Sequence[KeyAnswer]) -> tuple[Reply, ...]:
        """Return what each answer is, in the order of the answers."""
        record = self._slot(step).record
        found: list[Reply] = []
        for answer in answers:
            reply = _reply(answer, record, self.seen)
            if reply is Reply.NEW and step.key is not None:
                record = answer.record
            found.append(reply)
        return tuple(found)

    def records(self, organization: str = "own", *, other_operation: bool = False) -> Count:
        """Return how many records of one operation the history has made in an organization, `own` or `other`."""
        scope = _Scope(organization, other_operation)
        slots = [slot for name, slot in self.slots.items() if name.scope == scope]
        keyless = self.keyless.get(scope, 0)
        made = sum(slot.record is not None for slot in slots)
        return Count(keyless + made, keyless + sum(slot.tried for slot in slots))

    def _slot(self, step: Step) -> _Slot:
        if step.key is None:
            return _Slot()
        return self.slots.get(_Name(_Scope(step.organization, step.other_operation), step.key), _Slot())

    def _used(self, step: Step, slot: _Slot) -> tuple[frozenset[Reply], Count]:
        same = step.payload is slot.payload
        late = frozenset({Reply.CONFLICT}) if step.copies > 1 else frozenset()
        return frozenset({Reply.ORIGINAL}) | (late if same else _ANY_4XX), Count()

    def _uncertain(self, step: Step, slot: _Slot) -> tuple[frozenset[Reply], Count]:
        """After a lost answer: the original, which was never seen, or a 409 while it is still in flight."""
        same = step.payload is slot.payload
        shown = {Reply.NEW} | ({Reply.ORIGINAL} if step.copies > 1 else set())
        return frozenset(shown | ({Reply.CONFLICT} if same else _ANY_4XX) | _odd(step)), Count(0, 1)

    def _clause(self, step: Step, slot: _Slot) -> str:
        if step.key is None:
            return "idempotency:no-key"
        if step.copies > 1:
            return "idempotency:concurrent"
        if slot.record is not None:
            other = "other-body" if step.payload is not slot.payload else ""
            return f"idempotency:{other or ('same-json' if step.reformatted else 'replay')}"
        return f"idempotency:{slot.unused_after}" if slot.unused_after else self._clause_of_first_use(step, step.key)

    def _clause_of_first_use(self, step: Step, key: Key) -> str:
        scope = _Scope(step.organization, step.other_operation)
        used = [name for name, slot in self.slots.items() if slot.tried]
        near = [name.key for name in used if name.scope == scope]
        if step.payload is Payload.INVALID or not used:
            return "idempotency:length" if key is Key.LONGEST and not used else "operation:create"
        if any(key.resembles(other) for other in near):
            return "idempotency:exact"
        if any(name.key is key and name.scope.organization != scope.organization for name in used):
            return "idempotency:other-organization"
        if any(name.key is key and name.scope.other_operation != scope.other_operation for name in used):
            return "idempotency:other-operation"
        return "idempotency:two-keys"


def _fresh(step: Step) -> tuple[frozenset[Reply], Count]:
    if step.payload is Payload.INVALID:
        return _ANY_4XX if step.copies > 1 else _DENIED, Count()
    if step.key is None:
        return frozenset({Reply.NEW}), Count(step.copies, step.copies)
    late = {Reply.ORIGINAL, Reply.CONFLICT} if step.copies > 1 else set()
    odd = _odd(step)
    return frozenset({Reply.NEW, *late, *odd}), Count(0 if odd else 1, 1)


def _odd(step: Step) -> frozenset[Reply]:
    """A key of other characters than letters, digits, `-` and `_` may be refused (contract 11)."""
    return frozenset({Reply.REFUSED}) if step.key is Key.SPACED else frozenset()


def _learned(slot: _Slot, step: Step, successes: Sequence[KeyAnswer]) -> _Slot:
    if successes and slot.record is None:
        return _Slot(True, _making(slot, step), successes[0].record, successes[0].content)
    if step.lost and slot.record is None:
        return _Slot(True, _making(slot, step))
    if slot.tried:
        return slot
    return dataclasses.replace(slot, unused_after="unauthorized" if step.caller.denied else "failure")


def _making(slot: _Slot, step: Step) -> Payload | None:
    """Which body makes, or made, the record: an invalid one never does, and of two that were tried either may have."""
    if not slot.tried:
        return step.payload
    return slot.payload if step.payload in (slot.payload, Payload.INVALID) else None


def _reply(answer: KeyAnswer, original: str | None, seen: frozenset[str]) -> Reply:
    if answer.status is None:
        return Reply.LOST
    if answer.status // 100 == 4:
        return Reply.CONFLICT if answer.status == 409 else Reply.REFUSED
    if answer.record is None or answer.status // 100 != 2:
        return Reply.BROKEN
    if answer.record == original:
        return Reply.ORIGINAL
    return Reply.ANOTHER if answer.record in seen else Reply.NEW


def _listed(replies: frozenset[Reply]) -> str:
    return " or ".join(sorted(replies))


def _ranged(count: Count) -> str:
    return str(count.least) if count.least == count.most else f"{count.least} to {count.most}"
