"""The ledger: an append-only file with a line before each create is sent, and a line with what came of it."""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....reports import body_bytes
from .exchange import Exchange, parse_json
from .trouble import trouble

__all__ = ["Entry", "Ledger", "Origin", "last_return", "read_ledger", "read_origin"]

_SKEW = 300.0


@dataclasses.dataclass(frozen=True)
class Entry:
    """One create that was sent, keys removed.

    Attributes:
        number: of the exchange.
        case: the test case that sent it.
        clause: what is broken when it made a record that no answer accounts for.
        stamp: the marker in the body; "" when the body had no text to carry it.
        key: the idempotency key that was sent, None for none.
        own: whether it went to the endpoint under test in the main organization, where the audit can look.
        content, binary: the body, as reports hold it.
        sent_at: Unix seconds.
        status: of the answer; 0 when none of the target's own was read, None while it is not known.
        record: the ID of the record that the answer named; "" for none.
        path: of the endpoint, without the base URL's own.
    """

    number: str
    case: str
    clause: str
    stamp: str
    own: bool
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: str
    binary: bool
    sent_at: float
    status: int | None = None
    reason: str = ""
    record: str = ""
    path: str = ""
    key: str | None = None

    def to_exchange(self) -> Exchange:
        """Return the exchange as far as the ledger has it: without the answer's body."""
        return Exchange(
            number=self.number,
            method=self.method,
            url=self.url,
            path=self.path,
            caller="",
            headers=self.headers,
            content=body_bytes(self.content, self.binary),
            sent=parse_json(self.content),
            stamp=self.stamp,
            key=self.key,
            status=self.status or 0,
            reason=self.reason,
            failure="" if self.status else "no answer was read",
            sent_at=self.sent_at,
        )

    def covers(self, created: str) -> bool:
        """Whether a record of that creation time can come of this create; the target's clock may differ by minutes."""
        try:
            moment = datetime.datetime.fromisoformat(created)
        except ValueError:
            return False
        aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        return self.sent_at - _SKEW <= aware.timestamp() <= time.time() + _SKEW


@dataclasses.dataclass(frozen=True)
class Origin:
    """Whose ledger it is: the run's name, the target's URL, and the contract as the user named it."""

    run: str
    target: str
    contract: str


class Ledger:
    """Writes entries. Several processes may write to one file: each line goes out in a single append."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def begin(self, origin: Origin) -> None:
        """Notes whose ledger it is."""
        self._write({"origin": vars(origin)})

    def open(self, entry: Entry) -> None:
        """Notes a create before it is sent."""
        self._write(vars(entry))

    def settle(self, entry: Entry, exchange: Exchange) -> None:
        """Notes what came of it; where something on the way answered, that is as unknown as without an answer."""
        refused = 400 <= exchange.status <= 499
        status = 0 if trouble(exchange) and not refused else exchange.status
        self._write({"number": entry.number, "status": status, "reason": exchange.reason, "record": exchange.record_id})

    def note_return(self) -> None:
        """Notes that the target was gone and is back: what it held in memory may be lost."""
        self._write({"returned": time.time()})

    def close(self) -> None:
        """Closes the file; harmless when repeated."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, line: dict[str, Any]) -> None:
        os.write(self._file, (json.dumps(line) + "\n").encode())


def read_ledger(path: Path) -> tuple[Entry, ...]:
    """The entries, each as last noted, in the order in which they were opened."""
    noted: dict[str, dict[str, Any]] = {}
    for raw in _lines(path):
        if "number" in raw:
            noted.setdefault(raw["number"], {}).update(raw)
    return tuple(Entry(**{**raw, "headers": tuple(map(tuple, raw["headers"]))}) for raw in noted.values())


def last_return(path: Path) -> float:
    """Unix seconds of when the target was last back after it had gone; 0 where it never was."""
    return max((raw["returned"] for raw in _lines(path) if "returned" in raw), default=0.0)


def read_origin(path: Path) -> Origin | None:
    """Return whose ledger it is; None where it does not say."""
    return next((Origin(**raw["origin"]) for raw in _lines(path) if "origin" in raw), None)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    # A run that was killed may have left its last line half written.
    whole, _, _ = path.read_text("utf-8").rpartition("\n")
    return map(json.loads, whole.splitlines())
