"""One way to turn a valid body into a breach; applied to the smallest body it is enumerated, to a drawn one explored."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any

from ..spec.pointer import ABSENT, get_at, set_at
from .breach import Breach

__all__ = ["Mutation", "putting"]


@dataclasses.dataclass(frozen=True)
class Mutation:
    """A breach that still lacks a body; the label and the spoiling are one value, so they cannot part.

    Attributes:
        rule, place, variant, clause, headers, smoke: as in `Breach`.
        spoil: makes what is sent of a valid body; only headers are wrong where it changes nothing.
        valid: what the control has at the place, where a valid body may lack it; ABSENT where there is no need.
    """

    rule: str
    place: str
    variant: str
    clause: str | None
    spoil: Callable[[Any], Any] = lambda body: body
    valid: Any = ABSENT
    headers: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    smoke: bool = False

    def applied_to(self, body: Any) -> Breach:
        """The breach that this makes of a valid body."""
        lacking = self.valid is not ABSENT and get_at(body, self.place, None) is None
        control = set_at(body, self.place, self.valid) if lacking else body
        return Breach(
            self.rule,
            self.place,
            self.variant,
            self.clause,
            body=self.spoil(control),
            control=control,
            headers=self.headers,
            smoke=self.smoke,
        )


def putting(pointer: str, value: Any) -> Callable[[Any], Any]:
    """A spoiling that puts one value at one place."""
    return functools.partial(set_at, pointer=pointer, value=value)
