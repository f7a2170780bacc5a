"""What is promised: the fragment of one create endpoint, its clauses, and the typed contract made of both.

This room imports nothing of ours; every other room may import it.
"""

from __future__ import annotations

from .client import load_client
from .contract import Basis, Clause, Collection, Contract, Level, Need, Operation, Parameter, Place, Shape
from .errors import ContractError, FragmentError, TargetError, UsageError
from .loader import available, load

__all__ = [
    "Basis",
    "Clause",
    "Collection",
    "Contract",
    "ContractError",
    "FragmentError",
    "Level",
    "Need",
    "Operation",
    "Parameter",
    "Place",
    "Shape",
    "TargetError",
    "UsageError",
    "available",
    "load",
    "load_client",
]
