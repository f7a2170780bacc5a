"""What an answer of a history is, what it may be, and what it is to answer otherwise."""

from __future__ import annotations

import dataclasses
import enum
from typing import NamedTuple

__all__ = ["Count", "Departure", "Permitted", "Reply"]


class Reply(enum.StrEnum):
    """What an answer is, in the light of the history before it."""

    NEW = "new"
    """A success that shows a record not seen before."""
    ORIGINAL = "original"
    """A success that shows the record which this key made."""
    STRANGER = "stranger"
    """A success that shows a record of another key, organization or operation; never permitted."""
    REFUSED = "refused"
    """A 4xx other than 409."""
    CONFLICT = "conflict"
    """A 409."""
    LOST = "lost"
    """No answer, because the connection was dropped on purpose."""
    BROKEN = "broken"
    """Anything else, such as a 5xx, or a success without a record; never permitted."""


class Count(NamedTuple):
    """How many records there are at the least and at the most; a lost answer leaves one of them uncertain."""

    least: int = 0
    most: int = 0


@dataclasses.dataclass(frozen=True)
class Permitted:
    """What a step may be answered.

    Attributes:
        replies: what each single answer may be.
        new: how many new records its answers show together.
        clause: the id of the clause that any other answer breaks.
    """

    replies: frozenset[Reply]
    new: Count
    clause: str


@dataclasses.dataclass(frozen=True)
class Departure:
    """A clause that a history saw broken, and how."""

    clause: str
    reason: str
