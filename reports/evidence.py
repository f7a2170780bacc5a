"""What a report shows of a finding besides its sentence: other ways, the answer at its place, the case that passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..spec import profile
from .finding import Finding, Occurrence, Transcript
from .inert import cut
from .json_text import differences, excerpt

__all__ = ["answer_lines", "failure_lines", "other_occurrences", "passing_lines", "place_in_answer", "status_line"]

_ABOUT_THE_RECORD: Final = ("member", "value-type", "present", "time-with-offset", "time-near-clock", "time-near-date")
"""Checks besides those of an echo, whose place is one of the answer."""
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


def status_line(exchange: Transcript) -> str:
    """Return the status, the length and the time of an answer; as much of it as is known."""
    if exchange.response is None:
        return f"no answer ({exchange.failure})" if exchange.failure else "no answer"
    response = exchange.response
    words = [f"{response.status} {response.reason}".strip()]
    words += [f"{response.length:,} bytes"] if response.length else []
    return ", ".join([*words, f"{exchange.seconds * 1000:.0f} ms"] if exchange.seconds else words)


def answer_lines(exchange: Transcript, place: str, most: int, width: int = 120) -> list[str]:
    """Return the body of an answer: JSON in lines, with the place marked and what is beside it folded; other text as it is.

    Args:
        most: lines.
        width: columns.
    """
    if exchange.response is None or not exchange.response.body:
        return []
    try:
        return excerpt(exchange.response.body, place, most, width)
    except ValueError:
        return cut(exchange.response.body, 80 * most).split("\n")[:most]


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
    return [*lines, *answer_lines(judged, place_in_answer(finding), _LINES)]


def passing_lines(finding: Finding) -> list[str]:
    """Return in what the nearest body that passes (`+`) differs from the one that shows the finding (`-`).

    Empty where none is near.
    """
    if not finding.passing or not finding.example:
        return []
    try:
        lines = differences(finding.example, finding.passing)
    except ValueError:
        return []
    if len(lines) > _FAR:
        return []
    more = len(lines) - _MOST_DIFFERENCES
    return [*lines[:_MOST_DIFFERENCES], *([f"and {more} more differences"] if more > 0 else [])]


def other_occurrences(finding: Finding) -> Sequence[Occurrence]:
    """Return the occurrences besides the one that is shown in full, those of other sentences first, each sentence once."""
    seen = {finding.cause, finding.occurrences[0].sentence} if finding.occurrences else {finding.cause}
    found: dict[str, Occurrence] = {}
    for each in finding.occurrences[1:]:
        if each.sentence not in seen:
            found.setdefault(each.sentence, each)
    return tuple(found.values())
