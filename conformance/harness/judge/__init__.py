"""Judging: what a response must be, clause by clause. Tests say what was sent; whether it is right is said here."""

from __future__ import annotations

from .expect import Expect
from .record import Inputs, Judged, NotVerified

__all__ = ["Expect", "Inputs", "Judged", "NotVerified"]
