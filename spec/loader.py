"""Read a fragment and the clause catalogue, and make a Contract of them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from . import profile
from .contract import Contract
from .demands import Segments, find_demands, show_segments
from .derive import derive_clauses, read_error_codes, read_needs
from .errors import FragmentError, UsageError
from .given import quote, read_given_file
from .operations import Collection, Operation, Parameter
from .places import Place, Role
from .pointer import get_at, join, last_segment

__all__ = ["available", "load"]

_FOLDER = Path(__file__).parent
_CATALOGUE = "clauses.yaml"
_FORM = "spec/opportunities.yaml shows the form"
_CATALOGUES = (_CATALOGUE, "client.yaml")
_OBJECT_TYPE = "x-lightfield-object-type"
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one where PyYAML was built with it: ten times as fast


def available() -> tuple[str, ...]:
    """Return the names of the fragments that come with the package."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml") if path.name not in _CATALOGUES))


@functools.cache
def load(name: str = "opportunities") -> Contract:
    """Return the contract of a fragment.

    Args:
        name: one of `available()`, or the path of a fragment, which ends in `.yaml` or `.yml`.

    Raises:
        UsageError: there is no such fragment.
        FragmentError: the fragment does not describe a create endpoint in the form that spec/ explains.
    """
    named = name.lower().endswith((".yaml", ".yml"))
    path = Path(name) if named else _FOLDER / f"{name}.yaml"
    if not named and name not in available():
        raise UsageError(f"there is no fragment {quote(name)}: {_remedy()}")
    document = _parse(path)
    try:
        contract = _build(path, document, _parse(_FOLDER / _CATALOGUE))
        demands = [*find_demands(contract)]
    except RecursionError as error:
        raise FragmentError(
            f"{path}: a schema refers to itself; a fragment's schemas are inlined, so they must end"
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, StopIteration) as error:
        from .outline import check_outline

        check_outline(path, document)
        raise FragmentError(
            f"{path}: not a fragment of a create endpoint: {error!r} is missing or has the wrong form; {_FORM}"
        ) from error
    if demands:
        raise FragmentError(f"{path}:{_line(path, demands[0].place)}: {'; '.join(map(str, demands))}")
    return contract


def _line(path: Path, place: Segments) -> int:
    # What finds a line is loaded where there is a mistake alone.
    from .outline import line_of

    return line_of(path, place)


def _remedy() -> str:
    return f"give one of {', '.join(available())}, or the path of a .yaml file"


def _parse(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(read_given_file(path, _remedy()), _SAFE)  # noqa: S506  (one of the two safe loaders)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise FragmentError(f"{path}{line}: not YAML: {getattr(error, 'problem', None) or 'no text'}; {_FORM}") from error
    if not isinstance(document, dict):
        raise FragmentError(f"{path}: not an OpenAPI document: an object was expected; {_FORM}")
    return document


def _build(path: Path, document: Mapping[str, Any], catalogue: Mapping[str, Any]) -> Contract:
    inline = functools.partial(_inline, document)
    collections = {collection.object_type: collection for collection in _collections(document)}
    collection = collections[_object_under_test(path, document, collections)]
    create = collection.create
    if create is None:
        raise KeyError("post")
    if "200" not in document["paths"][create.path]["post"]["responses"]:
        place = ("paths", create.path, "post", "responses")
        due = "it has to say what a 200 holds; a create that answers 201 is accepted as well"
        raise FragmentError(f"{path}:{_line(path, place)}: {show_segments(place)}: {due}")
    schemas = document["components"]["schemas"]
    values = {name: inline(schemas[name]) for name in profile.value_types(create.response_schema) if name in schemas}
    needs = read_needs(catalogue)
    return Contract(
        name=path.stem,
        title=document["info"]["title"],
        version=str(document["info"]["version"]),
        document=document,
        create=create,
        collection=collection,
        collections=collections,
        clauses=derive_clauses(catalogue, needs, create.places, tuple(values), create.response_schema),
        sections=catalogue["sections"],
        needs=needs,
        values=values,
        error_schema=inline(schemas["Refusal"]),
        error_types={status: tuple(types) for status, types in catalogue["error-types"].items()},
        codes=tuple(catalogue["codes"]),
        error_codes=read_error_codes(catalogue),
        validate=next((op for tag, _, op in _operations(document) if tag == "auth"), None),
    )


def _object_under_test(path: Path, document: Mapping[str, Any], collections: Mapping[str, Collection]) -> str:
    """The object type that the document names, else the only one that can be created."""
    creatable = [name for name, collection in collections.items() if collection.create]
    named = document.get(_OBJECT_TYPE) or (creatable[0] if len(creatable) == 1 else None)
    if named not in creatable:
        raise FragmentError(
            f"{path}: which create operation is under test? Name its object type in "
            f"{_OBJECT_TYPE} at the top of the fragment: one of {', '.join(creatable) or 'none, for it has no POST'}"
        )
    return str(named)


def _resolve(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node with its own reference followed; members beside the reference stay, as OpenAPI 3.1 has it."""
    followed: set[str] = set()
    while "$ref" in node:
        if node["$ref"] in followed:
            raise RecursionError(node["$ref"])
        followed.add(node["$ref"])
        target = get_at(document, node["$ref"].removeprefix("#"))
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
    content = _resolve(document, raw.get("requestBody", {})).get("content", {})
    media_type = next(iter(content), "")
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=path,
        scopes=tuple(scope for requirement in security for scopes in requirement.values() for scope in scopes),
        parameters=tuple(Parameter(p["name"], p["in"], p.get("required", False), p["schema"]) for p in parameters),
        media_type=media_type,
        request_schema=_inline(document, content.get(media_type, {}).get("schema", {})),
        response_schema=_json_schema(document, raw["responses"].get("200", {})),
        places=tuple(_places(document, _resolve(document, content.get(media_type, {}).get("schema", {})))),
    )


def _json_schema(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    content = _resolve(document, node).get("content", {})
    schema: Mapping[str, Any] = _inline(document, content.get("application/json", {}).get("schema", {}))
    return schema


def _collections(document: Mapping[str, Any]) -> Iterator[Collection]:
    """The operations grouped by tag; the method and the end of the path show which role each plays."""
    roles: dict[str, dict[str, Operation]] = {}
    paths: dict[str, str] = {}
    for tag, path, operation in _operations(document):
        if tag == "auth":
            continue
        paths.setdefault(tag, path)
        end = last_segment(path)
        reads = "retrieve" if end.startswith("{") else "definitions" if end == "definitions" else "list"
        role = {"GET": reads, "POST": "create", "DELETE": "delete"}.get(operation.method)
        if role:
            roles.setdefault(tag, {})[role] = operation
    for tag, found in roles.items():
        yield Collection(tag, paths[tag], **found)


def _places(document: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Place]:
    """The members of the body, then those of each group."""
    members = list(_members(document, body, ""))
    yield from members
    for place in members:
        if place.holds_places:
            yield from _members(document, _resolve(document, body["properties"][place.key]), place.pointer)


def _members(document: Mapping[str, Any], parent: Mapping[str, Any], pointer: str) -> Iterator[Place]:
    for key, raw in parent.get("properties", {}).items():
        schema = _resolve(document, raw)
        at = join(pointer, key)
        value_type = last_segment(raw["$ref"].removeprefix("#")) if profile.holds_values(pointer) and "$ref" in raw else None
        yield Place(
            pointer=at,
            role=_role(at, schema, value_type),
            required=key in parent.get("required", ()),
            read_only=bool(schema.get("readOnly")),
            schema=_inline(document, raw),
            value_type=value_type,
            object_type=schema.get(_OBJECT_TYPE),
        )


def _role(pointer: str, schema: Mapping[str, Any], value_type: str | None) -> Role:
    if pointer in (profile.VALUE_MAP, profile.LINK_MAP):
        return Role.GROUP if schema.get("additionalProperties") is False else Role.MAP
    if profile.holds_links(pointer):
        return Role.LINK
    return {"TEXT": Role.TEXT, "SINGLE_SELECT": Role.OPTION}.get(value_type or "", Role.VALUE)
