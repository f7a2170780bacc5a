"""Whether the relationships of a body name what they may name."""

from __future__ import annotations

from typing import Any

from .answers import Refusal
from .definitions import Relationship, Resource
from .refusals import Refusals
from .steps import Call
from .store import Record

__all__ = ["Links"]


class Links(Refusals):
    """The steps that check relationships, one place and one rule at a time."""

    def check_relationships(self, call: Call) -> None:
        """Checks each relationship that was sent, then that no required one is missing."""
        sent = self.group(call, "relationships")
        for key, value in sent.items():
            self.check_relationship(call, key, value)
        for relationship in call.resource.relationships.values():
            if relationship.required and relationship.key not in sent:
                self.check_relationship_required(relationship)

    def check_relationship(self, call: Call, key: str, value: Any) -> None:
        """Checks one relationship that was sent."""
        relationship = self.find_relationship(call.resource, key)
        if relationship is None:
            self.check_unknown_relationship(call, key)
        elif relationship.read_only:
            self.check_read_only_relationship(relationship, value)
        else:
            self.check_link(call, relationship, value)

    def check_relationship_required(self, relationship: Relationship) -> None:
        """Refuses to do without a required relationship."""
        raise self.missing(self.place("relationships", relationship.key))

    def find_relationship(self, resource: Resource, key: str) -> Relationship | None:
        """The definition that a key in the body names."""
        return resource.relationships.get(key)

    def check_unknown_relationship(self, call: Call, key: str) -> None:  # noqa: ARG002 - a fault looks at the call
        """Refuses a relationship that no definition lists."""
        raise Refusal.bad_request("unknown_relationship", "There is no such relationship.", self.place("relationships", key))

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:  # noqa: ARG002 - see above
        """Refuses to have a read-only relationship set, to whatever value."""
        raise self.read_only(self.place("relationships", relationship.key))

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        """Checks the IDs given for a relationship that may be set."""
        self.check_link_type(relationship, value)
        ids = self.link_ids(value)
        self.check_link_count(relationship, ids)
        for record_id in ids:
            self.check_target(call, relationship, record_id)

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        """Refuses what is neither an ID nor an array of IDs."""
        if not all(isinstance(item, str) for item in (value if isinstance(value, list) else [value])):
            raise self.wrong_type(self.place("relationships", relationship.key), "an ID or an array of IDs")

    def link_ids(self, value: Any) -> tuple[str, ...]:
        """The IDs, each once, in the order in which they were given."""
        given = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(item for item in given if isinstance(item, str)))

    def check_link_count(self, relationship: Relationship, ids: tuple[str, ...]) -> None:
        """Refuses nothing where one ID is required, and several where there is room for one."""
        if relationship.required and not ids:
            self.check_relationship_required(relationship)
        if relationship.cardinality == "has_one" and len(ids) > 1:
            raise self.too_many_links(relationship)

    def too_many_links(self, relationship: Relationship) -> Refusal:
        """The refusal of several IDs for a relationship that holds one."""
        param = self.place("relationships", relationship.key)
        return Refusal.bad_request("invalid_configuration", f"{param} holds one ID.", param)

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        """Refuses an ID that names nothing of the right type in the caller's organization."""
        target = self.find_target(call, record_id)
        if target is None:
            self.check_unknown_target(call, relationship, record_id)
        elif target.object_type != relationship.object_type:
            self.check_other_type(relationship, target)

    def find_target(self, call: Call, record_id: str) -> Record | None:
        """The record that an ID names, among those of the caller's organization."""
        return call.organization.index.get(record_id)

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:  # noqa: ARG002 - see above
        """Refuses an ID that names nothing here. Another organization's ID gets the very same answer."""
        param = self.place("relationships", relationship.key)
        raise Refusal.bad_request("referenced_resource_missing", f"{param} names something that does not exist.", param)

    def check_other_type(self, relationship: Relationship, target: Record) -> None:  # noqa: ARG002 - see above
        """Refuses the ID of an object of another type."""
        param = self.place("relationships", relationship.key)
        message = f"{param} names something that is no {relationship.object_type}."
        raise Refusal.bad_request("relationship_entity_missing", message, param)
