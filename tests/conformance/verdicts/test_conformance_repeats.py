"""What is so of the repeats alone that make a record of their own, as far as a run's ledger shows it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lightfield_contract.conformance.harness.verdicts.features import KEY, KEYLESS
from lightfield_contract.conformance.harness.verdicts.repeats import share_of_repeats, trait_of_repeats
from lightfield_contract.conformance.harness.verdicts.separating import keyed_alike
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.conformance.harness.wire.ledger import Entry


def ledger(*creates: str) -> Sequence[Entry]:
    """Entries of creates, each written as its Idempotency-Key, its record and, where it is another, the API key."""
    return [entry(str(number), *create.split()) for number, create in enumerate(creates)]


def entry(number: str, key: str, record: str, sender: str = "main") -> Entry:
    """One create that was accepted."""
    sent = Exchange(number, "POST", "/", "/", "", (("Authorization", sender),), b"{}", {}, "", key, 200)
    return Entry(**vars(sent), case="case", clause="success:once", own=True, record=record)


HELD = ("a 1", "a 1", "b 2", "b 2", "c 3", "c 3")
"""Keys whose repeats, right after their first use, get the original."""


@pytest.mark.parametrize(
    ("creates", "trait"),
    [
        (HELD, ""),
        ((*HELD, "d 4", "e 5", "d 6", "f 7", "g 8", "f 9"), "after a create with another Idempotency-Key"),
        (("a 1", "a 1", "a 4", "b 2", "b 2", "b 5", "c 3", "c 3", "c 6"), "as the third use of the key"),
        ((*HELD, "d 4", "d 5 second", "e 6", "e 7 second"), "with another API key of the organization"),
        ((*HELD, "d 4", "d 5", "e 6", "e 7"), ""),
        ((*HELD, "d 4", "e 5", "d 6"), ""),
        (("d 4", "e 5", "d 6", "f 7", "g 8", "f 9"), ""),
    ],
    ids=["none fails", "another key", "third use", "another caller", "some in between", "one alone", "none passes"],
)
def test_what_only_failing_repeats_have_is_named(creates: tuple[str, ...], trait: str) -> None:
    """Where there are enough of both; else nothing is."""
    assert trait_of_repeats(ledger(*creates)) == trait


def test_several_keys_in_between_are_counted() -> None:
    """As many as it takes at least, and as many as it does not."""
    passing = ("a 1", "x 2", "a 1", "b 3", "b 3", "c 4", "c 4")
    failing = ("d 5", "y 6", "z 7", "d 8", "e 9", "v 10", "w 11", "e 12")
    assert trait_of_repeats(ledger(*passing, *failing)) == "after 2 creates with other Idempotency-Keys (not after 1)"


@pytest.mark.parametrize(
    ("creates", "share"),
    [
        (HELD, (0, 0)),
        ((*HELD, "d 4", "d 5"), (0, 0)),
        ((*HELD, "d 4", "d 4", "e 5", "e 6", "f 7", "f 8"), (2, 6)),
        ((*HELD, "d 4", "d 5", "e 6", "e 7"), (0, 0)),
    ],
    ids=["none fails", "one alone", "two of six", "most of few"],
)
def test_repeats_that_fail_at_times_are_counted(creates: tuple[str, ...], share: tuple[int, int]) -> None:
    """Where they are no more than some of all."""
    assert share_of_repeats(ledger(*creates)) == share


@pytest.mark.parametrize(
    ("failing", "passing", "named"),
    [
        ([KEY] * 5, [KEY] * 20 + [KEYLESS] * 20, (KEY,)),
        ([KEYLESS] * 3, [KEY] * 5 + [KEYLESS] * 20, ()),
        ([KEY, KEYLESS, KEY, KEY], [KEYLESS] * 40, ()),
        ([KEY] * 5, [KEY] * 40, ()),
    ],
)
def test_a_key_is_named_only_where_that_is_no_chance(
    failing: list[tuple[str, str]], passing: list[tuple[str, str]], named: object
) -> None:
    """Of requests that mostly have one, three with a key say nothing."""
    assert keyed_alike([frozenset({each}) for each in failing], [frozenset({each}) for each in passing]) == named
