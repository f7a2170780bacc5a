"""The operations of a fragment, as plain data, and how they belong together."""

from __future__ import annotations

import dataclasses
import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

from .places import Place

__all__ = ["Collection", "Operation", "Parameter"]


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A header or query parameter of an operation, with its JSON Schema."""

    name: str
    location: str
    required: bool
    schema: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Operation:
    """One method on one path.

    Attributes:
        method: upper case.
        path: as in the fragment, with `{name}` templates.
        scopes: what a key must hold, all of it.
        media_type: of the request's body; "" when it has none.
        request_schema, response_schema: inlined JSON Schemas of the JSON body and of the 200; empty when none.
        places: the request body's, groups first, in the fragment's order.
    """

    id: str
    method: str
    path: str
    scopes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    media_type: str
    request_schema: Mapping[str, Any]
    response_schema: Mapping[str, Any]
    places: tuple[Place, ...] = ()

    def path_of(self, record_id: str) -> str:
        """Return the path of one record, whatever the fragment calls the parameter that names it."""
        return re.sub(r"\{[^}/]*\}$", lambda _: urllib.parse.quote(record_id, safe=""), self.path)


@dataclasses.dataclass(frozen=True)
class Collection:
    """The operations on one object type; None where the fragment does not have one."""

    object_type: str
    path: str
    create: Operation | None = None
    list: Operation | None = None
    retrieve: Operation | None = None
    delete: Operation | None = None
    definitions: Operation | None = None
