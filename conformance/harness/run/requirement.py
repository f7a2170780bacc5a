"""What a user requires to be verified: a share of the clauses, or some by their ids."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ....reports import ClauseResult, Verdict

__all__ = ["Requirement", "read_requirement"]


@dataclasses.dataclass(frozen=True)
class Requirement:
    """What has to be verified, so that a run which could not look is not taken for one that found nothing.

    Attributes:
        percent: of the judged clauses.
        clauses: ids, or beginnings of some.
    """

    percent: float = 0.0
    clauses: tuple[str, ...] = ()

    def unmet(self, results: Sequence[ClauseResult]) -> str:
        """Return what is missing, in a sentence; "" where nothing is."""
        verified = [result for result in results if result.verdict is not Verdict.NOT_VERIFIED]
        share = 100 * len(verified) / len(results) if results else 0.0
        if share < self.percent:
            return f"{share:.0f} % of the clauses are verified, and --require asks for {self.percent:g} %"
        wanted = [result for result in results if any(result.id.startswith(name) for name in self.clauses)]
        missing = [result.id for result in wanted if result not in verified]
        missing += [name for name in self.clauses if not any(result.id.startswith(name) for result in wanted)]
        return f"--require asks for what is not verified: {', '.join(missing)}" if missing else ""


def read_requirement(text: str) -> Requirement:
    """Return what `90%` or `success:once,idempotency:` asks for.

    Raises:
        ValueError: it is neither.
    """
    if text.endswith("%"):
        percent = float(text[:-1])
        if not 0 < percent <= 100:
            raise ValueError(text)
        return Requirement(percent)
    clauses = tuple(name.strip() for name in text.split(",") if name.strip())
    if not clauses or not all(":" in name for name in clauses):
        raise ValueError(text)
    return Requirement(clauses=clauses)
