"""One breach: a request that breaks exactly one rule at one place, and knows both; and the mutation that makes it."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Callable, Mapping
from typing import Any

from ..spec import Rule
from ..spec.pointer import ABSENT, get_at, set_at
from .callers import Caller
from .ways import BY_ANOTHER, KEYED, PLAINLY, Spelling

__all__ = ["Breach", "Feature", "Mutation", "replace"]


class Feature(enum.StrEnum):
    """Something that a request has or has not, whatever rule it breaks; the word that a finding names it by."""

    CUSTOM_ATTRIBUTES = "beside custom attributes"
    CUSTOM_RELATIONSHIPS = "beside custom links"
    OPTIONAL = "beside optional places"
    ARRAYS = "with IDs in arrays"
    KEY = KEYED
    CALLER = BY_ANOTHER
    WAY = "written in another way"


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
        beside: the features of the request that have nothing to do with the rule; none for the smallest body.
        caller: who sends it and its control.
        keyed: whether each of the two has an idempotency key of its own.
        way: how it is written; its control is written plainly.
    """

    rule: Rule
    place: str
    variant: str
    clause: str | None
    body: Any
    control: Any
    headers: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    smoke: bool = False
    beside: tuple[Feature, ...] = ()
    caller: Caller = Caller.MAIN
    keyed: bool = False
    way: Spelling = PLAINLY

    @property
    def id(self) -> str:
        """A readable name, unique among the breaches of one contract."""
        beside = "beside" if len(self.beside) == len(Feature) else "+".join(map(_named, self.beside))
        return "-".join(part for part in (self.rule, self.place, self.variant, beside) if part)


@dataclasses.dataclass(frozen=True)
class Mutation:
    """A breach that has no body yet. The label and the change are one value, so they cannot part.

    Attributes:
        rule, place, variant, clause, headers, smoke: as in `Breach`.
        mutate: makes what is sent of a valid body; only headers are wrong where it changes nothing.
        valid: what the control has at the place, where a valid body may be without it; ABSENT where there is no need.
        beside: by pointer, what the control needs beside `valid`, such as the parent's option of a dependent select.
    """

    rule: Rule
    place: str
    variant: str
    clause: str | None
    mutate: Callable[[Any], Any] = lambda body: body
    valid: Any = ABSENT
    beside: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    headers: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    smoke: bool = False

    def apply(self, body: Any) -> Breach:
        """Return the breach that this makes of a valid body."""
        missing = self.valid is not ABSENT and get_at(body, self.place, None) is None
        control = set_at(body, self.place, self.valid) if missing else body
        for pointer, value in self.beside.items() if missing else ():
            control = set_at(control, pointer, value)
        return Breach(
            self.rule,
            self.place,
            self.variant,
            self.clause,
            body=self.mutate(control),
            control=control,
            headers=self.headers,
            smoke=self.smoke,
        )


def _named(feature: Feature) -> str:
    return feature.name.lower().replace("_", "-")


def replace(pointer: str, value: Any) -> Callable[[Any], Any]:
    """Return a change that sets one value at one place."""
    return functools.partial(set_at, pointer=pointer, value=value)
