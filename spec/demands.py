"""Finds what a fragment asks for and the suite cannot do, before anything is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from . import profile
from .contract import Contract
from .operations import Operation
from .places import Role

__all__ = ["Demand", "Segments", "find_demands", "show_segments"]

Segments: TypeAlias = tuple[str, ...]
"""The way to a place in a document: the names of the members that lead to it."""

_PAGING = ("limit", "offset")
_JSON = "application/json"


@dataclasses.dataclass(frozen=True)
class Demand:
    """What a fragment asks for and the suite cannot do: the place in the document, and a sentence."""

    place: Segments
    sentence: str

    def __str__(self) -> str:
        return f"{show_segments(self.place)}: {self.sentence}"


def show_segments(place: Segments) -> str:
    """Return a place as JSONPath: `$.paths['/v1/things'].post`."""
    return "$" + "".join(f".{name}" if name.isidentifier() else f"[{name!r}]" for name in place)


def find_demands(contract: Contract) -> Iterator[Demand]:
    """Yield what the suite cannot do.

    What would be ignored or sent literally could make a target seem to conform that was not asked.
    """
    create = contract.create
    item = contract.document["paths"][create.path]
    raw = item[create.method.lower()]
    at = ("paths", create.path, create.method.lower())
    yield from _paths(contract)
    yield from _parameters(contract, at)
    yield from _reads(contract)
    yield from _security(contract, raw, at)
    yield from _body(contract, at)


def _paths(contract: Contract) -> Iterator[Demand]:
    for operation in _operations(contract):
        head, _, last = operation.path.rpartition("/")
        record = operation.method in ("GET", "DELETE") and last.startswith("{")
        if "{" in head or ("{" in last and not record):
            hint = "write the path with the value in place of the parameter"
            yield Demand(("paths", operation.path), f"a path parameter has no value that the suite knows; {hint}")


def _parameters(contract: Contract, at: Segments) -> Iterator[Demand]:
    known = {parameter.name for parameter in (contract.version_header, contract.key_header) if parameter}
    for parameter in contract.create.parameters:
        if parameter.name in known or parameter.location == "path":
            continue
        if parameter.location == "header" and "idempotency" in parameter.name.lower():
            named = f"{parameter.name}: the idempotency key is sent as Idempotency-Key, and under no other name"
            yield Demand((*at, "parameters"), named)
        elif parameter.required:
            give = "; give it in LIGHTFIELD_HEADERS, and leave it out here" if parameter.location == "header" else ""
            unknown = f"the suite knows no value for this required {parameter.location} parameter{give}"
            yield Demand((*at, "parameters"), f"{parameter.name}: {unknown}")
    if contract.key_header and contract.key_header.required:
        required = "creates are sent without a key too, so it cannot be required"
        yield Demand((*at, "parameters"), f"{contract.key_header.name}: {required}")
    if contract.version_header is None and any(_version(operation) for operation in _operations(contract)):
        unlike = "reads ask for a version header that the create does not name; name it in all or in none"
        yield Demand((*at, "parameters"), unlike)


def _version(operation: Operation) -> bool:
    return any(parameter.location == "header" and "const" in parameter.schema for parameter in operation.parameters)


def _reads(contract: Contract) -> Iterator[Demand]:
    for operation in _operations(contract):
        for parameter in operation.parameters if operation.method == "GET" else ():
            if parameter.required and parameter.location in ("query", "cookie") and parameter.name not in _PAGING:
                unknown = f"{parameter.name}: the suite knows no value for this required {parameter.location} parameter"
                yield Demand(("paths", operation.path, "get", "parameters"), unknown)


def _security(contract: Contract, raw: Mapping[str, Any], at: Segments) -> Iterator[Demand]:
    security = raw.get("security", contract.document.get("security", []))
    schemes = contract.document["components"].get("securitySchemes", {})
    names = [name for requirement in security for name in requirement]
    kinds = [(schemes[name].get("type"), schemes[name].get("scheme")) for name in names if name in schemes]
    if len(security) != 1 or len(names) != 1 or kinds not in ([], [("http", "bearer")]):
        due = "keys are sent as bearer tokens, so it has to name one scheme, of type http and scheme bearer"
        yield Demand((*at, "security"), due)


def _body(contract: Contract, at: Segments) -> Iterator[Demand]:
    create, place = contract.create, (*at, "requestBody")
    if create.media_type != _JSON:
        sent = f"bodies are sent as {_JSON}, and not as {create.media_type or 'nothing'}"
        yield Demand((*place, "content"), sent)
    members = create.request_schema.get("properties", {})
    if create.request_schema.get("type") != "object" or profile.VALUE_MAP.strip("/") not in members:
        groups = f"{profile.VALUE_MAP.strip('/')} and {profile.LINK_MAP.strip('/')}"
        yield Demand(place, f"the body has to be an object that holds its members in {groups}")
        return
    for each in contract.places:
        if each.required and each.role is Role.LINK and not each.object_type and not each.read_only:
            named = "x-lightfield-object-type has to name what a required relationship links to"
            yield Demand(place, f"{each.pointer}: {named}")
        elif each.required and not each.parent and each.pointer not in (profile.VALUE_MAP, profile.LINK_MAP):
            groups = f"{profile.VALUE_MAP} and {profile.LINK_MAP}"
            yield Demand(place, f"{each.pointer}: it is required, and the suite fills {groups} alone")


def _operations(contract: Contract) -> Iterator[Operation]:
    for collection in contract.collections.values():
        found = (collection.create, collection.list, collection.retrieve, collection.definitions, collection.delete)
        yield from (operation for operation in found if operation is not None)
