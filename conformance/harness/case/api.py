"""What a test case holds in its hand to speak to the target: requests of its own, and creates that several cases share."""

from __future__ import annotations

import dataclasses
from typing import Any

from ....spec import profile
from ....spec.pointer import get_at, set_at, without
from ....strategies import Breach, Caller
from ....strategies.bodies import other_options_body
from ....strategies.dependents import complete
from ....strategies.ways import Spelling
from ..judge.record import NotVerified
from ..judge.refusal import SentBreach, names
from ..wire.exchange import MISSING, Exchange
from ..wire.outgoing import KEY
from .facts import Shared, control_name
from .overlapping import Create, send_together
from .pack_creates import PackCreates
from .requests import LENGTH_REQUIRED
from .shared_creates import NOTHING_CREATED

__all__ = ["Api"]


class Api(PackCreates):
    """Sends the requests of one case, and asks for the creates that it shares with others, each of which is sent once."""

    def written(self, way: Spelling, body: Any = MISSING) -> Exchange:
        """The create of a body, sent in a way. A target may ask for a length where it comes in chunks (RFC 9112)."""
        if body is MISSING:
            body = self.full_body() if way.body == "full" else self._given.smallest
        caller = self._world.other_caller if way.caller == "other" else Caller.MAIN
        exchange = self.create(body, caller=caller, key=self.key() if way.key == "fresh" else None, way=way)
        if exchange.status == LENGTH_REQUIRED and way.framing == "chunked":
            return self.written(dataclasses.replace(way, framing="length"), body)
        return exchange

    def side_by_side(self, times: int) -> list[Exchange]:
        """Sends several creates at the same moment, each with a body of its own, every other one with a key."""
        bodies = [self.valued, self.full_body()]
        drafts = [self.sender.draft(bodies[at % 4 // 2]) for at in range(times)]
        creates = [Create(draft, self.key() if at % 2 else None) for at, draft in enumerate(drafts)]
        return send_together(self.sender, creates)

    def attempt(self, breach: Breach) -> SentBreach:
        """Send a breach, after its control; one that no source forbids needs none.

        Raises:
            NotVerified: the control was not accepted.
        """
        control = self.control(breach) if breach.clause else None
        return SentBreach(breach, self.send(breach), control)

    def send(self, breach: Breach) -> Exchange:
        """Send a breach, in its turn where it has one."""
        turns = self._world.state.turns
        if breach in turns:
            return self.in_turn(turns.index(breach))
        key = self.key() if breach.keyed else None
        return self.create(
            breach.body, caller=breach.caller, key=key, headers=breach.headers, blame=NOTHING_CREATED, way=breach.way
        )

    def keyed(self) -> Exchange:
        """A create with a key, which the run needs anyway: the control of most breaches, else a smaller one.

        For cases that repeat it, or use its key where that has nothing to do with it. None may use it up.
        """
        first = self.once(self.full_body(), caller=self._world.other_caller, keyed=True)
        return first if first.accepted else self.once(keyed=True)

    def known_full(self) -> Exchange | None:
        """The create of `full`, where the run has sent it, which is before all cases as a rule; else None."""
        fullest = self._world.fullest
        return self._world.facts.shown(self._shared_full().name) if fullest else None

    def made(self) -> list[Exchange]:
        """The accepted ones of the creates on which most cases rest: with little, everything, other options, and values."""
        other = other_options_body(self._world.contract, self._world.workspace)
        # What is set of everything holds the values of the first pack.
        found = [self.once(), self.full(), self.once(other), *map(self.carrying, self._world.packs[1:])]
        return [exchange for exchange in found if exchange.accepted]

    def by_longer_key(self, key: str | None = None) -> Exchange:
        """A create by an API key that goes on where the main one ends, which is none."""
        return self.create(headers={"Authorization": f"Bearer {KEY}-0"}, key=key)

    def by_other_organization(self, key: str | None = None) -> Exchange:
        """A create of the other organization with the key of `keyed`, or a new one with a given key."""
        body, caller = self._given.of_other_organization[0], "other-organization"
        if key is not None:
            return self.create(body, caller=caller, key=key)
        return self.once(body, caller=caller, key=self.keyed().key)

    def full_body(self) -> dict[str, Any]:
        """Return a body with everything set, which the target takes from another caller too; else the smallest one."""
        return self._world.fullest[0] if self.full().accepted else self._given.smallest

    def richest_body(self) -> dict[str, Any]:
        """Return a body with everything set, which the target takes from the main caller or another, else the smallest."""
        body = self._world.fullest[0]
        taken = self.full().accepted or self.once(body, keyed=True).accepted
        return body if taken else self._given.smallest

    def as_caller_may(self, body: dict[str, Any], caller: str) -> Exchange:
        """Create a body as another caller, without the links that the organization keeps from that one.

        A 403 is about the key. On who may be named at a relationship, which a 400 or 422 may be about, there is no ruling.
        """
        sent = self.once(body, caller=caller, keyed=True)
        while sent.status in (400, 422) and (kept := self._refused_link(body, sent)):
            body = dict(without(body, kept))
            sent = self.once(body, caller=caller, keyed=True)
        return sent

    def _refused_link(self, body: dict[str, Any], answer: Exchange) -> str:
        """The relationship that need not be set and that a refusal names; "" where it names none."""
        required = {place.pointer for place in self._world.contract.link_places if place.required}
        links = {pointer for pointer, _ in profile.sent_members(body) if profile.holds_links(pointer)} - required
        return next((pointer for pointer in sorted(links) if names(answer, pointer)), "")

    def full(self) -> Exchange:
        """The create of a body with everything set, by another caller with a key: the control of most breaches."""
        return self._rest_on(self._shared_full())

    def _shared_full(self) -> Shared:
        return Shared(self._world.fullest[0], self._world.other_caller, keyed=True)

    def body_with(self, place: str, value: Any) -> dict[str, Any]:
        """Return a body with a value at a place and much besides where the target takes that, else the smallest with it."""
        for body in self._given.fullest:
            if get_at(body, place, None) == value and self.once(body).accepted:
                return body
        return dict(complete(self._world.workspace, set_at(self._given.smallest, place, value)))

    def control(self, breach: Breach) -> Exchange | None:
        """Sees to it that the target accepted the same body without the breach in this run.

        Returns:
            The exchange that showed it; None when the target has been gone since.

        Raises:
            NotVerified: it did not, so that a refusal of the breach would tell nothing.
        """
        if not self._takes(breach.way):
            raise NotVerified("a correct create that is written in another way was not accepted")
        name = control_name(breach.control, breach.caller, keyed=breach.keyed)
        refusal, exchange = self._world.facts.refusal_of(name), self._world.facts.shown(name)
        if refusal is None:
            exchange = self._rest_on(Shared(breach.control, breach.caller, keyed=breach.keyed, compared=True))
            refusal = "" if exchange.accepted else exchange.answer
        if refusal:
            raise NotVerified(
                f"the same body without the breach was not accepted: {refusal}",
                "see the clause operation:create; a target has to accept the control before a refusal counts",
            )
        return exchange
