"""The label and the content of one breach: a request that breaks exactly one rule at one place, and knows both."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

__all__ = ["Breach"]


@dataclasses.dataclass(frozen=True)
class Breach:
    """A request that breaks one rule of the contract.

    Attributes:
        rule: which rule; a key of `Contract.error_codes` where a listed code plainly fits.
        place: where: a JSON Pointer into the body, a header's name, or "" for the body as a whole.
        variant: which way of breaking the rule; with rule and place it is unique.
        clause: the id of the clause that accepting this request breaks; None where no source demands a refusal,
            and what the target does is only observed.
        body: what is sent: a JSON value, or bytes to send as they are.
        control: the same body without the breach, which a target has to accept before a refusal counts.
        headers: headers that differ from a correct request's; None takes the header away.
        smoke: whether it is one of the few that smoke depth sends.
    """

    rule: str
    place: str
    variant: str
    clause: str | None
    body: Any
    control: Any
    headers: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    smoke: bool = False

    @property
    def id(self) -> str:
        """A readable name, unique among the breaches of one contract."""
        return "-".join(part for part in (self.rule, self.place, self.variant) if part)
