"""Tells a user's mistake in names before anything is sent: a variable that is none of ours, and what may have been meant."""

from __future__ import annotations

from collections.abc import Mapping

from ....spec import Contract, UsageError
from ....spec.given import names_near, quote
from ..wire.target import known_variables

__all__ = ["reject_misspelt_variables"]

_PREFIX = "LIGHTFIELD_"
_NEAR = 0.8
"""How alike a name has to be to a known one to count as a misspelling of it; others may be of another tool."""


def reject_misspelt_variables(environment: Mapping[str, str], contract: Contract) -> None:
    """See that no variable of the environment is a misspelling of one of ours.

    Raises:
        UsageError: one is; the message holds no value.
    """
    known = known_variables(contract)
    for name in sorted(environment):
        if name.startswith(_PREFIX) and name not in known and environment[name]:
            near = names_near(name, known, alike=_NEAR)
            if near:
                raise UsageError(f"{quote(name)} is no variable of ours: did you mean {near[0]}? Rename it, or unset it")
