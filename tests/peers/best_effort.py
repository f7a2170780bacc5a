"""The OpenAPI document that serves a schema-driven peer best: narrowed to the target, in what is sent and what returns."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from documents import resolve
from live import Live

from lightfield_contract.spec import Contract, Operation, Place, Role

__all__ = ["best_effort"]

_RETRY_AFTER = r"^([0-9]+|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT)$"
_FEW = 3
_KEY: dict[str, Any] = {"name": "Authorization", "in": "header", "required": True, "schema": {"const": "Bearer {key}"}}
"""The credentials, as a header of one value: so they are left out and varied like every other one, and not at random."""


def best_effort(contract: Contract, live: Live) -> dict[str, Any]:
    """The create operation, and the read of what it made, with links for that read and for a repeat with the same key."""
    document = copy.deepcopy(dict(contract.document))
    create, retrieve = contract.create, contract.collection.retrieve
    operation = document["paths"][create.path][create.method.lower()]
    content = operation["requestBody"]["content"]["application/json"]
    content["schema"] = _request(contract, live)
    # Coverage makes an example of each value by itself, and would make all of its breaches out of one given here.
    content.pop("examples", None)
    record = _record(contract, live)
    operation["responses"] = _responses(contract, document, operation["responses"], record)
    document["paths"] = {create.path: {create.method.lower(): operation}}
    operation["responses"]["200"]["links"] = links = {"repeat": _repeat(create)}
    if retrieve is not None:
        document["paths"][retrieve.path] = _item(contract, retrieve, record)
        links["read"] = _read(retrieve)
    document.pop("security", None)
    for item in document["paths"].values():
        for each in [each for each in item.values() if "responses" in each]:
            each.pop("security", None)
            given = [resolve(document, parameter) for parameter in each.get("parameters", ())]
            each["parameters"] = [_never_empty(parameter) for parameter in (_KEY, *given)]
    return document


def _never_empty(parameter: Mapping[str, Any]) -> dict[str, Any]:
    """The same; a constant alone does not make the tool try an empty header."""
    schema = parameter["schema"]
    return {**parameter, "schema": {"type": "string", "minLength": 1, **schema} if "const" in schema else schema}


def _request(contract: Contract, live: Live) -> dict[str, Any]:
    body = copy.deepcopy(dict(contract.create.request_schema))
    for place in contract.places:
        if place.holds_places:
            group = body["properties"][place.key]
            group["properties"] = {}
            group["additionalProperties"] = False
            for key, definition in live.custom(contract, place.key).items():
                group["properties"][key] = _custom(contract, live, key, definition)
    for place in contract.places:
        if not place.holds_places:
            _narrow(body["properties"][place.group], place, live)
    return body


def _narrow(group: dict[str, Any], place: Place, live: Live) -> None:
    if place.read_only:
        # The tool forgives a server that ignores a property of a schema that nothing fits; a forbidden name it does not.
        names = group.setdefault("propertyNames", {"not": {"enum": []}})
        names["not"]["enum"].append(place.key)
    elif place.role is Role.OPTION:
        group["properties"][place.key] = {"enum": live.options(place.key)}
    elif place.object_type:
        several = live.holds_several(place.key)
        group["properties"][place.key] = _link(live.linked(place), several=several, required=place.required)
    else:
        group["properties"][place.key] = dict(place.schema)


def _link(ids: Sequence[str], *, several: bool, required: bool) -> dict[str, Any]:
    """One ID or an array; as a tuple, because a server may take or refuse an ID twice, and more than there is room for."""
    few = list(ids[:_FEW])
    items = [{"enum": few[:1]}, {"enum": few[1:]}] if several and few[1:] else [{"enum": few}]
    array = {"type": "array", "prefixItems": items, "items": False, "minItems": 1 if required else 0}
    return {"anyOf": [{"enum": few}, array]}


def _custom(contract: Contract, live: Live, key: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    if "valueType" not in definition:
        return _link(live.ids[definition["objectType"]], several=live.holds_several(key), required=False)
    name = definition["valueType"]
    schema = copy.deepcopy(dict(contract.values[name]))
    options = live.options(key)
    if schema.get("type") == "array":
        schema["items"] = {"enum": options} if options else schema["items"]
    elif options:
        schema = {"enum": options}
    if schema.get("type") == "object":
        schema["additionalProperties"] = False
    # Where an array of texts is documented, the sources do not say that one text by itself is refused.
    single = [{"type": "string"}] if schema.get("type") == "array" and not options else []
    return {"anyOf": [{"type": "null"}, *single, *schema.get("anyOf", [schema])]}


def _record(contract: Contract, live: Live) -> dict[str, Any]:
    """The success schema, and besides it what follows from what the request schema lets be sent."""
    schema = copy.deepcopy(dict(contract.create.response_schema))
    fields = schema["properties"][contract.value_places[0].group]
    # The value types that a contract lists are closed, and each says what its values are.
    fields["additionalProperties"]["anyOf"] = [
        {"properties": {"valueType": {"const": name}, "value": {"anyOf": [{"type": "null"}, value]}}}
        for name, value in contract.values.items()
    ]
    for place in contract.places:
        if place.holds_places or place.read_only:
            continue
        group = schema["properties"][place.group]
        entry = copy.deepcopy(group["additionalProperties"])
        group.setdefault("properties", {})[place.key] = {"allOf": [entry, {"properties": _entry(place, live)}]}
        if place.required:
            group.setdefault("required", []).append(place.key)
    return schema


def _entry(place: Place, live: Live) -> dict[str, Any]:
    if place.object_type:
        values = {"items": {"enum": list(live.linked(place))}, "minItems": 1 if place.required else 0, "uniqueItems": True}
        return {"objectType": {"const": place.object_type}, "values": values}
    value = {"enum": live.options(place.key)} if place.role is Role.OPTION else dict(place.schema)
    value = value if place.required else {"anyOf": [{"type": "null"}, value]}
    return {"valueType": {"const": place.value_type}, "value": value}


def _responses(
    contract: Contract, document: Mapping[str, Any], documented: Mapping[str, Any], record: Mapping[str, Any]
) -> dict[str, Any]:
    success = copy.deepcopy(documented["200"])
    success["content"]["application/json"]["schema"] = dict(record)
    announced = {name: {**resolve(document, header), "required": True} for name, header in success["headers"].items()}
    success["headers"] = announced
    responses = {"200": success}
    # Beside the documented ones: an ID that names nothing may be a 404, and a body may be too long.
    for status in sorted({*documented, "404", "413"} - {"200"}):
        responses[status] = {
            "description": "Nothing was created.",
            # Who sends no known key is told nothing of limits.
            "headers": {} if status == "401" else dict(announced),
            "content": {"application/json": {"schema": _refusal(contract, int(status))}},
        }
    pattern = {"type": "string", "pattern": _RETRY_AFTER}
    responses["429"]["headers"]["Retry-After"] = {"required": True, "schema": pattern}
    return responses


def _refusal(contract: Contract, status: int) -> dict[str, Any]:
    """The error of one status, with or without its wrapper."""
    types = contract.error_types.get(status)
    error: dict[str, Any] = {
        "type": "object",
        "required": ["type", "message", *(["code"] if status == 400 else [])],
        "properties": {
            "type": {"enum": list(types)} if types else {"type": "string", "minLength": 1},
            "message": {"type": "string", "minLength": 1},
            "code": {"type": "string", "minLength": 1} if status == 400 else {"type": ["string", "null"]},
            "param": {"type": ["string", "null"]},
        },
    }
    return {"anyOf": [{"type": "object", "required": ["error"], "properties": {"error": error}}, error]}


def _item(contract: Contract, retrieve: Operation, record: Mapping[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = copy.deepcopy(contract.document["paths"][retrieve.path])
    responses = item[retrieve.method.lower()]["responses"]
    responses["200"]["content"]["application/json"]["schema"] = dict(record)
    # An ID that no URL can hold is refused by the HTTP library, before there is anybody to answer in JSON.
    responses["default"] = {"description": "There is no such record, or the request is refused."}
    return item


def _read(retrieve: Operation) -> dict[str, Any]:
    """Every parameter is given, because only then is a 404 held against the server."""
    parameters = {f"path.{each.name}": "$response.body#/id" for each in retrieve.parameters if each.location == "path"}
    fixed = {f"header.{each.name}": each.schema["const"] for each in retrieve.parameters if "const" in each.schema}
    key = {f"header.{_KEY['name']}": _KEY["schema"]["const"]}
    return {"operationId": retrieve.id, "parameters": {**parameters, **fixed, **key}}


def _repeat(create: Operation) -> dict[str, Any]:
    return {
        "operationId": create.id,
        "parameters": {"header.Idempotency-Key": "$request.header.Idempotency-Key"},
        "requestBody": "$request.body",
        "x-schemathesis": {"merge_body": False},
    }
