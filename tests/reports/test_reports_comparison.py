"""Runs side by side."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping

import pytest

from lightfield_contract.reports import (
    Comparison,
    Finding,
    Observation,
    Result,
    Run,
    Verdict,
    compare,
    render_comparison,
    render_comparison_html,
    render_comparison_markdown,
)
from lightfield_contract.reports.comparison import ChangeKind
from lightfield_contract.spec import UsageError

ADVICE, CLAUSE, OTHER = "success:timestamp-offset", "required:/fields/$name", "scope:required"


@pytest.fixture
def one_clause(make_result: Callable[..., Result], make_finding: Callable[..., Finding]) -> Callable[..., Result]:
    """A run in which one clause has a verdict of its own; the findings are named by their ids."""

    def build(verdict: Verdict, *findings: str, clause: str = CLAUSE) -> Result:
        return make_result({clause: verdict}, {clause: tuple(make_finding(clause, id=name) for name in findings)})

    return build


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Verdict.CONFORMS, Verdict.VIOLATED, ChangeKind.REGRESSION),
        (Verdict.CONFORMS, Verdict.KNOWN_FAILING, ChangeKind.REGRESSION),
        (Verdict.NOT_VERIFIED, Verdict.VIOLATED, ChangeKind.REGRESSION),
        (Verdict.CONFORMS, Verdict.ADVICE, ChangeKind.NEW_ADVICE),
        (Verdict.CONFORMS, Verdict.NOT_VERIFIED, ChangeKind.LOST),
        (Verdict.VIOLATED, Verdict.NOT_VERIFIED, ChangeKind.LOST),
        (Verdict.VIOLATED, Verdict.CONFORMS, ChangeKind.REPAIR),
        (Verdict.ADVICE, Verdict.CONFORMS, ChangeKind.REPAIR),
        (Verdict.NOT_VERIFIED, Verdict.CONFORMS, ChangeKind.GAINED),
        (Verdict.VIOLATED, Verdict.KNOWN_FAILING, None),
        (Verdict.CONFORMS, Verdict.CONFORMS, None),
        (Verdict.NOT_VERIFIED, Verdict.NOT_VERIFIED, None),
        (Verdict.ADVICE, Verdict.ADVICE, None),
    ],
)
def test_what_a_change_is(
    before: Verdict, after: Verdict, kind: ChangeKind | None, one_clause: Callable[..., Result]
) -> None:
    """Only a MUST that is newly broken is a regression."""
    comparison = compare([one_clause(before), one_clause(after)])
    assert [change.kind for change in comparison.changes] == ([kind] if kind else [])
    assert bool(comparison.regressions) == (kind is ChangeKind.REGRESSION)


def test_a_new_finding_of_a_broken_clause(one_clause: Callable[..., Result]) -> None:
    """Broken in another way is told, and is no regression."""
    comparison = compare([one_clause(Verdict.VIOLATED, "a"), one_clause(Verdict.VIOLATED, "a", "b")])
    assert [change.kind for change in comparison.changes] == [ChangeKind.NEW_FINDING]
    assert not compare([one_clause(Verdict.VIOLATED, "a", "b"), one_clause(Verdict.VIOLATED, "a")]).changes


def test_three_runs(one_clause: Callable[..., Result]) -> None:
    """Every later run is measured by the first."""
    comparison = compare([one_clause(verdict) for verdict in (Verdict.CONFORMS, Verdict.VIOLATED, Verdict.CONFORMS)])
    assert [(change.kind, change.run) for change in comparison.changes] == [(ChangeKind.REGRESSION, 1)]
    (row,) = [row for row in comparison.clauses if row.changed]
    assert row.verdicts == (Verdict.CONFORMS, Verdict.VIOLATED, Verdict.CONFORMS)
    assert " in run 2" in render_comparison(comparison, 80, color=False)


def test_clauses_of_another_edition(one_clause: Callable[..., Result]) -> None:
    """A clause that only one run has is shown; it is a regression only when it is broken."""
    old = one_clause(Verdict.CONFORMS)
    less = dataclasses.replace(old, clauses=tuple(clause for clause in old.clauses if clause.id != CLAUSE))
    assert not compare([less, old]).changes
    assert not compare([old, less]).changes
    assert compare([old, less]).clauses[16].verdicts.count(None) + compare([less, old]).clauses[-1].verdicts.count(None) >= 1
    assert compare([less, one_clause(Verdict.VIOLATED)]).regressions[0].before is None


def observe(result: Result, seen: Mapping[str, list[str]]) -> Result:
    """The result with these observations."""
    items = (Observation(point, observed, 1 + len(observed)) for point, values in seen.items() for observed in values)
    return dataclasses.replace(result, observations=tuple(items))


def test_changed_observations(conforming: Result) -> None:
    """What was seen counts, not how often or in which order; a point not reached says nothing."""
    first = observe(conforming, {"a": ["1"], "b": ["1", "2"], "c": ["1"], "d": ["1"]})
    second = observe(conforming, {"a": ["2"], "b": ["2", "1"], "c": ["1"]})
    (changed,) = compare([first, second]).observations
    assert (changed.point, changed.observed) == ("a", (("1",), ("2",)))


def test_what_cannot_be_compared(conforming: Result, make_run: Callable[..., Run]) -> None:
    """One run, or runs of two contracts, are a mistake of the user."""
    with pytest.raises(UsageError, match="needs two results"):
        compare([conforming])
    with pytest.raises(UsageError, match="accounts, opportunities"):
        compare([conforming, dataclasses.replace(conforming, run=make_run(contract="accounts"))])


@pytest.fixture
def comparison(conforming: Result, violating: Result) -> Comparison:
    """A target that got worse."""
    return compare([conforming, observe(violating, {"blank name": ["refused"]})])


def test_the_terminal_text(comparison: Comparison) -> None:
    """Worst first, and the outcome on the last lines."""
    text = render_comparison(comparison, 101, color=False)
    assert text == (
        "  first     opportunities 2026-03-01 at https://staging.example.com, 2026-03-04T10:00:00+00:00\n"
        "  run 2     opportunities 2026-03-01 at https://staging.example.com, 2026-03-04T10:00:00+00:00\n"
        "\n"
        "REGRESSION (3)\n"
        "  required:/fields/$name: conforms → violated\n"
        "    The answer is a success with status 200, and a record is made.\n"
        "  echo:/fields/$name: conforms → known failing\n"
        "    The answer is a success with status 200, and a record is made.\n"
        "  idempotency:lost-answer: conforms → violated\n"
        "    The answer is a success with status 200, and a record is made.\n"
        "\n"
        "NEW ADVICE (1)\n"
        "  success:timestamp-offset: conforms → advice\n"
        "    2026-03-04T10:00:00 without an offset.\n"
        "\n"
        "CHANGED OBSERVATIONS (1)\n"
        "  blank name: accepted → refused\n"
        "\n"
        "regressed: 120 clauses in 2 runs: 3 regressions, 1 new advice, 1 changed observation"
    )


def test_no_change(conforming: Result) -> None:
    """Two equal runs say so in every form."""
    comparison = compare([conforming, conforming])
    assert render_comparison(comparison, 80, color=False).endswith("no regression: 120 clauses in 2 runs: no change")
    assert "✅ no regression" in render_comparison_markdown(comparison)
    assert "no change" in render_comparison_html(comparison)


def test_markdown(comparison: Comparison) -> None:
    """The same order as in the terminal."""
    text = render_comparison_markdown(comparison)
    assert text.startswith("## ❌ regressed: 120 clauses in 2 runs: 3 regressions")
    assert "- `required:/fields/$name`: conforms → violated\n" in text


@pytest.mark.parametrize("width", [60, 80])
def test_hostile_content_is_inert(width: int, conforming: Result, hostile: Result) -> None:
    """In all three forms."""
    comparison = compare([conforming, hostile])
    for text in (
        render_comparison(comparison, width, color=False),
        render_comparison_markdown(comparison),
        render_comparison_html(comparison),
    ):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert not re.search(r"^\s*::", render_comparison(comparison, width, color=False), re.MULTILINE)
    lines = render_comparison(comparison, width, color=False).splitlines()
    assert max(map(len, lines)) <= width
    assert render_comparison_html(comparison).count("<script>") == 1
