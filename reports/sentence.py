"""Says the cause of a finding in one sentence: what was sent that mattered, what came back, and what was due."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .finding import REPEAT, Finding
from .phrases import context_phrase, features_phrase, listed, share_phrase, value_phrase
from .sentence_answers import ABOUT_ANSWERS
from .sentence_parts import (
    answer_of,
    due_of,
    places_of,
    refusal_of,
    status_of,
    statuses_of,
    valid_create,
    value_missed,
    value_refused,
    value_sent,
    what_was_sent,
)

__all__ = ["say_cause"]

_OTHER_KEYS: Final = ("as second", "as create-only")
"""Other keys of the same organization that may create."""
_HEADERS: Final = ("Authorization", "Idempotency-Key")
_KEYED: Final = "with an Idempotency-Key"
_OTHERWISE: Final = "with other credentials"
_WRITTEN: Final = ("with header names", "with the ", "with a charset", "with a quoted charset", "with JSON", "in chunks")
"""With what the words begin that say how a request was written."""
_HISTORY: Final = "history"
"""Stands for a rule where the situation says what was sent."""
_MOST_WAYS: Final = 3
_ABOUT_KEYS: Final = ("idempotency:exact", "idempotency:characters", "idempotency:length")
_NEAR: Final[Mapping[str, str]] = {
    "last character": "its last character",
    "first character": "its first character",
    "digit": "a digit",
    "underscore": "an underscore",
    "hyphen": "a hyphen",
}
"""In what a key differs from a used one."""
_LIFETIME: Final = "idempotency:lifetime"
_LONGEST_KEY: Final = 40
_MOST_KEYS: Final = 2
_CREDENTIALS: Final[Mapping[str, str]] = {
    "another-scheme": "a valid API key after another scheme than Bearer",
    "no-scheme": "a valid API key without the scheme Bearer",
    "text-after-the-key": "more text after its valid API key",
    "longer-key": "a valid API key that goes on",
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
    return f"{sent}: {statuses_of(found)}, expected an answer below 500"


def _say_created(found: Sequence[Finding]) -> str:
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
    return f"{valid_create(found)} gets no whole answer: {found[0].observed.removeprefix('no HTTP response: ')}"


def _say_caller(found: Sequence[Finding]) -> str:
    phrase = features_phrase([each for each in found[0].deciding if each[0] != "Authorization"], condition=True)
    if _OTHERWISE in found[0].context and found[0].value:
        sent = _CREDENTIALS.get(found[0].value, found[0].value)
        return f"a create with {sent}: {statuses_of(found[:1])}, expected {due_of(found)}"
    plain = [dataclasses.replace(each, context=tuple(word for word in each.context if word != _KEYED)) for each in found]
    return f"{what_was_sent(plain)}{f', {phrase}' if phrase else ''}: {statuses_of(found)}, expected {due_of(found)}"


def _say_situation(found: Sequence[Finding]) -> str:
    """In an idempotency history."""
    first = found[0]
    if first.clause in _ABOUT_KEYS and first.refused and not first.symptom:
        return f"a create with {_key_of(found)}: {answer_of(first)}, expected a record of its own"
    together = {each.response.status for each in first.own_exchanges if each.overlapping and each.response}
    # What a refusal says of itself is the reason that a stranger looks for.
    answer = answer_of(first) if first.refused and not first.symptom else status_of(first)
    statuses = listed([str(status) for status in sorted(together)], len(together)) if len(together) > 1 else answer
    seen = " with ".join(filter(None, [statuses, first.symptom]))
    turned_away = first.clause == "idempotency:not-served"
    callers = [each for each in first.context if turned_away and each.startswith("as ")]
    if first.expectation != "replayed":
        callers += [each for each in first.context if each in _OTHER_KEYS and all(each in other.context for other in found)]
    callers += [each for each in first.context if first.expectation == "replayed" and each.startswith(_WRITTEN)]
    phrase = features_phrase([each for each in first.deciding if each[0] not in (*_HEADERS, REPEAT)], condition=True)
    repeat = next((form for place, form in first.deciding if place == REPEAT), "")
    situation = ", ".join(filter(None, [_moment_of(first), repeat, phrase, context_phrase(callers)]))
    if first.expectation == "separate" and first.clause == "idempotency:exact":
        ways = [_NEAR.get(way, way) for way in dict.fromkeys(each.value for each in found if each.expectation == "separate")]
        situation = f"an Idempotency-Key that differs from a used one in {listed(ways, _MOST_WAYS, 'or')} alone"
    return f"{situation or what_was_sent(found)}: {seen}, expected {_expected(first)}"


def _moment_of(finding: Finding) -> str:
    """In which situation, and when, where that matters."""
    if finding.clause == _LIFETIME:
        within = finding.expectation == "replayed"
        return f"a used Idempotency-Key {'less' if within else 'more'} than 24 hours after its first use"
    known = any(place == REPEAT for place, _ in finding.deciding)
    late = finding.expectation == "replayed-to-the-end" and not known
    return f"{finding.value}{', at the end of the run, after many other keys' if late else ''}"


def _key_of(found: Sequence[Finding]) -> str:
    """The first Idempotency-Keys of some requests."""
    headers = [pair for each in found if each.judged for pair in each.judged.request.headers]
    keys = list(dict.fromkeys(value for name, value in headers if name.lower() == "idempotency-key"))
    if not keys:
        return "an Idempotency-Key"
    if trait := [form for name, form in found[0].deciding if name == "Idempotency-Key" and form != "sent"]:
        return f"an Idempotency-Key {trait[0]}, such as {_shown_key(min(keys, key=len))}"
    words = [f"{_shown_key(key)} ({len(key)} characters)" for key in keys[:_MOST_KEYS]]
    return f"the Idempotency-Key {' or '.join(words)}"


def _shown_key(key: str) -> str:
    half = _LONGEST_KEY // 2
    return f'"{key if len(key) <= _LONGEST_KEY else f"{key[:half]}…{key[-half:]}"}"'


def _say_key_kept(found: Sequence[Finding]) -> str:
    return f"a create with the Idempotency-Key of a request that got a 429: {statuses_of(found)}, expected a new record"


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
    if not first.status_seen and first.clause == "idempotency:lost-answer":
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
    return f"{some} is gone when the run ends: GET gives {statuses_of(found)}"


def _expected(finding: Finding) -> str:
    """What was due of a repeat, without the ID of a record."""
    words = {
        "replayed": "the original response",
        "replayed-to-the-end": "the original response",
        "separate": "a record of its own",
        "original-or-refused": "the original response or a 4xx",
    }
    return words.get(finding.expectation, finding.expected.removeprefix("refused with "))


_SENTENCES: Final[Mapping[str, Callable[[Sequence[Finding]], str]]] = {
    **ABOUT_ANSWERS,
    "answered": _say_answered,
    "no-crash": _say_crash,
    "key-kept": _say_key_kept,
    "key-kept-to-the-end": _say_key_kept,
    "created": _say_created,
    "listed-taken": _say_listed,
    "refused": _say_refused,
    "refused-without-crash": _say_refused,
    "media-type-status": _say_refused,
    "caller-refused": _say_caller,
    "caller-status": _say_caller,
    **dict.fromkeys(
        ("replayed", "replayed-to-the-end", "separate", "original-or-refused", "one-winner", "history", "as-the-case-says"),
        _say_situation,
    ),
    "id-of-its-own": _say_same_id,
    "accounted-for": _say_unaccounted,
    "still-stored": _say_not_stored,
}
"""By the name of the check that failed."""
