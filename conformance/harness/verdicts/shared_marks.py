"""Says what findings have in common in the light of all others of the run: where many fail alike, no place is the cause.

Each rule asks whether what it takes for the cause is there, so that a second, unrelated fault keeps a finding of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Final

from ....reports import Finding
from ....reports.finding import KEYED, OVERLAPPING
from ....reports.json_text import parse
from ....spec import error_form, profile
from ..judge.expectation import ECHOES, STORED, Expectation
from .marks import ACCEPTED, OF_ANOTHER_KEY, REFUSALS, REPEATS, family_of, own_marks, status_class

__all__ = ["OTHERWISE", "explains", "is_one_of_all", "marks_of", "otherwise_of"]

_MANY_RULES: Final = 4
"""Where requests that break as many rules get the same answer, none of the rules is the cause."""
_MANY_PLACES: Final = 3
"""Where what stands at as many is refused or missing alike, no place is the cause."""
OTHERWISE: Final = ("idempotency:other-body", OVERLAPPING)
"""What a change of a value can be due to, and not to the value: a repeat with another body, or creates that overlap."""
_CONFLICT: Final = 409
_MAY_BE_REFUSED: Final = "4xx"
_STRINGS: Final = ('["', "[]", "nothing")
"""What an array of IDs begins with where it is shown, or what is shown where there is none."""
_OF_CALLERS: Final = ("idempotency:not-served", "key:required", "scope:required")


def marks_of(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """Yield the marks of a finding.

    Args:
        findings: all of the run, of which many that fail alike have a mark in common.
    """
    if cause := _of_other_creates(finding, findings) or _of_refused_read(finding, findings):
        # Not due to what its own check is about.
        yield cause
        return
    yield from own_marks(finding)
    for rule in _RULES:
        yield from rule(finding, findings)


def explains(finding: Finding) -> bool:
    """Return whether a finding is what makes others: what is read and compared under one ID is that of another create."""
    return finding.expectation == Expectation.ID_OF_ITS_OWN


def otherwise_of(finding: Finding) -> str:
    """Return which of `OTHERWISE` a finding about a value was seen with; "" for none."""
    if finding.expectation not in ECHOES:
        return ""
    return next((each for each in OTHERWISE if each == finding.clause or each in finding.context), "")


def _of_other_creates(finding: Finding, findings: Sequence[Finding]) -> Hashable:
    """The mark of values that are changed by another create, where the same places come back well without it; None."""
    if finding.symptom == OF_ANOTHER_KEY:
        return "records", "fewer"
    otherwise = otherwise_of(finding)
    if otherwise and all(map(otherwise_of, _at_place_of(finding, findings))):
        return ("records", "fewer") if any(map(explains, findings)) else ("values of others", otherwise)
    if finding.expectation == Expectation.ACCOUNTED_FOR and finding.status_seen == _CONFLICT:
        # A record that was changed carries the marker of the request that changed it, which was refused.
        return next((("values of others", OTHERWISE[0]) for each in findings if otherwise_of(each) == OTHERWISE[0]), None)
    return None


def _of_shared_ids(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """What is compared under the ID of another create, where the same places come back well without that."""
    if finding.expectation in ECHOES | STORED and any(map(explains, findings)):
        alike = _at_place_of(finding, findings)
        if all(_reads(each) or KEYED in each.context or otherwise_of(each) for each in alike):
            yield "records", "fewer"


def _at_place_of(finding: Finding, findings: Sequence[Finding]) -> list[Finding]:
    """What was found of values at the same place."""
    return [each for each in findings if each.place == finding.place and each.expectation in ECHOES]


def _reads(finding: Finding) -> bool:
    return finding.judged is not None and finding.judged.request.method == "GET"


def _of_refused_forms(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """What is refused for its form whatever it names is no refusal of what it names."""
    if finding.expectation == Expectation.ERROR_CODE:
        code, param = finding.symptom.removeprefix("code ").strip('"'), error_form.place_param(finding.place)
        valid = (each for each in findings if each.expectation in ACCEPTED)
        yield from (("answer", each.observed) for each in valid if f"({code}, {param})" in each.observed)


def _of_valid_creates(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """Valid creates that are refused in the same words at many places, or that fail as one that holds nothing special."""
    if finding.expectation in ACCEPTED:
        said = _said(finding)
        alike = [each for each in findings if each.expectation in ACCEPTED and _said(each) == said]
        if len({each.observed for each in alike}) >= _MANY_PLACES:
            yield "refused", said
    elif finding.expectation == Expectation.NO_CRASH and not finding.rule:
        yield from (("answer", each.observed) for each in findings if _is_plain(each) and each.observed == finding.observed)


def _of_every_refusal(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """Where requests that break many rules all get one class of status, or one status, whatever they were due."""
    # A success without a record is a refusal that does not say so.
    silent = finding.expectation in (*REPEATS, Expectation.ONE_WINNER) and finding.symptom == "no record"
    refusal = (
        silent
        or finding.expectation in (*REFUSALS, Expectation.UNREADABLE, Expectation.NOTHING_READ)
        or _is_refusal_of_caller(finding)
    )
    status = status_class(finding)
    if refusal and _breaks_many(findings, lambda each: status_class(each) == status):
        yield "every", REFUSALS, status
    if finding.expectation == Expectation.ERROR_TYPE and _breaks_many(
        findings, lambda each: each.status_seen == finding.status_seen
    ):
        # The type fits the status that was due.
        yield "every", REFUSALS, status


def _of_every_error(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """Checks besides those of a refusal's status that fail alike for many rules."""
    if finding.expectation in REFUSALS:
        return
    alike = [each for each in findings if each.expectation == finding.expectation]
    if len({each.rule for each in alike if each.rule and status_class(each) == status_class(finding)}) >= _MANY_RULES:
        yield "every", family_of(finding), status_class(finding)


def _of_missing_members(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """Where many members are missing, the record is what is missing; without an ID no record is shown."""
    missing = {each.place for each in findings if _is_missing(each)}
    if _is_missing(finding) and len(missing) >= _MANY_PLACES:
        yield "members", "missing"
    members = {each.place for each in findings if each.expectation == Expectation.MEMBER}
    if finding.symptom in ("no record", "no option") and f"/{profile.ID}" in members:
        yield "member", profile.ID
    if finding.expectation == Expectation.SAME_LINKS and not finding.observed.startswith(_STRINGS):
        # What is no array of IDs in any answer cannot be the IDs that were sent.
        yield from (("member", profile.VALUES) for place in members if place.endswith(f"/{profile.VALUES}"))


def _of_replays(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """What is wrong with the answer to a create only where that repeats another one."""
    if finding.expectation not in ECHOES | {Expectation.SUCCESS_STATUS} or KEYED not in finding.context:
        return
    alike = [each for each in findings if (each.expectation, each.place) == (finding.expectation, finding.place)]
    replays = [each for each in findings if each.expectation == Expectation.REPLAYED]
    if all(KEYED in each.context for each in alike):
        same = (each for each in replays if each.symptom.startswith("the same record, but another response than"))
        changed = (each for each in replays if finding.place and f" {finding.place} " in f"{each.symptom} ")
        shown = same if finding.expectation == Expectation.SUCCESS_STATUS else changed
        yield from (("records", "the same record") for _ in shown)


def _of_other_success(finding: Finding, findings: Sequence[Finding]) -> Iterator[Hashable]:
    """A record whose create was answered with another success, and is for that no more than one that no answer named."""
    if finding.expectation == Expectation.ACCOUNTED_FOR and status_class(finding) == "2xx":
        accepted = (each for each in findings if each.expectation == Expectation.CREATED)
        yield from (("answer", each.observed) for each in accepted if each.status_seen == finding.status_seen)


def _breaks_many(findings: Sequence[Finding], alike: Callable[[Finding], bool]) -> bool:
    broken = {(each.rule, each.place) for each in findings if _is_refusable(each) and alike(each)}
    rules, places = ({pair[at] for pair in broken} for at in (0, 1))
    return len(rules) >= _MANY_RULES and len(places) >= _MANY_PLACES


def _is_refusable(finding: Finding) -> bool:
    return bool(finding.rule) and finding.expectation in REFUSALS and finding.symptom != OF_ANOTHER_KEY


def _is_refusal_of_caller(finding: Finding) -> bool:
    return finding.expectation == Expectation.HISTORY and finding.clause in _OF_CALLERS


def _of_refused_read(finding: Finding, findings: Sequence[Finding]) -> Hashable:
    """The mark of every refusal, of a read that got what refusals get: an error object, or the very same answer; None."""
    if finding.expectation != Expectation.DOCUMENTED_READ or finding.judged is None or finding.judged.response is None:
        return None
    status, answer = status_class(finding), finding.judged.response.body
    if not _breaks_many(findings, lambda each: status_class(each) == status):
        return None
    try:
        error = error_form.read_error(parse(answer))
    except ValueError:
        return None
    refused = error is not None and error.wrapped and not str(error.type).startswith("internal")
    # A read that may be refused, and was answered as many a refusal.
    same = _MAY_BE_REFUSED in finding.status_due and _breaks_many(findings, lambda each: _answer_of(each) == answer)
    return ("every", REFUSALS, status) if refused or same else None


def _answer_of(finding: Finding) -> str | None:
    return finding.judged.response.body if finding.judged and finding.judged.response else None


def is_one_of_all(finding: Finding, findings: Sequence[Finding]) -> bool:
    """Return whether a finding is one of many that are due to how every refusal is answered."""
    every = ("every", REFUSALS, status_class(finding))
    return every in _of_every_refusal(finding, findings) and _breaks_many(
        findings, lambda each: each.status_seen == finding.status_seen
    )


def _is_plain(finding: Finding) -> bool:
    """Whether a valid create was not accepted though it held nothing special."""
    return finding.expectation == Expectation.CREATED and not (finding.place or finding.value or finding.deciding)


def _is_missing(finding: Finding) -> bool:
    return finding.expectation == Expectation.MEMBER and finding.symptom == "is missing"


def _said(finding: Finding) -> str:
    """What a refusal says without the place that it names: the status and the code."""
    return finding.observed.partition(",")[0]


_RULES: Final = (
    _of_shared_ids,
    _of_refused_forms,
    _of_valid_creates,
    _of_every_refusal,
    _of_every_error,
    _of_missing_members,
    _of_replays,
    _of_other_success,
)
