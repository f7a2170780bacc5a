"""What to send: valid bodies, breaches and idempotency histories, from the contract and the workspace alone, no HTTP."""

from __future__ import annotations

from .breach import Breach
from .breaches import breaches
from .depth import Depth
from .places import shapes
from .pointer import ABSENT, escape, get_at, set_at, without
from .smallest import missing_needs, smallest_body
from .value import Value
from .values import demanded_values, values_of
from .workspace import FieldDefinition, Option, RelationshipDefinition, Workspace

__all__ = [
    "ABSENT",
    "Breach",
    "Depth",
    "FieldDefinition",
    "Option",
    "RelationshipDefinition",
    "Value",
    "Workspace",
    "breaches",
    "demanded_values",
    "escape",
    "get_at",
    "missing_needs",
    "set_at",
    "shapes",
    "smallest_body",
    "values_of",
    "without",
]
