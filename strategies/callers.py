"""Who sends a request: one word for each kind of API key."""

from __future__ import annotations

import enum

__all__ = ["Caller"]


class Caller(enum.StrEnum):
    """Whose API key a request carries."""

    MAIN = "main"
    """A key that may create."""
    READ = "read"
    """A key of the same organization that may read."""
    CREATE_ONLY = "create-only"
    """A key of the same organization that holds the create scope alone."""
    NO_CREATE = "no-create"
    """A valid key of the same organization that may not create."""
    UNKNOWN_KEY = "unknown-key"
    """A key that does not exist."""
    NO_KEY = "no-key"
    """No key at all."""
    OTHER_ORGANIZATION = "other-organization"
    """A key that may create, in another organization."""
    SECOND = "second"
    """Another key of the same organization that may create."""

    @property
    def denied(self) -> bool:
        """Whether every create of this caller is refused for its credentials."""
        return self in (Caller.NO_CREATE, Caller.UNKNOWN_KEY, Caller.NO_KEY)

    @property
    def optional(self) -> bool:
        """Whether it takes a key that a user may leave out; the caller's word is then the need's."""
        return self not in (Caller.MAIN, Caller.UNKNOWN_KEY, Caller.NO_KEY)

    @property
    def organization(self) -> str:
        """`own` or `other`."""
        return "other" if self is Caller.OTHER_ORGANIZATION else "own"
