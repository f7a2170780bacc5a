"""What a test case holds in its hand to speak to the target."""

from __future__ import annotations

import concurrent.futures
import contextlib
import contextvars
import dataclasses
import functools
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ....spec import Operation
from ....spec.pointer import get_at, set_at
from ....strategies import Breach, Caller
from ....strategies.dependents import complete
from ....strategies.ways import PLAINLY, Spelling
from ..judge.expect import Judged
from ..judge.record import NotVerified, Recorder
from ..judge.refusal import SentBreach
from ..wire.exchange import MISSING, Exchange
from ..wire.lane import Lane
from ..wire.outgoing import Draft
from .facts import Fact, control_name
from .material import Material, smallest_other, texts_of
from .sending import Sender
from .session import World

__all__ = ["Api", "Read", "Shared"]

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between the retries of a create whose first answer was lost and which may still be in flight."""
_LENGTH_REQUIRED = 411
_REFUSED = "refusal:nothing-created"
NameFact: TypeAlias = "Callable[[str, int, Lane | None], tuple[Api, Recorder]]"


@dataclasses.dataclass(frozen=True)
class Read:
    """A read of a collection, by a caller."""

    operation: Operation
    caller: str
    query: Mapping[str, Any] | None = None


@dataclasses.dataclass(frozen=True)
class Shared:
    """A create that several cases rest on; `later` is how many seconds the target's clock is to be ahead."""

    body: Any
    caller: str = "main"
    keyed: bool = False
    later: int = 0


class Api:
    """Sends the requests of one case; what it sends is numbered, stamped and booked by the case's sender.

    Methods raise NotVerified where the target or the user does not offer what they need.

    Args:
        recorder: takes what was sent for the case.
        name_fact: gives what sends and records a fact that the case is the first to ask for.
    """

    def __init__(self, world: World, sender: Sender, recorder: Recorder, name_fact: NameFact) -> None:
        self._world = world
        self._given = Material(world)
        self.sender = sender
        self._recorder = recorder
        self._name_fact = name_fact
        self._asked: list[Fact] = []
        self._foreseen: Mapping[tuple[str, str], Callable[[], Exchange]] = {}

    def key(self, length: int = 0) -> str:
        """A fresh Idempotency-Key; of a given length in characters, where one is given."""
        return f"{self._world.run}-{self.sender.number()}".ljust(length, "k")

    def create(
        self,
        body: Any = MISSING,
        *,
        caller: str = "main",
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        abandon: bool = False,
        blame: str = "",
        later: int = 0,
        way: Spelling = PLAINLY,
    ) -> Exchange:
        """Creates with a body of its own: a fresh marker is stamped into it.

        Args:
            body: a JSON value, or bytes to send as they are; the smallest valid body when left out.
            headers: headers to change; None takes one away.
            abandon: close the connection before the answer.
            blame: the clause broken when a record results that no answer accounts for.
            later: seconds by which the target's clock is to be ahead.
            way: how it is written.
        """
        draft = self.sender.draft(self._given.smallest if body is MISSING else body)
        return self.sender.post(
            draft, caller=caller, key=key, headers=headers, later=later, abandon=abandon, blame=blame, way=way
        )

    def written(self, way: Spelling, body: Any = MISSING) -> Exchange:
        """The create of a body, sent in a way. A target may ask for a length where it comes in chunks (RFC 9112)."""
        if body is MISSING:
            body = self.full_body() if way.body == "full" else self._given.smallest
        caller = self._world.other_caller if way.caller == "other" else Caller.MAIN
        exchange = self.create(body, caller=caller, key=self.key() if way.key == "fresh" else None, way=way)
        if exchange.status == _LENGTH_REQUIRED and way.framing == "chunked":
            return self.written(dataclasses.replace(way, framing="length"), body)
        return exchange

    def repeat(
        self, first: Exchange, *, caller: str = "main", key: str | None = None, content: bytes | None = None, later: int = 0
    ) -> Exchange:
        """Sends the body of an earlier create again, marker and all, with that create's key unless another is given.

        Args:
            content: the same JSON value in another form.
            later: seconds by which the target's clock is to be ahead.
        """
        sent = first.content if content is None else content
        draft = Draft(path=first.path, content=sent, sent=first.sent, stamp=first.stamp)
        return self.sender.post(draft, caller=caller, key=key or first.key, later=later)

    def equal(self, first: Exchange, *, key: str | None = None, later: int = 0) -> Exchange:
        """Sends the body of an earlier create again as a create of its own: without its key, or when that has expired.

        Values at unique places are fresh, for two records may not hold one (contract 11).
        """
        return self.sender.post(self.sender.draft_equal(first), caller="main", key=key, later=later)

    def together(self, times: int, key: str | None, draft: Draft | None = None, caller: str = "main") -> list[Exchange]:
        """Sends one create several times at the same moment, over connections of their own."""
        shared = draft or self.sender.draft(self._given.smallest)
        return self._overlap([(shared, key, caller)] * times)

    def side_by_side(self, times: int) -> list[Exchange]:
        """Sends several creates at the same moment, each with a body of its own, every other one with a key."""
        bodies = [self._given.smallest, self.full_body()]
        drafts = [self.sender.draft(bodies[at % 4 // 2]) for at in range(times)]
        return self._overlap([(draft, self.key() if at % 2 else None, "main") for at, draft in enumerate(drafts)])

    def _overlap(self, creates: Sequence[tuple[Draft, str | None, str]]) -> list[Exchange]:
        number = self.sender.number()
        start = threading.Barrier(len(creates))

        def one(index: int) -> Exchange:
            draft, key, caller = creates[index]
            start.wait()
            return self.sender.post(draft, caller=caller, key=key, number=f"{number}.{index}", overlapping=True)

        with concurrent.futures.ThreadPoolExecutor(len(creates)) as pool:
            try:
                sent = [pool.submit(contextvars.copy_context().run, one, index) for index in range(len(creates))]
                return [future.result() for future in sent]
            except BaseException:
                # An interruption may come before all have begun, and those that have wait for the others.
                start.abort()
                raise

    def attempt(self, breach: Breach) -> SentBreach:
        """Send a breach, after its control; one that no source forbids needs none.

        Raises:
            NotVerified: the control was not accepted.
        """
        control = self.control(breach) if breach.clause else None
        return SentBreach(breach, self.send(breach), control)

    def send(self, breach: Breach) -> Exchange:
        """Sends a breach."""
        key = self.key() if breach.keyed else None
        return self.create(breach.body, caller=breach.caller, key=key, headers=breach.headers, blame=_REFUSED)

    def once(self, body: Any = MISSING, *, caller: str = "main", keyed: bool = False, later: int = 0) -> Exchange:
        """The create of a body that was sent in this run before, in the same way, else a new one.

        For cases that only need an exchange to judge: several clauses are judged on one write.

        Args:
            later: seconds by which the target's clock is to be ahead.
        """
        body = self._given.smallest if body is MISSING else body
        self.sender.begin()
        fact = self._ask(Shared(body, caller, keyed=keyed, later=later))
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
        name = control_name(create.body, create.caller, keyed=create.keyed, later=create.later)
        return self._world.facts.ask(name, functools.partial(self._find, create))

    def _find(self, create: Shared, name: str, attempt: int) -> Fact:
        lane = self.sender.lane and self.sender.lane.beside()
        api, recorder = self._name_fact(name, attempt, lane)
        fact = Fact(None, recorder, kept=lane.kept if lane else [])
        try:
            with lane.entered() if lane else contextlib.nullcontext():
                key = api.key() if create.keyed else None
                fact.exchange = api.create(create.body, caller=create.caller, key=key, later=create.later)
        except (Judged, NotVerified) as problem:
            fact.problem = problem
        return fact

    @property
    def other_caller(self) -> str:
        """The name of another caller of the organization that may create; the main one where there is none."""
        return self._world.other_caller

    def full_body(self) -> dict[str, Any]:
        """Return a body with everything set, which the target takes from another caller too; else the smallest one."""
        full = self._world.fullest[0]
        taken = self.once(full, caller=self._world.other_caller, keyed=True).accepted
        return full if taken else self._given.smallest

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
        name = control_name(breach.control, breach.caller, keyed=breach.keyed)
        refusal, exchange = self._world.facts.refusal_of(name), self._world.facts.shown(name)
        if refusal is None:
            exchange = self.once(breach.control, caller=breach.caller, keyed=breach.keyed)
            refusal = "" if exchange.accepted else exchange.answer
        if refusal:
            raise NotVerified(
                f"the same body without the breach was not accepted: {refusal}",
                "see the clause operation:create; a target has to accept the control before a refusal counts",
            )
        return exchange

    def create_other(self, object_type: str, key: str, caller: str = "main") -> Exchange:
        """Makes an object of another type: its smallest body, under the given Idempotency-Key."""
        operation = self._world.contract.collections[object_type].create
        if operation is None:
            raise NotVerified(f"the fragment has no endpoint that makes a {object_type}")
        draft = self.sender.draft_other(operation, smallest_other(operation))
        return self.sender.post(draft, caller=caller, key=key)

    def create_by_other_operation(self, first: Exchange) -> Exchange:
        """Makes an object of any other type under the key of an earlier create."""
        made = self.create_other(self._given.other_object_type(), first.key or "")
        if made.refused:
            self.check_other_operation()
        return made

    def check_other_operation(self) -> None:
        """Sees to it that an object of another type can be made at all, so that a refusal is about the key.

        Raises:
            NotVerified: it cannot.
        """
        control = self.create_other(self._given.other_object_type(), self.key())
        if not control.accepted:
            raise self._world.unmet("other-operation", control.answer)

    def retry(self, lost: Exchange) -> Exchange:
        """Sends a create again whose answer was lost, until its key is no longer in flight."""
        return self.settled(lambda: self.repeat(lost))

    def settled(self, send: Callable[[], Exchange]) -> Exchange:
        """The answer of a create whose key may still be in flight: sent again after each 409, a few times.

        A key that stays in flight is waited for to the end once in a run; the next ones get a moment.
        """
        answer = send()
        for pause in _PAUSES[:2] if self._world.state.waited_in_vain else _PAUSES:
            if answer.status != 409:
                return answer
            time.sleep(pause)
            answer = send()
        self._world.state.note_wait(in_vain=answer.status == 409)
        return answer

    def callers(self, role: str) -> list[str]:
        """The names of all callers of a role, of which several may be given."""
        first = self.sender.caller(role).name
        return [name for name in self._world.target.callers if name == first or name.startswith(f"{first}-")]

    def validate(self, caller: str) -> Exchange:
        """Asks what a caller's key may do."""
        exchange = self.get(self._world.contract.validate, caller=caller)
        if exchange.status in (404, 405, 501):
            raise self._world.unmet("validate")
        return exchange

    def texts_of_other_organization(self, place: str) -> list[str]:
        """Texts of the other organization's objects of the type that a place links to."""
        collection = self._world.contract.collections.get(self._world.object_type(place))
        page = self.get(
            collection.list if collection else None, caller=self.sender.caller("other-organization").name, query={"limit": 3}
        )
        rows = page.body.get("data", []) if isinstance(page.body, dict) else []
        return [text for row in rows for text in texts_of(row)]

    def delete(self, operation: Operation, record_id: str, caller: str) -> Exchange:
        """Deletes a record."""
        return self.sender.delete(operation.path_of(record_id), caller)

    def get(
        self, operation: Operation | None, *, caller: str = "", record_id: str = "", query: Mapping[str, Any] | None = None
    ) -> Exchange:
        """Reads, with the read key unless another caller is named."""
        if operation is None:
            raise NotVerified("the fragment does not have the endpoint to read with")
        read = _path(operation, record_id, query), caller or self._world.reader.name
        foreseen = self._foreseen.get(read)
        return foreseen() if foreseen else self.sender.get(*read)

    @contextlib.contextmanager
    def foreseeing(self, reads: Iterable[Read]) -> Iterator[None]:
        """Send reads that will be asked for, side by side where that is quicker; each is answered once meanwhile."""
        wanted = dict.fromkeys((_path(read.operation, "", read.query), read.caller) for read in reads)
        asks = {read: functools.partial(self.sender.get, *read, self.sender.number()) for read in wanted}
        self._foreseen = {read: functools.cache(ask) for read, ask in asks.items()}
        with concurrent.futures.ThreadPoolExecutor(self.sender.room("read")) as pool:
            if self.sender.room("read") > 1:
                self._foreseen = {read: pool.submit(ask).result for read, ask in asks.items()}
            try:
                yield
            finally:
                pool.shutdown(cancel_futures=True)
                self._foreseen = {}


def _path(operation: Operation, record_id: str, query: Mapping[str, Any] | None) -> str:
    path = operation.path_of(record_id)
    return f"{path}?{urllib.parse.urlencode(query, errors='surrogatepass')}" if query else path
