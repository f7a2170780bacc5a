"""Finds what is Python's, and no word of HTTP, JSON or the contract, in what people read."""

from __future__ import annotations

import re

__all__ = ["words_of_python"]

_WORDS = re.compile(
    r"Step\(|Caller\.|Payload\.|Rule\.|Key\.|Finding\(|\b(?:None|True|False)\b|<class |<[\w.]+ (?:object )?at 0x|dataclass"
)
_REPRESENTED = re.compile(r"[{\[(]'")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def words_of_python(text: str, *, sentence: bool = False) -> list[str]:
    """Return them.

    Args:
        sentence: whether it is one of ours: single quotes are Python's there, where a report may show a body that was sent
            to be no JSON; and what it quotes are a client's own words.
    """
    if not sentence:
        return _WORDS.findall(text)
    own = _QUOTED.sub("", text)
    return _WORDS.findall(own) + _REPRESENTED.findall(own)
