"""Reads a fragment and the clause catalogue, and makes a Contract of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from .contract import Collection, Contract, Operation, Parameter, Place, Shape
from .derive import derive_clauses, read_needs
from .errors import FragmentError, UsageError

__all__ = ["available", "load"]

_FOLDER = Path(__file__).parent
_CATALOGUE = "clauses.yaml"
_CATALOGUES = (_CATALOGUE, "client.yaml")
_OBJECT_TYPE = "x-lightfield-object-type"
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one where PyYAML was built with it: ten times as fast


def available() -> tuple[str, ...]:
    """The names of the fragments that come with the package."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml") if path.name not in _CATALOGUES))


@functools.cache
def load(name: str = "opportunities") -> Contract:
    """The contract of a fragment.

    Args:
        name: one of `available()`, or the path of a fragment, which ends in `.yaml` or `.yml`.

    Raises:
        UsageError: there is no such fragment.
        FragmentError: the fragment does not describe a create endpoint in the form that spec/ explains.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else _FOLDER / f"{name}.yaml"
    if not path.is_file() or path.name in _CATALOGUES:
        raise UsageError(f"there is no fragment {name!r}: give one of {', '.join(available())}, or the path of a .yaml file")
    document = _parse(path)
    try:
        return _build(path.stem, document, _parse(_FOLDER / _CATALOGUE))
    except RecursionError as error:
        raise FragmentError(
            f"{path}: a schema refers to itself; a fragment's schemas are inlined, so they must end"
        ) from error
    except (KeyError, TypeError, AttributeError, IndexError, StopIteration) as error:
        raise FragmentError(
            f"{path}: not a fragment of a create endpoint: {error!r} is missing or has the wrong form; "
            "spec/opportunities.yaml shows the form"
        ) from error


def _parse(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text("utf-8"), _SAFE)  # noqa: S506  (one of the two safe loaders)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FragmentError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise FragmentError(f"{path}: not an OpenAPI document: an object was expected")
    return document


def _build(name: str, document: Mapping[str, Any], catalogue: Mapping[str, Any]) -> Contract:
    inline = functools.partial(_inline, document)
    collections = {collection.object_type: collection for collection in _collections(document)}
    first = next(iter(document["paths"].values()))
    collection = collections[first["post"]["tags"][0]]
    create = collection.create
    if create is None:
        raise KeyError("post")
    raw = _resolve(document, first["post"]["requestBody"]["content"]["application/json"]["schema"])
    places = tuple(_places(document, raw))
    schemas = document["components"]["schemas"]
    values = {name: inline(schemas[name]) for name in _value_types(create.response_schema) if name in schemas}
    needs = read_needs(catalogue)
    return Contract(
        name=name,
        title=document["info"]["title"],
        version=str(document["info"]["version"]),
        document=document,
        create=create,
        collection=collection,
        collections=collections,
        places=places,
        clauses=derive_clauses(catalogue, needs, places, tuple(values), create.response_schema),
        sections=catalogue["sections"],
        needs=needs,
        values=values,
        error_schema=inline(schemas["Refusal"]),
        error_types={status: tuple(types) for status, types in catalogue["error-types"].items()},
        error_codes={rule: tuple(codes) for rule, codes in catalogue["error-codes"].items()},
        validate=next((op for tag, _, op in _operations(document) if tag == "auth"), None),
    )


def _resolve(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node with its own reference followed; members beside the reference stay, as OpenAPI 3.1 has it."""
    followed: set[str] = set()
    while "$ref" in node:
        if node["$ref"] in followed:
            raise RecursionError(node["$ref"])
        followed.add(node["$ref"])
        target: Any = document
        for segment in node["$ref"].removeprefix("#/").split("/"):
            target = target[segment]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def _inline(document: Mapping[str, Any], node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _inline(document, value) for key, value in _resolve(document, node).items()}
    if isinstance(node, list):
        return [_inline(document, item) for item in node]
    return node


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    """Tag, path and operation of everything in the fragment, in its order."""
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield item[method]["tags"][0], path, _operation(document, path, method, item)


def _operation(document: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any]) -> Operation:
    raw = item[method]
    parameters = [_inline(document, p) for p in [*item.get("parameters", ()), *raw.get("parameters", ())]]
    security = raw.get("security", document.get("security", []))
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=path,
        scopes=tuple(scope for requirement in security for scopes in requirement.values() for scope in scopes),
        parameters=tuple(Parameter(p["name"], p["in"], p.get("required", False), p["schema"]) for p in parameters),
        request_schema=_json_schema(document, raw.get("requestBody", {})),
        response_schema=_json_schema(document, raw["responses"].get("200", {})),
    )


def _json_schema(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    content = _resolve(document, node).get("content", {})
    schema: Mapping[str, Any] = _inline(document, content.get("application/json", {}).get("schema", {}))
    return schema


def _collections(document: Mapping[str, Any]) -> Iterator[Collection]:
    """Groups operations by tag. Which role an operation plays is told by its method and the end of its path."""
    roles: dict[str, dict[str, Operation]] = {}
    paths: dict[str, str] = {}
    for tag, path, operation in _operations(document):
        if tag == "auth":
            continue
        paths.setdefault(tag, path)
        reads = {"definitions": "definitions", "{id}": "retrieve"}.get(path.rsplit("/", 1)[1], "list")
        role = {"GET": reads, "POST": "create"}.get(operation.method)
        if role:
            roles.setdefault(tag, {})[role] = operation
    for tag, found in roles.items():
        yield Collection(tag, paths[tag], **found)


def _places(document: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Place]:
    groups = {name: _resolve(document, schema) for name, schema in body["properties"].items()}
    for name, schema in groups.items():
        yield Place(f"/{name}", Shape.GROUP, name in body.get("required", ()), False, _inline(document, schema))
    for name, schema in groups.items():
        shape = Shape.FIELD if name == "fields" else Shape.RELATIONSHIP
        for key, raw in schema.get("properties", {}).items():
            place = _resolve(document, raw)
            yield Place(
                pointer=f"/{name}/{key.replace('~', '~0').replace('/', '~1')}",
                shape=shape,
                required=key in schema.get("required", ()),
                read_only=bool(place.get("readOnly")),
                schema=_inline(document, raw),
                value_type=raw["$ref"].rsplit("/", 1)[1] if shape is Shape.FIELD and "$ref" in raw else None,
                object_type=place.get(_OBJECT_TYPE),
            )


def _value_types(schema: Any) -> tuple[str, ...]:
    """The vocabulary of `valueType`, from the success schema."""
    found: tuple[str, ...] = tuple(schema["properties"]["fields"]["additionalProperties"]["properties"]["valueType"]["enum"])
    return found
