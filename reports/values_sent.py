"""Shows which value of a valid request matters: the one refused, the one sent, the one that a refusal misses."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from ..spec import profile
from ..spec.pointer import get_at
from .finding import Finding
from .inert import cut, inert

__all__ = ["value_missed", "value_refused", "value_sent"]

_LONGEST_VALUE: Final = 60
_SHORT_VALUE: Final = 40
_BASIC_PLANE: Final = 0xFFFF
_OF_OPTIONS: Final = ("label", "ID", "id")
"""Of the forms of options, which say more than the option."""
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What is no sign by itself, though it counts as printable."""


def value_refused(finding: Finding) -> str:
    """Return the value that a valid create was refused for, and its place; "" where the answer names no such place.

    What kind of value it is says less: one kind has much in it that a target may not take.
    """
    place = next((each for each in (finding.place, *_places_answered(finding)) if profile.holds_values(each)), "")
    forms = {form for where, form in finding.features if where == place}
    special = any(word in form for form in forms for word in _OF_OPTIONS)
    known = special and place in (finding.place, *(each for each, _ in finding.deciding))
    if not place or len(finding.deciding) > 1 or known:
        return ""
    text = _value_at(finding, place)
    shown = f"{cut(text, _LONGEST_VALUE)}{_beyond(text)}"
    whatever = len(finding.deciding) == 1 and finding.deciding[0][1] == "" and "{" in finding.deciding[0][0]
    if text and whatever and place == finding.place:
        return f"any value at {place}, such as {shown}"
    return f"{shown} at {place}" if text else ""


def value_sent(finding: Finding) -> str:
    """Return the value that was sent at the place of a finding, as JSON; of a long one the start."""
    text = _SELECTORS.sub(lambda found: f"U+{ord(found[0]):X}", inert(_value_at(finding, finding.place)))
    return (text if len(text) <= _SHORT_VALUE else f"{text[:_SHORT_VALUE]}…") + _beyond(text)


def _beyond(text: str) -> str:
    """A character of which many a terminal has no picture, by its number; "" where there is none."""
    return next((f" (with U+{ord(each):X})" for each in text if ord(each) > _BASIC_PLANE), "")


def _value_at(finding: Finding, place: str) -> str:
    try:
        return json.dumps(get_at(json.loads(finding.example), place), ensure_ascii=False)
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""


def value_missed(finding: Finding) -> str:
    """Return the place that a refusal of a valid create names, and that the body does not hold; "" for none."""
    try:
        body = json.loads(finding.example)
        absent = (each for each in _places_answered(finding) if get_at(body, each, None) is None)
        return next((each for each in absent if profile.holds_values(each) or profile.holds_links(each)), "")
    except (ValueError, RecursionError):
        return ""


def _places_answered(finding: Finding) -> Sequence[str]:
    """The places that an answer's error names."""
    params = finding.observed.partition("(")[2].partition(")")[0].split(",")
    return [f"/{param.strip().replace('.', '/')}" for param in params]
