"""Names the situations of contract 4: what a create, with an Idempotency-Key or without, is after those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ....strategies import Caller, Key, Payload, Step

__all__ = ["situation_of", "situation_of_history"]

_REPEAT: Final = "a repeat with the same Idempotency-Key and body"
_SITUATIONS: Final[Mapping[str, str]] = {
    "replay": _REPEAT,
    "same-json": "a repeat whose body is the same JSON value spelled otherwise",
    "no-key": "a second equal create without an Idempotency-Key",
    "two-keys": "an equal create with another Idempotency-Key",
    "other-body": "a used Idempotency-Key with another body",
    "failure": "a correct create with the Idempotency-Key of a refused one",
    "concurrent": "creates with one Idempotency-Key at the same time",
    "lost-answer": "a retry with the Idempotency-Key of a create whose answer was lost",
    "unauthorized": "a create with the Idempotency-Key of a request that was refused for its credentials",
    "not-served": "a used Idempotency-Key sent by a caller that may not create",
    "rate-limited": "a create with the Idempotency-Key of a request that got a 429",
    "other-organization": "the Idempotency-Key of another organization's create",
    "other-operation": "the Idempotency-Key of another operation's create",
    "lifetime": "a used Idempotency-Key after some hours",
    "length": "an Idempotency-Key of the greatest length",
    "exact": "an Idempotency-Key that resembles a used one",
}
"""By the subject of a clause about idempotency."""
_BETWEEN: Final[Mapping[str, str]] = {
    "two-keys": "a create with another Idempotency-Key",
    "no-key": "a create without one",
    "other-body": "a request with another body",
    "failure": "a refused request",
    "concurrent": "requests at the same time",
    "unauthorized": "a request that was refused for its credentials",
    "not-served": "a request of a caller that may not create",
    "other-organization": "a request of another organization",
    "other-operation": "a request of another operation",
    "exact": "a request with a similar Idempotency-Key",
}
"""What came between a create and its repeat, by the subject of the clause that the history is about."""
_RESEMBLING: Final[Mapping[Key, str]] = {
    Key.OTHER_CASE: "in letter case",
    Key.SPACED: "by a space inside",
    Key.OTHER_END: "in the last character",
}


def situation_of(clause: str) -> str:
    """Return the situation that a clause about idempotency is about; "" for any other clause."""
    kind, _, subject = clause.partition(":")
    return _SITUATIONS.get(subject, "") if kind == "idempotency" else ""


def situation_of_history(own: str, broken: str, steps: Sequence[Step]) -> str:
    """Return the situation of the last step of a history.

    Args:
        own: the clause that the history is about.
        broken: the one that the last step's answer breaks.
    """
    if not steps:
        return situation_of(broken) or situation_of(own)
    last, between = steps[-1], _BETWEEN.get(own.partition(":")[2])
    if broken == "idempotency:failure" and last.payload is Payload.INVALID:
        return "a refused create sent once more with its Idempotency-Key"
    if broken in ("key:required", "scope:required"):
        return f"a create of a caller with {'an unknown key' if last.caller is Caller.UNKNOWN_KEY else 'no create scope'}"
    if broken == "idempotency:replay" and between:
        return f"{_REPEAT}, after {between}"
    if broken == "idempotency:no-key" and last.copies > 1:
        return "equal creates without an Idempotency-Key at the same time"
    if broken == "idempotency:exact" and (difference := _difference(steps)):
        return f"an Idempotency-Key that differs from a used one {difference}"
    return situation_of(broken) or situation_of(own)


def _difference(steps: Sequence[Step]) -> str:
    """In what the last key of a history differs from an earlier one that it resembles."""
    keys = [step.key for step in steps if step.key is not None]
    known = [key for key in keys if key is keys[-1] or key.resembles(keys[-1])] if keys else []
    return next((_RESEMBLING[key] for key in (keys[-1], *known) if key in _RESEMBLING), "") if known else ""
