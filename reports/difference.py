"""Marks where two sentences differ, word by word."""

from __future__ import annotations

import difflib
import re

__all__ = ["mark_difference"]

Marked = list[tuple[str, bool]]

# Sentences that have less than this in common are two sentences: marking every word of both would show nothing.
_RELATED = 0.35
# Comparing takes quadratic time, and nobody reads the difference of two pages.
_LONGEST = 2000


def mark_difference(expected: str, observed: str) -> tuple[Marked, Marked]:
    """Both texts in pieces, each with whether the other text lacks it."""
    left, right = _words(expected), _words(observed)
    if max(len(expected), len(observed)) > _LONGEST:
        return [(expected, False)], [(observed, False)]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < _RELATED:
        return [(expected, False)], [(observed, False)]
    marked: tuple[Marked, Marked] = ([], [])
    for tag, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        for side, piece in zip(marked, ("".join(left[left_from:left_to]), "".join(right[right_from:right_to])), strict=True):
            if piece:
                side.append((piece, tag != "equal"))
    return marked


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)
