"""Finds a user's mistakes in what was given, before anything is sent: variables, the base URL, options at odds."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from ....spec import Contract, UsageError
from ....spec.given import quote
from ..wire.address import parse_address, trim
from ..wire.target import known_variables
from .contact import overlap
from .options import Settings

__all__ = ["reject_conflicts", "reject_doubled_path", "reject_empty_url", "reject_misspelt_variables"]

_PREFIX = "LIGHTFIELD_"
_URL = "LIGHTFIELD_BASE_URL"
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
            near = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
            if near:
                raise UsageError(f"{quote(name)} is no variable of ours: did you mean {near[0]}? Rename it, or unset it")


def reject_empty_url(environment: Mapping[str, str]) -> None:
    """See that the variable of the base URL is not set to nothing, as one is of which the source is missing.

    Raises:
        UsageError: it is.
    """
    if _URL in environment and not trim(environment[_URL]):
        hint = "set it to the target's base URL, or unset it to have the embedded reference server judged"
        raise UsageError(f"{_URL} is set and empty: {hint}")


def reject_doubled_path(base_url: str, contract: Contract) -> None:
    """See that a base URL does not end as the operation's own path begins, unless a slash at its end says that it is meant.

    Raises:
        UsageError: it does, or is no base URL.
    """
    if not base_url.endswith("/") and (hint := overlap(parse_address(base_url), contract)):
        raise UsageError(f"the base URL has too much: {hint}, or end it with a slash where that is right")


def reject_conflicts(settings: Settings) -> None:
    """See that no option says what another one makes void.

    Raises:
        UsageError: one does.
    """
    if settings.insecure and settings.ca_file:
        raise UsageError("--insecure checks no certificate, and --ca-file says by what to check it: give one of the two")
    if settings.client_key and not settings.client_cert:
        raise UsageError("--client-key is the key of a certificate: give that with --client-cert")
