"""What failing requests have in common is named where passing ones do not have it, and not where they do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lightfield_contract.conformance.harness.verdicts.traits import trait_of_bodies, trait_of_keys


def bodies(*texts: Any) -> list[bytes]:
    """Request bodies that hold one text each."""
    return [json.dumps({"fields": {"a": text}}).encode() for text in texts]


@pytest.mark.parametrize(
    ("failing", "passing", "trait"),
    [
        (["a\U0001f600", "\U0001f600b"], ["a", "é"], "a character beyond U+FFFF"),
        (["it's"], ["it is"], "an apostrophe"),
        (["it's"], ["it is", "he's"], ""),
        (["é'", "é"], ["e'"], "a character outside ASCII"),
        (["x" * 300, "x" * 256], ["x" * 255], "a text of 256 characters or more"),
        (["x" * 40], ["x"], ""),
        ([{"first": "o'"}], [{"first": "o"}], "an apostrophe"),
        ([["a\tb"]], [["a"]], "a tab"),
        (["a"], [], ""),
    ],
)
def test_what_only_failing_bodies_hold_is_named(failing: list[Any], passing: list[Any], trait: str) -> None:
    assert trait_of_bodies(bodies(*failing), bodies(*passing)) == trait


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a": 1}', b"[" * 100_000])
def test_a_body_without_texts_has_no_trait(body: bytes) -> None:
    assert trait_of_bodies([body], bodies("a")) == ""


@pytest.mark.parametrize(
    ("failing", "passing", "trait"),
    [
        (["a", "b-"], ["abcd"], "of 2 characters or fewer (one of 4 characters is accepted)"),
        (["a_bcde", "abcd_e"], ["abcdef", "a-bcde"], "that has an underscore (one without is accepted)"),
        (["a" * 256], ["a" * 255, "b"], "of 256 characters or more (one of 255 characters is accepted)"),
        (["abcd"], ["abcd", "a"], ""),
        ([], ["a"], ""),
    ],
)
def test_what_only_refused_keys_have_is_named(failing: list[str], passing: list[str], trait: str) -> None:
    assert trait_of_keys(failing, passing) == trait
