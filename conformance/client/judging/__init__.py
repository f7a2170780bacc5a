"""From what a scenario showed to checks of the clauses that bind a client: pure functions."""

from __future__ import annotations

from . import answers, errors, idempotency, manners, request, retries
from .check import Check, Judge

__all__ = ["JUDGES", "Check", "Judge"]

JUDGES: tuple[Judge, ...] = (
    *request.JUDGES,
    *idempotency.JUDGES,
    *retries.JUDGES,
    *answers.JUDGES,
    *errors.JUDGES,
    *manners.JUDGES,
)
"""One for each clause but those about the end of the command, which no scenario shows."""
