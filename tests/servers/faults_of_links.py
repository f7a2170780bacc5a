"""Faults of links and of whole bodies, beside what an organization's own rules may refuse."""

from __future__ import annotations

from typing import Any

from .admission import Call
from .fault import Faulty
from .organization import Relationship, Thing
from .refusal import Refused
from .store import Record, Store

__all__ = [
    "AccountRefusedInArray",
    "AccountRefusedWhenUsedAgain",
    "ComputedFieldIsTaken",
    "ComputedLinkIsTaken",
    "ContactRefusedInArray",
    "EveryThirdCreateRefused",
    "ListedAccountIsMissing",
    "ListedAccountIsNotFound",
    "ListedContactIsMissing",
    "ListedMemberHasWrongType",
    "OptionalLinkRefusedBesideFields",
    "StatusIsTaken",
    "TaskIsTaken",
]


class _Missing(Faulty):
    """Something that is listed is called missing, or of another type."""

    object_type, status, code = "account", 400, "relationship_entity_missing"

    def find_thing(self, store: Store, relationship: Relationship, identifier: str, place: str) -> Thing:
        """Refuse the first listed thing that no rule refuses."""
        found = super().find_thing(store, relationship, identifier, place)
        usable = [thing.id for thing in store.things[relationship.object_type] if not thing.refusal]
        if relationship.object_type == self.object_type and found.id == usable[0]:
            raise Refused(self.status, self.code if self.status == 400 else "", "no such thing", place)
        return found


class ListedAccountIsMissing(_Missing):
    """A listed account is refused with `referenced_resource_missing`."""

    kind, clause = "inactive", "operation:create"
    code = "referenced_resource_missing"


class ListedAccountIsNotFound(_Missing):
    """A listed account is answered with 404."""

    kind, clause = "inactive", "operation:create"
    status = 404


class ListedContactIsMissing(_Missing):
    """A listed contact is refused with `relationship_entity_missing`."""

    kind, clause = "inactive", "optional:/relationships/$champion"
    object_type = "contact"


class ListedMemberHasWrongType(_Missing):
    """A listed member is refused with `invalid_type`."""

    kind, clause = "inactive", "optional:/relationships/$owner"
    object_type, code = "member", "invalid_type"


class AccountRefusedInArray(Faulty):
    """An account is taken as one ID, and refused as if by a rule in an array of one."""

    kind, clause = "inactive", "union:/relationships/$account"

    def read_link(self, store: Store, relationship: Relationship, value: Any, place: str) -> list[str]:
        """Refuse the array."""
        ids = super().read_link(store, relationship, value, place)
        if relationship.required and isinstance(value, list):
            raise Refused(422, "relationship_not_allowed", "a rule of the organization does not allow this link", place)
        return ids


class ContactRefusedInArray(Faulty):
    """The only contact is taken as one ID, and refused as if by a rule in an array of one."""

    kind, clause = "one-of-each", "union:/relationships/$champion"

    def read_link(self, store: Store, relationship: Relationship, value: Any, place: str) -> list[str]:
        """Refuse the array."""
        ids = super().read_link(store, relationship, value, place)
        if relationship.object_type == "contact" and ids and isinstance(value, list):
            raise Refused(422, "relationship_not_allowed", "a rule of the organization does not allow this link", place)
        return ids


class AccountRefusedWhenUsedAgain(Faulty):
    """An account with five records is refused as if by a rule, though nobody said that it holds no more."""

    kind, clause = "inactive", "operation:create"

    def keep(self, store: Store, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Count what is linked already."""
        if sum(record.links.get("$account") == links["$account"] for record in store.created) >= 5:
            raise Refused(422, "relationship_not_allowed", "a rule does not allow this link", "relationships.$account")
        return super().keep(store, fields, links, now)


class EveryThirdCreateRefused(Faulty):
    """Every third create is refused as if by a rule."""

    kind, clause = "mandatory", "operation:create"
    turns = 0

    def keep(self, store: Store, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Refuse by turns."""
        self.turns += 1
        if self.turns % 3 == 0:
            raise Refused(422, "field_mandatory", "the organization demands a value here", "fields.region")
        return super().keep(store, fields, links, now)


class OptionalLinkRefusedBesideFields(Faulty):
    """A champion is refused as if by a rule as soon as the body has a custom attribute besides the mandatory one."""

    kind, clause = "mandatory", "operation:create"

    def keep(self, store: Store, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Refuse the pair."""
        if "$champion" in links and "region" in fields:
            raise Refused(422, "relationship_not_allowed", "a rule does not allow this link", "relationships.$champion")
        return super().keep(store, fields, links, now)


class _Dropping(Faulty):
    """A place that cannot be set is taken without a word, and has no effect."""

    member, place = "fields", ""

    def create(self, call: Call, body: dict[str, Any]) -> Record:
        """Leave the place out before the body is checked."""
        given = body.get(self.member)
        if isinstance(given, dict):
            body = body | {self.member: {key: value for key, value in given.items() if key != self.place}}
        return super().create(call, body)


class StatusIsTaken(_Dropping):
    """The status is taken without effect."""

    kind, clause = "no-read-only", "read-only:/fields/$opportunityStatus"
    place = "$opportunityStatus"


class TaskIsTaken(_Dropping):
    """Tasks are taken without effect."""

    kind, clause = "no-read-only", "read-only:/relationships/$task"
    member, place = "relationships", "$task"


class ComputedFieldIsTaken(_Dropping):
    """A custom attribute that definitions call read-only is taken without effect."""

    kind = "computed"
    place = "score"


class ComputedLinkIsTaken(_Dropping):
    """A custom relationship that definitions call read-only is taken without effect."""

    kind = "computed"
    member, place = "relationships", "referrer"
