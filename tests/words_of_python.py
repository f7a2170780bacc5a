"""Renders what people read, and finds in it what is Python's, and no word of HTTP, JSON or the contract."""

from __future__ import annotations

import re

from lightfield_contract.reports import (
    Result,
    render_annotations,
    render_html,
    render_json,
    render_junit,
    render_markdown,
    render_summary,
)

__all__ = ["forms_read", "objects_of_python", "words_of_python"]

_OBJECTS = re.compile(r"Step\(|Caller\.|Payload\.|Rule\.|Key\.|Finding\(|<class |<[\w.]+ (?:object )?at 0x|dataclass")
_CONSTANTS = re.compile(r"\b(?:None|True|False)\b")
_REPRESENTED = re.compile(r"[{\[(]'")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def forms_read(result: Result) -> dict[str, str]:
    """Return every form of report that is read, by its name."""
    return {
        "terminal": render_summary(result, 100, color=False),
        "markdown": render_markdown(result),
        "annotations": render_annotations(result),
        "junit": render_junit(result),
        "html": render_html(result),
        "json": render_json(result),
    }


def words_of_python(text: str, *, sentence: bool = False) -> list[str]:
    """Return them.

    Args:
        sentence: whether it is one of ours: single quotes are Python's there, where a report may show a body that was sent
            to be no JSON; and what it quotes are a client's own words.
    """
    if not sentence:
        return objects_of_python(text) + _CONSTANTS.findall(text)
    own = _QUOTED.sub("", text)
    return objects_of_python(own) + _CONSTANTS.findall(own) + _REPRESENTED.findall(own)


def objects_of_python(text: str) -> list[str]:
    """Return how Python writes objects of ours; its constants may stand in a report, in a body that was sent."""
    return _OBJECTS.findall(text)
