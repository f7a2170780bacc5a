"""Reads what a refusal of a correct create says: a rule of the organization's own, or that a listed thing is none."""

from __future__ import annotations

from typing import Any

from ....spec import profile
from ..wire.exchange import Exchange

__all__ = ["denies_listed", "is_ruling", "named_place", "sign_of"]

_INACTIVE = "relationship_entity_inactive"
_DENYING = ("referenced_resource_missing", "relationship_entity_missing", "invalid_type")


def is_ruling(answer: Exchange) -> bool:
    """Return whether it can be a rule of the organization's own about a thing, an option or an attribute (contract 11)."""
    code = _error(answer)[0]
    return (answer.status == 422 and code not in _DENYING) or (answer.status == 400 and code == _INACTIVE)


def denies_listed(answer: Exchange) -> bool:
    """Return whether it says of something in the body that it does not exist, or is of another type."""
    return answer.refused and (answer.status == 404 or _error(answer)[0] in _DENYING)


def named_place(answer: Exchange) -> str:
    """Return the `param` of its error; "" where it names no place."""
    param = _error(answer)[1]
    return param if isinstance(param, str) else ""


def sign_of(answer: Exchange) -> tuple[Any, ...]:
    """Return what tells one refusal from another."""
    return answer.status, *_error(answer)


def _error(answer: Exchange) -> tuple[Any, Any, Any]:
    error = profile.read_error(answer.body)
    return (error.code, error.param, error.message) if error else (None, None, None)
