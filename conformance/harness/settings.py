"""What a user asked for: one frozen object, read once from the options."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from ...spec import Basis, Clause
from ...strategies import Depth

__all__ = ["Settings"]


@dataclasses.dataclass(frozen=True)
class Settings:
    """How to judge.

    Attributes:
        contract: the name or path of a fragment.
        clauses: clause ids or the beginnings of some; empty for all.
        rate: requests a second allowed in each category; None to go by the target's own limits alone.
        timeout: seconds for each exchange.
        max_writes: creates allowed; None for no limit of our own.
        known_failing: a file that lists clauses which the target is known to break.
        strict: whether advice and clauses not verified fail the run.
        examples: where Hypothesis keeps its examples between deep runs; None for nowhere.
        report_dir: where reports go; None for none.
        reports: which forms.
    """

    contract: str = "opportunities"
    depth: Depth = Depth.STANDARD
    basis: Basis = Basis.RFC
    clauses: tuple[str, ...] = ()
    seed: int = 0
    rate: float | None = None
    timeout: float = 10.0
    max_writes: int | None = None
    known_failing: Path | None = None
    strict: bool = False
    examples: Path | None = None
    report_dir: Path | None = None
    reports: tuple[str, ...] = ("json", "junit")

    def selects(self, clause: Clause) -> bool:
        """Whether the run judges the clause."""
        named = not self.clauses or any(clause.id.startswith(pattern) for pattern in self.clauses)
        return named and self.basis.covers(clause.basis)
