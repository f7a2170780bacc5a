"""What else the target got that bears on the requests of a finding."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.conformance.harness.wire.sent import SentCreates


@pytest.fixture
def sent(but: Callable[..., Exchange]) -> SentCreates:
    """Two creates of a key, one of another, three of one moment, a read, and one with a marker of its own."""
    sent = SentCreates()
    keys = {"1": "k", "2": "k", "3": "other", "4.0": "k", "4.1": "m", "4.2": None}
    for second, (number, key) in enumerate(keys.items()):
        sent.note(but(number=number, key=key, sent_at=float(second), stamp=""))
    sent.note(but(number="5", key="k", method="GET", sent_at=0.5, stamp=""))
    sent.note(but(number="6", key=None, sent_at=0.2, stamp="lfc-00000000 abc-01"))
    return sent


@pytest.mark.parametrize(
    ("shown", "beside"),
    [
        pytest.param([("3", "other", 2.0)], [], id="alone"),
        pytest.param([("2", "k", 1.0)], ["1"], id="what-had-its-key-before"),
        pytest.param([("1", "k", 0.0), ("7", "k", 9.0)], ["2", "4.0", "4.1", "4.2"], id="and-the-moment-of-that"),
        pytest.param([("4.2", None, 5.0)], ["4.0", "4.1"], id="what-was-sent-at-its-moment"),
        pytest.param([("1", "k", 0.0), ("8", None, 1.5)], ["2"], id="the-key-of-an-earlier-one"),
    ],
)
def test_what_bears_on_requests(
    sent: SentCreates, but: Callable[..., Exchange], shown: list[tuple[str, str | None, float]], beside: list[str]
) -> None:
    """The same key before, and the same moment; what the requests are themselves is not repeated, and reads are not."""
    exchanges = [but(number=number, key=key, sent_at=at, stamp="") for number, key, at in shown]
    assert [each.number for each in sent.beside(exchanges)] == beside


def test_the_create_whose_marker_came_back(sent: SentCreates, but: Callable[..., Exchange]) -> None:
    """An answer with the marker of another create."""
    strange = but(body={"text": "lfc-00000000 abc-01 text"}, number="9", key=None, stamp="lfc-00000000 abc-02", sent_at=1.0)
    assert [each.number for each in sent.beside([strange])] == ["6"]


def test_a_create_of_the_ledger_gets_its_answer(sent: SentCreates, but: Callable[..., Exchange]) -> None:
    """What is not known stays as it is."""
    assert sent.whole(dataclasses.replace(but(number="1"), text="")).text
    unknown = but(number="10")
    assert sent.whole(unknown) is unknown


def test_what_was_sent_just_before(sent: SentCreates, but: Callable[..., Exchange]) -> None:
    """The last creates of all, and the last one of the same connection, in the order sent."""
    sent.note(but(number="0", key=None, sent_at=-1.0, stamp="", connection="127.0.0.1:9"))
    judged = but(number="7", sent_at=2.5, connection="127.0.0.1:9")
    assert [each.number for each in sent.preceding(judged)] == ["0", "2", "3"]
    assert [each.number for each in sent.preceding(but(number="7", sent_at=0.1))] == ["0", "1"]


def test_the_create_from_which_a_value_stayed(sent: SentCreates, but: Callable[..., Exchange]) -> None:
    """The last one that sent it at that place before the request in question."""
    for number, second in (("11", 0.1), ("12", 0.3), ("13", 9.0)):
        sent.note(but(number=number, content=b'{"fields": {"a": "stays"}}', sent_at=second))
    found = sent.last_with("/fields/a", "stays", but(number="14", sent_at=5.0))
    assert found is not None
    assert found.number == "12"
    assert sent.last_with("/fields/b", "stays", but(number="14", sent_at=5.0)) is None
