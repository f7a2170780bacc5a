"""Says what is wrong with an answer: its form, the members of its record, the error that it gives."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .answer_parts import form_of_answer, place_of_doubles, value_answered, where_a_key_is
from .finding import KEYED, Finding
from .inert import cut
from .lists import LONGEST, listed, share_phrase
from .sentence_parts import answer_of, places_of, statuses_of, symptoms_of, valid_create, what_was_sent, without_keys

__all__ = ["ABOUT_ANSWERS"]

_MOST_SYMPTOMS: Final = 3
_OK: Final = 200
_ONE_WORD: Final = re.compile(r"^(code|type) (\w+)$")
"""What is due of an error, where that is one value."""
_ANY_CODE: Final = "some code"


def _say_key_shown(found: Sequence[Finding]) -> str:
    reads = [_is_read(each) for each in found]
    alike = [each for each, read in zip(found, reads, strict=True) if read is reads[0]]
    where = f" in {place}" if (place := where_a_key_is(found[0])) else ""
    return f"the {statuses_of(alike)} of {what_was_sent(without_keys(alike))} repeats the API key{where}"


def _say_limit_headers(found: Sequence[Finding]) -> str:
    seen, answer = found[0].observed, _of_repeats(found) or f"the {statuses_of(found)} of {found[0].value or 'a create'}"
    if seen.startswith("no header "):
        absent = seen.removeprefix("no header ").split(", ")
        several = f"none of the headers {listed(absent, len(absent))}, expected a number in each"
        return f"{answer} has {several if len(absent) > 1 else f'{seen}, expected a number in it'}"
    names = seen.removeprefix("not a number: ")
    return f"{answer} {'has no number in ' + names if names != seen else 'announces ' + seen}"


def _say_retry_after(found: Sequence[Finding]) -> str:
    name, _, said = found[0].observed.partition(": ")
    shown = f'{name} "{cut(said, LONGEST)}"' if said else name
    return f"a 429 has {shown}, expected seconds or a date"


def _say_limit_status(found: Sequence[Finding]) -> str:
    return f"a create over the announced rate limit is answered {answer_of(found[0])}, expected 429"


def _say_limited(found: Sequence[Finding]) -> str:
    kinds = listed(list(dict.fromkeys(each.value for each in found)), _MOST_SYMPTOMS)
    return f"while creates are over their rate limit, {kinds} gets a 429 too, expected a limit of its own"


def _say_success(found: Sequence[Finding]) -> str:
    shown, possible = found[0].share
    some = share_phrase((shown, possible), "valid create") if 1 < shown < possible and not found[0].deciding else ""
    return f"{some or valid_create(found)}: {statuses_of(found)}, expected 200"


def _say_media_type(found: Sequence[Finding]) -> str:
    return f"the answer to an accepted create is {symptoms_of(found)}, expected application/json"


def _say_member(found: Sequence[Finding]) -> str:
    if form := form_of_answer(found[0]):
        return f"the answer to an accepted create is {form}, expected an object"
    places = places_of(found, "the record", "and")
    if all(each.symptom == "is missing" for each in found):
        return f"the answer to an accepted create does not have {places}"
    if len({each.symptom for each in found}) > 1:
        others = places_of([each for each in found if each.place != found[0].place], "the record", "and")
        too = f"{others} {'are' if ' and ' in others else 'is'} wrong too"
        return f"in the answer to an accepted create {found[0].place} {found[0].symptom}; {too}"
    value = value_answered(found[0])
    shown = f", as {value}" if value and " that is no " in found[0].symptom else ""
    return f"in the answer to an accepted create {places} {symptoms_of(found)}{shown}"


def _say_value_type(found: Sequence[Finding]) -> str:
    types = listed(list(dict.fromkeys(each.value for each in found)), _MOST_SYMPTOMS)
    if len({each.value for each in found}) == 1 < len({each.symptom for each in found}):
        return f"the answer to an accepted create says {types} of {places_of(found)}, and has {symptoms_of(found)} there"
    return f"the answer to an accepted create has {symptoms_of(found)} at {places_of(found)}, expected {types} or null"


def _say_offset(found: Sequence[Finding]) -> str:
    return f"the time at {places_of(found)} has {symptoms_of(found)}"


def _say_clock(found: Sequence[Finding]) -> str:
    return f"the time at {places_of(found)} is {symptoms_of(found)}, expected a difference of 5 minutes at most"


def _say_read_back(found: Sequence[Finding]) -> str:
    shown, possible = max((each.share for each in found), key=lambda share: share[1])
    which = "a record that a create returned cannot"
    if shown > 1:
        one = "record that a create returned"
        which = f"no {one} can" if shown == possible else f"{share_phrase((shown, possible), one)} cannot"
    return f"{which} be read under its ID: {found[0].symptom or f'GET gives {statuses_of(found)}'}"


def _say_read(found: Sequence[Finding]) -> str:
    first = found[0]
    query = urllib.parse.urlsplit(first.judged.request.url).query if first.judged else ""
    paths = listed(list(dict.fromkeys(each.place for each in found)), 2)
    read = f"GET {f'{first.place}?{query}' if query else paths}"
    if first.status_seen == _OK:
        return f"the {_OK} of {read} is not as documented: {first.observed}"
    return f"{read} answers {answer_of(first)}, expected 200{' or a 4xx' if '4xx' in first.status_due else ''}"


def _say_unreadable(found: Sequence[Finding]) -> str:
    first, paths = found[0], listed(list(dict.fromkeys(each.place for each in found)), _MOST_SYMPTOMS)
    return f"GET {paths} with {first.value} answers {statuses_of(found)}, expected a 4xx"


def _say_error_form(found: Sequence[Finding]) -> str:
    return f"the refusal of {what_was_sent(found)} has {symptoms_of(found)}, expected an error object with type and message"


def _say_error(found: Sequence[Finding]) -> str:
    first = found[0]
    dues = list(dict.fromkeys(each.expected for each in found if each.expected != _ANY_CODE))
    several = "one" if first.symptom.startswith("no ") else f"another {first.expected.split()[-1 if not dues else 0]}"
    due = _ONE_WORD.sub(r'\1 "\2"', dues[0]) if len(dues) == 1 else several
    return f"the {statuses_of(found)} of {what_was_sent(found)} has {symptoms_of(found)}, expected {due}"


def _say_place(found: Sequence[Finding]) -> str:
    due = f"param to name {places_of(found)}" if len({each.place for each in found}) == 1 else "param to name the place"
    return f"the {statuses_of(found)} of {what_was_sent(found)} has {symptoms_of(found)}, expected {due}"


def _say_revealed(found: Sequence[Finding]) -> str:
    of_object = found[0].clause == "link:other-organization"
    sent = "a create with the ID of another organization's object" if of_object else what_was_sent(found)
    shown = "what that object holds" if of_object else "what the caller may not see"
    return f"the {statuses_of(found)} of {sent} shows {shown}"


def _say_key_information(found: Sequence[Finding]) -> str:
    if found[0].symptom and found[0].status_seen == _OK:
        return f"the {_OK} of the validate endpoint is not as documented: {found[0].symptom}"
    return f"the validate endpoint answers {answer_of(found[0])}, expected 200 with active and scopes"


def _say_defined(found: Sequence[Finding]) -> str:
    first = found[0]
    name, _, due = first.expected.partition(" ")
    shown = f"the answer to an accepted create says {name} {first.observed} of {places_of(found)}"
    return f"{shown}, where the definitions say {due}"


def _say_left_over(found: Sequence[Finding]) -> str:
    return f"a create that does not set {places_of(found)} gets what an earlier create had there, expected null or nothing"


def _say_option_ids(found: Sequence[Finding]) -> str:
    return f"in the definitions the options at {places_of(found)} share an ID, expected an ID of its own for each"


def _say_json_text(found: Sequence[Finding]) -> str:
    return f"{_an_answer(found)} is not JSON as RFC 8259 has it: {found[0].observed}"


def _say_members(found: Sequence[Finding]) -> str:
    place = place_of_doubles(found[0])
    where = "at its top" if place == "" else f"at {place}" if place else "in an object"
    return f"{_an_answer(found)} has {where} one member name {found[0].observed}, expected each name once"


def _say_json_unsaid(found: Sequence[Finding]) -> str:
    said = listed(list(dict.fromkeys(each.observed for each in found)), _MOST_SYMPTOMS, "or")
    named = f"says {said}" if said != "no Content-Type" else "has no Content-Type"
    # What a success says that is no repeat is another check's.
    return f"{_of_repeats(found) or _an_answer(found)} holds JSON and {named}, expected application/json"


def _say_message(found: Sequence[Finding]) -> str:
    return f"the {statuses_of(found)} of {what_was_sent(found)} has an error whose message is empty"


def _is_read(finding: Finding) -> bool:
    return finding.judged is not None and finding.judged.request.method == "GET"


def _of_repeats(found: Sequence[Finding]) -> str:
    """Answers that repeat an accepted create's, where all are to a used Idempotency-Key; else ""."""
    repeats = all(each.status_seen and each.status_seen < 300 and each.judged and KEYED in each.context for each in found)
    return f"the {statuses_of(found)} of a repeat with the same Idempotency-Key" if repeats else ""


def _an_answer(found: Sequence[Finding]) -> str:
    """Answers to whatever was sent, by what they have in common."""
    if all(each.refused for each in found):
        return f"a refusal with {statuses_of(found)}"
    keyed = f" {KEYED}" if all(KEYED in each.context for each in found) else ""
    reads = {_is_read(each) for each in found if each.judged}
    what = "read" if reads == {True} else f"create{keyed}" if reads == {False} else "request"
    return f"the {statuses_of(found)} of a {what}"


ABOUT_ANSWERS: Final[Mapping[str, Callable[[Sequence[Finding]], str]]] = {
    "no-key-shown": _say_key_shown,
    "limit-headers": _say_limit_headers,
    "retry-after": _say_retry_after,
    "limit-of-its-own": _say_limited,
    "json-text": _say_json_text,
    "members-once": _say_members,
    "json-said": _say_json_unsaid,
    "success-status": _say_success,
    "success-media-type": _say_media_type,
    "member": _say_member,
    "value-type": _say_value_type,
    "as-defined": _say_defined,
    "not-of-another": _say_left_over,
    "option-ids": _say_option_ids,
    "time-with-offset": _say_offset,
    "time-near-clock": _say_clock,
    "time-near-date": _say_clock,
    "read-back": _say_read_back,
    "documented-read": _say_read,
    "page-begins": _say_read,
    "limit-status": _say_limit_status,
    **dict.fromkeys(("unreadable", "nothing-read"), _say_unreadable),
    "error-form": _say_error_form,
    "error-type": _say_error,
    "error-code": _say_error,
    "error-place": _say_place,
    "message-says": _say_message,
    "nothing-revealed": _say_revealed,
    "key-information": _say_key_information,
}
"""By the name of the check that failed."""
