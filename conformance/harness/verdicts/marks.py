"""Says what findings of one cause have in common: marks, any of which is enough to make one finding of two."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Final

from ....reports import Finding
from ....spec import Rule, error_form
from ..judge.expectation import ECHOES, Expectation

__all__ = ["AFTER_REFUSALS", "explains", "family_of", "marks_of"]

AFTER_REFUSALS: Final = ("idempotency:failure", "idempotency:not-served", "idempotency:unauthorized")
"""Where a surplus record can be that of a refused request with the same body."""
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


def marks_of(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """Yield the marks of a finding.

    Args:
        findings: all of the run, of which many that fail alike have a mark in common.
    """
    yield from _own_marks(finding)
    yield from _common_marks(finding, findings)


def family_of(finding: Finding) -> Hashable:
    """Return what is said in one form of sentence."""
    return next((family for family in _FAMILIES if finding.expectation in family), finding.expectation)


def explains(finding: Finding) -> bool:
    """Return whether a finding is what makes others: what is read and compared under one ID is that of another create."""
    return finding.expectation == Expectation.ID_OF_ITS_OWN


def _own_marks(finding: Finding) -> Iterator[Hashable]:
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
    if finding.clause in AFTER_REFUSALS:
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
    read = finding.judged is not None and finding.judged.request.method == "GET"
    compared = finding.expectation in ECHOES | _STORED and (read or _KEYED in finding.context)
    if compared and any(map(explains, findings)):
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
        yield "every", family_of(finding), _status(finding)


def _said(finding: Finding) -> str:
    """What a refusal says without the place that it names: the status and the code."""
    return finding.observed.partition(",")[0]


def _status(finding: Finding) -> str:
    return f"{(finding.status_seen or 0) // 100}xx"
