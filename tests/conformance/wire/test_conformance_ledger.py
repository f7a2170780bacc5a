"""The books: what is written before a create is sent can be read back, whoever wrote it and whatever came after."""

from __future__ import annotations

import dataclasses
import datetime
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lightfield_contract.conformance.harness.wire.exchange import MISSING, Exchange
from lightfield_contract.conformance.harness.wire.ledger import Entry, Ledger, read_ledger

NOW = time.time()
SENT = Exchange("abc-01", "POST", "http://x/y", "/y", "", (("A", "b"),), b"{}", {}, "lfc-1 abc-01", None, sent_at=NOW)
ENTRY = Entry(**vars(SENT), case="case", clause="success:once", own=True)
"""As it is before it is sent."""
READ = dataclasses.replace(ENTRY, failure="no answer was read")
"""As it is read again."""
WRITER = """
import dataclasses, pathlib, sys
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.conformance.harness.wire.ledger import Entry, Ledger
ledger = Ledger(pathlib.Path(sys.argv[1]))
for number in range(100):
    content = sys.argv[2].encode() * 20_000
    sent = Exchange(f"{sys.argv[2]}-{number}", "POST", "u", "", "", (), content, None, "s", None, sent_at=1.0)
    entry = Entry(**vars(sent), case="case", clause="c", own=True)
    ledger.open(entry)
    ledger.settle(entry, dataclasses.replace(sent, status=200, body={"id": entry.number}))
"""


def answered(status: int, record: str = "") -> Exchange:
    """An exchange with a status, and a record's ID where there is one."""
    body = {"id": record} if record else MISSING
    return Exchange("abc-01", "POST", "http://x/y", "/y", "main", (), b"{}", {}, "", None, status, "Reason", body=body)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the books are."""
    return tmp_path / "ledger.jsonl"


def test_an_entry_that_was_opened_is_there_before_anything_is_settled(path: Path) -> None:
    """A create whose answer never came is in the books all the same, with its status unknown."""
    Ledger(path).open(ENTRY)
    assert read_ledger(path) == (READ,)
    assert not read_ledger(path)[0].settled


@pytest.mark.parametrize(("status", "record"), [(200, "opp_1"), (400, ""), (0, "")])
def test_a_settled_entry_has_what_came_of_it(path: Path, status: int, record: str) -> None:
    """Status, reason and record are added to what was noted before."""
    ledger = Ledger(path)
    ledger.open(ENTRY)
    ledger.settle(ENTRY, answered(status, record))
    failure = "" if status else "no answer was read"
    settled = dataclasses.replace(ENTRY, status=status, reason="Reason", record=record, settled=True, failure=failure)
    assert read_ledger(path) == (settled,)


def test_entries_come_back_in_the_order_in_which_they_were_opened(path: Path) -> None:
    """Settling does not move an entry."""
    ledger = Ledger(path)
    entries = [dataclasses.replace(ENTRY, number=f"abc-{number}") for number in range(5)]
    for entry in entries:
        ledger.open(entry)
    for entry in reversed(entries):
        ledger.settle(entry, answered(200))
    assert [entry.number for entry in read_ledger(path)] == [entry.number for entry in entries]


@pytest.mark.parametrize("content", ["line\nfeed\r\n", "\u2028 and \x85", "lone \ud800", "\x00\x1f", "😀"])
def test_any_text_survives(path: Path, content: str) -> None:
    """Line feeds of every kind, control characters and half surrogate pairs neither break a line nor get lost."""
    sent = content.encode("utf-8", "surrogatepass")
    Ledger(path).open(dataclasses.replace(ENTRY, content=sent))
    assert [entry.content for entry in read_ledger(path)] == [sent]


def test_several_processes_write_one_file(path: Path) -> None:
    """No line of one process is cut by another's, long lines included."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "abc"]
    assert [writer.wait(30) for writer in writers] == [0, 0, 0]
    entries = read_ledger(path)
    assert {entry.number for entry in entries} == {f"{name}-{number}" for name in "abc" for number in range(100)}
    assert all((entry.status, entry.record) == (200, entry.number) for entry in entries)
    assert all(entry.content == entry.number[0].encode() * 20_000 for entry in entries)


def test_the_books_are_for_their_owner_alone(path: Path) -> None:
    """What was sent may be confidential."""
    Ledger(path).open(ENTRY)
    assert path.stat().st_mode & 0o077 == 0


def test_closing_twice_is_harmless(path: Path) -> None:
    """The controller closes what it has closed already."""
    ledger = Ledger(path)
    ledger.close()
    ledger.close()
    assert read_ledger(path) == ()


@pytest.mark.parametrize(
    ("away", "covered"), [(0, True), (-299, True), (-301, False), (299, True), (400, False), (-86_400, False)]
)
def test_a_record_of_about_that_time_can_come_of_a_create(away: int, covered: bool) -> None:
    """Clocks may differ by five minutes, and not by more."""
    made = datetime.datetime.fromtimestamp(time.time() + away, datetime.UTC)
    entry = dataclasses.replace(ENTRY, sent_at=time.time())
    assert entry.covers(made.isoformat()) is covered


@pytest.mark.parametrize(("text", "covered"), [("Z", True), ("+00:00", True), ("", True)])
def test_a_creation_time_without_an_offset_is_taken_for_utc(text: str, covered: bool) -> None:
    """The offset is only advice, so its absence does not hide a record."""
    moment = datetime.datetime.fromtimestamp(NOW, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    assert ENTRY.covers(f"{moment}{text}") is covered


@pytest.mark.parametrize("text", ["", "yesterday", "None", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_creation_time_that_cannot_be_read_is_not_covered(text: str) -> None:
    """A record without a time cannot be told from one that was there before."""
    assert not ENTRY.covers(text)


def test_an_entry_is_the_exchange_without_the_answers_body(path: Path) -> None:
    """What the ledger has of it is shown; a body that is not JSON is missing rather than wrong."""
    ledger = Ledger(path)
    for entry in (ENTRY, dataclasses.replace(ENTRY, number="abc-02", content=b"{")):
        ledger.open(entry)
    ledger.settle(ENTRY, answered(201, "opp_1"))
    first, second = read_ledger(path)
    assert (first.status, first.sent, first.content, first.failure, first.record_id) == (201, {}, b"{}", "", "opp_1")
    assert second.sent is MISSING
    assert second.failure
