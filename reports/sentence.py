"""Says the cause of a finding in one sentence: what was sent that mattered, what came back, and what was due."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .finding import ACCEPTED_AGAIN, OTHER_CREDENTIALS, Finding
from .lists import share_phrase
from .phrases import features_phrase
from .sentence_answers import ABOUT_ANSWERS
from .sentence_parts import (
    answer_of,
    due_of,
    places_of,
    refusal_of,
    status_of,
    statuses_of,
    valid_create,
    what_was_sent,
    without_keys,
)
from .sentence_repeats import ABOUT_REPEATS
from .sentence_values import ABOUT_VALUES
from .value_words import value_phrase
from .values_sent import value_missed, value_refused, value_sent

__all__ = ["say_cause"]

_HEADERS: Final = ("Authorization", "Idempotency-Key")
_HISTORY: Final = "history"
"""Stands for a rule where the situation says what was sent."""
_NUMBERED: Final = re.compile(r"Bearer \$(\w+)_(\d+)")
_CREDENTIALS: Final[Mapping[str, str]] = {
    "another-scheme": "a valid API key after another scheme than Bearer",
    "no-scheme": "a valid API key without the scheme Bearer",
    "text-after-the-key": "more text after its valid API key",
    "longer-key": "a valid API key that goes on",
    "shorter-key": "a valid API key without its last character",
    "key-in-capitals": "a valid API key in upper case",
}
"""By the form in which a valid key is sent, which is no credential."""
_UNAVAILABLE: Final = (502, 503, 504)
_FEW: Final = 2
"""Requests of which more show the same, so that it is no matter of chance."""


def say_cause(found: Sequence[Finding]) -> str:
    """Return the sentence.

    Args:
        found: findings of one cause, the one that shows it best first.
    """
    say = _SENTENCES.get(found[0].expectation, _say_general)
    text = say(found)
    return text[:1].upper() + text[1:]


def _say_general(found: Sequence[Finding]) -> str:
    """Without words of its own, as of a client: in which situation, what was seen, and what was due."""
    return ": ".join([*found[0].context, f"{found[0].observed}; expected: {found[0].expected}"])


def _say_refused(found: Sequence[Finding]) -> str:
    return f"{what_was_sent(found)}: {statuses_of(found)}, expected {due_of(found)}"


def _say_crash(found: Sequence[Finding]) -> str:
    first = found[0]
    sent = first.value if first.rule == _HISTORY else what_was_sent(found)
    if not first.rule and (phrase := features_phrase(first.deciding)):
        places = [place for place, form in first.features if first.deciding == (("", form),)]
        sent = f"a create {phrase}{f' at {places[0]}' if places else ''}"
    elif not first.rule and first.place:
        sent = f"a create with {value_phrase([each.value for each in found], places_of(found), value_sent(first))}"
    return f"{sent}: {statuses_of(found)}, expected no 5xx"


def _say_created(found: Sequence[Finding]) -> str:
    if found[0].symptom == ACCEPTED_AGAIN:
        return f"a correct create is refused at times: {answer_of(found[0])}, and its body is accepted when it is sent again"
    refused, absent = value_refused(found[0]), value_missed(found[0])
    what = f"a valid create {f'with {refused}' if refused else f'without the optional {absent}'}"
    if not (refused or absent):
        what = valid_create(found)
    if found[0].status_seen in _UNAVAILABLE:
        # It says nothing of the request.
        what = _some_of(dataclasses.replace(found[0], deciding=())) or "a valid create"
    return f"{what}: {answer_of(found[0])}, expected 200"


def _say_listed(found: Sequence[Finding]) -> str:
    return f"a valid create with what the target lists for {places_of(found)}: {answer_of(found[0])}, expected 200"


def _say_answered(found: Sequence[Finding]) -> str:
    read = found[0].judged is not None and found[0].judged.request.method == "GET"
    what = what_was_sent(found) if read else valid_create(found)
    return f"{what} gets no whole answer: {found[0].observed.removeprefix('no HTTP response: ')}"


def _say_caller(found: Sequence[Finding]) -> str:
    phrase = features_phrase([each for each in found[0].deciding if each[0] != "Authorization"], condition=True)
    if OTHER_CREDENTIALS in found[0].context and found[0].value:
        sent = _CREDENTIALS.get(found[0].value, found[0].value)
        return f"a create with {sent}: {statuses_of(found[:1])}, expected {due_of(found)}"
    one = _NUMBERED.sub(r"no. \2 of \1", next((form for name, form in found[0].deciding if name == "Authorization"), ""))
    sent = what_was_sent(without_keys(found))
    sent += f"{f' ({one}, others are refused)' if one else ''}{f', {phrase}' if phrase else ''}"
    return f"{sent}: {statuses_of(found)}, expected {due_of(found)}"


def _say_same_id(found: Sequence[Finding]) -> str:
    first = found[0]
    together = all(each.overlapping for each in first.own_exchanges) and len(first.own_exchanges) > 1
    if together or first.share[0] < _FEW:
        return f"two creates{' at the same time' if together else ''} get one ID, expected an ID of its own for each record"
    alike = f": {first.symptom}" if first.symptom else ""
    shared = f"{share_phrase(first.share, 'valid create')} gets the ID of an earlier record{alike}"
    return f"{shared}; expected an ID of its own for each"


def _say_unaccounted(found: Sequence[Finding]) -> str:
    """A record that no answer named."""
    first = found[0]
    if first.symptom == "under another ID":
        return f"the record of {valid_create(found)} is stored {first.symptom} than its answer names"
    if first.clause == "idempotency:lost-answer" and not (first.refused or first.value):
        return "a create whose answer was lost and its retry with the same Idempotency-Key make two records, expected one"
    if first.value:
        return f"{first.value}: {status_of(first)}, and a second record that no answer names"
    if first.status_seen in (401, 403):
        return f"a create of a caller that may not create is refused with {status_of(first)}, and makes a record"
    if first.refused:
        in_body = [each for each in first.deciding if each[0] not in _HEADERS]
        special = len(in_body) == 1 and in_body[0][1] != "plain"
        sent = f"a create {features_phrase(in_body)}" if special else what_was_sent(found)
        return f"{sent} is refused with {refusal_of(first)}, and makes a record"
    if not first.status_seen:
        return "a create whose answer was lost and its retry make two records, expected one"
    if {name for name, _ in first.deciding} == {"Idempotency-Key"}:
        some = share_phrase(first.share, f"valid create {features_phrase(first.deciding)}") if first.share[0] >= _FEW else ""
    else:
        some = _some_of(first)
    return f"{some or valid_create(found)} makes two records, expected one"


def _some_of(finding: Finding, one: str = "valid create") -> str:
    """How many requests show it, where it is some of them and nothing is known that they have in common; else ""."""
    shown, possible = finding.share
    unlike = bool(finding.deciding) and 10 * shown <= 9 * possible
    return share_phrase(finding.share, one) if _FEW <= shown <= possible and not unlike else ""


def _say_not_stored(found: Sequence[Finding]) -> str:
    some = _some_of(found[0], "record that a create returned") or "a record that a create returned"
    if found[0].deciding:
        some = f"the record of {valid_create(found)}"
    together = all(each.own_exchanges and each.own_exchanges[0].overlapping for each in found)
    during = ", sent at the same time as another," if together else ""
    return f"{some}{during} is gone when the run ends: GET gives {statuses_of(found)}"


_SENTENCES: Final[Mapping[str, Callable[[Sequence[Finding]], str]]] = {
    **ABOUT_ANSWERS,
    **ABOUT_REPEATS,
    **ABOUT_VALUES,
    "answered": _say_answered,
    "no-crash": _say_crash,
    "created": _say_created,
    "listed-taken": _say_listed,
    "refused": _say_refused,
    "refused-without-crash": _say_refused,
    "media-type-status": _say_refused,
    "caller-refused": _say_caller,
    "caller-status": _say_caller,
    "id-of-its-own": _say_same_id,
    "accounted-for": _say_unaccounted,
    "still-stored": _say_not_stored,
}
"""By the name of the check that failed."""
