"""Finds what is Python's, and no word of HTTP, JSON or the contract, in what people read."""

from __future__ import annotations

import re

__all__ = ["words_of_python"]

# A body that is sent to be no JSON has single quotes, and is shown as it was sent.
_WORDS = re.compile(
    r"Step\(|Caller\.|Payload\.|Rule\.|Key\.|Finding\(|\b(?:None|True|False)\b"
    r"|<class |<[\w.]+ (?:object )?at 0x|dataclass|[{\[]'(?!fields)"
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def words_of_python(text: str, *, quoted: bool = True) -> list[str]:
    """Return them.

    Args:
        quoted: whether to look inside quotes as well, where the words may be a client's own.
    """
    return _WORDS.findall(text if quoted else _QUOTED.sub("", text))
