"""Variations of what a body may name: IDs that are given twice, too many or unknown, and keys that no definition lists."""

from __future__ import annotations

from typing import Any

from ..answers import JsonAnswer, Refusal
from ..definitions import Relationship
from ..steps import Call
from .variation import Variation, permitted

__all__: list[str] = []


@permitted("duplicates", "refused")
class DuplicatesRefused(Variation):
    """An ID that is given twice is refused."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        super().check_link(call, relationship, value)
        if isinstance(value, list) and len(set(value)) < len(value):
            raise self.too_many_links(relationship)


@permitted("several", "first-kept")
class FirstIdKept(Variation):
    """Of several IDs for a relationship that holds one, the first is kept."""

    def check_link_count(self, relationship: Relationship, ids: tuple[str, ...]) -> None:
        super().check_link_count(relationship, ids[:1])

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        relationships = call.resource.relationships
        return {
            key: ids[:1] if relationships[key].cardinality == "has_one" else ids
            for key, ids in super().keep_links(call).items()
        }


@permitted("several", "first-looked-at")
class FirstIdLookedAt(FirstIdKept):
    """Of several IDs for a relationship that holds one, the first is kept, and no other is looked up."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        self.check_link_type(relationship, value)
        alone = relationship.cardinality == "has_one" and isinstance(value, list)
        super().check_link(call, relationship, value[:1] if alone else value)


class _UnknownId(Variation):
    """Refuses an ID that cannot be linked to with another status."""

    unlinked_status = 404
    unlinked_type = "not_found"

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        if refusal.code in ("referenced_resource_missing", "relationship_entity_missing"):
            refusal.status, refusal.type = self.unlinked_status, self.unlinked_type
        return super().refuse(call, refusal)


@permitted("unknown-id", "404")
class UnknownIdNotFound(_UnknownId):
    """An ID that cannot be linked to is a 404."""


@permitted("unknown-id", "422")
class UnknownIdUnprocessable(_UnknownId):
    """An ID that cannot be linked to is a 422."""

    unlinked_status = 422
    unlinked_type = "unprocessable_content"


@permitted("unknown", "taken", endpoint_only=True)
class UnknownKeysIgnored(Variation):
    """Fields and relationships that no definition lists are ignored."""

    def check_unknown_field(self, call: Call, key: str) -> None: ...

    def check_unknown_relationship(self, call: Call, key: str) -> None: ...
