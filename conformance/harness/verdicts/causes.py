"""Makes one finding of all that have one cause: the same symptom at one place, of one caller, or in most cases."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Final

from ....reports import Finding, Occurrence, say_cause
from ....spec import Rule, error_form
from ..judge.expectation import ECHOES, Expectation

__all__ = ["merge_causes"]

_AFTER_REFUSALS: Final = ("idempotency:failure", "idempotency:not-served", "idempotency:unauthorized")
"""Where a surplus record can be that of a refused request with the same body."""
_PLAIN_SURPLUS: Final = tuple(
    f"idempotency:{subject}" for subject in ("replay", "concurrent", "same-json", "other-body", "lost-answer")
)
"""What a surplus record is blamed on first, because other clauses have histories in which the same happens."""
_OTHER_KEY: Final = "idempotency:two-keys"
_NEAR_KEY: Final = "idempotency:exact"
_KEYED: Final = "with an Idempotency-Key"
_MANY_RULES: Final = 4
"""Where requests that break as many rules get the same answer, none of the rules is the cause."""
_MANY_PLACES: Final = 3
"""Where what stands at as many is refused alike, no place is the cause."""
_IN_BODY: Final = frozenset({Rule.MALFORMED, Rule.NOT_AN_OBJECT, Rule.SURVIVES})
_REPEATS: Final = frozenset(
    {
        Expectation.REPLAYED,
        Expectation.REPLAYED_TO_THE_END,
        Expectation.SEPARATE,
        Expectation.ORIGINAL_OR_REFUSED,
        Expectation.ONE_WINNER,
        Expectation.HISTORY,
        Expectation.AS_THE_CASE_SAYS,
    }
)
_REFUSALS: Final = frozenset(
    {
        Expectation.REFUSED,
        Expectation.REFUSED_WITHOUT_CRASH,
        Expectation.MEDIA_TYPE_STATUS,
        Expectation.NO_CRASH,
        Expectation.CALLER_REFUSED,
    }
)
_STORED: Final = frozenset({Expectation.READ_BACK, Expectation.STILL_STORED})
_ACCEPTED: Final = frozenset({Expectation.CREATED, Expectation.LISTED_TAKEN})
_ERRORS: Final = frozenset({Expectation.ERROR_TYPE, Expectation.ERROR_CODE, Expectation.ERROR_PLACE})
_FAMILIES: Final = (_ACCEPTED, _REFUSALS, ECHOES - {Expectation.SAME_OPTION_EITHER_WAY}, _STORED, _REPEATS)
_LAST: Final = (
    Expectation.SAME_OPTION_EITHER_WAY,
    Expectation.NO_CRASH,
    Expectation.LISTED_TAKEN,
    Expectation.REPLAYED_TO_THE_END,
    Expectation.KEY_KEPT_TO_THE_END,
    Expectation.HISTORY,
    Expectation.AS_THE_CASE_SAYS,
    Expectation.NOTHING_REVEALED,
    Expectation.ACCOUNTED_FOR,
    Expectation.DOCUMENTED_READ,
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
    return not _explains(finding), -len(finding.clauses), -len(finding.occurrences), order(finding.clause), finding.id


def _explains(finding: Finding) -> bool:
    """Whether a finding is what makes others: what is read and compared under one ID is that of another create."""
    return finding.expectation == Expectation.ID_OF_ITS_OWN


def _merge(found: Sequence[Finding]) -> Finding:
    """One finding of those of one cause, the plainest first."""
    if found[0].clause == _NEAR_KEY:
        # Where any other key is taken for a used one, those that resemble it are no more than examples.
        found = sorted(found, key=lambda each: each.clause != _OTHER_KEY)
    first = found[0]
    alike = [each for each in found if _family(each) == _family(first)]
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
    if finding.expectation == Expectation.ACCOUNTED_FOR and finding.clause in _AFTER_REFUSALS:
        plainness += 1
    elif finding.expectation == Expectation.ACCOUNTED_FOR and finding.clause in _PLAIN_SURPLUS:
        return plainness, _PLAIN_SURPLUS.index(finding.clause) - len(_PLAIN_SURPLUS), False, 0, 0, finding.id
    elif finding.expectation == Expectation.ID_OF_ITS_OWN:
        plainness = -2
    elif finding.value.startswith("an Idempotency-Key that differs"):
        plainness = -1
    # A read shows a record that another request has made.
    read = finding.judged is not None and finding.judged.request.method == "GET"
    return plainness, order(finding.clause), read, len(finding.context), len(finding.example), finding.id


def _family(finding: Finding) -> Hashable:
    """What is said in one form of sentence."""
    return next((family for family in _FAMILIES if finding.expectation in family), finding.expectation)


def _groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that share a mark, directly or through others."""
    leaders: dict[Hashable, int] = {}
    group = list(range(len(findings)))
    for number, finding in enumerate(findings):
        for mark in (*_marks(finding), *_common_marks(finding, findings)):
            other = leaders.setdefault(mark, number)
            old, new = group[number], group[other]
            group = [new if each == old else each for each in group]
    return [[findings[at] for at, each in enumerate(group) if each == leader] for leader in dict.fromkeys(group)]


def _marks(finding: Finding) -> Iterator[Hashable]:
    """What findings of one cause have in common, any of which is enough."""
    if finding.expectation not in tuple(Expectation):
        # A client's.
        yield finding.symptom or finding.observed, finding.place
        return
    expectation = Expectation(finding.expectation)
    caller = next((each for each in finding.context if each.startswith("as ")), "")
    if expectation in _LETTING_IN and caller and _status(finding) == "2xx":
        yield "caller", caller
    yield from _MARKS[expectation](finding) if expectation in _MARKS else ((expectation,),)


def _of_refusal(finding: Finding) -> Iterator[Hashable]:
    status = _status(finding)
    if finding.expectation == Expectation.CALLER_REFUSED:
        yield "turned away", finding.status_seen
    if finding.rule:
        yield "rule", finding.rule, status
        yield "place", "the body" if finding.rule in _IN_BODY else finding.place, status
    if finding.expectation == Expectation.NO_CRASH:
        yield "crash", finding.value.partition("-")[0], "" if finding.value else finding.place


def _of_echo(finding: Finding) -> Iterator[Hashable]:
    yield "place", finding.place
    yield "echo", finding.symptom
    if finding.clause.startswith("custom:"):
        # What becomes of one value type at one place becomes of it at another.
        yield "type", finding.clause


def _of_repeat(finding: Finding) -> Iterator[Hashable]:
    """Whether there were more records than were due, or fewer, or what else came of it."""
    if any(each.startswith("as ") for each in finding.context) and _status(finding) == "4xx" and not finding.symptom:
        yield "turned away", finding.status_seen
    separate = finding.expectation == Expectation.SEPARATE and finding.symptom.startswith("the same record")
    if separate or finding.symptom in ("the record of the earlier request", "the record of another request"):
        yield "records", "fewer"
    elif finding.symptom.endswith(("new record", "new records")):
        yield "records", "more" if _KEYED in finding.context else "fewer"
    else:
        yield "records", finding.symptom.partition(", but")[0] or str(finding.status_seen)


def _of_error(finding: Finding) -> Iterator[Hashable]:
    yield finding.expectation, finding.symptom
    yield finding.expectation, "rule", finding.rule


def _of_surplus(finding: Finding) -> Iterator[Hashable]:
    refused = "refused" if _status(finding) == "4xx" else "two"
    yield "records", "more" if finding.clause.startswith("idempotency:") else refused
    if finding.clause in _AFTER_REFUSALS:
        yield "records", "refused"


def _of_member(finding: Finding) -> Iterator[Hashable]:
    yield "member", finding.place.rpartition("/")[2]
    yield "inside", "/".join(finding.place.split("/")[:2])


def _of_read(finding: Finding) -> Iterator[Hashable]:
    yield (finding.expectation,)
    yield "member", finding.observed.partition(":")[0].rpartition(".")[2]


def _of_value_type(finding: Finding) -> Iterator[Hashable]:
    yield finding.expectation, finding.symptom
    yield "place", finding.place


def _of_acceptance(finding: Finding) -> Iterator[Hashable]:
    yield "answer", finding.observed


_LETTING_IN: Final = _REFUSALS | _REPEATS | {Expectation.NOTHING_REVEALED}
_MARKS: Final[Mapping[Expectation, Callable[[Finding], Iterator[Hashable]]]] = {
    **dict.fromkeys(_REFUSALS, _of_refusal),
    **dict.fromkeys(ECHOES, _of_echo),
    **dict.fromkeys(_ACCEPTED, _of_acceptance),
    **dict.fromkeys(_REPEATS, _of_repeat),
    **dict.fromkeys(_STORED, lambda _: iter([("stored",)])),
    **dict.fromkeys(_ERRORS, _of_error),
    Expectation.ACCOUNTED_FOR: _of_surplus,
    Expectation.ID_OF_ITS_OWN: lambda _: iter([("records", "fewer")]),
    Expectation.MEMBER: _of_member,
    Expectation.DOCUMENTED_READ: _of_read,
    Expectation.VALUE_TYPE: _of_value_type,
    Expectation.JSON_SAID: lambda finding: iter([("said", finding.observed)]),
    Expectation.SUCCESS_MEDIA_TYPE: lambda finding: iter([("said", finding.symptom)]),
}
"""The marks of a check; any other is one cause wherever it fails."""


def _common_marks(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """A mark where so many fail alike that no rule or place is the cause, or where a create got the record of another."""
    if finding.expectation in ECHOES and _KEYED in finding.context and any(map(_explains, findings)):
        yield "records", "fewer"
    if finding.expectation == Expectation.ERROR_CODE:
        # What is refused for its form whatever it names is no refusal of what it names.
        code, param = finding.symptom.removeprefix("code ").strip('"'), error_form.place_param(finding.place)
        valid = (each for each in findings if each.expectation in _ACCEPTED)
        yield from (("answer", each.observed) for each in valid if f"({code}, {param})" in each.observed)
    if finding.expectation in _ACCEPTED:
        said = _said(finding)
        alike = [each for each in findings if each.expectation in _ACCEPTED and _said(each) == said]
        if len({each.observed for each in alike}) >= _MANY_PLACES:
            yield "refused", said
    family = _REFUSALS if finding.expectation in _REFUSALS else {finding.expectation}
    alike = [each for each in findings if each.expectation in family and _status(each) == _status(finding)]
    if len({each.rule for each in alike if each.rule}) >= _MANY_RULES:
        yield "every", _family(finding), _status(finding)


def _said(finding: Finding) -> str:
    """What a refusal says without the place that it names: the status and the code."""
    return finding.observed.partition(",")[0]


def _status(finding: Finding) -> str:
    return f"{(finding.status_seen or 0) // 100}xx"
