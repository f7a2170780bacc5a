"""Stamps the run's marker into the body of a create, so that every record can be traced to its request."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["has_stamp", "markers_like", "stamp", "unstamp"]

_LONG = 100
_FORMULA = "=+-@"
"""What a text begins with that a spreadsheet takes for a formula; it stays at the beginning."""


def stamp(value: Any, marker: str) -> Any:
    """The value with the marker in it; unchanged when it has no text to carry one.

    White space at the ends stays at the ends, so that trimming shows. A text of 100 characters or more keeps its
    length, so that a boundary stays one. In an array or an object each text is stamped.
    """
    if isinstance(value, str):
        return _stamp_text(value, marker)
    if isinstance(value, list):
        return [stamp(item, marker) for item in value]
    if isinstance(value, dict):
        return {key: stamp(item, marker) for key, item in value.items()}
    return value


def has_stamp(value: Any) -> bool:
    """Whether `stamp` would find a text to put the marker into."""
    return bool(stamp(value, "?") != value)


def unstamp(text: str, marker: str) -> str:
    """The text as it was before it was stamped, as far as that can be known; for showing an example."""
    return text.replace(f"{marker} ", "").replace(marker, "")


def markers_like(marker: str) -> str:
    """Return a regular expression for the markers of the same run."""
    run, _, number = marker.partition(" ")
    return f"{re.escape(run)} {re.sub('[0-9a-f]', '[0-9a-f]', number)}"


def _stamp_text(text: str, marker: str) -> str:
    rest = text.lstrip()
    if not rest:
        return text
    head = text[: len(text) - len(rest)]
    if rest[0] in _FORMULA:
        return f"{head}{rest[0]}{marker} {rest[1:]}"
    if len(text) >= _LONG:
        return f"{head}{marker} {rest[len(marker) + 1 :]}"
    return f"{head}{marker} {rest}"
