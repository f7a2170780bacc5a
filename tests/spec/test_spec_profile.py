"""The profile: the layout of bodies, answers, lists and errors, and that no other module has it in a string."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lightfield_contract.spec
from lightfield_contract.spec import Role, error_form, load, profile
from lightfield_contract.spec.pointer import ABSENT, get_at, set_at

ROOT = Path(lightfield_contract.spec.__file__).parents[1]
ROOMS = ("spec", "strategies", "reference", "reports", "conformance")
"""The rooms in which no string but the profile's names the two maps."""
MAPS = re.compile(r"(?<![\w-])(fields|relationships)(?![\w-])")

BODY = {"fields": {"$title": "Sample", "own/key": 1}, "relationships": {"$holder": ["acc_1"]}}
RECORD = {
    "id": "rec_1",
    "createdAt": "2026-03-01T12:00:00Z",
    "fields": {
        "$title": {"value": "Sample", "valueType": "TEXT"},
        "own/key": {"value": 1, "valueType": "NUMBER"},
        "bare": "Sample",
    },
    "relationships": {
        "$holder": {"cardinality": "has_one", "objectType": "account", "values": ["acc_1"]},
        "odd": {"values": "acc_1"},
    },
}


def _statements(node: ast.AST) -> list[ast.stmt]:
    body = getattr(node, "body", None)
    return body if isinstance(body, list) else []


def literals(module: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string of a module that is no docstring."""
    tree = ast.parse(module.read_text("utf-8"))
    documents = {
        id(statement.value) for node in ast.walk(tree) for statement in _statements(node) if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_module_knows_the_two_maps(room: str) -> None:
    """Neither their names nor a pointer into one of them stands in a string of the room."""
    modules = [module for module in sorted((ROOT / room).rglob("*.py")) if module != Path(profile.__file__)]
    assert modules
    found = [f"{module}:{line}: {text}" for module in modules for line, text in literals(module) if MAPS.search(text)]
    assert found == []


def test_the_search_for_strings_finds_them() -> None:
    """The profile's own names are seen, or the test above would prove nothing."""
    assert {"fields", "relationships"} <= {text for _, text in literals(Path(profile.__file__))}


def test_what_a_request_sets_is_listed_values_first() -> None:
    """Each member comes with its pointer, and what is no map has no members."""
    assert list(profile.sent_members(BODY)) == [
        ("/fields/$title", "Sample"),
        ("/fields/own~1key", 1),
        ("/relationships/$holder", ["acc_1"]),
    ]
    oddities: tuple[Any, ...] = (None, [], "text", {}, {"fields": None, "relationships": []})
    for odd in oddities:
        assert list(profile.sent_members(odd)) == []


def test_a_custom_key_goes_into_the_map_of_its_role() -> None:
    """Links have a map of their own; every other role shares the other one."""
    assert profile.custom_pointer(Role.LINK, "own/key") == "/relationships/own~1key"
    assert {profile.custom_pointer(role, "own") for role in Role if role is not Role.LINK} == {"/fields/own"}


@pytest.mark.parametrize(("pointer", "value"), list(profile.sent_members(BODY)))
def test_what_was_sent_is_read_back(pointer: str, value: Any) -> None:
    """A record that shows what was sent is read as that, at the pointer of the request and at the one it has there."""
    assert profile.read_back(RECORD, pointer) == value
    assert get_at(RECORD, profile.value_pointer(pointer)) == value


@pytest.mark.parametrize(
    ("pointer", "shown"),
    [
        ("/fields/absent", None),
        ("/relationships/absent", None),
        ("/fields/bare", ABSENT),
        ("/relationships/odd", ABSENT),
        ("/fields", ABSENT),
        ("/other/key", ABSENT),
        ("/id", ABSENT),
    ],
)
def test_what_cannot_be_compared_is_absent(pointer: str, shown: Any) -> None:
    """Nothing shown is None; a form that is another clause's affair is ABSENT, and so is a record without the map."""
    assert profile.read_back(RECORD, pointer) is shown
    assert profile.read_back([], pointer) is ABSENT


def test_members_of_a_record_are_read() -> None:
    """Those that have the form of one, with what they show."""
    values = [(each.key, each.value, each.value_type) for each in profile.answered_values(RECORD)]
    assert values == [("$title", "Sample", "TEXT"), ("own/key", 1, "NUMBER")]
    links = [(each.pointer, each.ids, each.object_type, each.cardinality) for each in profile.answered_links(RECORD)]
    assert links == [
        ("/relationships/$holder", ["acc_1"], "account", "has_one"),
        ("/relationships/odd", "acc_1", ABSENT, ABSENT),
    ]
    assert list(profile.answered_values({"fields": []})) == []


def test_what_is_wrapped_is_read_again() -> None:
    """The two forms of a record's members are written and read in one place."""
    record = set_at({}, profile.custom_pointer(Role.VALUE, "own"), profile.wrap_value(1, "NUMBER"))
    record = set_at(record, profile.custom_pointer(Role.LINK, "own"), profile.wrap_links(["a"], "thing", "has_many"))
    assert [(each.value, each.value_type) for each in profile.answered_values(record)] == [(1, "NUMBER")]
    assert [(each.ids, each.object_type, each.cardinality) for each in profile.answered_links(record)] == [
        (["a"], "thing", "has_many")
    ]


def test_a_record_names_itself() -> None:
    """By its ID and by when it was made; what is no record has neither."""
    assert (profile.record_id(RECORD), profile.creation_time(RECORD)) == ("rec_1", "2026-03-01T12:00:00Z")
    oddities: tuple[Any, ...] = (None, [], {}, {"id": 1})
    for odd in oddities:
        assert (profile.record_id(odd), profile.creation_time(odd)) == ("", "")


def test_a_page_is_read() -> None:
    """Its records, and how many there are in all, where it says so."""
    assert profile.page_records({"data": [RECORD], "totalCount": 7}) == [RECORD]
    assert profile.page_total({"data": [], "totalCount": 7}) == 7
    oddities: tuple[Any, ...] = (None, [], {"data": {}}, {"totalCount": True}, {"totalCount": "7"})
    for odd in oddities:
        assert (profile.page_records(odd), profile.page_total(odd)) == (None, None)
    assert (profile.page_query(3), profile.page_query(3, 0)) == ({"limit": 3}, {"limit": 3, "offset": 0})
    assert profile.filter_query("$title", "Sample") == {"$title[equal]": "Sample"}


def test_what_a_key_may_do_is_read() -> None:
    """An empty list means full access; no list says nothing."""
    assert profile.key_scopes({"active": True, "scopes": []}) == []
    assert profile.key_is_active({"active": True})
    oddities: tuple[Any, ...] = (None, [], {"scopes": None, "active": "yes"})
    for odd in oddities:
        assert profile.key_scopes(odd) is None
        assert not profile.key_is_active(odd)


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_error_is_read_with_and_without_its_wrapper(wrapped: bool) -> None:
    """Both forms say the same, and which one it was is known."""
    error = {"type": "bad_request", "message": "no", "param": "fields.$title"}
    found = error_form.read_error({"error": error} if wrapped else error)
    assert found == error_form.ErrorObject("bad_request", "no", None, "fields.$title", wrapped)


@pytest.mark.parametrize("body", [None, [], "text", {}, {"error": None}, {"error": "no"}, {"error": {}}])
def test_what_is_no_error_is_none(body: Any) -> None:
    """A page of a gateway, or nothing at all."""
    assert error_form.read_error(body) is None


@pytest.mark.parametrize("place", [place.pointer for place in load().places])
def test_a_param_names_its_place(place: str) -> None:
    """The spelling of the vendor's pages, a pointer, one without the dollar sign, and one that goes deeper."""
    param = error_form.place_param(place)
    assert not param.startswith("/")
    for spelled in (param, place, param.replace("$", ""), f"{param}[0]", f" {param} "):
        assert error_form.names_place(spelled, place)
    assert not error_form.names_place(f"{param}s", place)


@pytest.mark.parametrize("param", ["fields.a/b", "fields.$a/b", "/fields/a~1b", "a/b", "fields.a.b"])
def test_a_name_that_holds_what_parts_a_path_is_named(param: str) -> None:
    """However the slash in it is spelled."""
    assert error_form.names_place(param, "/fields/a~1b")
    assert not error_form.names_place(param, "/fields/a~1c")


def test_a_header_is_named_without_case() -> None:
    """What is no pointer is a header's name."""
    assert error_form.names_place("idempotency-key", "Idempotency-Key")
    assert not error_form.names_place("fields", "Idempotency-Key")
    assert error_form.place_param("Idempotency-Key") == "Idempotency-Key"
