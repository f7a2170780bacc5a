"""Has the parts that sentences about causes are made of: what was sent, the places, the statuses seen and due."""

from __future__ import annotations

import dataclasses
import json
import urllib.parse
from collections.abc import Sequence
from typing import Final

from ..spec import error_form, profile
from ..spec.pointer import get_at
from ..spec.rules import Rule
from .breach_words import breach_phrase
from .finding import KEYED, Finding
from .inert import cut, inert
from .json_text import parse
from .lists import LONGEST, listed, places_phrase
from .phrases import context_phrase, features_phrase

__all__ = [
    "answer_of",
    "callers_of",
    "due_of",
    "places_of",
    "refusal_of",
    "status_of",
    "statuses_of",
    "symptoms_of",
    "valid_create",
    "what_was_sent",
    "without_keys",
]

_MANY_RULES: Final = 4
_MOST_RULES: Final = 2
_ONE_ID: Final = "one ID"
_NO_VALUE: Final = ("empty", "white-space")
"""Ways in which a body is neither JSON nor anything else."""
_MOST_DUE: Final = 4
_LONGEST: Final = 120
"""Characters of two mistakes; of more than that the first alone is named, so that what decides stays in sight."""
_OF_IDS: Final = {Rule.UNKNOWN_ID, Rule.OTHER_TYPE, Rule.OTHER_ORGANIZATION, Rule.EMPTY, Rule.BLANK}
_IN_BODY: Final = {Rule.MALFORMED, Rule.NOT_AN_OBJECT, Rule.SURVIVES}


def what_was_sent(found: Sequence[Finding]) -> str:
    """Return what was sent, by what all found have in common."""
    first, rules = found[0], {each.rule for each in found if each.rule}
    if first.judged and first.judged.request.method == "GET":
        path = urllib.parse.urlsplit(first.judged.request.url).path
        return f"GET {path.rpartition('/')[0]}/{{id}}" if first.clause == "read:retrieve" else f"GET {path}"
    if len(rules) >= _MANY_RULES:
        return _with_mistakes(found, rules)
    if len(rules) > 1 and rules <= _IN_BODY:
        objects = any(each.rule == Rule.NOT_AN_OBJECT and each.value not in _NO_VALUE for each in found)
        return f"a create whose body is not {'a JSON object' if objects else 'JSON'}"
    if first.rule:
        return _with_breaches(found, rules)
    if first.value and not first.place and not first.context:
        return f"a create with {first.value}"
    keyed = all(len(each.context) > 1 for each in found)
    contexts = list(dict.fromkeys(context_phrase(each.context if keyed else each.context[:1]) for each in found))
    return f"a create {listed(contexts, 3, 'or')}".strip() if all(contexts) else "a create"


def _with_mistakes(found: Sequence[Finding], rules: set[str]) -> str:
    """A request that breaks any of many rules: what these have in common, else where the mistakes are."""
    if rules <= _OF_IDS:
        return f"a create with a text that is no ID of what may be linked at {places_of(found)}"
    wrong = "a request with any of several kinds of mistake"
    wrong += " in an array of several entries" if all(_is_in_several(each) for each in found if each.rule) else ""
    if len(places := {each.place for each in found if each.rule}) == 1 and all(places):
        return f"{wrong} at {places_of(found)}"
    tops = {each.place.split("/")[1] if each.place.startswith("/") else "" for each in found if each.rule}
    return f"{wrong}{f' in /{tops.pop()}' if len(tops) == 1 and '' not in tops else ''}"


def _is_in_several(finding: Finding) -> bool:
    """Whether what is wrong stands in an array beside other entries."""
    try:
        value = get_at(parse(finding.example), finding.place, None)
    except ValueError:
        return False
    return finding.place.startswith("/") and isinstance(value, list) and len(value) > 1


def _with_breaches(found: Sequence[Finding], rules: set[str]) -> str:
    """A create that breaks a rule, or one of few, by what is wrong with it and at which places."""
    ruled = [each for each in found if each.rule]
    if Rule.READ_ONLY in rules:
        ruled = [each for each in ruled if each.rule != Rule.READ_ONLY_EMPTY]
    rest: list[Finding] = []
    if not all(each.context for each in ruled):
        # What shows by itself says more than what shows beside something else.
        rest = [each for each in ruled if each.context != found[0].context]
        ruled = [each for each in ruled if each.context == found[0].context]
    alike = {rule: [each for each in ruled if each.rule == rule] for rule in dict.fromkeys(each.rule for each in ruled)}
    phrases = [
        breach_phrase(rule, [each.place for each in some], [each.value for each in some])
        for rule, some in list(alike.items())[:_MOST_RULES]
    ]
    places = f" at {places_phrase(each.place for each in alike[ruled[0].rule])}"
    if len(phrases) > 1 and all(phrase.endswith(places) for phrase in phrases):
        phrases[:-1] = [phrase.removesuffix(places) for phrase in phrases[:-1]]
    what = " or ".join(phrases)
    what = f"a create {what if len(what) <= _LONGEST else phrases[0]}{_besides(ruled)}"
    return what if len(what) > _LONGEST else what + _at_others(ruled, rest)


def without_keys(found: Sequence[Finding]) -> list[Finding]:
    """Return findings that do not say of their requests that these had an Idempotency-Key."""
    return [dataclasses.replace(each, context=tuple(word for word in each.context if word != KEYED)) for each in found]


def _at_others(found: Sequence[Finding], rest: Sequence[Finding]) -> str:
    """Other places at which it is the same, and what has to be present there."""
    known = {each.place for each in found}
    others = [each for each in rest if each.place not in known]
    shown = [each for each in others if each.context == others[0].context]
    phrase = context_phrase(shown[0].context, condition=True) if shown else ""
    return f", or at {places_phrase(each.place for each in shown)} {phrase}" if phrase else ""


def _besides(found: Sequence[Finding]) -> str:
    """How the requests were sent where all were sent in the same unusual each."""
    about_key = all(each.place == "Idempotency-Key" for each in found)
    words = [each for each in found[0].context if not (about_key and "Idempotency-Key" in each)]
    shared = [each for each in words if all(each in other.context for other in found)]
    # Where each needs something else, it is what the first one needs.
    phrase = context_phrase(shared or (words if all(each.context for each in found) else ()), condition=True)
    return f", {phrase}" if phrase else ""


def valid_create(found: Sequence[Finding]) -> str:
    """Return a valid create, by what is special about the smallest one that shows it."""
    first = found[0]
    in_body = any(place != "Authorization" for place, _ in first.deciding)
    phrase = (features_phrase(first.deciding) if in_body else "") or context_phrase(first.context)
    if first.place and first.value and len(first.deciding) != 1:
        phrase = " ".join(filter(None, [_what_was_left(first), context_phrase(callers_of(found))]))
    forms = {each.value for each in found if each.place and each.place == first.place}
    if _ONE_ID in forms and len(forms) > 1 and profile.holds_links(first.place):
        phrase = f"that sets {first.place}"
    return f"a valid create{f' {phrase}' if phrase else ''}"


def _what_was_left(finding: Finding) -> str:
    """What follows a create of which ever less was sent again: what it holds that could not be left out."""
    own = [place for place, form in finding.features if form == finding.value]
    left = [each for each in finding.deciding if each in finding.features and each[1]]
    if left and finding.place not in own and not any("{" in place for place in own):
        # What stood at its place has become simpler since.
        return features_phrase(left)
    return features_phrase(
        [*(each for each in left if each[0] not in (finding.place, *own)), (finding.place, finding.value)]
    )


def callers_of(found: Sequence[Finding]) -> list[str]:
    """Return who sent all of them, as a context has it; none where that was the main caller."""
    return [each for each in found[0].context if each.startswith("as ") and all(each in other.context for other in found)]


def places_of(found: Sequence[Finding], none: str = "the body", last: str = "or") -> str:
    """Return the places of all found; `none` where they have none.

    Args:
        last: `and` where one body holds them all.
    """
    places = [each.place for each in found if each.place]
    return places_phrase(places, last) if places else none


def symptoms_of(found: Sequence[Finding]) -> str:
    """Return what was seen, where the status does not say it."""
    some = list(dict.fromkeys(each.symptom or each.observed for each in found))
    return listed(some, 2, "or")


def statuses_of(found: Sequence[Finding]) -> str:
    """Return the statuses that were seen."""
    some = sorted({each.status_seen for each in found if each.status_seen is not None})
    return listed([str(status) if status else "no answer" for status in some], _MOST_DUE, "or") or found[0].observed


def status_of(finding: Finding) -> str:
    """Return the status that was seen."""
    return "no answer" if not finding.status_seen else str(finding.status_seen)


def answer_of(finding: Finding) -> str:
    """Return the status, with what the error says of itself."""
    inside = finding.observed.partition("(")[2].partition(")")[0]
    said = finding.observed.removeprefix("answered ").startswith(status_of(finding))
    return f"{status_of(finding)} ({inside})" if inside and said else status_of(finding)


def refusal_of(finding: Finding) -> str:
    """Return the status of the judged answer, with what its error object says of itself."""
    try:
        answer = finding.judged.response.body if finding.judged and finding.judged.response else ""
        error = error_form.read_error(json.loads(answer))
    except (ValueError, RecursionError):
        error = None
    details = [cut(inert(each), LONGEST) for each in (error.code, error.param) if isinstance(each, str)] if error else []
    return f"{status_of(finding)} ({', '.join(details)})" if details else status_of(finding)


def due_of(found: Sequence[Finding]) -> str:
    """Return the statuses that were due."""
    due = sorted({status for each in found for status in each.status_due})
    if all(each.refused for each in found):
        # Another 4xx was due.
        due = [each for each in due if each != "4xx"] or due
    elif len(due) > _MOST_DUE:
        due = ["4xx"]
    return "a 4xx" if due == ["4xx"] else listed(due, len(due), "or") or found[0].expected
