"""One value to send, and what may be expected of a target that is given it."""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = ["Value"]


@dataclasses.dataclass(frozen=True)
class Value:
    """A JSON value of one value type.

    Attributes:
        value: what is sent.
        feature: a short name for what is special about it, unique within its value type.
        demanded: whether a source says that it is accepted; else accepting and refusing are only observed.
        echoed: whether, once accepted, it has to come back as contract 11 says for its value type. False where
            no source says how much of it survives, such as digits beyond double precision.
    """

    value: Any
    feature: str
    demanded: bool = True
    echoed: bool = True
