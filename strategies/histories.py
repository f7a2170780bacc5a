"""Short idempotency histories: each looks for one way in which a key store loses writes, doubles them or leaks them."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from typing import Final

from .callers import Caller
from .depth import Depth
from .steps import Key, Payload, Step

__all__ = ["History", "enumerate_histories"]


@dataclasses.dataclass(frozen=True)
class History:
    """Steps to take one after the other, beginning with unused keys.

    Attributes:
        name: unique within one enumeration.
        clause: the id of the clause that it is about; a mismatch on the way may break another one.
        shortest: whether it is the one that smoke depth has for its clause.
        drawn: whether its steps are drawn, so that it goes after no clause in particular.
    """

    name: str
    clause: str
    steps: tuple[Step, ...]
    shortest: bool = False
    drawn: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """Names of `contract.needs` without which it cannot be played."""
        return frozenset(need for step in self.steps for need in step.needs)


_CREATE: Final = Step()
_OTHER_BODY: Final = Step(Payload.SECOND)
_INVALID: Final = Step(Payload.INVALID)
_LOST: Final = Step(lost=True)
_KEYLESS: Final = Step(key=None)
_REFORMATTED: Final = Step(reformatted=True)
_ANOTHER_KEY: Final = Step(key=Key.ANOTHER)
_UNKNOWN_KEY: Final = Step(caller=Caller.UNKNOWN_KEY)
_NO_CREATE: Final = Step(caller=Caller.NO_CREATE)
_OTHER_ORGANIZATION: Final = Step(caller=Caller.OTHER_ORGANIZATION)
_OTHER_OPERATION: Final = Step(other_operation=True)
_RACE: Final = Step(copies=3)
_PAIR: Final = Step(copies=2)

_SMOKE: Final[dict[str, tuple[Step, ...]]] = {
    "replay": (_CREATE, _CREATE),
    "same-json": (_CREATE, _REFORMATTED),
    "no-key": (_KEYLESS, _KEYLESS),
    "two-keys": (_CREATE, _ANOTHER_KEY),
    "other-body": (_CREATE, _OTHER_BODY),
    "failure": (_INVALID, _CREATE),
    "concurrent": (_RACE,),
    "lost-answer": (_LOST, _CREATE),
    "unauthorized": (_UNKNOWN_KEY, _CREATE),
    "not-served": (_CREATE, _UNKNOWN_KEY),
    "other-organization": (_CREATE, _OTHER_ORGANIZATION),
    "other-operation": (_CREATE, _OTHER_OPERATION),
    "length": (Step(key=Key.LONGEST), Step(key=Key.LONGEST)),
    "exact": (_CREATE, Step(key=Key.OTHER_CASE)),
}
"""One for each clause, by the clause's subject."""

_STANDARD: Final[dict[str, tuple[tuple[Step, ...], ...]]] = {
    "replay": (
        (_CREATE, _ANOTHER_KEY, _CREATE, _ANOTHER_KEY),
        (_OTHER_BODY, _OTHER_BODY, _OTHER_BODY),
        (_CREATE, Step(Payload.INVALID, Key.ANOTHER), _CREATE),
    ),
    "no-key": ((_CREATE, _KEYLESS, _KEYLESS), (Step(key=None, copies=2),)),
    "other-body": ((_CREATE, _OTHER_BODY, _CREATE), (_CREATE, _INVALID, _CREATE), (_OTHER_BODY, _CREATE, _OTHER_BODY)),
    "failure": ((_INVALID, _INVALID, _OTHER_BODY, _OTHER_BODY), (_INVALID, _PAIR, _CREATE)),
    "concurrent": ((_RACE, _CREATE), (_CREATE, _RACE), (_RACE, Step(key=Key.ANOTHER, copies=3))),
    "lost-answer": ((_LOST, _LOST, _CREATE), (_LOST, _PAIR, _CREATE), (_LOST, _OTHER_BODY, _OTHER_BODY)),
    "unauthorized": ((_NO_CREATE, _CREATE, _CREATE), (_UNKNOWN_KEY, _OTHER_BODY, _OTHER_BODY)),
    "not-served": ((_CREATE, _NO_CREATE, _CREATE), (_LOST, _UNKNOWN_KEY, _CREATE)),
    "other-organization": ((_OTHER_ORGANIZATION, _CREATE, _OTHER_ORGANIZATION, _CREATE),),
    "other-operation": ((_OTHER_OPERATION, _CREATE, _OTHER_OPERATION, _CREATE),),
    "exact": (
        (_CREATE, Step(key=Key.SPACED)),
        (Step(key=Key.LONGEST), Step(key=Key.OTHER_END), Step(key=Key.LONGEST)),
    ),
}
"""More of them, by the clause's subject."""

_RANDOM_HISTORIES: Final = 30
_ANY_STEP: Final = (
    *(_CREATE, _CREATE, _OTHER_BODY, _INVALID, _LOST, _KEYLESS, _REFORMATTED, _ANOTHER_KEY),
    *(_UNKNOWN_KEY, _NO_CREATE, _OTHER_ORGANIZATION, _OTHER_OPERATION, Step(copies=3)),
    *(Step(key=Key.OTHER_CASE), Step(key=Key.SPACED), Step(key=Key.LONGEST), Step(key=Key.OTHER_END)),
    *(Step(Payload.SECOND, Key.ANOTHER), Step(Payload.INVALID, Key.ANOTHER), Step(key=Key.ANOTHER, lost=True)),
)


def enumerate_histories(depth: Depth = Depth.STANDARD, seed: int = 0) -> tuple[History, ...]:
    """Return histories in a fixed order, those of one clause side by side; deep depth adds long random ones, by the seed.

    The caller leaves out those whose `needs` it cannot meet.
    """
    found: list[History] = []
    for subject, shortest in _SMOKE.items():
        more = _STANDARD.get(subject, ()) if depth is not Depth.SMOKE else ()
        for number, steps in enumerate((shortest, *more), 1):
            found.append(History(f"{subject}-{number}", f"idempotency:{subject}", steps, shortest=number == 1))
    if depth is Depth.DEEP:
        found.extend(_random(seed))
    return tuple(found)


def _random(seed: int) -> Iterator[History]:
    source = random.Random(seed)  # noqa: S311 - repeatable on purpose
    for number in range(1, _RANDOM_HISTORIES + 1):
        steps = tuple(source.choices(_ANY_STEP, k=source.randint(4, 12)))
        yield History(f"random-{seed}-{number}", "idempotency:replay", steps, drawn=True)
