"""The marker is stamped into every text that can carry it, and changes nothing that a clause is about."""

from __future__ import annotations

from typing import Any

import pytest

from lightfield_contract.conformance.harness.wire.marker import has_stamp, stamp, unstamp

MARKER = "lfc-00000000 abcdef-01"


def test_a_text_begins_with_the_marker() -> None:
    """The marker stands before the text, with a space between."""
    assert stamp("Renewal", MARKER) == f"{MARKER} Renewal"


@pytest.mark.parametrize(("head", "tail"), [("  ", ""), ("", "\t \n"), (" ", " "), ("\u3000", "\u2003")])
def test_white_space_at_the_ends_stays_at_the_ends(head: str, tail: str) -> None:
    """Trimming on the target's side has to show."""
    assert stamp(f"{head}Renewal{tail}", MARKER) == f"{head}{MARKER} Renewal{tail}"


@pytest.mark.parametrize("length", [100, 101, 255, 10_000])
def test_a_long_text_keeps_its_length(length: int) -> None:
    """A boundary stays a boundary."""
    stamped = stamp("x" * length, MARKER)
    assert (len(stamped), stamped.startswith(f"{MARKER} x")) == (length, True)


def test_a_long_text_keeps_its_ends() -> None:
    """White space at the ends of a long text stays where it was, and so does the last letter."""
    text = "  " + "x" * 96 + "y "
    stamped = stamp(text, MARKER)
    assert (len(stamped), stamped[:2], stamped[-2:]) == (100, "  ", "y ")


def test_a_long_text_of_white_space_and_few_letters_still_carries_the_whole_marker() -> None:
    """The marker is what the audit looks for, so it is never cut."""
    assert MARKER in stamp(" " * 98 + "xy", MARKER)


def test_a_short_text_grows() -> None:
    """Below the limit the text itself stays complete."""
    assert stamp("x" * 99, MARKER) == f"{MARKER} {'x' * 99}"


def test_texts_in_arrays_and_objects_are_stamped() -> None:
    """Every text inside a value carries the marker; keys and other values stay."""
    value = {"a": ["b", 1, None, {"c": "d"}], "e": True}
    assert stamp(value, "M") == {"a": ["M b", 1, None, {"c": "M d"}], "e": True}


@pytest.mark.parametrize("value", [None, 1, 2.5, True, "", " \t", [], {}, [1, ""], {"a": None}])
def test_a_value_without_text_is_not_stamped(value: Any) -> None:
    """Blank texts and other types carry no marker, and say so."""
    assert stamp(value, MARKER) == value
    assert not has_stamp(value)


@pytest.mark.parametrize("value", ["x", " x ", ["x"], {"a": ["", "x"]}, "x" * 200])
def test_a_value_with_a_text_can_be_stamped(value: Any) -> None:
    """One text suffices."""
    assert has_stamp(value)


@pytest.mark.parametrize("text", ["Renewal", "  Renewal ", "Ünïcödé 😀"])
def test_an_unstamped_text_is_the_text_that_was_stamped(text: str) -> None:
    """Examples are shown as they were before."""
    assert unstamp(stamp(text, MARKER), MARKER) == text


def test_the_original_is_left_alone() -> None:
    """Stamping makes new values."""
    value = {"a": ["b"]}
    stamp(value, MARKER)
    assert value == {"a": ["b"]}
