"""Says what findings of one cause have in common: marks, any of which is enough to make one finding of two.

What several have in common only in the light of all others of the run is in `shared_marks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Final

from ....reports import Finding
from ....reports.finding import GONE, KEYED
from ....spec import Rule, profile
from ..judge.expectation import ECHOES, STORED, Expectation

__all__ = [
    "ACCEPTED",
    "AFTER_REFUSALS",
    "OF_ANOTHER_KEY",
    "REFUSALS",
    "REPEATS",
    "family_of",
    "own_marks",
    "status_class",
]

AFTER_REFUSALS: Final = ("idempotency:failure", "idempotency:not-served", "idempotency:unauthorized")
"""Where a surplus record can be that of a refused request with the same body."""
OF_ANOTHER_KEY: Final = "comes back as that of another create, whose Idempotency-Key is another"
"""What is seen of a request that is answered as a repeat of one with another key."""
_OF_REQUIRED: Final = frozenset({Rule.MISSING, Rule.NULL, Rule.BLANK, Rule.EMPTY_ARRAY})
_MAY_CREATE: Final = ("as second", "as create-only")
_OTHER_ORGANIZATION: Final = "as other-organization"
_CHANGED: Final = re.compile(r"but with another (/\S+)$")
"""What a repeat's answer alone has otherwise than the original response."""
_CRASH: Final = 500
_UNAVAILABLE: Final = (502, 503, 504)
"""Statuses that say nothing of the request."""
_IN_BODY: Final = frozenset({Rule.MALFORMED, Rule.NOT_AN_OBJECT, Rule.SURVIVES})
REPEATS: Final = frozenset(
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
REFUSALS: Final = frozenset(
    {
        Expectation.REFUSED,
        Expectation.REFUSED_WITHOUT_CRASH,
        Expectation.MEDIA_TYPE_STATUS,
        Expectation.NO_CRASH,
        Expectation.CALLER_REFUSED,
    }
)
ACCEPTED: Final = frozenset({Expectation.CREATED, Expectation.LISTED_TAKEN})
_ERRORS: Final = frozenset({Expectation.ERROR_TYPE, Expectation.ERROR_CODE, Expectation.ERROR_PLACE})
_FAMILIES: Final = (ACCEPTED, REFUSALS, ECHOES - {Expectation.SAME_OPTION_EITHER_WAY}, STORED, REPEATS)


def family_of(finding: Finding) -> Hashable:
    """Return what is said in one form of sentence."""
    return next((family for family in _FAMILIES if finding.expectation in family), finding.expectation)


def own_marks(finding: Finding) -> Iterator[Hashable]:
    """Yield what a finding shows by itself."""
    if finding.expectation not in tuple(Expectation):
        # A client's.
        yield finding.symptom or finding.observed, finding.place
        return
    expectation = Expectation(finding.expectation)
    if finding.status_seen in _UNAVAILABLE:
        yield "unavailable", finding.status_seen
    caller = next((each for each in finding.context if each.startswith("as ")), "")
    caller = caller.rstrip("-0123456789")  # of several keys of one kind
    if expectation in _LETTING_IN and caller and status_class(finding) == "2xx" and caller not in _MAY_CREATE:
        yield "caller", caller
        if caller != _OTHER_ORGANIZATION:
            # Whoever may not create is let in, whatever the answer is.
            return
    yield from _MARKS[expectation](finding) if expectation in _MARKS else ((expectation,),)


def _of_refusal(finding: Finding) -> Iterator[Hashable]:
    status = status_class(finding)
    if finding.expectation == Expectation.CALLER_REFUSED:
        yield "turned away", finding.status_seen
    if finding.rule:
        # What is let in beside something else alone is another cause; an optional place is something else itself.
        yield "rule", finding.rule, status, finding.context if finding.rule in _OF_REQUIRED else ()
        yield "place", "the body" if finding.rule in _IN_BODY else finding.place, status, bool(finding.context)
        if finding.context:
            yield "rule", finding.rule, finding.place, finding.context
    if finding.expectation == Expectation.NO_CRASH:
        kind, _, unit = finding.value.partition("-")
        yield "crash", unit if kind.isdecimal() else kind, "" if finding.value else finding.place


def _of_echo(finding: Finding) -> Iterator[Hashable]:
    yield "place", finding.place
    # One of another type is that whatever it was; the values are of each finding's own.
    another_type = finding.symptom.startswith(("comes back as a ", "comes back as an "))
    yield "echo", finding.symptom.partition(", ")[0] if another_type else finding.symptom
    if finding.value == "label-in-another-case" and finding.symptom in GONE:
        # No option is spelled like this: what is none is taken, and not set.
        yield "rule", Rule.UNKNOWN_OPTION, "2xx", ()
    if finding.clause.startswith("custom:"):
        # What becomes of one value type at one place becomes of it at another.
        yield "type", finding.clause


def _of_repeat(finding: Finding) -> Iterator[Hashable]:
    """Whether there were more records than were due, or fewer, or what else came of it."""
    if any(each.startswith("as ") for each in finding.context) and status_class(finding) == "4xx" and not finding.symptom:
        yield "turned away", finding.status_seen
    if status_class(finding) == "4xx" and not finding.symptom:
        yield "answer", finding.observed
    if finding.value.endswith("at the same time") and not finding.symptom.startswith("the same record"):
        yield "together", finding.value
    if finding.judged:
        yield "answer of", finding.judged.number
    if changed := _CHANGED.search(finding.symptom):
        yield "place", changed[1]
    together = {each.response.status for each in finding.own_exchanges if each.overlapping and each.response}
    yield from (("records", str(status)) for status in together if status >= _CRASH)
    separate = finding.expectation == Expectation.SEPARATE and finding.symptom.startswith("the same record")
    if separate or finding.symptom in ("the record of the earlier request", "the record of another request"):
        yield "records", "fewer"
    elif finding.symptom.startswith("0 "):
        yield "records", str(finding.status_seen)
    elif finding.symptom.endswith(("new record", "new records")):
        yield "records", "more" if KEYED in finding.context else "fewer"
    else:
        yield "records", finding.symptom.partition(", but")[0] or str(finding.status_seen)


def _of_error(finding: Finding) -> Iterator[Hashable]:
    yield finding.expectation, finding.symptom
    yield finding.expectation, "rule", finding.rule
    if finding.context:
        yield "rule", finding.rule, finding.place, finding.context


def _of_surplus(finding: Finding) -> Iterator[Hashable]:
    refused = "refused" if status_class(finding) == "4xx" else "two"
    if finding.symptom == "under another ID":
        yield ("stored",)
        return
    yield "records", "more" if finding.clause.startswith("idempotency:") else refused
    turned_away = any(each.response and each.response.status in (401, 403) for each in finding.own_exchanges[:-1])
    if finding.clause in AFTER_REFUSALS or turned_away:
        yield "records", "refused"


def _of_storage(finding: Finding) -> Iterator[Hashable]:
    yield ("stored",)
    if finding.symptom.endswith(" has no ID"):
        yield "member", profile.ID
    # The answer that named the record can be what is wrong.
    yield from (("answer of", each.number) for each in finding.own_exchanges[:-1])


def _of_key(finding: Finding) -> Iterator[Hashable]:
    yield (finding.expectation,)
    yield "answer", finding.observed


def _of_member(finding: Finding) -> Iterator[Hashable]:
    yield "member", finding.place.rpartition("/")[2]
    yield "inside", "/".join(finding.place.split("/")[:2])


def _of_clock(finding: Finding) -> Iterator[Hashable]:
    yield (finding.expectation,)
    yield "place", finding.place


def _of_read(finding: Finding) -> Iterator[Hashable]:
    yield (finding.expectation,)
    yield from (("member", name) for name in re.findall(r"\w+", finding.observed.partition(": ")[0]))
    yield from (("member", name) for name in re.findall(r"`(\w+)` is missing", finding.observed))


def _of_value_type(finding: Finding) -> Iterator[Hashable]:
    yield finding.expectation, finding.symptom
    yield finding.expectation, "named", finding.value
    yield "place", finding.place


def _of_definition(finding: Finding) -> Iterator[Hashable]:
    yield (finding.expectation,)
    yield "place", finding.place


def _of_acceptance(finding: Finding) -> Iterator[Hashable]:
    yield "answer", finding.observed
    custom = [place for place, _ in finding.features if "{" in place]
    if len(custom) == 1:
        # What is refused of one value type at one place is refused of it at another.
        yield "answer", finding.observed.partition(",")[0], custom[0]


_LETTING_IN: Final = REFUSALS | REPEATS | {Expectation.NOTHING_REVEALED}
_MARKS: Final[Mapping[Expectation, Callable[[Finding], Iterator[Hashable]]]] = {
    **dict.fromkeys(REFUSALS, _of_refusal),
    **dict.fromkeys(ECHOES, _of_echo),
    **dict.fromkeys(ACCEPTED, _of_acceptance),
    **dict.fromkeys(REPEATS, _of_repeat),
    **dict.fromkeys(STORED, _of_storage),
    **dict.fromkeys((Expectation.KEY_KEPT, Expectation.KEY_KEPT_TO_THE_END), _of_key),
    **dict.fromkeys(_ERRORS, _of_error),
    Expectation.ACCOUNTED_FOR: _of_surplus,
    Expectation.ID_OF_ITS_OWN: lambda _: iter([("records", "fewer")]),
    Expectation.MEMBER: _of_member,
    Expectation.DOCUMENTED_READ: _of_read,
    Expectation.PAGE_BEGINS: _of_read,
    **dict.fromkeys((Expectation.TIME_NEAR_CLOCK, Expectation.TIME_NEAR_DATE, Expectation.TIME_WITH_OFFSET), _of_clock),
    Expectation.VALUE_TYPE: _of_value_type,
    Expectation.AS_DEFINED: _of_definition,
    Expectation.NOT_OF_ANOTHER: lambda finding: iter([(finding.expectation,)]),
    Expectation.JSON_SAID: lambda finding: iter([("said", finding.observed)]),
    Expectation.SUCCESS_MEDIA_TYPE: lambda finding: iter([("said", finding.symptom)]),
}
"""The marks of a check; any other is one cause wherever it fails."""


def status_class(finding: Finding) -> str:
    """Return the class of the status that was seen, such as `4xx`."""
    return f"{(finding.status_seen or 0) // 100}xx"
