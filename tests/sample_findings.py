"""Makes findings for tests: a plain one, of which a test says only what it is about."""

from __future__ import annotations

import dataclasses
from typing import Any

from lightfield_contract.reports import Finding

__all__ = ["make_finding"]


def make_finding(clause: str, digest: str = "0123456789ab", **changes: Any) -> Finding:
    """Return a finding of one case: a breach that was accepted."""
    plain = Finding(
        id=f"{clause}#{digest}",
        clauses=(clause,),
        cause="",
        expected="refused with 400 or 422",
        observed="answered 200 OK",
        expectation="refused",
        status_due=("400", "422"),
        status_seen=200,
        cases=("case",),
        example="{}",
    )
    return dataclasses.replace(plain, **changes)
