"""Play idempotency histories over HTTP: what a model's step means in requests."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from ....strategies import Caller, History, KeyAnswer, KeyModel, Mismatch, Payload, Step, play, spell_key
from ..case.api import Api
from ..case.material import Material, reformatted, smallest_other
from ..case.overlapping import Create
from ..case.world import World
from ..judge.record import NotVerified
from ..wire.exchange import Exchange
from ..wire.outgoing import Draft

__all__ = ["HistoryDriver", "offers"]


def offers(world: World) -> frozenset[str]:
    """Return what histories may ask of this target, by names of `contract.needs`."""
    given = Material(world)
    found = {str(Caller.NO_CREATE)} & world.target.callers.keys()
    for need, reach in (
        ("other-organization", lambda: given.of_other_organization),
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
        created: of the endpoint under test, the first answer that shows each record.
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
        self._model = KeyModel()
        self._drawn = False

    def play(self, history: History) -> Mismatch | None:
        """Play a history, and return what the model of the key store does not permit of what came back.

        Raises:
            NotVerified: the target or the user does not offer what the history needs.
        """
        if missing := sorted(history.needs - offers(self._world)):
            raise self._world.unmet(missing[0])
        self._drawn = history.drawn
        return play(history.steps, self)

    def perform(self, step: Step) -> tuple[KeyAnswer, ...]:
        """Send the step's requests."""
        key = None if step.key is None else spell_key(step.key, self._prefix, self._world.contract.key_length)
        draft = self._draft(step)
        create = Create(draft, key, step.caller, self._blame(step))
        found = self._api.together(step.copies, create) if step.copies > 1 else [self._one(step, create)]
        self.exchanges += found
        # After a create whose answer was lost, another one with its key may show the record of the lost one.
        if draft.own and key not in self._lost:
            self._note_created(found)
        answers = tuple(_answer(exchange, lost=step.lost) for exchange in found)
        self._model = self._model.after(step, answers)
        return answers

    def records(self, organization: str, *, other_operation: bool) -> int | None:
        """Return None: the audit counts for the whole run, and blames the history's case."""
        del organization, other_operation
        return None

    def close(self) -> None:
        """Let go of nothing; the client is the run's."""

    def _blame(self, step: Step) -> str:
        """What a step breaks when it makes a record that no answer accounts for; "" where that is the history's clause.

        One that is drawn goes after no clause, and each of its keys has bodies of its own, which show what made a record.
        """
        if not self._drawn:
            return ""
        permitted = self._model.permit(step)
        if permitted.new.most:
            return "success:once" if step.copies == 1 and permitted.new.least else permitted.clause
        if permitted.clause == "operation:create":
            return "refusal:nothing-created"
        # Whether several of them come at one time makes no difference to a key that is used.
        return self._model.permit(dataclasses.replace(step, copies=1)).clause

    def _one(self, step: Step, create: Create) -> Exchange:
        def send() -> Exchange:
            return self._api.sender.post(
                create.draft, caller=create.caller, key=create.key, blame=create.blame, abandon=step.lost
            )

        exchange = self._api.settled(send) if create.key in self._lost else send()
        if step.lost:
            self._lost.add(create.key)
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

        Where it has to hold values at unique places, each key has a body of its own, for an equal one may be refused; so it
        has in a history that is drawn.
        """
        name = (step.payload, step.organization, step.other_operation, self._record_of(step))
        if name not in self._drafts:
            self._drafts[name] = self._make(step)
        draft = self._drafts[name]
        if not step.reformatted:
            return draft
        return dataclasses.replace(draft, content=reformatted(draft.content))

    def _record_of(self, step: Step) -> str:
        """Which of several equal records a step is about, where those are not to be equal to the last value."""
        if self._drawn and not self._given.holds_unique:
            return step.key or ""
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
            return self._api.sender.draft(self._given.of_other_organization[0])
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
