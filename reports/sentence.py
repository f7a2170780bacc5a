"""Says the cause of a finding in one sentence: what was sent that mattered, what came back, and what was due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..spec.rules import Rule
from .finding import Finding
from .phrases import breach_phrase, context_phrase, features_phrase, listed, places_phrase, value_phrase

__all__ = ["say_cause"]

_MOST_SYMPTOMS: Final = 3
_MANY_RULES: Final = 4
_MOST_DUE: Final = 4
_OTHER_KEYS: Final = ("as second", "as create-only")
"""Other keys of the same organization that may create."""
_IN_BODY: Final = {Rule.MALFORMED, Rule.NOT_AN_OBJECT, Rule.SURVIVES}


def say_cause(found: Sequence[Finding]) -> str:
    """Return the sentence.

    Args:
        found: findings of one cause, the one that shows it best first.
    """
    say = _SENTENCES.get(found[0].expectation, _say_general)
    text = say(found)
    return text[:1].upper() + text[1:]


def _say_general(found: Sequence[Finding]) -> str:
    """Without words of its own: what was seen, and what was due."""
    return f"{found[0].observed}; expected: {found[0].expected}"


def _say_refused(found: Sequence[Finding]) -> str:
    return f"{_sent(found)}: {_statuses(found)}, expected {_due(found)}"


def _say_crash(found: Sequence[Finding]) -> str:
    first = found[0]
    sent = _sent(found)
    if not first.rule and (phrase := features_phrase(first.deciding)):
        sent = f"a create {phrase}"
    elif not first.rule and first.place:
        sent = f"a create with {value_phrase([each.value for each in found])} at {_places(found)}"
    return f"{sent}: {_statuses(found)}, expected an answer below 500"


def _say_created(found: Sequence[Finding]) -> str:
    return f"{_valid(found)}: {_answer(found[0])}, expected 200"


def _say_listed(found: Sequence[Finding]) -> str:
    return f"a valid create with what the target lists for {_places(found)}: {_answer(found[0])}, expected 200"


def _say_answered(found: Sequence[Finding]) -> str:
    return f"{_valid(found)} gets no whole answer: {found[0].observed.removeprefix('no HTTP response: ')}"


def _say_key_shown(found: Sequence[Finding]) -> str:
    return f"the answer to {_sent(found)} repeats the API key"


def _say_limit_headers(found: Sequence[Finding]) -> str:
    names = found[0].observed.removeprefix("not a number: ")
    return f"an answer with {_statuses(found)} has no number in {names}"


def _say_retry_after(_: Sequence[Finding]) -> str:
    return "a 429 has no Retry-After that can be read"


def _say_success(found: Sequence[Finding]) -> str:
    return f"{_valid(found)}: {_statuses(found)}, expected 200"


def _say_media_type(found: Sequence[Finding]) -> str:
    return f"the answer to an accepted create is {_symptoms(found)}, expected application/json"


def _say_member(found: Sequence[Finding]) -> str:
    places = _places(found, "the record")
    if all(each.symptom == "is missing" for each in found):
        return f"the answer to an accepted create does not have {places}"
    return f"in the answer to an accepted create {places} {_symptoms(found)}"


def _say_value_type(found: Sequence[Finding]) -> str:
    types = listed(list(dict.fromkeys(each.value for each in found)), _MOST_SYMPTOMS)
    return f"the answer to an accepted create has {_symptoms(found)} at {_places(found)}, expected {types} or null"


def _say_offset(found: Sequence[Finding]) -> str:
    return f"the time at {_places(found)} has {_symptoms(found)}"


def _say_clock(found: Sequence[Finding]) -> str:
    return f"the time at {_places(found)} is {_symptoms(found)}, expected 5 minutes at most"


def _say_echo(found: Sequence[Finding]) -> str:
    kinds = list(dict.fromkeys(each.value for each in found if each.value))
    symptoms = list(dict.fromkeys(each.symptom for each in found))
    what = symptoms[0] if len(symptoms) == 1 or symptoms[0] == "is lost" else "comes back changed"
    if what == "comes back changed":
        what = " or ".join(symptoms) if len(symptoms) == 2 else f"{symptoms[0]}, and otherwise changed"
    beside = [each for each in found[0].deciding if each[0] not in (found[0].place, _role_of(found[0]))]
    phrase = features_phrase(beside)
    return f"{value_phrase(kinds)} at {_places(found)} {what}{f', {phrase}' if phrase else ''}"


def _say_linked_once(found: Sequence[Finding]) -> str:
    return f"an ID given twice at {_places(found)}: {found[0].symptom or _statuses(found)}, expected one link or a 4xx"


def _say_option(found: Sequence[Finding]) -> str:
    return f"an option's label and its ID at {_places(found)} give {_symptoms(found)}, expected the same one"


def _say_read_back(found: Sequence[Finding]) -> str:
    return f"a record that a create returned cannot be read under its ID: {found[0].symptom or _statuses(found)}"


def _say_read(found: Sequence[Finding]) -> str:
    paths = listed(list(dict.fromkeys(each.place for each in found)), 2)
    return f"GET {paths} answers {_answer(found[0])}, not as documented: {found[0].observed}"


def _say_error_form(found: Sequence[Finding]) -> str:
    return f"the refusal of {_sent(found)} has {_symptoms(found)}, expected an error object with type and message"


def _say_error(found: Sequence[Finding]) -> str:
    first = found[0]
    due = first.expected if all(each.expected == first.expected for each in found) else first.expected.partition(" ")[0]
    return f"the {_statuses(found)} of {_sent(found)} has {_symptoms(found)}, expected {due}"


def _say_place(found: Sequence[Finding]) -> str:
    due = f"param to name {_places(found)}" if len({each.place for each in found}) == 1 else "param to name the place"
    return f"the {_statuses(found)} of {_sent(found)} has {_symptoms(found)}, expected {due}"


def _say_caller(found: Sequence[Finding]) -> str:
    phrase = features_phrase([each for each in found[0].deciding if each[0].startswith("/") or " " in each[0]])
    return f"{_sent(found)}{f', {phrase}' if phrase else ''}: {_statuses(found)}, expected {_due(found)}"


def _say_revealed(found: Sequence[Finding]) -> str:
    return f"the {_statuses(found)} of {_sent(found)} shows what the caller may not see"


def _say_situation(found: Sequence[Finding]) -> str:
    """In an idempotency history."""
    first = found[0]
    seen = " with ".join(filter(None, [_status(first), first.symptom]))
    callers = [each for each in first.context if each in _OTHER_KEYS]
    situation = first.value + (f", {context_phrase(callers)}" if callers else "")
    return f"{situation or _sent(found)}: {seen}, expected {_expected(first)}"


def _say_key_kept(found: Sequence[Finding]) -> str:
    return f"a create with the Idempotency-Key of a request that got a 429: {_statuses(found)}, expected a new record"


def _say_same_id(_: Sequence[Finding]) -> str:
    return "two creates get one ID, expected an ID of its own for each record"


def _say_unaccounted(found: Sequence[Finding]) -> str:
    """A record that no answer named."""
    first = found[0]
    if first.value:
        return f"{first.value}: {_status(first)}, and a second record that no answer names"
    if first.status_seen in (401, 403):
        return f"a create of a caller that may not create is refused with {_status(first)}, and makes a record all the same"
    if first.status_seen and 400 <= first.status_seen < 500:
        return f"{_sent(found)} is refused with {_status(first)}, and makes a record all the same"
    if not first.status_seen:
        return "a create whose answer was lost and its retry make two records, expected one"
    return f"{_valid(found)} makes two records, expected one"


def _say_not_stored(found: Sequence[Finding]) -> str:
    return f"a record that a create returned is gone when the run ends: GET gives {_statuses(found)}"


def _say_key_information(found: Sequence[Finding]) -> str:
    return f"the validate endpoint answers {_answer(found[0])}, expected 200 with active and scopes"


_SENTENCES: Final[Mapping[str, Callable[[Sequence[Finding]], str]]] = {
    "answered": _say_answered,
    "no-key-shown": _say_key_shown,
    "no-crash": _say_crash,
    "limit-headers": _say_limit_headers,
    "retry-after": _say_retry_after,
    "key-kept": _say_key_kept,
    "key-kept-to-the-end": _say_key_kept,
    "created": _say_created,
    "listed-taken": _say_listed,
    "success-status": _say_success,
    "success-media-type": _say_media_type,
    "member": _say_member,
    "value-type": _say_value_type,
    "time-with-offset": _say_offset,
    "time-near-clock": _say_clock,
    "time-near-date": _say_clock,
    **dict.fromkeys(
        (
            "same-exactly",
            "same-number",
            "same-instant",
            "same-entries",
            "same-parts",
            "same-options",
            "present",
            "same-links",
        ),
        _say_echo,
    ),
    "linked-once": _say_linked_once,
    "same-option-either-each": _say_option,
    "read-back": _say_read_back,
    "documented-read": _say_read,
    "refused": _say_refused,
    "refused-without-crash": _say_refused,
    "media-type-status": _say_refused,
    "error-form": _say_error_form,
    "error-type": _say_error,
    "error-code": _say_error,
    "error-place": _say_place,
    "caller-refused": _say_caller,
    "caller-status": _say_caller,
    "nothing-revealed": _say_revealed,
    "key-information": _say_key_information,
    **dict.fromkeys(
        ("replayed", "replayed-to-the-end", "separate", "original-or-refused", "one-winner", "history", "as-the-case-says"),
        _say_situation,
    ),
    "id-of-its-own": _say_same_id,
    "accounted-for": _say_unaccounted,
    "still-stored": _say_not_stored,
}
"""By the name of the check that failed."""


def _sent(found: Sequence[Finding]) -> str:
    """What was sent, by what all found have in common."""
    first, rules = found[0], {each.rule for each in found if each.rule}
    if len(rules) >= _MANY_RULES:
        tops = {each.place.split("/")[1] if each.place.startswith("/") else "" for each in found if each.rule}
        return f"a request with a mistake{f' in /{tops.pop()}' if len(tops) == 1 and '' not in tops else ''}"
    if len(rules) > 1 and rules <= _IN_BODY:
        return "a create whose body is no JSON object"
    if first.rule:
        alike = [each for each in found if each.rule == first.rule]
        phrase = breach_phrase(first.rule, (each.place for each in alike), (each.value for each in alike))
        return f"a create {phrase}{_besides(alike)}"
    if first.value and not first.place and not first.context:
        return f"a create with {first.value}"
    keyed = all(len(each.context) > 1 for each in found)
    contexts = list(dict.fromkeys(context_phrase(each.context if keyed else each.context[:1]) for each in found))
    return f"a create {listed(contexts, 3)}".strip() if all(contexts) else "a create"


def _besides(found: Sequence[Finding]) -> str:
    """How the requests were sent where all were sent in the same unusual each."""
    decided = {features_phrase(each.deciding) for each in found}
    if len(decided) == 1 and (phrase := decided.pop()):
        return f", {phrase}"
    contexts = {context_phrase(each.context) for each in found}
    phrase = contexts.pop() if len(contexts) == 1 else ""
    return f", {phrase}" if phrase else ""


def _role_of(finding: Finding) -> str:
    """The place as features have it: a custom one by its type."""
    return next((place for place, form in finding.features if "{" in place and form == finding.value), finding.place)


def _valid(found: Sequence[Finding]) -> str:
    """A valid create, by what is special about the smallest one that shows it."""
    first = found[0]
    in_body = any(place != "Authorization" for place, _ in first.deciding)
    phrase = features_phrase(first.deciding) if in_body else context_phrase(first.context)
    return f"a valid create{f' {phrase}' if phrase else ''}"


def _places(found: Sequence[Finding], none: str = "the body") -> str:
    places = [each.place for each in found if each.place]
    return places_phrase(places) if places else none


def _symptoms(found: Sequence[Finding]) -> str:
    some = list(dict.fromkeys(each.symptom or each.observed for each in found))
    return some[0] if len(some) == 1 else listed(some, 2).replace(" and ", " or ")


def _statuses(found: Sequence[Finding]) -> str:
    some = sorted({each.status_seen for each in found if each.status_seen is not None})
    return " or ".join(str(status) if status else "no answer" for status in some[:3]) or found[0].observed


def _status(finding: Finding) -> str:
    return "no answer" if not finding.status_seen else str(finding.status_seen)


def _answer(finding: Finding) -> str:
    """The status, with what the error says of itself."""
    inside = finding.observed.partition("(")[2].partition(")")[0]
    return f"{_status(finding)} ({inside})" if inside and finding.observed.startswith("answered") else _status(finding)


def _due(found: Sequence[Finding]) -> str:
    due = list(dict.fromkeys(status for each in found for status in each.status_due))
    return (
        "a 4xx"
        if due == ["4xx"] or len(due) > _MOST_DUE
        else listed(due, len(due)).replace(" and ", " or ") or found[0].expected
    )


def _expected(finding: Finding) -> str:
    """What was due of a repeat, without the ID of a record."""
    words = {
        "replayed": "the original response",
        "replayed-to-the-end": "the original response",
        "separate": "a record of its own",
        "original-or-refused": "the original response or a 4xx",
    }
    return words.get(finding.expectation, finding.expected.removeprefix("refused with "))
