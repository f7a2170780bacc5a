"""JSON Pointers find, set and take away, and leave the body that they were given alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightfield_contract.spec.pointer import get_at, join, segments, set_at, without

BODY = {"a": {"b/c": 1, "d~e": [1, {"f": None}]}, "": 0}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", BODY),
        ("/a/b~1c", 1),
        ("/a/d~0e/0", 1),
        ("/a/d~0e/1/f", None),
        ("/", 0),
    ],
)
def test_what_stands_at_a_pointer(pointer: str, value: Any) -> None:
    """RFC 6901: names are escaped, array items are counted, the empty pointer is the whole."""
    assert get_at(BODY, pointer) == value


@pytest.mark.parametrize("pointer", ["/b", "/a/b~1c/x", "/a/d~0e/2", "/a/d~0e/-", "/a/d~0e/01", "/a/d~0e/٠"])
def test_where_nothing_stands(pointer: str) -> None:
    """There is an error or the default, and taking nothing away changes nothing."""
    with pytest.raises(KeyError):
        get_at(BODY, pointer)
    assert get_at(BODY, pointer, None) is None
    assert without(BODY, pointer) == BODY


@given(st.lists(st.text(max_size=3), min_size=1, max_size=4), st.integers())
def test_what_is_set_is_found_again(names: list[str], value: int) -> None:
    """Any names make a way, objects on it are made, and the old body stays as it was."""
    pointer = join("", *names)
    body: dict[str, Any] = {}
    changed = set_at(body, pointer, value)
    assert segments(pointer) == tuple(names)
    assert get_at(changed, pointer) == value
    assert get_at(without(changed, pointer), pointer, None) is None
    assert body == {}


def test_the_old_body_stays_as_it_was() -> None:
    """Whatever is set or taken away, and at whatever depth."""
    before = copy.deepcopy(BODY)
    assert set_at(BODY, "/a/d~0e/1/f", "changed")["a"]["d~e"] == [1, {"f": "changed"}]
    assert without(BODY, "/a/d~0e/0")["a"]["d~e"] == [{"f": None}]
    assert before == BODY


def test_items_of_an_array_can_be_set_and_taken_away() -> None:
    """Existing ones only."""
    assert set_at([1, 2], "/1", 3) == [1, 3]
    assert without([1, 2], "/0") == [2]
    with pytest.raises(KeyError):
        set_at([1, 2], "/2", 3)
    with pytest.raises(KeyError):
        set_at({"a": 1}, "/a/b", 3)


def test_what_is_no_pointer_is_refused() -> None:
    """A path without its slash is a mistake of the caller."""
    with pytest.raises(ValueError, match="JSON Pointer"):
        get_at(BODY, "a")
    with pytest.raises(ValueError, match="whole body"):
        without(BODY, "")
    assert set_at(BODY, "", 1) == 1
