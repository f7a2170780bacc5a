"""Finds in the judged answer of a finding what a sentence shows of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..spec.pointer import get_at
from .finding import Finding
from .inert import cut, inert
from .json_text import parse

__all__ = ["form_of_answer", "place_of_doubles", "value_answered", "where_a_key_is"]

_LONGEST_VALUE: Final = 60
_VARIABLE: Final = re.compile(r"\$LIGHTFIELD_\w+")
"""What stands for an API key wherever it would be shown."""
_FORMS: Final[Mapping[type, str]] = {
    str: "a string",
    list: "an array",
    bool: "a boolean",
    int: "a number",
    float: "a number",
}


def where_a_key_is(finding: Finding) -> str:
    """Return the header or the place of the judged answer that holds an API key; "" where that is not known."""
    answer = finding.judged.response if finding.judged else None
    if answer is None:
        return ""
    header = next((name for name, value in answer.headers if _VARIABLE.search(value)), "")
    try:
        places = (place for place, value in _texts(parse(answer.body)) if _VARIABLE.search(value))
        return _shown(f"the header {header}" if header else next(places, ""))
    except (ValueError, RecursionError):
        return ""


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """The texts in a JSON value, each with its JSON Pointer."""
    if isinstance(value, str):
        yield place, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from _texts(inner, f"{place}/{name}")


def form_of_answer(finding: Finding) -> str:
    """Return what the judged answer is as a whole where it is no JSON object; "" where it is one, or that is not known."""
    answer = finding.judged.response if finding.judged else None
    if answer is None or answer.length > len(answer.body.encode()):
        return ""
    try:
        whole = parse(answer.body)
    except ValueError:
        return "no JSON"
    return "" if isinstance(whole, dict) else _FORMS.get(type(whole), "null")


def value_answered(finding: Finding) -> str:
    """Return the value at the place of a finding in the judged answer, as JSON; "" where it is not known."""
    answer = finding.judged.response if finding.judged else None
    try:
        value = get_at(parse(answer.body if answer else ""), finding.place)
    except (ValueError, LookupError, TypeError):
        return ""
    return _shown(json.dumps(value, ensure_ascii=False))


def place_of_doubles(finding: Finding) -> str | None:
    """Return where in the judged answer an object has a member name twice, a JSON Pointer; None where that is not known."""
    body = finding.judged.response.body if finding.judged and finding.judged.response else ""
    try:
        return next(map(_shown, _doubles(json.loads(body, object_pairs_hook=tuple))), None)
    except (ValueError, RecursionError):
        return None


def _doubles(value: Any, place: str = "") -> Iterator[str]:
    """The places of objects with a name twice, where an object is a tuple of pairs."""
    if isinstance(value, tuple):
        if len(dict(value)) < len(value):
            yield place
        for name, inner in value:
            yield from _doubles(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _doubles(inner, f"{place}/{number}")


def _shown(text: str) -> str:
    """A text from outside, as a sentence may show it."""
    return cut(inert(text), _LONGEST_VALUE)
