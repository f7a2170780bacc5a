"""Plays idempotency histories over HTTP: what a model's step means in requests."""

from __future__ import annotations

import json

from ....strategies import (
    Answer,
    Caller,
    Departed,
    Departure,
    History,
    Outcome,
    Payload,
    Step,
    play,
    spell_key,
)
from ..judge.record import NotVerified
from ..wire.exchange import Exchange
from .case import Api
from .material import Material, reformatted, smallest_other
from .sending import Draft
from .world import World

__all__ = ["HistoryDriver", "offers"]

_CALLERS = {
    Caller.CREATOR: "main",
    Caller.NO_SCOPE: "no-create",
    Caller.NOBODY: "unknown",
    Caller.OTHER_ORGANIZATION: "other-organization",
}


def offers(world: World) -> frozenset[str]:
    """What histories may ask of this target, by names of `contract.needs`."""
    given = Material(world)
    found = {"no-create"} & world.target.callers.keys()
    for need, reach in (
        ("other-organization", lambda: given.foreign_smallest),
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
    """

    def __init__(self, world: World, api: Api) -> None:
        self.exchanges: list[Exchange] = []
        self._world = world
        self._api = api
        self._given = Material(world)
        self._prefix = api.key()
        self._drafts: dict[tuple[Payload, str, bool], Draft] = {}
        self._lost: set[str | None] = set()

    def follow(self, history: History) -> Departure | None:
        """Play a history to its end; return where the target left what the model permits, None where it did not.

        Raises:
            NotVerified: the target does not offer what the history needs.
        """
        if missing := sorted(history.needs - offers(self._world)):
            raise self._world.lack(missing[0])
        try:
            play(history.steps, self)
        except Departed as departed:
            return departed.departure
        return None

    def perform(self, step: Step) -> Outcome:
        """Sends the step's requests."""
        key = None if step.key is None else spell_key(step.key, self._prefix, self._world.contract.key_length)
        draft = self._draft(step)
        caller = _CALLERS[step.caller]
        if step.copies > 1:
            found = self._api.together(step.copies, key, draft, caller)
        else:
            found = [self._one(step, draft, key, caller)]
        self.exchanges += found
        return Outcome(tuple(_answer(exchange, lost=step.lost) for exchange in found))

    def records(self, organization: str, *, elsewhere: bool) -> int | None:
        """Not known here: the audit counts for the whole run, and blames the history's case."""
        del organization, elsewhere
        return None

    def close(self) -> None:
        """Nothing to let go of; the client is the run's."""

    def _one(self, step: Step, draft: Draft, key: str | None, caller: str) -> Exchange:
        def send() -> Exchange:
            return self._api.sender.post(draft, caller=caller, headers={"Idempotency-Key": key}, abandon=step.lost)

        exchange = self._api.settled(send) if key in self._lost else send()
        if step.lost:
            self._lost.add(key)
        if step.elsewhere and exchange.refused and exchange.status != 409:
            self._api.check_elsewhere()
        return exchange

    def _draft(self, step: Step) -> Draft:
        """One body for each payload, organization and operation, the same JSON value throughout the history."""
        name = (step.payload, step.organization, step.elsewhere)
        if name not in self._drafts:
            self._drafts[name] = self._make(step)
        draft = self._drafts[name]
        return (
            Draft(reformatted(draft.content), draft.sent, draft.stamp, draft.path, draft.own) if step.reformatted else draft
        )

    def _make(self, step: Step) -> Draft:
        if step.elsewhere:
            operation = self._world.contract.collections[self._given.other_object_type()].create
            if operation is None:
                raise NotVerified("the fragment has no other create endpoint")
            return self._api.sender.draft_other(operation, smallest_other(operation))
        foreign = step.caller is Caller.OTHER_ORGANIZATION
        bodies = {
            Payload.FIRST: lambda: self._given.smallest,
            Payload.SECOND: lambda: self._given.linked,
            Payload.INVALID: lambda: self._given.incomplete(),
        }
        return self._api.sender.draft(self._given.foreign_smallest if foreign else bodies[step.payload]())


def _answer(exchange: Exchange, *, lost: bool) -> Answer:
    if lost:
        return Answer(None)
    content = json.dumps([exchange.status, exchange.body], sort_keys=True) if exchange.record_id else ""
    return Answer(exchange.status, exchange.record_id or None, content)
