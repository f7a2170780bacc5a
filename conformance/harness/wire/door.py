"""The door through which all requests of a process leave: it tells trouble on the way from an answer, and when to stop.

An answer that may be another's than the target's is asked for again. What the target itself answers comes again each time,
while a control, a request that is known to be answered, gets through between: then it counts (contract 11, "gateways").
"""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections.abc import Callable, Iterable
from typing import NoReturn

from ....spec import TargetError
from .client import Client
from .exchange import Exchange
from .main_key import MainKey
from .pacing import LONG, asked_pause
from .redaction import Secret
from .trouble import signature, trouble

__all__ = ["Attempt", "Door", "Trouble"]

_REPEATS = 3
"""Times that the same request gets the same trouble, before it is the target's doing (contract 11)."""
_MOST = 10
"""Times that one request is made at most."""
_CHANCE = 1e-6
"""How often trouble that comes by chance may be taken for the target's doing, of all requests."""
_KNOWN_AFTER = 2
"""Requests that have to show answers of one kind to be the target's, before the next such answer is believed at once."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_GONE_AFTER = 1.0
"""Seconds of trouble without an end, after which the target may have been started anew."""
_CONFLICTS = 4
"""Times that a conflict is waited out after trouble: the request whose answer was lost may still be in flight."""
_RENEWALS = 2
"""A worker that was asleep first takes the key that others fetched, and that one may be stale as well."""


_WAY = "see what stands between here and the target, and run it again"
_GONE = "see whether the target is still up; raise --timeout if it is slow, --wait if it takes long to come back"
_KEY = "give a key that lives longer than the run, or a command that prints a fresh one in LIGHTFIELD_KEY_COMMAND"


class Trouble(Exception):
    """A request has no answer that says anything of the target.

    Attributes:
        reason: what was seen. remedy: what the user can do.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclasses.dataclass(frozen=True)
class Attempt:
    """A request that can be made.

    Attributes:
        send: makes it, each time anew.
        control: makes a request that is known to be answered well; gives what came, and whether it was.
        check_key: asks, with this request's key and nothing special in it, whether the target takes the key.
        repeatable: whether it may be made again without hiding what it is to show.
        renewable: whether that is so with another key as well.
    """

    send: Callable[[], Exchange]
    control: Callable[[], tuple[Exchange, bool]]
    check_key: Callable[[], Exchange]
    repeatable: bool = True
    renewable: bool = True


class Door:
    """Makes requests until the target's own answer is known.

    Args:
        main: the main key.
        patience: seconds to wait for a target that has gone.
        tell: says a sentence to the user at once; long waits are announced.
        returned: called each time when a target that had gone is back.

    Attributes:
        open: whether trouble is looked for; before the first contact every answer is given as it came.
        usual: kinds of answers that are the target's own, whatever they look like.
        ended: why no more requests are made, and what to do; None while they are.
    """

    def __init__(
        self,
        client: Client,
        main: MainKey,
        patience: float,
        returned: Callable[[], None],
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._tell = tell
        self.open = False
        self.ended: Trouble | None = None
        self._client = client
        self._main = main
        self._patience = patience
        self._returned = returned
        self._chance = 0
        self.usual: set[tuple[int, str, str]] = set()
        self._shown: dict[tuple[int, str, str], int] = {}
        self.taken: set[str] = set()
        self._lock = threading.Lock()

    def begin(self, usual: Iterable[tuple[int, str, str]] = (), taken: Iterable[str] = ()) -> None:
        """Look for trouble from now on.

        Args:
            usual: kinds of answers that another process has shown to be the target's own.
            taken: callers whose keys another process has seen taken.
        """
        self.usual.update(usual)
        self.taken.update(taken)
        self.open = True

    def accept(self, kind: tuple[int, str, str]) -> None:
        """Takes answers of a kind, as `signature` has it, for the target's own, whatever they look like."""
        self.usual.add(kind)

    def send(self, attempt: Attempt) -> Exchange:
        """Makes the request, and gives the target's own answer.

        Raises:
            Trouble: there is none; when `ended` is set, there will be none any more.
        """
        if not self.open:
            return self._once(attempt)
        for _ in range(_RENEWALS):
            key = self._main.now
            exchange = self._answered(attempt)
            if not self._is_stale(exchange, attempt):
                return exchange
            self._renew(key, exchange, attempt)
        exchange = self._answered(attempt)
        if self._is_stale(exchange, attempt):
            self._end(f"the key stopped working after {self._client.sent} requests, and so did the fresh ones", _KEY)
        return exchange

    def _once(self, attempt: Attempt) -> Exchange:
        if self.ended:
            raise self.ended
        exchange = attempt.send()
        known = 200 <= exchange.status <= 299 or exchange.status in (400, 403, 409, 422)
        if known and exchange.authorized and not self._trouble(exchange):
            self.taken.add(exchange.caller)
        return exchange

    def _answered(self, attempt: Attempt) -> Exchange:
        repeats = troubled = conflicts = 0
        seen = ""
        while troubled < _MOST:
            exchange = self._once(attempt)
            if not (again := self._trouble(exchange)):
                if troubled and exchange.status == 409 and exchange.key and conflicts < _CONFLICTS:
                    time.sleep(_FIRST_PAUSE * 2**conflicts)
                    conflicts += 1
                    continue
                self._count_chance(troubled)
                return exchange
            if self._is_shown(exchange):
                return exchange
            seen, troubled = again, troubled + 1
            repeats = repeats + 1 if self._control_passes(attempt, exchange) else 0
            if not attempt.repeatable:
                break
            if repeats >= self._wanted():
                with self._lock:
                    self._shown[signature(exchange)] = self._shown.get(signature(exchange), 0) + 1
                return exchange
        self._count_chance(troubled)
        raise Trouble(f"trouble on the way: {seen}", _WAY)

    def _trouble(self, exchange: Exchange) -> str:
        return "" if signature(exchange) in self.usual else trouble(exchange)

    def _is_shown(self, exchange: Exchange) -> bool:
        """Whether such answers were shown to be the target's own, on a way that has no trouble of any other origin."""
        return bool(exchange.status) and not self._chance and self._shown.get(signature(exchange), 0) >= _KNOWN_AFTER

    def _wanted(self) -> int:
        """How many repeats tell the target's doing from chance: three, and more where trouble does come by chance."""
        if not self._chance:
            return _REPEATS
        rate = min(0.9, self._chance / max(self._client.sent, 1))
        return max(_REPEATS, math.ceil(math.log(_CHANCE) / math.log(rate)))

    def _count_chance(self, troubled: int) -> None:
        with self._lock:
            self._chance += troubled

    def _control_passes(self, attempt: Attempt, exchange: Exchange) -> bool:
        """Whether the target answers well meanwhile; where it does not answer at all, waits until it does.

        Raises:
            Trouble: it did not come back.
        """
        control, well = attempt.control()
        refused = exchange.cause == "connect"
        if not refused and not self._trouble(control):
            return well
        start, pause, announced = time.monotonic(), _FIRST_PAUSE, False
        while seen := self._trouble(control):
            self._count_chance(1)
            refused = refused or control.cause == "connect"
            asked = asked_pause(control.response_headers)
            wait = pause if asked is None else min(max(asked, _FIRST_PAUSE), _LONGEST_PAUSE)
            if time.monotonic() + wait > start + self._patience:
                self._end(f"the target stopped answering after {self._client.sent} requests: {seen}", _GONE)
            if not announced and time.monotonic() + wait > start + LONG and self._tell:
                announced = True
                self._tell(f"waiting up to {self._patience:.0f} s (--wait) for the target to answer again: {seen}")
            time.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)
            control, _ = attempt.control()
        if refused or time.monotonic() - start > _GONE_AFTER:
            self._returned()
        return False

    def _is_stale(self, exchange: Exchange, attempt: Attempt) -> bool:
        """Whether it was refused for a key that was taken before, and the key by itself is refused as well (contract 11)."""
        if exchange.status != 401 or not exchange.authorized or exchange.caller not in self.taken:
            return False
        for _ in range(_REPEATS):
            check = attempt.check_key()
            if not (seen := self._trouble(check)):
                return check.status == 401
        raise Trouble(f"trouble on the way: {seen}", _WAY)

    def _renew(self, refused: Secret, exchange: Exchange, attempt: Attempt) -> None:
        if exchange.caller != "main":
            raise Trouble(f"the key of the caller {exchange.caller} stopped working", "give one that outlives the run")
        try:
            renewed = self._main.renew(refused)
        except TargetError as error:
            self._end(str(error), _KEY)
        if not renewed:
            self._end(f"the key stopped working after {self._client.sent} requests", _KEY)
        if not attempt.renewable:
            raise Trouble("the key stopped working in the middle of a case, and a fresh one was fetched", _KEY)

    def _end(self, reason: str, remedy: str) -> NoReturn:
        self.ended = Trouble(reason, remedy)
        raise self.ended
