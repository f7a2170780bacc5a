"""Of all that has one cause one finding is made, and it opens with a sentence that names the cause."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from sample_findings import make_finding
from words_of_python import forms_read, words_of_python

from lightfield_contract.conformance.harness.judge.difference import describe_difference
from lightfield_contract.conformance.harness.verdicts.causes import merge_causes
from lightfield_contract.conformance.harness.verdicts.deciding import Passed
from lightfield_contract.conformance.harness.verdicts.features import Usual
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Call, Pipeline, Reference
from lightfield_contract.reference.answers import JsonAnswer, Refusal
from lightfield_contract.reference.faults import fault
from lightfield_contract.reference.store import Record
from lightfield_contract.reports import Finding, Verdict
from lightfield_contract.spec import Rule


class OneIdForAll(Pipeline):
    """All records have one ID, so that each read shows another one."""

    def make_record(self, call: Call) -> Record:
        """The record under that ID."""
        return dataclasses.replace(super().make_record(call), id="opp_00000000000000000000")


class RefusesWithSuccess(Pipeline):
    """Every refusal says 200, of reads too."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        """The error under that status."""
        return dataclasses.replace(super().refuse(call, refusal), status=200)


MADE_HERE: Mapping[str, type[Pipeline]] = {"one-id-for-all": OneIdForAll, "refuses-with-success": RefusesWithSuccess}
SAMPLE: Mapping[str, str] = {
    "one-id-for-all": "Every valid create gets the ID of an earlier record; expected an ID of its own for each",
    "keys-ignored": "A repeat with the same Idempotency-Key and body: 200 with a new record, expected the original response",
    "takes-only-arrays": "A valid create with one ID at /relationships/$account: "
    "400 (invalid_type, relationships.$account), expected 200",
    "refuses-with-success": "A request with any of several kinds of mistake: 200, expected a 4xx",
    "error-is-message": "The refusal of a request with any of several kinds of mistake "
    "has an object with a string at `error`, expected an error object with type and message",
}
"""Faults, and the sentence of the finding that shows clauses violated."""


def found(clause: str, digest: str, **changes: Any) -> Finding:
    """A finding of one occurrence."""
    return make_finding(clause, digest, **{"rule": Rule.TYPE.value, "place": "/fields/$name", "value": "number", **changes})


def merged(*findings: Finding) -> list[tuple[str, ...]]:
    """The clauses of the findings that are made of these."""
    return [each.clauses for each in merge_causes(findings, lambda _: 0)]


def test_one_symptom_at_one_place_is_one_finding() -> None:
    """Whatever the rule; another status, and another place under another rule, are others."""
    one = found("type:a", "1")
    assert merged(one, found("type:aa", "2", rule=Rule.NULL.value)) == [("type:a", "type:aa")]
    assert merged(one, found("type:b", "2", place="/fields/b")) == [("type:a", "type:b")]
    apart = [
        found("required:b", "2", rule=Rule.NULL.value, place="/fields/b"),
        found("refusal:no-5xx", "3", status_seen=500),
    ]
    assert sorted(merged(one, *apart)) == [("refusal:no-5xx",), ("required:b",), ("type:a",)]


def test_many_rules_with_one_answer_have_one_cause() -> None:
    """Where four rules at four places are all answered alike, none of the rules is the cause."""
    rules = (Rule.TYPE, Rule.NULL, Rule.MISSING, Rule.READ_ONLY)
    findings = [found(f"c:{n}", str(n), rule=rule.value, place=f"/fields/{n}") for n, rule in enumerate(rules)]
    assert len(merged(*findings[:3])) == 3
    (finding,) = merge_causes(findings, lambda _: 0)
    assert finding.cause == "A request with any of several kinds of mistake in /fields: 200, expected 400 or 422"


def test_one_caller_who_is_let_in_is_one_finding() -> None:
    """Whatever was asked for."""
    caller = {"context": ("as unknown-key",), "rule": "", "place": ""}
    findings = [
        found("key:required", "1", expectation="caller-refused", value="", status_due=("401", "403"), **caller),
        found("idempotency:not-served", "2", expectation="history", value="a used key", symptom="a new record", **caller),
    ]
    assert merged(*findings) == [("key:required", "idempotency:not-served")]


def test_findings_come_in_the_order_of_what_they_explain() -> None:
    """That which touches most clauses first, whatever the order in which they were found."""
    findings = [
        found("type:z", "0", rule=Rule.RANGE.value, place="/fields/z"),
        found("type:a", "1"),
        found("type:b", "2", place="/fields/b"),
    ]
    assert merged(*findings) == merged(*findings[::-1]) == [("type:a", "type:b"), ("type:z",)]


@pytest.mark.parametrize(
    ("sent", "shown", "words"),
    [
        ("text", None, "comes back as null"),
        ("text", 5, 'comes back as a number, "text" as 5'),
        (False, "false", 'comes back as a string, false as "false"'),
        ("100 %", "", "comes back empty"),
        (["a.b", "c.d"], ["ab", "cd"], 'loses its ".": "a.b" as "ab"'),
        (["a"], "a", "comes back without its array"),
        ("Sample text", "Sample", 'loses its end, " text"'),
        ("Sample" * 20, "Sample" * 10, "is cut after 60 characters"),
        ("Sample ", "Sample", "comes back with other white space: a space at its end lost"),
        ("\tSample", "\t\tSample", "comes back with other white space: 2 tabs at its start in place of a tab"),
        ("a  b", "a b", "comes back with other white space: a space in place of 2 spaces"),
        ("a\u00a0b", "a b", "comes back with other white space: a space in place of a no-break space"),
        (" a", "a", "comes back with other white space: a space at its start lost"),
        (
            "a\n",
            "a\r\n",
            "comes back with other white space: a carriage return and a line feed at its end in place of a line feed",
        ),
        ({"last": "O'Ada"}, {"last": "O&#x27;Ada"}, """comes back changed, "O'Ada" as "O&#x27;Ada", in its `last`"""),
        (10.5, 10, "comes back changed, 10.5 as 10"),
        ({"a": "x", "b": "y"}, {"a": "y", "b": "x"}, "comes back with `a` and `b` exchanged"),
        ("Sample", "SAMPLE", "comes back in another letter case"),
        ("# a *b*", " a b", 'loses its "#" and "*": "# a *b*" as " a b"'),
        ("a 😀 b", "a \ufffd b", 'comes back with "\ufffd" in place of "😀"'),
        ("é “a”", "?? ??a??", 'comes back with "??" in place of "é" and "“" and "”"'),
        ("😀😀😀", "😀😀\ufffd", "is cut after 2 characters, inside the next one"),
        ({"street2": "x", "city": "y"}, {"street2": None, "city": "y"}, 'loses `street2` ("x")'),
        ({"a": 1}, {"a": 2}, "comes back with another `a` (1 as 2)"),
        (["a", "b"], [], "comes back empty"),
        (["a", "b"], ["b"], "loses 1 of 2 entries"),
        (["a", "b"], ["b", "a"], "comes back in another order"),
        (-12.5, -12, "comes back changed, -12.5 as -12"),
    ],
)
def test_a_difference_is_said_in_a_few_words(sent: Any, shown: Any, words: str) -> None:
    assert describe_difference(sent, shown) == words


class Entries:
    """Creates by number, as the ledger has them: what each held, and how it was answered."""

    def __init__(self, **held: Sequence[tuple[str, str]]) -> None:
        self.held = held

    def passed(self, entry: Callable[..., Any]) -> Passed:
        """What is compared with."""
        entries = [entry(number) for number in self.held]
        return Passed(entries, lambda exchange: tuple(self.held[exchange.number]), (), {}, Usual(frozenset({"/fields/a"})))


@pytest.fixture
def entry() -> Callable[..., Any]:
    """Makes an entry of the ledger, of a create that was accepted."""
    from lightfield_contract.conformance.harness.wire.exchange import Exchange
    from lightfield_contract.conformance.harness.wire.ledger import Entry

    def make(number: str) -> Entry:
        sent = Exchange(number, "POST", "/", "/", "", (), b'{"a": 1}', {"a": 1}, "", None, 200)
        return Entry(**vars(sent), case="case", clause="success:once", own=True)

    return make


def test_what_fails_together_and_passes_alone_decides(entry: Callable[..., Any]) -> None:
    """Two features that each pass without the other; of one request no more is known than their kinds."""
    a, b, c = ("/fields/a", "plain"), ("/fields/{TEXT}", "plain"), ("/relationships/c", "one ID")
    entries = Entries(one=[a], two=[a, b], three=[a, c])
    failing = found("operation:create", "1", expectation="created", rule="", place="", features=(a, b, c))
    passed = entries.passed(entry)
    held = frozenset({a, b, c, ("/fields/{TEXT}", ""), ("a custom attribute", ""), ("an optional relationship", "")})
    compared = passed.compare(failing, [held] * 3)
    assert set(compared.deciding) == {b, c}
    once = {("a custom attribute", ""), ("an optional relationship", "")}
    assert set(passed.compare(failing, [held]).deciding) == once
    assert compared.passing == '{"a": 1}'


@pytest.mark.parametrize("name", SAMPLE)
def test_the_cause_is_in_the_first_ten_lines(name: str) -> None:
    """One finding, told in 60 lines at most, and no word of Python's in any form of report."""
    pipeline = MADE_HERE.get(name) or fault(name).pipeline
    result, printed = judge_server(Reference(pipeline=pipeline), ["--lightfield-depth=standard"], socket=False)
    assert result is not None, printed
    violated = {clause.id for clause in result.clauses if clause.verdict is Verdict.VIOLATED}
    assert [finding.cause for finding in result.findings if finding.clause in violated] == [SAMPLE[name]]
    texts = forms_read(result)
    lines = texts["terminal"].splitlines()
    assert SAMPLE[name] in " ".join(line.strip() for line in lines[:10]), lines[:10]
    assert len(lines) <= 60
    assert {form: words_of_python(text) for form, text in texts.items() if words_of_python(text)} == {}
    assert [each for each in result.findings[0].occurrences if words_of_python(each.sentence, sentence=True)] == []
