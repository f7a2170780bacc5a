"""The one exception family of the project.

ContractError            anything that we raise on purpose
├── FragmentError        a fragment or a clause catalogue does not say what it must
├── UsageError           an option, a pattern or a file that a user gave cannot be used
└── TargetError          the target cannot be judged: unreachable, key refused, not this API

A message says what was wrong, where, and what to do. Whoever catches one prints the message and no traceback.
"""

from __future__ import annotations

__all__ = ["ContractError", "FragmentError", "TargetError", "UsageError"]


class ContractError(Exception):
    """Root of the family."""


class FragmentError(ContractError):
    """A fragment or the clause catalogue does not say what it must; the message names the file and the place."""


class UsageError(ContractError):
    """An option, a pattern or a file that the user gave cannot be used; the message says what would do."""


class TargetError(ContractError):
    """The target cannot be judged at all. That is no verdict: nothing was found out about any clause."""
