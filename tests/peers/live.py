"""What exists in the target, as somebody who prepares a tool for it would look it up."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from lightfield_contract.reference import Reference
from lightfield_contract.spec import Contract, Place

__all__ = ["Live", "read_live"]


@dataclasses.dataclass(frozen=True)
class Live:
    """Names that a request may use.

    Attributes:
        fields, relationships: definitions by key, as the target tells them.
        ids: by object type, those that its list shows.
    """

    fields: Mapping[str, Mapping[str, Any]]
    relationships: Mapping[str, Mapping[str, Any]]
    ids: Mapping[str, tuple[str, ...]]

    def options(self, key: str) -> list[str]:
        """Each option of a select, by ID and by label."""
        found = self.fields[key]["typeConfiguration"].get("options", ())
        return [name for option in found for name in (option["id"], option["label"])]

    def custom(self, contract: Contract, group: str) -> dict[str, Mapping[str, Any]]:
        """The definitions of what an organization added and may set."""
        known = {place.key for place in contract.places}
        found = self.fields if group == contract.value_places[0].group else self.relationships
        return {key: each for key, each in found.items() if key not in known and not each["readOnly"]}

    def holds_several(self, key: str) -> bool:
        """Whether a relationship takes more than one ID."""
        return str(self.relationships[key]["cardinality"]).lower() == "has_many"

    def linked(self, place: Place) -> Sequence[str]:
        """The IDs that a relationship may be set to."""
        return self.ids[place.object_type or ""]


def read_live(contract: Contract, server: Reference) -> Live:
    """Reads the definitions and the lists.

    Raises:
        LookupError: the contract has no definitions to read.
    """
    if contract.collection.definitions is None:
        raise LookupError("the contract has no definitions: nobody could look up what exists")
    headers = {"Authorization": f"Bearer {server.environment['LIGHTFIELD_API_KEY']}"}
    if contract.version_header is not None:
        headers[contract.version_header.name] = contract.version_header.schema["const"]
    with httpx.Client(base_url=server.url, headers=headers) as client:
        definitions = client.get(contract.collection.definitions.path).json()
        pages = {
            name: client.get(collection.list.path).json()["data"]
            for name, collection in contract.collections.items()
            if collection.list is not None
        }
    ids = {name: tuple(record["id"] for record in page) for name, page in pages.items()}
    return Live(definitions["fieldDefinitions"], definitions["relationshipDefinitions"], ids)
