"""The creates that several cases share: each is sent once in a run, by whichever case asks first."""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from ....strategies.key_space import long_key, short_key, twin_keys
from ....strategies.ways import PLAINLY, Spelling
from ..judge.expect import Expect
from ..judge.record import Judged, NotVerified, Recorder
from ..wire.exchange import MISSING, Exchange
from ..wire.lane import Lane
from .facts import Fact, Shared
from .requests import Requests
from .sending import Sender
from .world import World

__all__ = ["NOTHING_CREATED", "NameFact", "SharedCreates"]

NOTHING_CREATED: Final = "refusal:nothing-created"
"""The clause that a request breaks which is to be refused and makes a record."""
_CONFLICT: Final = 409

NameFact: TypeAlias = Callable[[str, int, Lane | None], tuple[Requests, Recorder, Expect]]
"""Takes the name of a fact, which attempt at it this is, and the lane of whoever runs ahead of its turn."""


class SharedCreates(Requests):
    """Sends the requests of one case, and asks for creates that it shares with others.

    Args:
        recorder: takes what was sent for the case.
        name_fact: gives what sends, records and judges a fact that the case is the first to ask for.
    """

    def __init__(self, world: World, sender: Sender, recorder: Recorder, name_fact: NameFact) -> None:
        super().__init__(world, sender)
        self._recorder = recorder
        self._name_fact = name_fact
        self._asked: list[Fact] = []
        self._beneath: list[Fact] = []

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
        for fact in self._beneath:
            fact.log_into(self.sender.lane)
        for fact in self._asked:
            fact.note_into(self._recorder, self.sender.lane)
        self._beneath.clear()
        self._asked.clear()

    def _ask(self, create: Shared) -> Fact:
        return self._world.facts.ask(create.name, functools.partial(self._find, create))

    def _find(self, create: Shared, name: str, attempt: int) -> Fact:
        lane = self.sender.lane and self.sender.lane.beside()
        api, recorder, expect = self._name_fact(name, attempt, lane)
        fact = Fact(None, recorder, kept=lane.kept if lane else [], final=create.turn is not None)
        try:
            with lane.entered() if lane else contextlib.nullcontext():
                if create.turn is None:
                    key = self._key_of(create, api, attempt)
                    sent = api.create(create.body, caller=create.caller, key=key, later=create.later, way=create.way)
                else:
                    sent = self._send_in_turn(create.turn, api)
                fact.exchange = sent
                if create.compared and sent.record_id:
                    expect.echoed(sent)
        except (Judged, NotVerified) as problem:
            fact.problem = problem
        return fact

    def _key_of(self, create: Shared, api: Requests, attempt: int) -> str | None:
        """The key of a shared create; where the fragment knows none, there is none to send along.

        That of the create with everything set, which most cases rest on, is short.
        """
        if not create.keyed or self._world.contract.key_header is None:
            return create.key
        if create.twin is not None:
            kind, which = create.twin
            return twin_keys(f"{self._world.run}-{attempt}")[kind][which]
        key = api.key()
        if create.long:
            return long_key(key, self._world.contract.key_length)
        return short_key(key) if create.body == self._world.fullest[0] else key

    def in_turn(self, turn: int) -> Exchange:
        """What the breach of a turn got, which is sent once in a run, after those of all earlier turns."""
        self._rest_on_turns(turn)
        return self._rest_on(self._of_turn(turn))

    def key_of_turns(self, count: int) -> str:
        """The key under which the first turns were refused, however many, as far back as each of them was."""
        self._rest_on_turns(count)
        return self._key_after(self._turns(count))

    def _rest_on_turns(self, count: int) -> None:
        """Take what was logged of the first turns for this case's; what they show is for their own cases."""
        self._beneath += [self._ask(self._of_turn(turn)) for turn in range(count)]

    def _key_after(self, turns: Sequence[Exchange]) -> str:
        used = sum(not sent.refused or sent.too_many for sent in turns)
        return f"{self._world.run}-{self.sender.attempt}-{used}"

    def _turns(self, count: int) -> list[Exchange]:
        facts = [self._ask(self._of_turn(turn)) for turn in range(count)]
        return [fact.exchange for fact in facts if fact.exchange is not None]

    def _of_turn(self, turn: int) -> Shared:
        breach = self._world.state.turns[turn]
        return Shared(breach.body, breach.caller, turn=turn, attempt=self.sender.attempt)

    def _send_in_turn(self, turn: int, api: Requests) -> Exchange:
        """Send a breach under the key of those before it.

        A refusal that is remembered under the key says nothing of the breach, which is then sent under a key of its own.
        """
        breach = self._world.state.turns[turn]
        send = functools.partial(
            api.create, breach.body, caller=breach.caller, headers=breach.headers, blame=NOTHING_CREATED, way=breach.way
        )
        earlier = self._turns(turn)
        sent = send(key=self._key_after(earlier))
        if sent.status == _CONFLICT or sent.text in [before.text for before in earlier]:
            alone = send(key=api.key())
            return sent if alone.text == sent.text else alone
        return sent
