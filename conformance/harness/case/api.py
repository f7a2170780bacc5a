"""What a test case holds in its hand to speak to the target: requests of its own, and creates that several cases share."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from ....spec import Rule, profile
from ....spec.pointer import get_at, set_at, without
from ....strategies import Breach, Caller, Pack
from ....strategies.bodies import other_options_body
from ....strategies.dependents import complete
from ....strategies.key_space import long_key, twin_keys
from ....strategies.ways import AGAIN, CARRYING, CHUNKED, PLAINLY, Spelling
from ..judge.expect import Expect
from ..judge.record import Judged, NotVerified, Recorder
from ..judge.refusal import SentBreach, names
from ..wire.exchange import MISSING, Exchange
from ..wire.lane import Lane
from .facts import Fact, Shared, control_name
from .material import reformatted
from .overlapping import Create, send_together
from .requests import LENGTH_REQUIRED, Requests
from .sending import Sender
from .session import World

__all__ = ["LONG_KEYED", "NOTHING_CREATED", "Api"]

LONG_KEYED = 3
"""The number of the pack whose create has a key that is as long as it may be."""
TWINS: Final[Mapping[str, tuple[int, int]]] = {"underscore": (1, 2), "leading zeros": (4, 5)}
"""The numbers of two packs whose creates have keys that nearly agree, by what the keys differ in."""
WRITTEN = (2, 4, 5)
"""The numbers of the packs whose creates are written in the ways of `CARRYING`."""
NOTHING_CREATED: Final = "refusal:nothing-created"
"""The clause that a request breaks which is to be refused and makes a record."""
_REFUSED_WAY: Final = CHUNKED[1]
NameFact: TypeAlias = "Callable[[str, int, Lane | None], tuple[Api, Recorder, Expect]]"


class Api(Requests):
    """Sends the requests of one case, and asks for the creates that it shares with others, each of which is sent once.

    Args:
        recorder: takes what was sent for the case.
        name_fact: gives what sends, records and judges a fact that the case is the first to ask for.
    """

    def __init__(self, world: World, sender: Sender, recorder: Recorder, name_fact: NameFact) -> None:
        super().__init__(world, sender)
        self._recorder = recorder
        self._name_fact = name_fact
        self._asked: list[Fact] = []

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
        """Sends a breach."""
        shared = breach.keyed and (breach.caller, breach.way) == (self.other_caller, self._way_of_refusal())
        if shared and breach.rule is Rule.MISSING and breach.body == self._given.incomplete(breach.control, link=True):
            return self.refusal()
        key = self.key() if breach.keyed else None
        return self.create(
            breach.body, caller=breach.caller, key=key, headers=breach.headers, blame=NOTHING_CREATED, way=breach.way
        )

    def once(
        self,
        body: Any = MISSING,
        *,
        caller: str = "main",
        keyed: bool = False,
        long: bool = False,
        key: str | None = None,
        later: int = 0,
        way: Spelling = PLAINLY,
        twin: tuple[str, int] | None = None,
    ) -> Exchange:
        """The create of a body that was sent in this run before, in the same way, else a new one.

        For cases that only need an exchange to judge: several clauses are judged on one write.

        Args:
            keyed, long, key, way, twin: as `Shared` has them.
            later: seconds by which the target's clock is to be ahead; a case that is run again gets another create then.
        """
        body = self._given.smallest if body is MISSING else body
        attempt = self.sender.attempt if later else 1
        return self._rest_on(
            Shared(body, caller, keyed=keyed, long=long, key=key, later=later, attempt=attempt, way=way, twin=twin)
        )

    def _rest_on(self, create: Shared) -> Exchange:
        self.sender.begin()
        # The first look may have sent it before it found that the key is of no use.
        self.sender.caller(create.caller)
        fact = self._ask(create)
        self._asked.append(fact)
        if fact.exchange is None:
            raise fact.problem or NotVerified("a create that other cases rest on was not answered")
        return fact.exchange

    def foresee(self, creates: Sequence[Shared]) -> None:
        """Send creates that will be asked for, side by side where that is quicker."""
        if (room := self.sender.room("write")) > 1:
            with concurrent.futures.ThreadPoolExecutor(room) as pool:
                for fact in [pool.submit(self._ask, create) for create in creates]:
                    fact.result()

    def note_facts(self) -> None:
        """Note what the facts that were asked for have shown, unless another case has; in the order of the cases."""
        for fact in self._asked:
            fact.note_into(self._recorder, self.sender.lane)
        self._asked.clear()

    def _ask(self, create: Shared) -> Fact:
        return self._world.facts.ask(_name_of(create), functools.partial(self._find, create))

    def _find(self, create: Shared, name: str, attempt: int) -> Fact:
        lane = self.sender.lane and self.sender.lane.beside()
        api, recorder, expect = self._name_fact(name, attempt, lane)
        fact = Fact(None, recorder, kept=lane.kept if lane else [])
        try:
            with lane.entered() if lane else contextlib.nullcontext():
                key = self._key_of(create, api, attempt)
                fact.exchange = api.create(create.body, caller=create.caller, key=key, later=create.later, way=create.way)
                if create.compared and fact.exchange.record_id:
                    expect.echoed(fact.exchange)
        except (Judged, NotVerified) as problem:
            fact.problem = problem
        return fact

    def _key_of(self, create: Shared, api: Api, attempt: int) -> str | None:
        """The key of a shared create; where the fragment knows none, there is none to send along."""
        if not create.keyed or self._world.contract.key_header is None:
            return create.key
        if create.twin is not None:
            kind, which = create.twin
            return twin_keys(f"{self._world.run}-{attempt}")[kind][which]
        return long_key(api.key(), self._world.contract.key_length) if create.long else api.key()

    def keyed(self) -> Exchange:
        """A create with a key, which the run needs anyway: the control of most breaches, else a smaller one.

        For cases that repeat it, or use its key where that has nothing to do with it. None may use it up.
        """
        first = self.once(self.full_body(), caller=self._world.other_caller, keyed=True)
        return first if first.accepted else self.once(keyed=True)

    def known_full(self) -> Exchange | None:
        """The create of `full`, where the run has sent it, which is before all cases as a rule; else None."""
        fullest = self._world.fullest
        return self._world.facts.shown(_name_of(self._shared_full())) if fullest else None

    def made(self) -> list[Exchange]:
        """The accepted ones of the creates on which most cases rest: with little, everything, other options, and values."""
        other = other_options_body(self._world.contract, self._world.workspace)
        # What is set of everything holds the values of the first pack.
        found = [self.once(), self.full(), self.once(other), *map(self.carrying, self._world.packs[1:])]
        return [exchange for exchange in found if exchange.accepted]

    def carrying(self, pack: Pack) -> Exchange:
        """A create with the values of a pack and a key of its own, which one other case may use.

        Some keys are long or nearly equal, and some creates are not written plainly, for cases that judge that.
        """
        packs = self._world.packs
        at = packs.index(pack) if pack in packs else -1
        way = dict(zip(WRITTEN, CARRYING, strict=True)).get(at, PLAINLY)
        twin = next(((kind, numbers.index(at)) for kind, numbers in TWINS.items() if at in numbers), None)
        return self.once(self._world.state.bodies.carry(pack), keyed=True, long=at == LONG_KEYED, way=way, twin=twin)

    def twins(self, kind: str) -> tuple[Exchange, Exchange]:
        """Two creates whose keys nearly agree, the earlier one first; of values, where the target takes those."""
        packs = [self._world.packs[number] for number in TWINS[kind] if number < len(self._world.packs)]
        carried = [exchange for exchange in map(self.carrying, packs) if exchange.accepted]
        if len(carried) == 2:
            first, second = sorted(carried, key=lambda exchange: exchange.sent_at)
            return first, second
        one, other = twin_keys(self.key())[kind]
        first = self.create(self.valued, key=one)
        return first, self.equal(first, key=other)

    def written_values(self, way: Spelling) -> Exchange | None:
        """A create of values that is written in a way of `CARRYING`, where the target takes it; else None."""
        packs = [number for number, each in zip(WRITTEN, CARRYING, strict=True) if each == way]
        carried = [self.carrying(self._world.packs[number]) for number in packs if number < len(self._world.packs)]
        return next((exchange for exchange in carried if exchange.accepted), None)

    def original(self, number: int, key: str = "") -> Exchange:
        """The create of the pack of that number, where it is accepted, else a plain one with a key, or the given one."""
        packs = self._world.packs
        carried = self.carrying(packs[number]) if number < len(packs) else None
        if carried and carried.accepted and not carried.answers_another:
            return carried
        return self.create(self.valued, key=key or self.key())

    def refusal(self) -> Exchange:
        """What an incomplete body with a key gets, which is a breach that the run makes anyway."""
        caller = self._world.other_caller if self.full_body() != self._given.smallest else Caller.MAIN
        body = self._given.incomplete(self.full_body(), link=True)
        return self.once(body, caller=caller, keyed=True, way=self._way_of_refusal())

    def repeat_in_other_form(self, first: Exchange) -> Exchange:
        """Repeat a create with the same JSON value in another form, and as `AGAIN` has it where the target takes chunks."""
        way = AGAIN if self._takes(AGAIN) else PLAINLY
        return self.repeat(first, content=reformatted(first.content), way=way)

    def _way_of_refusal(self) -> Spelling:
        """How `refusal` is written: as the breach of the plan is that it stands for, where the target takes that."""
        return _REFUSED_WAY if self._takes(_REFUSED_WAY) else PLAINLY

    def _takes(self, way: Spelling) -> bool:
        """Whether the target accepts what is written in a way: in chunks, and as `CARRYING` has it besides."""
        shown = [each for each, other in zip(CARRYING, CHUNKED, strict=True) if way == other or each.framing == "chunked"]
        return way == PLAINLY or all((self.written_values(each) or self.once(way=each)).accepted for each in shown)

    def unknown(self) -> Exchange:
        """A create by an unknown API key, under the idempotency key of one without the scope where there is any."""
        key = None
        with contextlib.suppress(NotVerified):
            key = self.once(caller="no-create", keyed=True).key
        return self.once(caller="unknown-key", keyed=key is None, key=key)

    def by_other_organization(self) -> Exchange:
        """A create of the other organization with the key of `keyed`."""
        body = self._given.of_other_organization[0]
        return self.once(body, caller="other-organization", key=self.keyed().key)

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


def _name_of(create: Shared) -> str:
    keyed = create.keyed or create.key is not None
    name = control_name(create.body, create.caller, keyed=keyed, later=create.later, way=create.way)
    return name + (" with a long key" if create.long else f" for attempt {create.attempt}" if create.attempt > 1 else "")
