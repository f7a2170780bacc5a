"""Makes an organization's resources of a fragment, and fills in from the sample data what a fragment leaves open."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ..spec import Contract, Place, Role
from ..spec.profile import holds_values
from .definitions import Choice, Field, Relationship, Resource, label_of
from .store import opaque_id
from .value_types import VALUE_TYPES, Select, codec_of

__all__ = ["resources_of", "sample_data"]

_ANNOTATIONS = {"default", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"}
_TEXT = "TEXT"
_SUMMARY_TYPES = ("MARKDOWN", _TEXT)


@functools.cache
def sample_data() -> Mapping[str, Any]:
    """Return the sample data as written."""
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "sample.yaml").read_text("utf-8"))
    return data


def resources_of(contract: Contract, organization: str) -> dict[str, Resource]:
    """Return every object type that the fragment serves or links to, as one organization sees it."""
    builders = (_ResourceBuilder(contract, organization, object_type) for object_type in _object_types(contract))
    return {builder.object_type: builder.build() for builder in builders}


def _object_types(contract: Contract) -> list[str]:
    places = (place for each in contract.collections.values() if each.create for place in each.create.places)
    linked = (_linked_type(place) for place in places if place.role is Role.LINK)
    return list(dict.fromkeys([*contract.collections, *linked]))


def _linked_type(place: Place) -> str:
    return place.object_type or place.key.lstrip("$")


class _ResourceBuilder:
    """One object type of one organization in the making."""

    def __init__(self, contract: Contract, organization: str, object_type: str) -> None:
        self.contract = contract
        self.organization = organization
        self.object_type = object_type
        collection = contract.collections.get(object_type)
        self.create = collection.create if collection else None
        self.places = self.create.places if self.create else ()

    def build(self) -> Resource:
        fields = {field.key: field for field in self._fields()}
        summary = sample_data().get("summary")
        return Resource(
            object_type=self.object_type,
            prefix=sample_data()["prefixes"].get(self.object_type, re.sub(r"\W", "", self.object_type)[:3].lower() or "obj"),
            fields=fields,
            relationships={relationship.key: relationship for relationship in self._relationships()},
            members={place.key: place for place in self.places if not place.parent},
            summary=summary if self.create and summary in fields and fields[summary].read_only else None,
        )

    def _sampled(self, section: str) -> Mapping[str, Any]:
        data = sample_data()[section]
        found: Mapping[str, Any] = data.get(self.object_type) or {}
        return found

    def _fields(self) -> Iterator[Field]:
        seen: set[str] = set()
        for place in self.places:
            if holds_values(place.parent):
                seen.add(place.key)
                yield self._system(place)
        more = self._sampled("more-fields")
        if not more and not self.create:
            more = sample_data()["more-fields"]["default"]
        for key, type_name in more.items():
            if key not in seen:
                seen.add(key)
                yield self._field(key, type_name, system=True)
        if self.create:
            yield from self._added(seen)

    def _added(self, seen: set[str]) -> Iterator[Field]:
        """Yield the summary, and custom fields of each value type."""
        summary = sample_data().get("summary")
        if summary and summary not in seen:
            type_name = next((name for name in _SUMMARY_TYPES if name in self.contract.values), _TEXT)
            yield self._field(summary, type_name, system=True, read_only=True)
        for type_name in self.contract.values:
            key = f"sample-{type_name.lower().replace('_', '-')}"
            yield self._field(key, type_name)
            for number in range(sample_data()["more-custom"].get(type_name, 0)):
                yield self._field(f"{key}-{number + 2}", type_name)

    def _system(self, place: Place) -> Field:
        type_name = place.value_type or self._sampled("value-types").get(place.key) or self._guess(place)
        return self._field(
            place.key,
            type_name,
            system=True,
            required=place.required,
            read_only=place.read_only,
            description=place.schema.get("description", ""),
            constraint=None if place.read_only else _constraint(place.schema, self.contract.values.get(type_name, {})),
        )

    def _guess(self, place: Place) -> str:
        """Return the value type of a field for which neither the fragment nor the sample data name one."""
        if place.read_only:
            return next((name for name in self.contract.values if codec_of(name).select is Select.ONE), _TEXT)
        json_type = place.schema.get("type")
        return next((name for name, each in VALUE_TYPES.items() if json_type in each.json_types), _TEXT)

    def _field(self, key: str, type_name: str, *, description: str = "", **more: Any) -> Field:
        codec = codec_of(type_name)
        return Field(
            id=opaque_id("fld", self.organization, self.object_type, key),
            key=key,
            label=label_of(key),
            description=description or f"{label_of(key)} of this {self.object_type}.",
            value_type=type_name,
            configuration=codec.configuration,
            options=tuple(self._options(key)) if codec.select else (),
            **more,
        )

    def _options(self, key: str) -> Iterator[Choice]:
        for label in self._sampled("options").get(key, ("Option 1", "Option 2", "Option 3")):
            option_id = opaque_id("opt", self.organization, self.object_type, key, label)
            yield Choice(option_id, label, f"{label_of(key)}: {label}.")

    def _relationships(self) -> Iterator[Relationship]:
        for place in self.places:
            if place.role is Role.LINK:
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


def _constraint(schema: Mapping[str, Any], value_schema: Mapping[str, Any]) -> Callable[[Any], bool] | None:
    """Return a check of what a place says beyond its value type; most say nothing more, which keeps requests cheap."""
    said = {key: value for key, value in schema.items() if key not in _ANNOTATIONS and not key.startswith("x-")}
    if said == dict(value_schema) or not said:
        return None
    # Imported here, because few fragments need it and it takes a third as long to import as the whole reference.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(said).is_valid
