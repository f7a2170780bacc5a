"""Reads the text of an answer as strictly as RFC 8259 has it, where Python's own reader is lenient."""

from __future__ import annotations

import json
import re
from typing import Any, Final

__all__ = ["is_json_type", "read_strictly"]

_MARK: Final = "\ufeff"
_JSON_TYPE: Final = re.compile(r"application/(json|[!#$&^_.+a-z0-9-]+\+json)", re.IGNORECASE)
_PLAIN: Final = tuple(
    json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=form).encode for form in ((",", ":"), (", ", ": "))
)
"""What writes JSON without spaces, and with a space after each separator."""


def is_json_type(content_type: str) -> bool:
    """Return whether a Content-Type says JSON: application/json, or another type whose suffix is +json (RFC 6839)."""
    return _JSON_TYPE.fullmatch(content_type.partition(";")[0].strip()) is not None


def read_strictly(text: str, value: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what of a text is not JSON though it can be read, and the names that an object of it has more than once.

    Both are empty for a text that cannot be read at all.

    Args:
        value: what Python's own reader makes of it.
    """
    if _is_plain(text, value):
        return (), ()
    strays: list[str] = ["a byte order mark"] if text.startswith(_MARK) else []
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            repeated.extend(name for name in found if names.count(name) > 1)
        return found

    try:
        json.loads(text.removeprefix(_MARK), parse_constant=strays.append, object_pairs_hook=members)
    except (ValueError, RecursionError):
        return (), ()
    return tuple(dict.fromkeys(strays)), tuple(dict.fromkeys(repeated))


def _is_plain(text: str, value: Any) -> bool:
    """Whether a text is what Python writes of its value: most answers are, and to see that takes no call for each object."""
    try:
        return any(text == write(value) for write in _PLAIN)
    except (TypeError, ValueError, RecursionError):
        return False
