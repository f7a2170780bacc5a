"""The mutants that no suite of this contract can or may detect, each with its reason."""

from __future__ import annotations

import dataclasses
import functools
import re
from pathlib import Path

import yaml
from mutants import Mutant

__all__ = ["Reason", "reason_of", "reasons"]

_FILE = Path(__file__).with_name("equivalent.yaml")
_KINDS = ("equivalent", "permitted", "unreachable")


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why a mutant is not detected; `equivalent.yaml` says what its members are."""

    kind: str
    reason: str
    module: str = ".*"
    function: str = ".*"
    line: str = ""
    sentence: bool = False

    def __post_init__(self) -> None:
        assert self.kind in _KINDS, self

    def covers(self, mutant: Mutant) -> bool:
        """Whether it is about this mutant."""
        function = mutant.id.split(".")[1]
        return bool(
            re.fullmatch(self.module, mutant.module)
            and re.fullmatch(self.function, function)
            and any(re.search(self.line, text) for text in (mutant.before, mutant.after))
            and (not self.sentence or _wordless(mutant.before) == _wordless(mutant.after))
        )


def _wordless(line: str) -> str:
    """Return the line without quoted sentences, and without what stands for them where they are left out."""
    line = re.sub(r'f?"[^"]*\w\}? \{?\w[^"]*"', "None", line)
    return re.sub(r"(, )?\bNone\b(, )?|, (?=\))", "", line)


@functools.cache
def reasons() -> tuple[Reason, ...]:
    """Return all that are written down."""
    return tuple(Reason(**row) for row in yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def reason_of(mutant: Mutant) -> Reason | None:
    """Return why it may survive; None when there is no reason."""
    return next((each for each in reasons() if each.covers(mutant)), None)
