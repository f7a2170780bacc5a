"""What an ID seems to be made of is named where the creates of each ID agree in it, and those of two do not."""

from __future__ import annotations

from typing import Any

import pytest

from lightfield_contract.conformance.harness.audit.alike import alike_in
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.conformance.harness.wire.ledger import Entry

PLAIN, RICH = {"fields": {"a": 1}}, {"fields": {"a": 1, "b": 2}}
OTHER = {"fields": {"c": 1}}


def entry(sent: Any, at: float) -> Entry:
    """A create as the ledger has it, sent at a moment."""
    exchange = Exchange("1", "POST", "http://x/y", "/y", "", (), b"{}", sent, "stamp", None, sent_at=at)
    return Entry(**vars(exchange), case="case", clause="success:once", own=True)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([[(PLAIN, 0), (PLAIN, 9)], [(OTHER, 3), (OTHER, 8)]], "those that set the same members share one"),
        ([[(PLAIN, 0), (OTHER, 9)], [(RICH, 3), (RICH, 8)]], "those that set as many members share one"),
        ([[(PLAIN, 0), (RICH, 1)], [(PLAIN, 5), (RICH, 6)]], "that of the one made shortly before"),
        (
            [[(PLAIN, 0), (RICH, 1), (PLAIN, 2)], [(PLAIN, 5), (RICH, 6)]],
            "those made shortly after each other share one",
        ),
        ([[(PLAIN, 0), (RICH, 9)], [(PLAIN, 1), (RICH, 6)]], ""),
        ([[(PLAIN, 0), (PLAIN, 1)]], ""),
    ],
)
def test_what_creates_with_one_id_agree_in_is_named(groups: list[list[tuple[Any, float]]], words: str) -> None:
    assert alike_in([[entry(sent, at) for sent, at in group] for group in groups]) == words
