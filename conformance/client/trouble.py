"""What goes wrong with a command rather than with what it sends: values, each of which becomes one verdict."""

from __future__ import annotations

import dataclasses
import enum

__all__ = ["CommandTrouble", "TroubleError", "TroubleKind"]


class TroubleKind(enum.StrEnum):
    """What happened."""

    CRASHED = "crashed"
    """It ended before it answered."""
    HUNG = "hung"
    """It did not answer in time, and was killed."""
    UNREADABLE = "unreadable"
    """It printed something that is no answer."""
    WAITING = "waiting"
    """It was seen to wait, as it should, and let go: no fault."""
    EXTRA = "extra"
    """It printed more than its answers."""
    LEFT_BEHIND = "left behind"
    """It did not end with its input, or left processes running."""

    @property
    def clause(self) -> str:
        """The clause that it breaks; "" where it breaks none."""
        clauses = {TroubleKind.EXTRA: "command:once", TroubleKind.LEFT_BEHIND: "command:ends", TroubleKind.WAITING: ""}
        return clauses.get(self, "command:answers")


@dataclasses.dataclass(frozen=True)
class CommandTrouble:
    """One thing that went wrong, in a clause of a sentence whose subject is the command."""

    kind: TroubleKind
    text: str


class TroubleError(Exception):
    """Raised in place of an answer."""

    def __init__(self, kind: TroubleKind, text: str) -> None:
        super().__init__(text)
        self.trouble = CommandTrouble(kind, text)
