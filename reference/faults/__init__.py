"""The faults: departures of the reference server, each a class of a few lines that breaks one clause.

They prove the suite: a fault that no run finds is a gap. A module holds the faults of one part of the contract.
"""

from __future__ import annotations

from . import (
    body,
    books,
    choices,
    custom,
    echo,
    errors,
    key_information,
    key_scope,
    keys,
    limits,
    links,
    operation,
    places,
    refusals,
    replays,
    response,
    same_body,
    scopes,
    success,
)
from .fault import Fault, FaultInfo, fault, faults

__all__ = ["Fault", "FaultInfo", "fault", "faults"]

# Importing a module is what enters its faults.
_MODULES = (
    body,
    books,
    choices,
    custom,
    echo,
    errors,
    key_information,
    key_scope,
    keys,
    limits,
    links,
    operation,
    places,
    refusals,
    replays,
    response,
    same_body,
    scopes,
    success,
)
