"""Every expectation of the judge is needed: without it a fault escapes, and a self-test fails."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import lightfield_contract.conformance.harness as package
from lightfield_contract.conformance.harness.judge import judgement
from lightfield_contract.conformance.harness.judge.expectation import Expectation
from lightfield_contract.conformance.matrix import judge_fault
from lightfield_contract.reports import Detection

ESCAPES = {
    Expectation.ANSWERED: "length-in-characters",
    Expectation.NO_KEY_SHOWN: "unknown-key-repeated",
    Expectation.NO_CRASH: "huge-integers-crash",
    Expectation.LIMIT_HEADERS: "no-reset",
    Expectation.RETRY_AFTER: "no-retry-after",
    Expectation.LIMIT_STATUS: "over-limit-is-forbidden",
    Expectation.LIMIT_OF_ITS_OWN: "one-limit-for-all",
    Expectation.KEY_KEPT: "first-limited-uses-up-key",
    Expectation.KEY_KEPT_TO_THE_END: "limited-is-replayed",
    Expectation.CREATED: "creating-needs-read",
    Expectation.SUCCESS_STATUS: "status-at-times",
    Expectation.SUCCESS_MEDIA_TYPE: "says-html",
    Expectation.MEMBER: "member-missing:/httpLink",
    Expectation.LISTED_TAKEN: "listed-is-missing",
    Expectation.VALUE_TYPE: "unset-number-is-empty-text",
    Expectation.NOT_OF_ANOTHER: "values-left-over",
    Expectation.AS_DEFINED: "many-links-are-one",
    Expectation.OPTION_IDS: "options-share-id",
    Expectation.JSON_TEXT: "success-has-byte-order-mark",
    Expectation.MEMBERS_ONCE: "id-twice",
    Expectation.JSON_SAID: "refusals-say-text",
    Expectation.MESSAGE_SAYS: "messages-are-empty",
    Expectation.TIME_WITH_OFFSET: "no-offset",
    Expectation.TIME_NEAR_DATE: "clock-behind",
    Expectation.TIME_NEAR_CLOCK: "clock-behind-without-date",
    Expectation.SAME_EXACTLY: "custom-lost:TEXT",
    Expectation.SAME_NUMBER: "zero-is-unset",
    Expectation.SAME_INSTANT: "offset-lost",
    Expectation.SAME_ENTRIES: "email-dots-lost",
    Expectation.SAME_PARTS: "custom-lost:ADDRESS",
    Expectation.SAME_OPTIONS: "custom-option-is-first",
    Expectation.PRESENT: "custom-lost:URL",
    Expectation.SAME_LINKS: "link-in-upper-case",
    Expectation.LINKED_ONCE: "links-twice",
    Expectation.SAME_OPTION_EITHER_WAY: "label-names-the-next:/fields/$stage",
    Expectation.READ_BACK: "not-retrieved",
    Expectation.REFUSED: "field-of-any-type:/fields/$name",
    Expectation.REFUSED_WITHOUT_CRASH: "unknown-is-crash",
    Expectation.MEDIA_TYPE_STATUS: "media-type-is-bad-request",
    Expectation.ERROR_FORM: "forbidden-is-empty",
    Expectation.ERROR_TYPE: "type-is-code",
    Expectation.ERROR_CODE: "no-code",
    Expectation.ERROR_PLACE: "param-is-group",
    Expectation.CALLER_REFUSED: "bearer-alone",
    Expectation.CALLER_STATUS: "missing-key-is-forbidden",
    Expectation.NOTHING_REVEALED: "forbidden-names-record",
    Expectation.DOCUMENTED_READ: "total-is-text",
    Expectation.PAGE_BEGINS: "record-skipped",
    Expectation.UNREADABLE: "retrieved-from-anywhere",
    Expectation.NOTHING_READ: "missing-record-is-null",
    Expectation.KEY_INFORMATION: "key-is-inactive",
    Expectation.REPLAYED: "keys-expire-in-an-hour",
    Expectation.REPLAYED_TO_THE_END: "sixty-keys-only",
    Expectation.SEPARATE: "keys-never-expire",
    Expectation.ORIGINAL_OR_REFUSED: "other-body-creates",
    Expectation.ONE_WINNER: "two-winners",
    Expectation.HISTORY: "other-organization-takes-over",
    Expectation.AS_THE_CASE_SAYS: "link-refusal-is-replayed",
    Expectation.ID_OF_ITS_OWN: "id-again-at-times",
    Expectation.ACCOUNTED_FOR: "makes-two",
    Expectation.STILL_STORED: "not-stored-at-times",
}
"""For each expectation a fault that nothing else in the whole suite catches, in the run that `RUNS` names."""
NEVER_MISSED = {Expectation.SUMMARY_FILLED}
"""What is only observed, so that nothing can be broken by it."""
RUNS = {
    Expectation.LIMIT_STATUS: ("smoke", "limits:status"),
    Expectation.LIMIT_OF_ITS_OWN: ("smoke", "limits:separate"),
    Expectation.AS_DEFINED: ("smoke", "definitions:agree"),
    Expectation.OPTION_IDS: ("smoke", "definitions:options"),
    Expectation.JSON_TEXT: ("smoke", "answer:json"),
    Expectation.MEMBERS_ONCE: ("smoke", "answer:members"),
    Expectation.JSON_SAID: ("smoke", "answer:media-type"),
    Expectation.MESSAGE_SAYS: ("smoke", "refusal:message"),
    Expectation.TIME_NEAR_DATE: ("smoke", "success:timestamp-date"),
    Expectation.TIME_NEAR_CLOCK: ("smoke", "success:timestamp-clock"),
    # What a custom number shows, and of what media type an answer is, other clauses compare too.
    Expectation.VALUE_TYPE: ("smoke", "success:value-type"),
    Expectation.SUCCESS_MEDIA_TYPE: ("smoke", "success:media-type"),
    # A caller that may not create gets no original response either.
    Expectation.CREATED: ("smoke", "scope:sufficient"),
    # Histories race as well, but at smoke depth there are none; and whoever races loses answers too.
    Expectation.ONE_WINNER: ("smoke", "idempotency:concurrent"),
    # Used keys come with other bodies in races and histories as well, at standard depth.
    Expectation.ORIGINAL_OR_REFUSED: ("smoke", "idempotency:other-body"),
    # A key that is forgotten is forgotten for whatever else rests on it.
    Expectation.HISTORY: ("standard", "idempotency:other-organization"),
    # An option that another one is stored for does not come back either.
    Expectation.SAME_OPTION_EITHER_WAY: ("standard", "option:/fields/$stage"),
    # Two creates that are compared with each other may be the two that have one ID.
    Expectation.ID_OF_ITS_OWN: ("standard", "success:id-unique"),
}
"""Depth and clause, where they are not standard depth and all clauses."""
FOLDER = Path(__file__).parent
JUDGES = ("answers", "expect", "refusal", "success", "values")
SELF_TESTS = [str(FOLDER / "judge" / f"test_conformance_{name}.py") for name in JUDGES]
OF_THE_AUDIT = (
    Expectation.ID_OF_ITS_OWN,
    Expectation.REPLAYED_TO_THE_END,
    Expectation.ACCOUNTED_FOR,
    Expectation.STILL_STORED,
    Expectation.KEY_KEPT_TO_THE_END,
)
TESTS_OF_THE_AUDIT = [
    f"{FOLDER / 'audit' / 'test_conformance_audit.py'}::{name}"
    for name in (
        "test_a_record_too_many_or_too_few_is_blamed_on_its_clause",
        "test_a_record_that_no_case_reads_is_missed_when_the_run_ends",
        "test_an_id_that_is_given_again_is_seen_in_the_ledger",
    )
]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[Expectation], None]:
    """Turns an expectation off until the test ends: it counts as kept, whatever was seen."""

    def turn_off(named: Expectation) -> None:
        monkeypatch.setattr(judgement, "is_kept", lambda expectation, held: held or expectation is named)

    return turn_off


def test_every_expectation_is_here() -> None:
    """A new one needs a fault that it alone catches: name one, or do without the expectation."""
    assert {*ESCAPES, *NEVER_MISSED} == set(Expectation)


def test_every_expectation_stands_in_one_place() -> None:
    """Two checks of one name could not be told apart, and one of them might not be needed."""
    counts: Counter[str] = Counter()
    for path in Path(package.__file__).parent.rglob("*.py"):
        used: dict[str, set[str]] = {}
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                # What only asks which expectation was judged is no check.
                asked = {id(node) for part in ast.walk(function) if isinstance(part, ast.Compare) for node in ast.walk(part)}
                names = [node for node in ast.walk(function) if isinstance(node, ast.Attribute) and id(node) not in asked]
                found = {node.attr for node in names if isinstance(node.value, ast.Name) and node.value.id == "Expectation"}
                used[function.name] = found
        counts.update(name for names in used.values() for name in names)
    named_by_type = {"PRESENT", "SAME_EXACTLY", "SAME_NUMBER", "SAME_INSTANT", "SAME_ENTRIES", "SAME_PARTS", "SAME_OPTIONS"}
    expected = {member.name for member in Expectation} - named_by_type
    assert {name: counts[name] for name in expected if counts[name] != 1} == {}


@pytest.mark.long
@pytest.mark.parametrize("expectation", ESCAPES)
def test_without_an_expectation_a_fault_escapes(expectation: Expectation, without: Callable[[Expectation], None]) -> None:
    """It is caught by a clause that it names as long as the expectation stands, and by no clause without it."""
    depth, clause = RUNS.get(expectation, ("standard", ""))
    before = judge_fault(ESCAPES[expectation], depth, clause=clause)
    without(expectation)
    after = judge_fault(ESCAPES[expectation], depth, clause=clause)
    assert (before.outcome, after.outcome, after.blamed) == (Detection.DETECTED, Detection.MISSED, ())


@pytest.mark.parametrize("expectation", ESCAPES)
def test_without_an_expectation_a_self_test_fails(
    expectation: Expectation, without: Callable[[Expectation], None], tmp_path: Path
) -> None:
    """The tests of the judge notice by themselves that it has become blind."""
    without(expectation)
    # Its modules are loaded already, so that there is nothing to rewrite.
    options = ["-x", "-qq", "--assert=plain", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}"]
    tests = TESTS_OF_THE_AUDIT if expectation in OF_THE_AUDIT else SELF_TESTS
    assert pytest.main([*options, *tests]) == pytest.ExitCode.TESTS_FAILED
