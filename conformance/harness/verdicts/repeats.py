"""Separates repeats of a create that get its original response from those that do not: by what came before them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ....reports.lists import ordinal
from ..wire.ledger import Entry

__all__ = ["share_of_repeats", "trait_of_repeats"]

_WORDS: Final = {2: "second", 3: "third"}
_OF_THE_WAY: Final = ("authorization", "content-length", "content-type", "traceparent")
"""Headers whose values differ between a create and a repeat that is sent by another caller, or in another form."""
_LEAST_FAILING: Final = 2
_LEAST_PASSING: Final = 3
_SOME: Final = 3
"""One of so many repeats at most fails where it is a matter of chance, as far as the ledger shows."""
_UNSERVED: Final = (0, 401, 403, 429)
"""Statuses of requests of which it is not known whether they use a key: no answer, or no access."""


@dataclasses.dataclass(frozen=True)
class _Repeat:
    """A create with the Idempotency-Key and the body of an earlier one, sent when that one had its answer.

    Attributes:
        original: whether it was answered with the first one's record.
        others: records that were made with other Idempotency-Keys since the first one.
        use: which use of its key it is, 2 for the first repeat.
        other_caller: whether another API key sent it than the first one.
    """

    original: bool
    others: int
    use: int
    other_caller: bool


def trait_of_repeats(entries: Sequence[Entry]) -> str:
    """Return what follows `a repeat` where all that fail have it and none that passes; "" for nothing known.

    Args:
        entries: of the ledger, in the order in which they were sent.
    """
    repeats = list(_repeats(entries))
    failing, passing = ([each for each in repeats if each.original is held] for held in (False, True))
    if len(failing) < _LEAST_FAILING or len(passing) < _LEAST_PASSING:
        return ""
    least, most = min(each.others for each in failing), max(each.others for each in passing)
    if least > most:
        if most == 0:
            return "after a create with another Idempotency-Key"
        return f"after {least:,} creates with other Idempotency-Keys (not after {most:,})"
    uses = {each.use for each in failing}
    if uses.isdisjoint(each.use for each in passing):
        return f"as the {_WORDS.get(min(uses)) or ordinal(min(uses))} use of the key"
    if all(each.other_caller for each in failing) and not any(each.other_caller for each in passing):
        return "with another API key of the organization"
    return ""


def share_of_repeats(entries: Sequence[Entry]) -> tuple[int, int]:
    """Return how many repeats make a record, and of how many; zeros where that are too few, or more than some of them."""
    repeats = list(_repeats(entries))
    failing = sum(not each.original for each in repeats)
    return (failing, len(repeats)) if failing >= _LEAST_FAILING and _SOME * failing <= len(repeats) else (0, 0)


def _repeats(entries: Sequence[Entry]) -> Iterator[_Repeat]:
    uses: dict[str, list[int]] = {}
    made: list[int] = []
    known: set[str] = set()
    for at, entry in enumerate(entries):
        if entry.key:
            uses.setdefault(entry.key, []).append(at)
            made += [at] if entry.record and entry.record not in known else []
        known.add(entry.record)
    for key, places in uses.items():
        first = entries[places[0]]
        if not _is_plain([entries[at] for at in places]):
            continue
        for use, at in enumerate(places[1:], 2):
            if entries[at].accepted and _is_equal(entries[at], first):
                others = sum(places[0] < other < at and entries[other].key != key for other in made)
                sender = _sender(entries[at]) != _sender(first)
                yield _Repeat(entries[at].record == first.record, others, use, sender)


def _is_plain(uses: Sequence[Entry]) -> bool:
    """Whether a key was used by the main organization alone, first by a create that was accepted, once at a moment."""
    moments = Counter(map(_moment, uses))
    return uses[0].accepted and all(
        each.own and each.status not in _UNSERVED and moments[_moment(each)] == 1 for each in uses
    )


def _is_equal(entry: Entry, first: Entry) -> bool:
    """Whether it differs in nothing that may be due another answer, such as the moment to which it moves the clock."""
    headers, known = ({name.lower(): value for name, value in each.headers} for each in (entry, first))
    alike = (known.get(name) == value for name, value in headers.items() if name not in _OF_THE_WAY)
    return entry.sent == first.sent and headers.keys() <= known.keys() and all(alike)


def _moment(entry: Entry) -> str:
    """What creates that were sent at the same moment share."""
    return entry.number.rpartition(".")[0] or entry.number


def _sender(entry: Entry) -> str:
    return next((value for name, value in entry.headers if name.lower() == "authorization"), "")
