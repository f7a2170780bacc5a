"""Whether a value that came back is the one that was sent: one table for each value type (contract 11)."""

from __future__ import annotations

from typing import Any

import pytest

from lightfield_contract.conformance.harness.judge.echo import judge_echo
from lightfield_contract.conformance.harness.judge.values import parse_timestamp, same_links
from lightfield_contract.spec import FieldDefinition, Option, load
from lightfield_contract.strategies import Workspace

OPTIONS = (Option("opt_1", "Won"), Option("opt_2", "Lost"), Option("", "No ID"), Option("opt_4", ""))
PLACE = {"street": "1 Main St", "city": "Ghent", "country": "BE"}
TYPES = list(load().values)


def same_value(value_type: str, sent: Any, got: Any, options: tuple[Option, ...] = ()) -> bool:
    """Whether the judge takes what came back for a custom attribute of a type for what was sent."""
    workspace = Workspace(fields={"some": FieldDefinition("some", value_type, options=options)})
    shown = {"fields": {"some": {"value": got, "valueType": value_type}}}
    (judgement,) = judge_echo(load(), workspace, {"fields": {"some": sent}}, shown)
    return not judgement.problem


@pytest.mark.parametrize("value_type", ["TEXT", "MARKDOWN"])
@pytest.mark.parametrize(
    ("sent", "got", "same"),
    [
        ("a", "a", True),
        ("a ", "a", False),
        ("a", "A", False),
        ("e\u0301", "\u00e9", False),
        ("\U0001f600", "\U0001f600", True),
        ("1", 1, False),
        ("abc", "ab", False),
        ("a", ["a"], False),
        ("a", None, False),
        ("", "", True),
        ("", None, False),
    ],
)
def test_texts_come_back_exactly(value_type: str, sent: Any, got: Any, same: bool) -> None:
    """Code point for code point: no trimming, case change, truncation or normalization."""
    assert same_value(value_type, sent, got) is same


@pytest.mark.parametrize(
    ("sent", "got", "same"),
    [
        (True, True, True),
        (False, False, True),
        (True, False, False),
        (True, 1, False),
        (False, 0, False),
        (True, "true", False),
    ],
)
def test_checkboxes_come_back_as_booleans(sent: Any, got: Any, same: bool) -> None:
    """A number or a text in place of a boolean is another value."""
    assert same_value("CHECKBOX", sent, got) is same


@pytest.mark.parametrize("value_type", ["NUMBER", "CURRENCY"])
@pytest.mark.parametrize(
    ("sent", "got", "same"),
    [
        (1, 1.0, True),
        (12.34, 12.34, True),
        (1e3, 1000, True),
        (0, -0.0, True),
        (1, 2, False),
        (12.34, 12.3, False),
        (1, True, False),
        (1, "1", False),
        (1, [1], False),
        (9007199254740991, 9007199254740991.0, True),
        (1, None, False),
    ],
)
def test_numbers_come_back_by_value(value_type: str, sent: Any, got: Any, same: bool) -> None:
    """JSON has one kind of number; a boolean or a text is none."""
    assert same_value(value_type, sent, got) is same


@pytest.mark.parametrize(
    ("got", "same"),
    [
        ("2026-03-01T09:00:00Z", True),
        ("2026-03-01T10:00:00+01:00", True),
        ("2026-03-01T09:00:00.000000+00:00", True),
        ("2026-03-01T09:00:00", True),
        ("2026-03-01T10:00:00Z", False),
        ("2026-03-01", False),
        ("soon", False),
        (1772355600, False),
        (None, False),
    ],
)
def test_timestamps_come_back_as_the_same_instant(got: Any, same: bool) -> None:
    """The offset and the fraction may be written differently."""
    assert same_value("DATETIME", "2026-03-01T09:00:00Z", got) is same


@pytest.mark.parametrize(
    ("sent", "got", "same"),
    [
        ("a@x.example", "a@x.example", True),
        ("a@x.example", ["a@x.example"], True),
        (["a@x.example"], "a@x.example", True),
        (["a@x.example", "b@x.example"], ["a@x.example", "b@x.example"], True),
        ("a@x.example", "b@x.example", False),
        (["a@x.example", "b@x.example"], ["a@x.example"], False),
        ("a@x.example", [], False),
        ("a@x.example", None, False),
    ],
)
def test_an_email_comes_back_as_one_or_as_an_array_of_one(sent: Any, got: Any, same: bool) -> None:
    """An address by itself and an array of it are the same."""
    assert same_value("EMAIL", sent, got) is same


@pytest.mark.parametrize("value_type", ["TELEPHONE", "SOCIAL_HANDLE", "URL", "UNHEARD_OF", ""])
@pytest.mark.parametrize(
    ("got", "same"), [("+3291234567", True), (["+32 9 123 45 67"], True), ("something else", True), (None, False)]
)
def test_what_may_be_normalized_only_has_to_be_there(value_type: str, got: Any, same: bool) -> None:
    """Telephone numbers, handles and URLs may be rewritten, and of an unknown type nothing else is known."""
    assert same_value(value_type, "+32 9 123 45 67", got) is same


@pytest.mark.parametrize("value_type", ["ADDRESS", "FULL_NAME"])
@pytest.mark.parametrize(
    ("sent", "got", "same"),
    [
        (PLACE, PLACE, True),
        (PLACE, {**PLACE, "state": None, "latitude": None}, True),
        ({**PLACE, "state": None}, PLACE, True),
        (PLACE, {**PLACE, "city": "Gent"}, False),
        (PLACE, {"street": "1 Main St", "city": "Ghent"}, False),
        (PLACE, {**PLACE, "state": "Flanders"}, False),
        (PLACE, "1 Main St, Ghent", False),
        (PLACE, [PLACE], False),
        (PLACE, None, False),
    ],
)
def test_the_parts_that_were_sent_come_back(value_type: str, sent: Any, got: Any, same: bool) -> None:
    """Other parts are absent or null."""
    assert same_value(value_type, sent, got) is same


@pytest.mark.parametrize(
    ("sent", "got", "same"),
    [
        ("opt_1", "opt_1", True),
        ("opt_1", "Won", True),
        ("Won", "opt_1", True),
        ("Won", "Won", True),
        ("Won", "Lost", False),
        ("Won", "opt_2", False),
        ("Won", "won", False),
        ("No ID", "No ID", True),
        ("opt_4", "opt_4", True),
        ("opt_4", "", True),
        ("opt_1", "", False),
        ("Won", None, False),
        ("Won", 1, False),
        ("Won", {"id": "opt_1"}, False),
    ],
)
def test_an_option_comes_back_by_id_or_by_label(sent: Any, got: Any, same: bool) -> None:
    """Both name the same option; the definitions tell which."""
    assert same_value("SINGLE_SELECT", sent, got, OPTIONS) is same


@pytest.mark.parametrize(
    ("sent", "got", "same"),
    [
        (["Won", "Lost"], ["opt_2", "opt_1"], True),
        (["Won", "opt_1"], ["opt_1"], True),
        (["Won"], ["opt_1", "opt_2"], False),
        (["Won", "Lost"], ["opt_1"], False),
        (["Won"], [], False),
        (["Won"], None, False),
        (["Won"], [["opt_1"]], False),
    ],
)
def test_several_options_come_back_as_a_set(sent: Any, got: Any, same: bool) -> None:
    """Order does not count, and neither does an option that was given twice."""
    assert same_value("MULTI_SELECT", sent, got, OPTIONS) is same


@pytest.mark.parametrize("value_type", ["SINGLE_SELECT", "MULTI_SELECT"])
def test_without_known_options_an_option_only_has_to_be_there(value_type: str) -> None:
    """An ID cannot be told from a label then."""
    assert same_value(value_type, "Won", "opt_1")
    assert not same_value(value_type, "Won", None)


@pytest.mark.parametrize("value_type", [*TYPES, "COLOUR"])
def test_null_comes_back_as_null(value_type: str) -> None:
    """A value that was set to null is unset, whatever its type."""
    assert same_value(value_type, None, None, OPTIONS)
    assert not same_value(value_type, None, "something", OPTIONS)


@pytest.mark.parametrize("value_type", TYPES)
def test_what_was_set_never_comes_back_as_null(value_type: str) -> None:
    """For every value type that the fragment knows, a lost value is noticed."""
    assert not same_value(value_type, "something", None, OPTIONS)


@pytest.mark.parametrize(
    ("sent", "values", "same"),
    [
        ("acc_1", ["acc_1"], True),
        (["acc_1"], ["acc_1"], True),
        (["acc_1", "acc_2"], ["acc_2", "acc_1"], True),
        ("acc_1", "acc_1", False),
        ("acc_1", ["acc_2"], False),
        ("acc_1", ["acc_1", "acc_2"], False),
        ("acc_1", [], False),
        ("acc_1", None, False),
        ("acc_1", [{"id": "acc_1"}], False),
        (None, [], True),
    ],
)
def test_links_come_back_as_a_set_of_ids(sent: Any, values: Any, same: bool) -> None:
    """One ID and an array of it are the same; the response is an array always."""
    assert same_links(sent, values) is same


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T09:00:00Z",
        "2026-03-01T09:00:00.123456789Z",
        "2026-03-01T09:00:00+05:45",
        "2026-03-01T09:00:00",
        "2026-03-01 09:00:00Z",
        "2026-03-01t09:00:00z",
        "20260301T090000Z",
        "2026-060T09:00:00Z",
        "2026-W09-7T09:00:00Z",
    ],
)
def test_a_date_and_time_is_a_timestamp(text: str) -> None:
    """With or without fraction and offset, in any form of ISO 8601."""
    assert parse_timestamp(text) is not None


@pytest.mark.parametrize(
    "text", ["", "2026-03-01", "20260301", "09:00:00", "1772355600", "2026-13-01T09:00:00Z", 1, None, []]
)
def test_anything_else_is_no_timestamp(text: Any) -> None:
    """A date alone, a time alone and a number are not a date and time."""
    assert parse_timestamp(text) is None
