"""What a server may do otherwise and still keep the contract: the register of freedoms (contract 11)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .pipeline import Pipeline

__all__ = ["FREEDOMS", "Freedom", "freedom"]


@dataclasses.dataclass(frozen=True)
class Freedom:
    """One way of doing one thing.

    Attributes:
        statement: what such a server does, in one sentence.
        seed_only: whether it conforms to the seed, but not to the vendor's other pages.
        rare: whether a suite sees much less of such a server, so that it is not combined with everything.
    """

    statement: str
    pipeline: type[Pipeline] = Pipeline
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    seed_only: bool = False
    rare: bool = False


FREEDOMS: dict[str, dict[str, Freedom]] = {
    "speed": {"slow": Freedom("Making a record takes 20 ms.", settings={"latency": 0.02})},
    "rate": {
        "100": Freedom("100 requests a second are allowed.", settings={"rate": 100}),
        "25": Freedom("25 requests a second are allowed, as by the vendor.", settings={"rate": 25}, rare=True),
    },
}
"""By factor and level; what the reference server does by itself is in none of them."""

_Class = TypeVar("_Class", bound=type[Pipeline])


def freedom(factor: str, level: str, *, seed_only: bool = False, rare: bool = False) -> Callable[[_Class], _Class]:
    """Enters a class as one way of doing what `factor` names."""

    def declare(pipeline: _Class) -> _Class:
        FREEDOMS.setdefault(factor, {})[level] = Freedom(
            pipeline.__doc__ or "", pipeline, seed_only=seed_only, rare=rare or seed_only
        )
        return pipeline

    return declare
