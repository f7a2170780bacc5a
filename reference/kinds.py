"""Makes an organization's definitions of a fragment, and fills in from the sample data what a fragment leaves open."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from ..spec import Contract, Place, Role
from .definitions import Field, Kind, Option, Relationship, label_of
from .store import opaque_id

__all__ = ["kinds_of", "sample_data"]

_ANNOTATIONS = {"default", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"}
_SELECTS = ("SINGLE_SELECT", "MULTI_SELECT")


@functools.cache
def sample_data() -> Mapping[str, Any]:
    """The sample data as written."""
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "sample.yaml").read_text("utf-8"))
    return data


def kinds_of(contract: Contract, organization: str) -> dict[str, Kind]:
    """Every object type that the fragment serves or links to, as one organization sees it."""
    builders = (_KindBuilder(contract, organization, object_type) for object_type in _object_types(contract))
    return {builder.object_type: builder.build() for builder in builders}


def _object_types(contract: Contract) -> list[str]:
    places = (place for each in contract.collections.values() if each.create for place in each.create.places)
    linked = (_linked_type(place) for place in places if place.role is Role.LINK)
    return list(dict.fromkeys([*contract.collections, *linked]))


def _linked_type(place: Place) -> str:
    return place.object_type or place.key.lstrip("$")


class _KindBuilder:
    """One object type of one organization in the making."""

    def __init__(self, contract: Contract, organization: str, object_type: str) -> None:
        self.contract = contract
        self.organization = organization
        self.object_type = object_type
        self.collection = contract.collections.get(object_type)
        self.create = self.collection.create if self.collection else None

    def build(self) -> Kind:
        schema = self.create.request_schema if self.create else {}
        fields = {field.key: field for field in self._fields()}
        summary = sample_data().get("summary")
        return Kind(
            object_type=self.object_type,
            prefix=sample_data()["prefixes"].get(self.object_type, re.sub(r"\W", "", self.object_type)[:3].lower() or "obj"),
            fields=fields,
            relationships={relationship.key: relationship for relationship in self._relationships()},
            members=tuple(schema.get("properties", ())),
            groups=tuple(schema.get("required", ())),
            summary=summary if self.create and summary in fields and fields[summary].read_only else None,
        )

    def _sampled(self, section: str) -> Mapping[str, Any]:
        data = sample_data()[section]
        found: Mapping[str, Any] = data.get(self.object_type) or {}
        return found

    def _fields(self) -> Iterator[Field]:
        seen: set[str] = set()
        for place in self._places(links=False):
            seen.add(place.key)
            yield self._system(place)
        more = self._sampled("fields")
        if not more and not self.create:
            more = sample_data()["fields"]["default"]
        for key, value_type in more.items():
            if key not in seen:
                seen.add(key)
                yield self._field(key, value_type, system=True)
        if self.create:
            yield from self._added(seen)

    def _added(self, seen: set[str]) -> Iterator[Field]:
        """The summary, and one custom field of each value type."""
        summary = sample_data().get("summary")
        if summary and summary not in seen:
            value_type = "MARKDOWN" if "MARKDOWN" in self.contract.values else "TEXT"
            yield self._field(summary, value_type, system=True, read_only=True)
        for value_type in self.contract.values:
            yield self._field(f"sample-{value_type.lower().replace('_', '-')}", value_type)

    def _system(self, place: Place) -> Field:
        value_type = place.value_type or self._sampled("value-types").get(place.key) or self._guess(place)
        return self._field(
            place.key,
            value_type,
            system=True,
            required=place.required,
            read_only=place.read_only,
            description=place.schema.get("description", ""),
            constraint=None if place.read_only else _constraint(place.schema, self.contract.values.get(value_type, {})),
        )

    def _guess(self, place: Place) -> str:
        if place.read_only:
            return "SINGLE_SELECT" if "SINGLE_SELECT" in self.contract.values else "TEXT"
        types = {"boolean": "CHECKBOX", "integer": "NUMBER", "number": "NUMBER"}
        return types.get(str(place.schema.get("type")), "TEXT")

    def _field(self, key: str, value_type: str, *, description: str = "", **more: Any) -> Field:
        return Field(
            id=opaque_id("fld", self.organization, self.object_type, key),
            key=key,
            label=label_of(key),
            description=description or f"{label_of(key)} of this {self.object_type}.",
            value_type=value_type,
            configuration=sample_data()["configurations"].get(value_type, {}),
            options=tuple(self._options(key)) if value_type in _SELECTS else (),
            **more,
        )

    def _options(self, key: str) -> Iterator[Option]:
        for label in self._sampled("options").get(key, ("Option 1", "Option 2", "Option 3")):
            option_id = opaque_id("opt", self.organization, self.object_type, key, label)
            yield Option(option_id, label, f"{label_of(key)}: {label}.")

    def _relationships(self) -> Iterator[Relationship]:
        for place in self._places(links=True):
            usual = "has_many" if place.read_only else "has_one"
            yield Relationship(
                key=place.key,
                label=label_of(place.key),
                description=place.schema.get("description", ""),
                cardinality=self._sampled("cardinalities").get(place.key, usual),
                object_type=_linked_type(place),
                required=place.required,
                read_only=place.read_only,
            )
        if self.create:
            listed = [name for name, collection in self.contract.collections.items() if collection.list]
            target = next((name for name in listed if name != self.object_type), self.object_type)
            label = f"Related {target}s"
            yield Relationship(f"sample-{target}s", label, f"{label} of this {self.object_type}.", "has_many", target)

    def _places(self, *, links: bool) -> Iterator[Place]:
        for place in self.create.places if self.create else ():
            if place.role is Role.LINK if links else place.holds_value:
                yield place


def _constraint(schema: Mapping[str, Any], value_schema: Mapping[str, Any]) -> Callable[[Any], bool] | None:
    """A check of what a place says beyond its value type; most say nothing more, which keeps requests cheap."""
    told = {key: value for key, value in schema.items() if key not in _ANNOTATIONS and not key.startswith("x-")}
    return None if told == dict(value_schema) or not told else Draft202012Validator(told).is_valid
