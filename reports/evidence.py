"""What a report shows of a finding besides its sentence: other ways, the answer at its place, what it is compared with."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..spec import error_form, profile, rate_limit
from ..spec.pointer import get_at
from .finding import ExchangeRole, Finding, Occurrence, Transcript
from .inert import cut
from .json_text import differences, excerpt, parse
from .lists import plural

__all__ = [
    "ABOUT_ERRORS",
    "ROLES",
    "Contrast",
    "answer_lines",
    "contrasts",
    "failure_lines",
    "header_lines",
    "marked_place",
    "other_occurrences",
    "place_in_answer",
    "status_line",
]

ROLES: Final[Mapping[ExchangeRole | None, str]] = {
    ExchangeRole.CONTROL: "the same without the mistake",
    ExchangeRole.FIRST: "the request before",
    ExchangeRole.STEP: "an earlier step",
    ExchangeRole.BESIDE: "sent at the same moment, or with the same key",
    ExchangeRole.JUDGED: "the one that is judged",
}
"""What an exchange is to the finding that it shows."""

_ABOUT_THE_RECORD: Final = ("member", "value-type", "present", "time-with-offset", "time-near-clock", "time-near-date")
"""Checks besides those of an echo, whose place is one of the answer."""
ABOUT_ERRORS: Final[Mapping[str, str]] = {
    "error-type": error_form.TYPE,
    "error-code": error_form.CODE,
    "error-place": error_form.PARAM,
    "message-says": error_form.MESSAGE,
}
"""The member of a refusal that a check is about."""
_ABOUT_REPEATS: Final = ("replayed", "replayed-to-the-end", "original-or-refused")
_POINTER: Final = re.compile(r"(?:^|: )(/\S+): ")
_MISSING: Final = re.compile(r": `(\S+)` is missing$")
_HEADERS: Final[Mapping[str, Sequence[str]]] = {
    "limit-headers": tuple(name.lower() for name in rate_limit.HEADERS),
    "retry-after": ("retry-after",),
    "success-media-type": ("content-type",),
    "json-said": ("content-type",),
}
"""The headers of an answer that a check is about."""
_NOTHING: Final = object()
_MOST_DIFFERENCES: Final = 4
_LINES: Final = 12
"""Lines of an answer that pytest shows of a failure."""
_FAR: Final = 8
"""Differences that are too many to say anything."""


def place_in_answer(finding: Finding) -> str:
    """Return where in the answer a finding shows, a JSON Pointer; "" where it is about no place of it."""
    known = finding.expectation in _ABOUT_THE_RECORD or finding.expectation.startswith("same-")
    if not known or not finding.place.startswith("/"):
        return ""
    in_body = profile.holds_links(finding.place) or profile.holds_values(finding.place)
    echoed = finding.expectation not in ("member", "time-with-offset", "time-near-clock", "time-near-date")
    return profile.value_pointer(finding.place) if in_body and echoed else finding.place


def marked_place(finding: Finding) -> str:
    """Return the place of the judged answer that a reader looks for, a JSON Pointer; "" for none.

    That is where the finding shows, else what the answer holds at the place that the finding is about.
    """
    if place := place_in_answer(finding):
        return place
    try:
        body = parse(finding.judged.response.body) if finding.judged and finding.judged.response else None
    except ValueError:
        return ""
    there = [each for each in _places(finding) if get_at(body, each, _NOTHING) is not _NOTHING]
    # Of a member that is missing, the place that it is missing at is there.
    missing = _MISSING.search(finding.observed)
    return "".join([*there[:1], *([f"/{missing[1]}"] if missing and there else [])])


def _places(finding: Finding) -> Iterator[str]:
    if member := ABOUT_ERRORS.get(finding.expectation):
        yield from (f"/{error_form.ERROR}/{member}", f"/{member}")
    if said := _POINTER.search(finding.observed) or _POINTER.search(finding.symptom):
        yield said[1]
    if profile.holds_links(finding.place) or profile.holds_values(finding.place):
        yield profile.value_pointer(finding.place)
    if finding.place.startswith("/"):
        yield finding.place


def status_line(exchange: Transcript) -> str:
    """Return the status, the length and the time of an answer; as much of it as is known."""
    if exchange.response is None:
        return f"no answer ({exchange.failure})" if exchange.failure else "no answer"
    response = exchange.response
    words = [f"{response.status} {response.reason}".strip()]
    words += [f"{response.length:,} bytes"] if response.length else []
    return ", ".join([*words, f"{exchange.seconds * 1000:.0f} ms"] if exchange.seconds else words)


def answer_lines(finding: Finding, most: int, width: int = 120) -> list[str]:
    """Return the body of the judged answer: JSON in lines, what is beside the place folded; other text as it is.

    The place is marked that a reader looks for.

    Args:
        most: lines.
        width: columns.
    """
    response = finding.judged.response if finding.judged else None
    if response is None or not response.body:
        return []
    try:
        return excerpt(response.body, marked_place(finding), most, width)
    except ValueError:
        return cut(response.body, 80 * most).split("\n")[:most]


def header_lines(finding: Finding) -> list[str]:
    """Return the headers of the judged answer that a finding is about, as many of them as it has."""
    response, names = finding.judged.response if finding.judged else None, _HEADERS.get(finding.expectation, ())
    return [f"{name}: {value}" for name, value in response.headers if name.lower() in names] if response else []


def failure_lines(finding: Finding, statement: str) -> list[str]:
    """Return what a test shows of the finding that it fails by: the cause, the contract, the request and the answer.

    Args:
        statement: of the clause that is blamed.
    """
    lines = [f"{finding.clause}: {statement}", finding.cause]
    lines += [f"expected: {finding.expected}", f"observed: {finding.observed}"]
    if (judged := finding.judged) is None:
        return lines
    lines += [judged.request.curl, f"answer: {status_line(judged)}"]
    return [*lines, *header_lines(finding), *answer_lines(finding, _LINES)]


@dataclasses.dataclass(frozen=True)
class Contrast:
    """In what two JSON texts differ.

    Attributes:
        label: one word. heading: what is compared; what only the first has follows `-`, what only the second has `+`.
    """

    label: str
    heading: str
    lines: tuple[str, ...]


def contrasts(finding: Finding) -> Sequence[Contrast]:
    """Return what a finding is compared with: the answer that it repeats, and the nearest body that passes."""
    found = [
        Contrast("differs", "the answer (+) differs from the one to the first request (-) in", _changed(finding)),
        Contrast("passes", "the nearest body that passes (+) differs from this one (-) in", _nearest(finding)),
    ]
    return [each for each in found if each.lines]


def _changed(finding: Finding) -> tuple[str, ...]:
    """The differences of the answers to a create and to its repeat, where both name one record."""
    own = finding.own_exchanges
    answers = [each.response.body for each in (own[0], own[-1]) if each.response] if len(own) > 1 else []
    if finding.expectation not in _ABOUT_REPEATS or not _of_one_record(answers):
        return ()
    return _few(differences(*answers))


def _of_one_record(answers: Sequence[str]) -> bool:
    """Whether there are two answers, and both name one record."""
    try:
        records = [profile.record_id(parse(each)) for each in answers]
    except ValueError:
        return False
    return len(records) == 2 and bool(records[0]) and records[0] == records[1]


def _nearest(finding: Finding) -> tuple[str, ...]:
    """The differences of the body that shows the finding and the nearest one that passes; none where that is not near."""
    if not finding.passing or not finding.example:
        return ()
    try:
        lines = differences(finding.example, finding.passing)
    except ValueError:
        return ()
    return _few(lines) if len(lines) <= _FAR else ()


def _few(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _MOST_DIFFERENCES
    return (*lines[:_MOST_DIFFERENCES], *([f"and {plural(more, 'more difference')}"] if more > 0 else []))


def other_occurrences(finding: Finding) -> Sequence[Occurrence]:
    """Return the occurrences besides the one that is shown in full, those of other sentences first, each sentence once."""
    seen = {finding.cause, finding.occurrences[0].sentence} if finding.occurrences else {finding.cause}
    found: dict[str, Occurrence] = {}
    for each in finding.occurrences[1:]:
        if each.sentence not in seen:
            found.setdefault(each.sentence, each)
    return tuple(found.values())
