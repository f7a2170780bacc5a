"""What is promised: the fragment of one create endpoint, its clauses, and the typed contract made of both.

This room imports nothing of ours; every other room may import it.
"""

from __future__ import annotations

from .client import load_client
from .contract import Basis, Clause, Contract, Level, Need
from .definitions import Definitions, FieldDefinition, Option, RelationshipDefinition, read_definitions
from .errors import ContractError, FragmentError, TargetError, UsageError
from .loader import available, load
from .operations import Collection, Operation, Parameter
from .places import Place, Role
from .rules import Rule

__all__ = [
    "Basis",
    "Clause",
    "Collection",
    "Contract",
    "ContractError",
    "Definitions",
    "FieldDefinition",
    "FragmentError",
    "Level",
    "Need",
    "Operation",
    "Option",
    "Parameter",
    "Place",
    "RelationshipDefinition",
    "Role",
    "Rule",
    "TargetError",
    "UsageError",
    "available",
    "load",
    "load_client",
    "read_definitions",
]
