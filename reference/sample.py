"""The sample organizations: their records, and the API keys that open them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from ..spec import Contract
from .definitions import Field, Resource
from .resources import resources_of, sample_data
from .store import ApiKey, Organization, Record, Store, opaque_id
from .value_types import Select, codec_of

__all__ = ["SampleKeys", "sample_store"]

_DAY = 24 * 60 * 60


@dataclasses.dataclass(frozen=True)
class SampleKeys:
    """The fixed API keys of the reference server; they open sample data and nothing else.

    Attributes:
        full: full access to the first organization.
        read: every read scope of the first organization.
        create_only: exactly the scopes of the operation under test.
        no_create_read, no_create_update, no_create_other: near misses of the create scope.
        other_org: full access to the second organization.
    """

    full: str = "sk_lf_reference_full_7f3c19d2"
    read: str = "sk_lf_reference_read_51be08a4"
    create_only: str = "sk_lf_reference_create_only_c92e47f0"
    no_create_read: str = "sk_lf_reference_near_miss_read_08d65a3b"
    no_create_update: str = "sk_lf_reference_near_miss_update_e417c9d5"
    no_create_other: str = "sk_lf_reference_near_miss_other_3ab9f286"
    other_org: str = "sk_lf_reference_other_org_94d0b7e1"

    def scopes(self, contract: Contract) -> dict[str, tuple[str, ...]]:
        """Return what each key of the first organization holds, without near misses that the fragment has no scope for."""
        wanted = contract.create.scopes
        collections = contract.collections.values()
        reads = [op.scopes for c in collections for op in (c.list, c.retrieve, c.definitions) if op is not None]
        creates = [c.create.scopes for c in collections if c.create is not None and c.create.scopes != wanted]
        own = contract.collection
        own_reads = [op.scopes for op in (own.retrieve, own.list, own.definitions) if op is not None]
        held = {
            self.read: _flat(reads),
            self.create_only: wanted,
            self.no_create_read: _flat(own_reads),
            self.no_create_update: tuple(f"{scope.rpartition(':')[0]}:update" for scope in wanted),
            self.no_create_other: _flat(creates),
        }
        return {self.full: (), **{token: scopes for token, scopes in held.items() if scopes}}

    def environment(self, contract: Contract) -> dict[str, str]:
        """Return the variables that give the suite everything it can be given."""
        held = self.scopes(contract)
        near = [token for token in (self.no_create_read, self.no_create_update, self.no_create_other) if token in held]
        variables = {
            "LIGHTFIELD_API_KEY": self.full,
            "LIGHTFIELD_API_KEY_READ": self.read if self.read in held else "",
            "LIGHTFIELD_API_KEY_CREATE_ONLY": self.create_only if self.create_only in held else "",
            "LIGHTFIELD_API_KEY_NO_CREATE": ",".join(near),
            "LIGHTFIELD_API_KEY_OTHER_ORG": self.other_org,
        }
        return {name: value for name, value in variables.items() if value}


def _flat(scopes: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope for group in scopes for scope in group))


def sample_store(contract: Contract, now: float) -> Store:
    """Return two organizations with records of every object type, made the day before."""
    keys = SampleKeys()
    organizations = []
    for number, about in enumerate(sample_data()["organizations"]):
        organization = Organization(about["id"], about["name"], resources_of(contract, about["id"]))
        for resource in organization.resources.values():
            for record in _records(organization, resource, number, now - _DAY):
                organization.add(record)
        _link(organization)
        organizations.append(organization)
    first, second = (organization.id for organization in organizations[:2])
    opened = [ApiKey(token, first, scopes) for token, scopes in keys.scopes(contract).items()]
    return Store(organizations, [*opened, ApiKey(keys.other_org, second)])


def _records(organization: Organization, resource: Resource, number: int, created: float) -> Iterator[Record]:
    named = sample_data()["names"].get(resource.object_type)
    usual = [f"{resource.object_type.capitalize()} {count} of {organization.name}" for count in (1, 2, 3)]
    for count, name in enumerate(named[number] if named else usual):
        values = {field.key: _value(field, name) for field in resource.fields.values() if field.system}
        record_id = opaque_id(resource.prefix, organization.id, "sample", resource.object_type, str(count))
        yield Record(record_id, resource.object_type, created + count, values, {})


def _value(field: Field, name: str) -> Any:
    """Return a sample value: an option of a select, else what the value type makes of the record's name."""
    codec = codec_of(field.value_type)
    if codec.select is None:
        return codec.sample(name)
    ids = [option.id for option in field.options[:1]]
    return ids if codec.select is Select.SEVERAL else ids[0]


def _link(organization: Organization) -> None:
    """Give every sample record the links that it must have."""
    for resource in organization.resources.values():
        for relationship in resource.relationships.values():
            targets = organization.of_type(relationship.object_type)
            if relationship.required and targets:
                for record in organization.of_type(resource.object_type):
                    record.links[relationship.key] = (targets[0].id,)
