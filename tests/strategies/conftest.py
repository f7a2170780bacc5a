"""Two contracts with a workspace each, and an oracle for bodies that shares no code with the room under test."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lightfield_contract.spec import Contract, FieldDefinition, Option, RelationshipDefinition, Role, load
from lightfield_contract.strategies import Workspace

Fault = tuple[str, str]
"""Where a body is wrong, as a JSON Pointer, and in which way."""

SELECTS = ("SINGLE_SELECT", "MULTI_SELECT")


@dataclasses.dataclass(frozen=True)
class Case:
    """A contract and what there is to write with."""

    contract: Contract
    workspace: Workspace

    @property
    def faults(self) -> Callable[[Any], set[Fault]]:
        """The oracle for this contract's bodies."""
        return Oracle(self.contract, self.workspace)


def workspace_of(contract: Contract) -> Workspace:
    """An organization with everything: options, two objects of each type, each value type, objects of another one."""
    types = sorted({place.object_type for place in contract.link_places if place.object_type} | {"thing"})
    fields = {
        place.key: FieldDefinition(place.key, place.value_type or "SINGLE_SELECT", place.read_only, _options(place.key))
        for place in contract.value_places
    }
    for value_type in contract.values:
        key = f"own_{value_type.lower()}"
        fields[key] = FieldDefinition(key, value_type, options=_options(key) if value_type in SELECTS else ())
    fields["$computed"] = FieldDefinition("$computed", "TEXT", read_only=True)
    links = {p.key: RelationshipDefinition(p.key, p.object_type or "thing", "has_one") for p in contract.link_places}
    links["own_many"] = RelationshipDefinition("own_many", types[0], "has_many")
    links["own_one"] = RelationshipDefinition("own_one", types[-1], "has_one")
    return Workspace(
        fields=fields,
        relationships=links,
        ids={name: tuple(f"{name[:3]}_{number:02}" for number in (1, 2, 3)) for name in types},
        other_ids={name: (f"{name[:3]}_91",) for name in types},
        options={place.key: _options(place.key) for place in contract.value_places if place.role is Role.OPTION},
    )


def _options(key: str) -> tuple[Option, ...]:
    return tuple(Option(f"opt_{key.strip('$')}_{number}", f"Option {number} of {key}") for number in (1, 2, 3))


@pytest.fixture(scope="session")
def opportunities() -> Case:
    """The contract that comes with the package."""
    contract = load("opportunities")
    return Case(contract, workspace_of(contract))


@pytest.fixture(scope="session")
def crates() -> Case:
    """A contract of another shape, with other names."""
    contract = load(str(Path(__file__).with_name("crates.yaml")))
    return Case(contract, workspace_of(contract))


@pytest.fixture(scope="session", params=["opportunities", "crates"])
def case(request: pytest.FixtureRequest) -> Case:
    """Each contract in turn."""
    found: Case = request.getfixturevalue(request.param)
    return found


class Oracle:
    """Tells what is wrong with a body: the request schema by jsonschema, the rest by the workspace."""

    def __init__(self, contract: Contract, workspace: Workspace) -> None:
        self.contract, self.workspace = contract, workspace
        formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
        self.schema = jsonschema.Draft202012Validator(contract.create.request_schema, format_checker=formats)
        self.values = {
            name: jsonschema.Draft202012Validator(schema, format_checker=formats) for name, schema in contract.values.items()
        }

    def __call__(self, body: Any) -> set[Fault]:
        """All faults of a body."""
        found = {fault for error in self.schema.iter_errors(body) for fault in _of_schema(error)}
        if isinstance(body, dict):
            found |= set(self._fields(body.get("fields")))
            found |= set(self._relationships(body.get("relationships")))
        return found

    def _fields(self, fields: Any) -> Iterator[Fault]:
        for key, value in fields.items() if isinstance(fields, dict) else ():
            pointer = f"/fields/{key.replace('~', '~0').replace('/', '~1')}"
            named = {place.key: place for place in self.contract.value_places}
            definition = self.workspace.fields.get(key)
            if key not in named and definition is None:
                yield pointer, "unknown"
            elif key not in named and definition is not None and definition.read_only:
                yield pointer, "not"
            elif key not in named and definition is not None:
                if not self.values[definition.value_type].is_valid(value):
                    yield pointer, "value"
                elif definition.value_type in SELECTS:
                    yield from self._choices(pointer, key, value)
            elif named[key].value_type in SELECTS and isinstance(value, str) and not named[key].read_only:
                yield from self._choices(pointer, key, value)

    def _choices(self, pointer: str, key: str, value: Any) -> Iterator[Fault]:
        options = self.workspace.options.get(key) or self.workspace.fields[key].options
        known = {name for option in options for name in (option.id, option.label)}
        if not set([value] if isinstance(value, str) else value) <= known:
            yield pointer, "option"

    def _relationships(self, relationships: Any) -> Iterator[Fault]:
        for key, value in relationships.items() if isinstance(relationships, dict) else ():
            named = {place.key: place for place in self.contract.places if place.role is Role.LINK}
            defined = self.workspace.relationships.get(key)
            if key not in named and defined is None:
                yield f"/relationships/{key}", "unknown"
                continue
            if key in named and named[key].read_only:
                continue
            object_type = (named[key].object_type if key in named else None) or (defined.object_type if defined else "")
            ids = [value] if isinstance(value, str) else value if isinstance(value, list) else []
            if not {each for each in ids if isinstance(each, str)} <= set(self.workspace.ids[object_type or ""]):
                yield f"/relationships/{key}", "id"


def _of_schema(error: jsonschema.ValidationError) -> Iterator[Fault]:
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.absolute_path)
    instance: Any = error.instance
    rule: Any = error.validator_value
    schema: Any = error.schema
    if error.validator == "required":
        missing = [name for name in rule if name not in instance and repr(name) in error.message]
        yield from ((f"{pointer}/{name.replace('/', '~1')}", "missing") for name in missing)
    elif error.validator == "additionalProperties" and rule is False:
        yield from ((f"{pointer}/{name}", "unknown") for name in instance if name not in schema["properties"])
    elif instance is None:
        yield pointer, "null" if error.validator != "not" else "not"
    elif instance in ("", []) and error.validator in ("anyOf", "minItems", "minLength"):
        yield pointer, "empty"
    else:
        yield pointer, "type" if error.validator == "anyOf" else str(error.validator)
