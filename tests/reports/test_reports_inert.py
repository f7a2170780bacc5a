"""Text from outside, made harmless to show."""

from __future__ import annotations

import pytest

from lightfield_contract.reports.inert import cut, inert, inert_block, is_inert


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b1m\x07\x7f", "\\x9b1m\\x07\\x7f"),
        ("a\u202eb\u2066c\u061c", "a\\u202eb\\u2066c\\u061c"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\u2028\u2029\x85", "\\u2028\\u2029\\x85"),
        ("\ud800\ufffe\U000e0041", "\\ud800\\ufffe\\U000e0041"),
        ("\u200b\u200d\ufeff\u00ad", "\\u200b\\u200d\\ufeff\\xad"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    """Controls, bidi controls, zero width characters, surrogates and line separators become escapes."""
    assert inert(text) == shown
    assert is_inert(shown)


@pytest.mark.parametrize("text", ["", "plain", "naïve 漢字 🧑🚀 שלום e\u0301", "a\\nb \\x1b"])
def test_ordinary_text_stays(text: str) -> None:
    """Letters of any script, and text that looks like an escape, are left alone."""
    assert inert(text) == text


def test_a_block_keeps_its_lines() -> None:
    """Only line feeds are kept."""
    assert inert_block("a\nb\r\n\x1bc") == "a\nb\\r\n\\x1bc"


def test_a_cut_says_so() -> None:
    """A reader knows how much is left out."""
    assert cut("abc", 3) == "abc"
    assert cut("a" * 1500, 3) == "aaa… (1,497 more characters)"
