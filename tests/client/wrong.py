"""What a wrong client is: the careful one with a step that goes wrong, and the clause that it breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from careful import Careful


@dataclasses.dataclass(frozen=True)
class Fault:
    """A wrong client.

    Attributes:
        scenario: where its fault shows.
    """

    kind: type[Careful]
    clause: str
    scenario: str

    @property
    def id(self) -> str:
        """A readable name."""
        return f"{self.clause}-{self.kind.__name__}"


FAULTS: list[Fault] = []


def breaks(clause: str, scenario: str) -> Callable[[type[Careful]], type[Careful]]:
    """Enters a class as a fault."""

    def enter(kind: type[Careful]) -> type[Careful]:
        FAULTS.append(Fault(kind, clause, scenario))
        return kind

    return enter
