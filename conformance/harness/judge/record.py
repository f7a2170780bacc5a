"""What one test case found out, collected as plain data that travels from workers to the controller."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..wire.exchange import Exchange

__all__ = ["CaseRecord", "NotVerified", "Violation"]


class NotVerified(Exception):
    """A clause cannot be judged in this run.

    Attributes:
        reason: why. remedy: what a user can provide; "" when nothing helps.
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclasses.dataclass(frozen=True)
class Violation:
    """A broken clause, as the judge found it; exchanges in the order sent, the last is the one judged."""

    clause: str
    expected: str
    observed: str
    exchanges: tuple[Exchange, ...]
    label: str = ""


@dataclasses.dataclass
class CaseRecord:
    """Collects what one case found out.

    Attributes:
        kept: how many judgements each clause passed.
        unverified: reason and remedy by clause.
        seen: observations, as pairs of point and what was seen.
        exchanges: all that were sent, in order.
        ended: why the run could not go on, and what to do; "" while it could.
    """

    kept: dict[str, int] = dataclasses.field(default_factory=dict)
    violations: list[Violation] = dataclasses.field(default_factory=list)
    unverified: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    seen: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    exchanges: list[Exchange] = dataclasses.field(default_factory=list)
    ended: tuple[str, str] = ("", "")

    def keep(self, clause: str) -> None:
        """Notes that a clause was judged and kept."""
        self.kept[clause] = self.kept.get(clause, 0) + 1

    def to_json(self, case: str, *, full: bool = False) -> dict[str, Any]:
        """Plain JSON values for the verdicts: exchanges of violations in full, of all others the timing alone.

        Args:
            full: whether to add every exchange in full.
        """
        return {
            "case": case,
            "kept": self.kept,
            "violations": [_violation_json(violation, case) for violation in self.violations],
            "unverified": self.unverified,
            "seen": self.seen,
            "ended": self.ended,
            "timings": [_timing_json(exchange, case) for exchange in self.exchanges],
            "exchanges": [dataclasses.asdict(exchange.to_report()) for exchange in self.exchanges] if full else [],
        }


def _violation_json(violation: Violation, case: str) -> dict[str, Any]:
    last = violation.exchanges[-1] if violation.exchanges else None
    return {
        "clause": violation.clause,
        "expected": violation.expected,
        "observed": violation.observed,
        "label": violation.label,
        "case": case,
        "stamps": [exchange.stamp for exchange in violation.exchanges if exchange.stamp],
        "sent": last.content.decode("utf-8", "backslashreplace")[:20_000] if last else "",
        "exchanges": [dataclasses.asdict(exchange.to_report()) for exchange in violation.exchanges],
    }


def _timing_json(exchange: Exchange, case: str) -> dict[str, Any]:
    kind = {"POST": "write", "GET": "read"}.get(exchange.method, "other")
    return {
        "kind": kind,
        "method": exchange.method,
        "path": exchange.path,
        "status": exchange.status,
        "sent_at": exchange.sent_at,
        "seconds": exchange.seconds,
        "case": case,
    }
