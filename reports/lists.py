"""Says several things as a sentence lists them: words, places, and a part of many requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from .inert import cut

__all__ = ["LONGEST", "listed", "ordinal", "places_phrase", "plural", "share_phrase"]

LONGEST: Final = 60
"""Characters of a word from outside, such as the name of a custom attribute."""
_MOST_PLACES: Final = 2


def listed(words: Sequence[str], most: int, last: str = "and", more: str = "more") -> str:
    """Return a list of words as a sentence has it, the first few of many.

    Args:
        last: what stands before the last word: `or` between what was sent in requests of their own.
        more: what the words left out are called.
    """
    # To say that there is one more takes as much room as to name it.
    most += len(words) == most + 1
    shown = [*words[:most], *([f"{len(words) - most:,} {more}"] if len(words) > most else [])]
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def plural(count: int, noun: str) -> str:
    """Return `1 clause` or `2 clauses`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def share_phrase(share: tuple[int, int], one: str) -> str:
    """Return which of the requests of a run show something: `about every 10th valid create (54 of 540)`.

    Args:
        share: how many show it, and of how many.
        one: what one of them is called, without its article.
    """
    shown, possible = share
    if shown >= possible:
        return f"every {one}"
    counted = f"({shown:,} of {possible:,})"
    if 2 * shown > possible:
        return f"nearly every {one} {counted}" if 10 * shown > 9 * possible else f"a {one}, in most cases {counted},"
    return f"about every {ordinal(possible // shown)} {one} {counted}"


def ordinal(number: int) -> str:
    """Return a number as `10th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number // 10 % 10 != 1 else "th"
    return f"{number:,}{ending}"


def places_phrase(places: Iterable[str], last: str = "or") -> str:
    """Return the places, the first few of many; "the body" for none.

    Args:
        last: `and` where one body holds them all.
    """
    known = list(dict.fromkeys(cut(place, LONGEST) for place in places if place))
    tops = {place.split("/")[1] for place in known[_MOST_PLACES:] if place.count("/") == 2}
    kind = f"of /{tops.pop()}" if len(tops) == 1 else "of the body" if last == "or" else ""
    more = f"other members {kind}".strip()
    return listed(known, _MOST_PLACES, last, more) if known else "the body"
