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

from ....reports import body_bytes, body_text
from .exchange import Exchange, parse_json
from .trouble import trouble

__all__ = ["Entry", "Ledger", "LedgerReader", "Origin", "read_ledger", "read_moment", "read_origin"]

_SKEW = 300.0
_BOOKED = ("number", "method", "url", "path", "headers", "stamp", "key", "sent_at")
"""What a line has of an exchange besides its body."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry(Exchange):
    """A create that was sent, as far as the ledger has it: without the answer's body.

    Attributes:
        case: the test case that sent it.
        clause: what is broken when it made a record that no answer accounts for.
        own: whether it went to the endpoint under test in the main organization, where the audit can look.
        settled: whether it is known what came of it; its status is 0 then where no answer of the target's own was read.
        record: the ID of the record that the answer named; "" for none.
        marked: whether the answer held the marker of this very request, as that to another one does not.
    """

    case: str
    clause: str
    own: bool
    settled: bool = False
    record: str = ""
    marked: bool = False

    @property
    def record_id(self) -> str:
        """The ID of the record that the answer named; "" for none."""
        return self.record

    def covers(self, created: str) -> bool:
        """Whether a record of that creation time can come of this create; the target's clock may differ by minutes."""
        moment = read_moment(created)
        return moment is not None and self.sent_at - _SKEW <= moment <= time.time() + _SKEW


def read_moment(created: str) -> float | None:
    """Unix seconds of a creation time; None when it cannot be read."""
    try:
        moment = datetime.datetime.fromisoformat(created)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp()


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
        self._write({"origin": dataclasses.asdict(origin)})

    def open(self, entry: Entry) -> None:
        """Notes a create before it is sent."""
        content, binary = body_text(entry.content)
        line = {name: getattr(entry, name) for name in (*_BOOKED, "case", "clause", "own")}
        self._write({**line, "content": content, "binary": binary})

    def settle(self, entry: Entry, exchange: Exchange) -> None:
        """Notes what came of it; where something on the way answered, that is as unknown as without an answer."""
        refused = 400 <= exchange.status <= 499
        status = 0 if trouble(exchange) and not refused else exchange.status
        came = {"status": status, "reason": exchange.reason, "record": exchange.record_id}
        self._write({"number": entry.number, **came, "marked": exchange.marked})

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


class LedgerReader:
    """Reads a ledger while a run goes on, and each line of it once.

    Attributes:
        returned: Unix seconds of when the target was last back after it had gone, as far as was read; 0 where it never was.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self._noted: dict[str, dict[str, Any]] = {}
        self._entries: dict[str, Entry] = {}
        self.returned = 0.0

    def read(self) -> tuple[Entry, ...]:
        """Return all entries, each as last noted, in the order in which they were opened."""
        changed = set()
        for line in self._more():
            self.returned = max(self.returned, line.get("returned", 0.0))
            if "number" in line:
                self._noted.setdefault(line["number"], {}).update(line)
                changed.add(line["number"])
        self._entries |= {number: _entry(noted) for number, noted in self._noted.items() if number in changed}
        return tuple(self._entries.values())

    def _more(self) -> Iterator[dict[str, Any]]:
        with self._path.open("rb") as file:
            file.seek(self._at)
            # A run that was killed may have left its last line half written.
            whole, end, _ = file.read().rpartition(b"\n")
        self._at += len(whole) + len(end)
        return map(json.loads, whole.splitlines())


def read_ledger(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a ledger, each as last noted, in the order in which they were opened."""
    return LedgerReader(path).read()


def _entry(line: dict[str, Any]) -> Entry:
    opened = {name: line[name] for name in (*_BOOKED, "case", "clause", "own")}
    opened["headers"] = tuple(map(tuple, line["headers"]))
    return Entry(
        **opened,
        caller="",
        content=body_bytes(line["content"], line["binary"]),
        sent=parse_json(line["content"]),
        status=line.get("status", 0),
        reason=line.get("reason", ""),
        failure="" if line.get("status") else "no answer was read",
        settled="status" in line,
        record=line.get("record", ""),
        marked=line.get("marked", False),
    )


def read_origin(path: Path) -> Origin | None:
    """Return whose ledger it is; None where it does not say."""
    with path.open(encoding="utf-8") as lines:
        return next((Origin(**line["origin"]) for line in map(_whole, lines) if "origin" in line), None)


def _whole(line: str) -> dict[str, Any]:
    return json.loads(line) if line.endswith("\n") else {}
