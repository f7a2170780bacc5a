"""Makes one finding of all that have one cause: the same symptom at one place, of one caller, or in most cases."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Sequence
from typing import Final

from ....reports import Finding, Occurrence, say_cause
from ....reports.finding import KEYED
from ..judge.expectation import ECHOES, Expectation
from .marks import AFTER_REFUSALS, OF_ANOTHER_KEY, family_of
from .shared_marks import explains, marks_of

__all__ = ["merge_causes"]

_PLAIN_SURPLUS: Final = tuple(
    f"idempotency:{subject}" for subject in ("replay", "concurrent", "same-json", "other-body", "lost-answer")
)
"""What a surplus record is blamed on first, because other clauses have histories in which the same happens."""
_OTHER_KEY: Final = "idempotency:two-keys"
_NEAR_KEY: Final = "idempotency:exact"
_FEW: Final = 2
_CONFLICT: Final = 409
"""What a create is answered with that another one was in the way of."""
_FOLLOWS: Final = ("no record", " has no ID", OF_ANOTHER_KEY)
"""What is seen of an answer that is wrong for a reason of its own."""
_LAST: Final = (
    Expectation.STILL_STORED,
    Expectation.SAME_OPTION_EITHER_WAY,
    Expectation.NO_CRASH,
    Expectation.LISTED_TAKEN,
    Expectation.REPLAYED_TO_THE_END,
    Expectation.KEY_KEPT_TO_THE_END,
    Expectation.AS_THE_CASE_SAYS,
    Expectation.HISTORY,
    Expectation.NOTHING_REVEALED,
    Expectation.ACCOUNTED_FOR,
    Expectation.DOCUMENTED_READ,
    Expectation.PAGE_BEGINS,
)
"""Checks that show a cause less plainly than any other, the plainest first."""


def merge_causes(findings: Sequence[Finding], order: Callable[[str], int]) -> tuple[Finding, ...]:
    """Return a finding for each cause, that which explains most first.

    Args:
        findings: of one occurrence each.
        order: gives the place of a clause in the contract.
    """
    merged = [_merge(sorted(group, key=lambda each: _rank(each, order))) for group in _groups(findings)]
    return tuple(sorted(merged, key=lambda each: _explained(each, order)))


def _explained(finding: Finding, order: Callable[[str], int]) -> tuple[bool, int, int, int, str]:
    """How much a finding explains, the most first."""
    return not explains(finding), -len(finding.clauses), -len(finding.occurrences), order(finding.clause), finding.id


def _merge(found: Sequence[Finding]) -> Finding:
    """One finding of those of one cause, the plainest first."""
    if found[0].clause == _NEAR_KEY:
        # Where any other key is taken for a used one, those that resemble it are no more than examples.
        found = sorted(found, key=lambda each: each.clause != _OTHER_KEY)
    first = found[0]
    alike = [each for each in found if family_of(each) == family_of(first)]
    return dataclasses.replace(
        first,
        clauses=tuple(dict.fromkeys(clause for each in found for clause in each.clauses)),
        cause=say_cause(alike),
        occurrences=tuple(_occurrence(each) for each in found),
    )


def _occurrence(finding: Finding) -> Occurrence:
    return Occurrence(
        id=finding.id,
        clause=finding.clause,
        sentence=finding.cause,
        rule=finding.rule,
        place=finding.place,
        value=finding.value,
        context=finding.context,
        status_seen=finding.status_seen,
        observed=finding.observed,
        cases=finding.cases,
        example=finding.example,
    )


def _rank(finding: Finding, order: Callable[[str], int]) -> tuple[int, int, bool, int, int, str]:
    """What a sentence is made from first: the plainest check, of the clause on which others rest, in the smallest body."""
    plainness = _LAST.index(Expectation(finding.expectation)) + 1 if finding.expectation in _LAST else 0
    if finding.expectation == Expectation.ACCOUNTED_FOR and finding.symptom == "under another ID":
        plainness = -1
    elif finding.expectation == Expectation.ACCOUNTED_FOR and _is_refused(finding):
        return plainness, -len(_PLAIN_SURPLUS) - 1, False, len(finding.context), len(finding.example), finding.id
    elif finding.expectation == Expectation.ACCOUNTED_FOR and finding.clause in AFTER_REFUSALS:
        plainness += 1
    elif finding.expectation == Expectation.ACCOUNTED_FOR and finding.clause in _PLAIN_SURPLUS:
        return plainness, _PLAIN_SURPLUS.index(finding.clause) - len(_PLAIN_SURPLUS), False, 0, 0, finding.id
    elif finding.expectation == Expectation.ID_OF_ITS_OWN:
        # Of few with a key, what is said of the keys says more.
        plainness = 1 if KEYED in finding.context and finding.share[0] <= _FEW else -2
    elif finding.value.startswith("an Idempotency-Key that differs"):
        plainness = -1
    elif finding.expectation == Expectation.CREATED and finding.status_seen == _CONFLICT:
        plainness = 1
    elif finding.expectation in ECHOES | {Expectation.SUCCESS_STATUS, Expectation.JSON_SAID} and KEYED in finding.context:
        # It can be due to the repeat.
        plainness = 1
    elif finding.symptom.endswith(_FOLLOWS) or finding.expectation == Expectation.SAME_LINKS:
        # It can be due to the form of the answer, which says more.
        plainness = len(_LAST) if finding.symptom.endswith(_FOLLOWS) else 1
    # A read shows a record that another request has made.
    read = finding.judged is not None and finding.judged.request.method == "GET"
    vague = finding.expectation == Expectation.ACCOUNTED_FOR and not _is_refused(finding) and len(finding.deciding) != 1
    # An answer that was not waited for is hard to miss again.
    vague = vague or any(not each.response for each in finding.own_exchanges[:-1])
    size = len(finding.example) or (len(finding.judged.request.url) if read and finding.judged else 0)
    return plainness, order(finding.clause), read or vague, len(finding.context), size, finding.id


def _is_refused(finding: Finding) -> bool:
    """Whether a request was refused for what it is, and not for another one that was in its way."""
    return finding.refused and finding.status_seen != _CONFLICT


def _groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that share a mark, directly or through others."""
    leaders: dict[Hashable, int] = {}
    group = list(range(len(findings)))
    for number, finding in enumerate(findings):
        for mark in marks_of(finding, findings):
            other = leaders.setdefault(mark, number)
            old, new = group[number], group[other]
            group = [new if each == old else each for each in group]
    return [[findings[at] for at, each in enumerate(group) if each == leader] for leader in dict.fromkeys(group)]
