"""What a test case holds in its hand: sends creates in the case's name, stamps them and enters them in the books."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import hashlib
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from ...reports import body_text
from ...spec import Clause, Operation
from ...strategies import Breach, get_at, set_at
from ...strategies.texts import PLAIN_TEXT
from .client import Client, Outgoing, TargetLost
from .exchange import MISSING, Exchange
from .ledger import Entry, Ledger
from .marker import has_stamp, stamp
from .material import Material, texts_of
from .record import CaseRecord, NotVerified
from .target import Caller
from .world import World, control_name

__all__ = ["Api"]

_SURPLUS = "success:once"
_REFUSED = "refusal:nothing-created"


class Api:
    """Sends requests for one test case.

    Everything that makes a request unique (marker, Idempotency-Key, trace) is made of the run's name, the case's
    name and a count within the case, so it does not depend on which worker runs the case, or when.

    Args:
        case: the case's name.
        clause: what the case is about; a surplus record in an idempotency case is blamed on it.
        judge: called with every exchange, for the clauses that each one can break.
    """

    def __init__(
        self,
        world: World,
        client: Client,
        ledger: Ledger,
        record: CaseRecord,
        case: str,
        clause: Clause | None,
        judge: Callable[[Exchange], None],
    ) -> None:
        self._world = world
        self._given = Material(world)
        self._client = client
        self._ledger = ledger
        self._record = record
        self._case = case
        self._blame = clause.id if clause and clause.section == "idempotency" else ""
        self._judge = judge
        self._digest = hashlib.sha256(case.encode()).hexdigest()[:6]
        self._count = 0
        self._lock = threading.Lock()

    def key(self, length: int = 0) -> str:
        """A fresh Idempotency-Key; of a given length in characters, where one is given."""
        key = f"{self._world.run}-{self._digest}-{self._next()}"
        return key.ljust(length, "k")

    def caller(self, name: str) -> Caller:
        """The caller of that name.

        Raises:
            NotVerified: no such key was given.
        """
        found = self._world.target.callers.get(name)
        if found is None:
            need = self._world.contract.needs[name]
            raise NotVerified(need.reason, need.remedy)
        return found

    def create(
        self,
        body: Any = MISSING,
        *,
        caller: str = "main",
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        later: int = 0,
        abandon: bool = False,
        blame: str = "",
    ) -> Exchange:
        """Creates with a body of its own: a fresh marker is stamped into it.

        Args:
            body: a JSON value, or bytes to send as they are; the smallest valid body when left out.
            headers: headers to change; None takes one away.
            later: seconds by which the target's clock is to be ahead.
            abandon: close the connection before the answer.
            blame: the clause broken when a record results that no answer accounts for.
        """
        number = f"{self._digest}-{self._next()}"
        body, marker = self._stamped(self._given.smallest if body is MISSING else body, f"{self._world.run} {number}")
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        sent = MISSING if isinstance(body, bytes) else body
        outgoing = self._outgoing(number, content, sent, marker, caller, {"Idempotency-Key": key, **(headers or {})}, later)
        return self._send_create(dataclasses.replace(outgoing, abandon=abandon), blame)

    def repeat(
        self,
        first: Exchange,
        *,
        caller: str = "main",
        key: str | None = None,
        content: bytes | None = None,
        later: int = 0,
        headers: Mapping[str, str | None] | None = None,
    ) -> Exchange:
        """Sends the body of an earlier create again, marker and all, with that create's key unless another is given.

        Args:
            content: the same JSON value in another form.
        """
        number = f"{self._digest}-{self._next()}"
        changed = {"Idempotency-Key": first.key if key is None else key, **(headers or {})}
        outgoing = self._outgoing(
            number, first.content if content is None else content, first.sent, first.stamp, caller, changed, later
        )
        return self._send_create(outgoing)

    def together(self, times: int, body: Any = MISSING, *, key: str) -> list[Exchange]:
        """Sends one create several times at the same moment, over connections of their own."""
        number = f"{self._digest}-{self._next()}"
        stamped, marker = self._stamped(self._given.smallest if body is MISSING else body, f"{self._world.run} {number}")
        content = json.dumps(stamped, ensure_ascii=False).encode()
        start = threading.Barrier(times)

        def one(index: int) -> Exchange:
            outgoing = self._outgoing(f"{number}.{index}", content, stamped, marker, "main", {"Idempotency-Key": key}, 0)
            start.wait()
            return self._send_create(outgoing)

        with concurrent.futures.ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    def send(self, breach: Breach) -> Exchange:
        """Sends a breach."""
        return self.create(breach.body, headers=breach.headers, blame=_REFUSED)

    def once(self, body: Any = MISSING) -> Exchange:
        """The create of a body that was sent in this process before, else a new one.

        For cases that only need an exchange to judge: several clauses are judged on one write.
        """
        body = self._given.smallest if body is MISSING else body
        exchange = self._world.shown.get(control_name(body))
        if exchange is None:
            exchange = self.create(body)
            self._world.note_control(body, exchange)
        return exchange

    def custom(self, value_type: str) -> Exchange:
        """The create of a custom attribute of a value type: of all types at once where the target takes that."""
        wanted = self._given.custom(value_type)
        together = self.once(self._given.all_custom)
        return together if together.accepted else self.once(wanted)

    def control(self, breach: Breach) -> Exchange | None:
        """Sees to it that the target accepted the same body without the breach in this run.

        Returns:
            The exchange that showed it; None when another process saw it.

        Raises:
            NotVerified: it did not, so that a refusal of the breach would tell nothing.
        """
        told = self._world.control_told(breach.control)
        exchange = self.once(breach.control) if told is None else self._world.shown.get(control_name(breach.control))
        told = told if told is not None else self._world.control_told(breach.control)
        if told:
            raise NotVerified(
                f"the same body without the breach was not accepted: {told}",
                "see the clause operation:create; a target has to accept the control before a refusal counts",
            )
        return exchange

    def create_other(self, object_type: str, key: str, caller: str = "main") -> Exchange:
        """Makes an object of another type: its smallest body, under the given Idempotency-Key.

        Raises:
            NotVerified: the fragment has no such endpoint.
        """
        operation = self._world.contract.collections[object_type].create
        body = smallest_other(operation)
        number = f"{self._digest}-{self._next()}"
        stamped = stamp(body, f"{self._world.run} {number}")
        content = json.dumps(stamped).encode()
        outgoing = self._outgoing(number, content, stamped, "", caller, {"Idempotency-Key": key}, 0)
        return self._send_create(dataclasses.replace(outgoing, path=operation.path if operation else ""), own=False)

    def create_elsewhere(self, first: Exchange) -> Exchange:
        """Makes an object of any other type under the key of an earlier create."""
        made = self.create_other(self._given.other_object_type(), first.key or "")
        if made.status in (401, 403):
            need = self._world.contract.needs["other-operation"]
            raise NotVerified(need.reason, need.remedy)
        return made

    def retry(self, lost: Exchange) -> Exchange:
        """Sends a create again whose answer was lost; waits, a few times, while the first one is still in flight."""
        for pause in (0.0, 0.1, 0.2, 0.4, 0.8, 1.6):
            time.sleep(pause)
            answer = self.repeat(lost)
            if answer.status != 409:
                break
        return answer

    def callers(self, role: str) -> list[str]:
        """The names of all callers of a role, of which several may be given."""
        first = self.caller(role).name
        return [name for name in self._world.target.callers if name == first or name.startswith(f"{first}-")]

    def validate(self, caller: str) -> Exchange:
        """Asks what a caller's key may do."""
        exchange = self.get(self._world.contract.validate, caller=caller)
        if exchange.status in (404, 405, 501):
            need = self._world.contract.needs["validate"]
            raise NotVerified(need.reason, need.remedy)
        return exchange

    def foreign_texts(self, place: str) -> list[str]:
        """Texts of the other organization's objects of the type that a place links to."""
        collection = self._world.contract.collections.get(self._world.object_type(place))
        page = self.get(
            collection.list if collection else None, caller=self.caller("other-organization").name, query={"limit": 3}
        )
        rows = page.body.get("data", []) if isinstance(page.body, dict) else []
        return [text for row in rows for text in texts_of(row)]

    def get(
        self, operation: Operation | None, *, caller: str = "", record_id: str = "", query: Mapping[str, Any] | None = None
    ) -> Exchange:
        """Reads, as the read key unless another caller is named.

        Raises:
            NotVerified: the fragment has no such operation.
        """
        if operation is None:
            raise NotVerified("the fragment does not have the endpoint to read with")
        path = operation.path.replace("{id}", urllib.parse.quote(record_id, safe=""))
        path += f"?{urllib.parse.urlencode(query)}" if query else ""
        who = self._world.target.callers[caller] if caller else self._world.reader
        number = f"{self._digest}-{self._next()}"
        return self._send(
            Outgoing(number, operation.method, path, who, self._headers({"Content-Type": None}), category="read")
        )

    def _next(self) -> str:
        with self._lock:
            self._count += 1
            return f"{self._count:02d}"

    def _stamped(self, body: Any, marker: str) -> tuple[Any, str]:
        place = self._world.contract.marker_place
        if isinstance(body, bytes) and PLAIN_TEXT.encode() in body:
            # A text that is not JSON, or not quite, can still make a record on a target that is too kind.
            return body.replace(PLAIN_TEXT.encode(), f"{marker} {PLAIN_TEXT}".encode()), marker
        if place is None or not isinstance(body, dict):
            return body, ""
        value = get_at(body, place.pointer, MISSING)
        if value is MISSING or not has_stamp(value):
            return body, ""
        return set_at(body, place.pointer, stamp(value, marker)), marker

    def _headers(self, changed: Mapping[str, str | None]) -> dict[str, str]:
        version = self._world.contract.version_header
        headers: dict[str, str | None] = {version.name: version.schema["const"]} if version else {}
        headers |= {"Content-Type": "application/json", **changed}
        return {name: value for name, value in headers.items() if value is not None}

    def _outgoing(
        self, number: str, content: bytes, sent: Any, marker: str, caller: str, headers: Mapping[str, str | None], later: int
    ) -> Outgoing:
        clock = self._world.target.clock_header
        if later and not clock:
            need = self._world.contract.needs["clock"]
            raise NotVerified(need.reason, need.remedy)
        moved = {clock: str(later)} if later else {}
        path = self._world.contract.create.path
        return Outgoing(
            number, "POST", path, self.caller(caller), self._headers({**headers, **moved}), content, sent, marker, "write"
        )

    def _send_create(self, outgoing: Outgoing, blame: str = "", own: bool = True) -> Exchange:
        self._world.spend_write()
        text, binary = body_text(outgoing.content)
        entry = Entry(
            number=outgoing.number,
            case=self._case,
            clause=self._blame or blame or _SURPLUS,
            stamp=outgoing.stamp,
            own=own and outgoing.caller.organization == "own",
            method=outgoing.method,
            url=self._world.target.url + outgoing.path,
            headers=self._client.shown_headers(outgoing),
            content=text,
            binary=binary,
            sent_at=time.time(),
        )
        self._ledger.open(entry)
        exchange = self._transmit(outgoing)
        self._ledger.settle(entry, exchange)
        return self._judged(exchange, outgoing)

    def _send(self, outgoing: Outgoing) -> Exchange:
        return self._judged(self._transmit(outgoing), outgoing)

    def _transmit(self, outgoing: Outgoing) -> Exchange:
        try:
            return self._client.send(outgoing)
        except TargetLost as error:
            raise NotVerified(str(error), "see whether the target is still up, and raise --timeout if it is slow") from error

    def _judged(self, exchange: Exchange, outgoing: Outgoing) -> Exchange:
        with self._lock:
            self._record.exchanges.append(exchange)
            if not outgoing.abandon:
                self._judge(exchange)
        return exchange


def smallest_other(operation: Operation | None) -> dict[str, Any]:
    """A body for another create endpoint: its required text fields, and nothing else.

    Raises:
        NotVerified: there is no such endpoint, or it requires more than texts.
    """
    need = NotVerified("the fragment has no other create endpoint whose required members are all texts")
    if operation is None:
        raise need
    groups = operation.request_schema.get("properties", {})
    body: dict[str, Any] = {}
    for group in operation.request_schema.get("required", ()):
        wanted = groups[group].get("required", ())
        if any(groups[group]["properties"][key].get("type") != "string" for key in wanted):
            raise need
        body[group] = dict.fromkeys(wanted, "Sample")
    return body
