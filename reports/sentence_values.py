"""Says what became of a value that was sent: in the answer to its create, or in a read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .finding import GONE, OVERLAPPING, Finding
from .phrases import context_phrase, features_phrase
from .sentence_parts import callers_of, places_of, statuses_of, symptoms_of
from .value_words import value_phrase
from .values_sent import value_sent

__all__ = ["ABOUT_VALUES"]

_SHOWN: Final = re.compile(r'"|, \S+ as \S|\(\S+\)')
"""How what became of a value shows the value, or the part of it that matters."""


def _say_echo(found: Sequence[Finding]) -> str:
    return _say_of_others(found) or _say_changed(found)


def _say_of_others(found: Sequence[Finding]) -> str:
    """What is changed by another create than the one that set it; "" where no other is known to have a part in it."""
    if all(each.clause == "idempotency:other-body" for each in found):
        return f"a used Idempotency-Key with another body changes the first record ({places_of(found)}), expected no change"
    several = len({each.place for each in found}) > 1 or any("of another create" in each.symptom for each in found)
    if several and all(OVERLAPPING in each.context for each in found):
        return f"of creates at the same time one gets the values of another: what is set at {places_of(found)} is changed"
    return ""


def _say_changed(found: Sequence[Finding]) -> str:
    first, places = found[0], places_of(found)
    kinds = list(dict.fromkeys(each.value for each in found if each.value))
    what = _what_became(found)
    whatever = all((_role_of(each), "") in each.deciding for each in found)
    # What became of it shows the part that matters.
    sent = "" if _SHOWN.search(what) else value_sent(first)
    subject = f"what is set at {places}" if whatever else value_phrase(kinds, places, sent)
    if first.judged is not None and first.judged.request.method == "GET":
        return f"{subject} {what} when the record is read, though the answer to its create shows it"
    phrase = features_phrase(
        [each for each in first.deciding if each[0] not in (first.place, _role_of(first))], condition=True
    )
    shown, possible = first.share
    if not first.deciding and 0 < shown < possible:
        some = f"in {shown:,} of {possible:,} creates that set a value there"
        phrase = context_phrase(callers_of(found), condition=True) or some
    return f"{subject} {what}{f', {phrase}' if phrase else ''}"


def _what_became(found: Sequence[Finding]) -> str:
    """What became of the values, of two ways both; of several values that fare alike, the first one's."""
    symptoms = sorted(dict.fromkeys(each.symptom for each in found), key=lambda each: not each.startswith("is cut"))
    if len(symptoms) != 2 or symptoms[0] in GONE or len({each.partition(", ")[0] for each in symptoms}) == 1:
        return symptoms[0]
    start, _, rest = symptoms[1].partition(": ")
    alike = rest and symptoms[0].startswith(f"{start}: ")
    return f"{symptoms[0]} or {rest if alike else symptoms[1]}"


def _role_of(finding: Finding) -> str:
    """The place as features have it: a custom one by its type."""
    return next((place for place, form in finding.features if "{" in place and form == finding.value), finding.place)


def _say_linked_once(found: Sequence[Finding]) -> str:
    return f"an ID given twice at {places_of(found)}: {found[0].symptom or statuses_of(found)}, expected one link or a 4xx"


def _say_option(found: Sequence[Finding]) -> str:
    return f"an option's label and its ID at {places_of(found)} give {symptoms_of(found)}, expected the same one"


ABOUT_VALUES: Final[Mapping[str, Callable[[Sequence[Finding]], str]]] = {
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
    "same-option-either-way": _say_option,
}
"""By the name of the check that failed."""
