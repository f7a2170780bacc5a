"""The OpenAPI documents for the defaults of a peer: our fragment, and the union as the vendor's page has it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from live import Live

from lightfield_contract.spec import Contract, Role

__all__ = ["for_seed", "fragment", "literal_union", "resolve"]

_TEXT = {"type": "string"}
_ID_OR_IDS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}


def fragment(contract: Contract, live: Live) -> dict[str, Any]:
    """Our fragment, all of it, with an example that names what exists, as a document that is in use would have."""
    document = copy.deepcopy(dict(contract.document))
    content = document["paths"][contract.create.path][contract.create.method.lower()]["requestBody"]["content"]
    for example in content["application/json"].get("examples", {}).values():
        for place in contract.places:
            if not place.required or place.holds_places:
                continue
            if place.role is Role.OPTION:
                example["value"][place.group][place.key] = live.options(place.key)[-1]
            elif place.object_type:
                example["value"][place.group][place.key] = live.linked(place)[0]
    return document


def literal_union(contract: Contract, live: Live) -> dict[str, Any]:
    """The same with both unions taken at their word: the typed object without rules about further members, or the map."""
    document = fragment(contract, live)
    operation = document["paths"][contract.create.path][contract.create.method.lower()]
    body = resolve(document, operation["requestBody"]["content"]["application/json"]["schema"])
    for group in [place for place in contract.places if place.holds_places]:
        links = any(place.group == group.key for place in contract.link_places)
        typed = {
            "type": "object",
            "required": body["properties"][group.key].get("required", []),
            "properties": {
                place.key: copy.deepcopy(_ID_OR_IDS if links else dict(place.schema))
                for place in contract.places
                if place.group == group.key and not place.holds_places and not place.read_only
            },
        }
        entry = _ID_OR_IDS if links else _value(_value())
        body["properties"][group.key] = {"anyOf": [typed, {"type": "object", "additionalProperties": copy.deepcopy(entry)}]}
    return document


def for_seed(document: dict[str, Any]) -> dict[str, Any]:
    """The document for a server that is judged by the seed alone, which fixes no status and no form of an error."""
    for operation in _operations(document):
        responses = operation["responses"]
        if "200" in responses and operation.get("requestBody"):
            responses["201"] = copy.deepcopy(responses["200"])
        for status in [name for name in responses if not name.startswith("2")]:
            responses[status] = {"description": "Nothing was created."}
        responses.setdefault("4XX", {"description": "Nothing was created."})
    return document


def resolve(document: Mapping[str, Any], node: Any) -> Any:
    """The node itself, or what it refers to."""
    while "$ref" in node:
        target: Any = document
        for segment in node["$ref"].removeprefix("#/").split("/"):
            target = target[segment]
        node = target
    return node


def _value(inner: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A string, number, boolean, array or map, of values like these or of unknown."""
    known = inner or {}
    return {
        "anyOf": [
            _TEXT,
            {"type": "number"},
            {"type": "boolean"},
            {"type": "array", "items": known},
            {"type": "object", "additionalProperties": known or True},
        ]
    }


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (operation for operation in item.values() if isinstance(operation, dict) and "responses" in operation)
