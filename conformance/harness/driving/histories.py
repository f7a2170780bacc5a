"""Play idempotency histories over HTTP: what a model's step means in requests."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from ....strategies import Caller, History, KeyAnswer, Mismatch, Payload, Step, play, spell_key
from ..case.api import Api
from ..case.material import Material, reformatted, smallest_other
from ..case.session import World
from ..judge.record import NotVerified
from ..wire.exchange import Exchange
from ..wire.outgoing import Draft

__all__ = ["HistoryDriver", "offers"]


def offers(world: World) -> frozenset[str]:
    """Return what histories may ask of this target, by names of `contract.needs`."""
    given = Material(world)
    found = {str(Caller.NO_CREATE)} & world.target.callers.keys()
    for need, reach in (
        ("other-organization", lambda: given.smallest_of_other_organization),
        ("other-operation", given.other_object_type),
    ):
        try:
            reach()
        except NotVerified:
            continue
        if need == "other-operation" or need in world.target.callers:
            found |= {need}
    return frozenset(found)


class HistoryDriver:
    """A `strategies.Driver`: every history has keys and bodies of its own, the marker included.

    Attributes:
        exchanges: those of the history so far.
        created: of the endpoint and the organization under test, the first answer that shows each record.
    """

    def __init__(self, world: World, api: Api) -> None:
        self.exchanges: list[Exchange] = []
        self.created: list[Exchange] = []
        self._world = world
        self._api = api
        self._given = Material(world)
        self._prefix = api.key()
        self._drafts: dict[tuple[Payload, str, bool, str], Draft] = {}
        self._lost: set[str | None] = set()

    def play(self, history: History) -> Mismatch | None:
        """Play a history, and return what the model of the key store does not permit of what came back.

        Raises:
            NotVerified: the target or the user does not offer what the history needs.
        """
        if missing := sorted(history.needs - offers(self._world)):
            raise self._world.unmet(missing[0])
        return play(history.steps, self)

    def perform(self, step: Step) -> tuple[KeyAnswer, ...]:
        """Send the step's requests."""
        key = None if step.key is None else spell_key(step.key, self._prefix, self._world.contract.key_length)
        draft = self._draft(step)
        if step.copies > 1:
            found = self._api.together(step.copies, key, draft, step.caller)
        else:
            found = [self._one(step, draft, key)]
        self.exchanges += found
        if draft.own and step.organization == "own":
            self._note_created(found)
        return tuple(_answer(exchange, lost=step.lost) for exchange in found)

    def records(self, organization: str, *, other_operation: bool) -> int | None:
        """Return None: the audit counts for the whole run, and blames the history's case."""
        del organization, other_operation
        return None

    def close(self) -> None:
        """Let go of nothing; the client is the run's."""

    def _one(self, step: Step, draft: Draft, key: str | None) -> Exchange:
        def send() -> Exchange:
            return self._api.sender.post(draft, caller=step.caller, key=key, abandon=step.lost)

        exchange = self._api.settled(send) if key in self._lost else send()
        if step.lost:
            self._lost.add(key)
        if step.other_operation and exchange.refused and exchange.status != 409:
            self._api.check_other_operation()
        return exchange

    def _note_created(self, found: Sequence[Exchange]) -> None:
        """What a later answer shows of a record is for the model to compare with the first one."""
        seen = {exchange.record_id for exchange in self.created}
        for exchange in found:
            if exchange.record_id and exchange.record_id not in seen:
                seen.add(exchange.record_id)
                self.created.append(exchange)

    def _draft(self, step: Step) -> Draft:
        """One body for each payload, organization and operation, the same JSON value throughout the history.

        Where it has to hold values at unique places, each key has a body of its own: an equal one may be refused.
        """
        name = (step.payload, step.organization, step.other_operation, self._record_of(step))
        if name not in self._drafts:
            self._drafts[name] = self._make(step)
        draft = self._drafts[name]
        if not step.reformatted:
            return draft
        return dataclasses.replace(draft, content=reformatted(draft.content))

    def _record_of(self, step: Step) -> str:
        """Which of several equal records a step is about, where those may not be equal to the last value."""
        if not self._given.holds_unique or step.other_operation:
            return ""
        if step.key is None and step.copies > 1:
            raise NotVerified("creates that are equal in all may be refused: a value that has to be set has to be unique")
        return step.key or self._api.sender.number()

    def _make(self, step: Step) -> Draft:
        if step.other_operation:
            operation = self._world.contract.collections[self._given.other_object_type()].create
            if operation is None:
                raise NotVerified("the fragment has no other create endpoint")
            return self._api.sender.draft_other(operation, smallest_other(operation))
        if step.caller is Caller.OTHER_ORGANIZATION:
            return self._api.sender.draft(self._given.smallest_of_other_organization)
        bodies = {
            Payload.FIRST: lambda: self._given.repeatable,
            Payload.SECOND: lambda: self._given.linked(self._given.repeatable),
            Payload.INVALID: lambda: self._given.incomplete(self._given.repeatable),
        }
        return self._api.sender.draft(bodies[step.payload]())


def _answer(exchange: Exchange, *, lost: bool) -> KeyAnswer:
    if lost:
        return KeyAnswer(None)
    content = json.dumps([exchange.status, exchange.body], sort_keys=True) if exchange.record_id else ""
    return KeyAnswer(exchange.status, exchange.record_id or None, content)
