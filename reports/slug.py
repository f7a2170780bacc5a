"""Makes the anchors of clauses in a page: readable, unique, and the same in every report of every run."""

from __future__ import annotations

import hashlib
import re

__all__ = ["slug"]


def slug(clause_id: str) -> str:
    """The anchor of a clause, from its id alone; the digest keeps ids apart that differ only in punctuation."""
    words = re.sub(r"[^a-z0-9]+", "-", clause_id.lower()).strip("-")
    digest = hashlib.sha256(clause_id.encode("utf-8", "surrogatepass")).hexdigest()[:4]
    return f"{words}-{digest}"
