"""Faults that hide beside what an organization's own rules may refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .admission import Call
from .fault import Faulty
from .organization import Field, Option, Organization, Relationship, Thing
from .refusal import Refused
from .store import Record, Store

__all__ = [
    "AccountRefusedInArray",
    "AccountRefusedWhenUsedAgain",
    "ChildComesBackAsSibling",
    "ChildRefusedById",
    "ComputedFieldIsTaken",
    "ComputedLinkIsTaken",
    "ContactRefusedInArray",
    "DoubledLabelsShareOption",
    "EveryThirdCreateRefused",
    "LastIdRefused",
    "LastLabelRefused",
    "ListedAccountIsMissing",
    "ListedAccountIsNotFound",
    "ListedContactIsMissing",
    "ListedMemberHasWrongType",
    "MandatoryFieldComesBackNull",
    "MandatoryFieldTakesAnything",
    "OnlyLabelRefused",
    "OptionalLinkRefusedBesideFields",
    "StatusIsTaken",
    "TaskIsTaken",
    "UniqueComparesBeginnings",
    "UniqueRefusesAlways",
    "UniqueValueIsFolded",
]


class UniqueComparesBeginnings(Faulty):
    """A value at a unique place is refused when another record holds one with the same first eight characters."""

    kind, clause = "unique", "custom:TEXT"

    def check_unique(self, store: Store, fields: Mapping[str, Any]) -> None:
        """Compare the beginnings."""
        for key, value in fields.items():
            if store.organization.fields[key].unique and isinstance(value, str):
                if any(str(record.fields.get(key, ""))[:8] == value[:8] for record in store.created if key in record.fields):
                    raise Refused(422, "value_not_unique", "another record has that value", f"fields.{key}")


class UniqueRefusesAlways(Faulty):
    """Every value is refused at one of the unique places, the NUMBER."""

    kind, clause = "unique", "custom:NUMBER"

    def check_unique(self, store: Store, fields: Mapping[str, Any]) -> None:
        """Refuse whatever is there."""
        for key in fields:
            if store.organization.fields[key].unique and store.organization.fields[key].type == "NUMBER":
                raise Refused(422, "value_not_unique", "another record has that value", f"fields.{key}")
        super().check_unique(store, fields)


class UniqueValueIsFolded(Faulty):
    """A TEXT at a unique place is kept in small letters."""

    kind, clause = "unique", "custom:TEXT"

    def read_value(self, organization: Organization, field: Field, value: Any, place: str) -> Any:
        """Fold it."""
        kept = super().read_value(organization, field, value, place)
        return kept.lower() if field.unique and field.type == "TEXT" and isinstance(kept, str) else kept


class ChildRefusedById(Faulty):
    """The options of a dependent select are taken by label, and refused by ID even beside their parent's option."""

    kind, clause = "dependent", "custom:SINGLE_SELECT"

    def find_option(self, organization: Organization, field: Field, text: str, place: str) -> Option:
        """Refuse IDs of children."""
        found = super().find_option(organization, field, text, place)
        if found.parent and text == found.id and field.type == "SINGLE_SELECT":
            raise Refused(422, "dependent_option", "the option does not go with its parent", place)
        return found


class ChildComesBackAsSibling(Faulty):
    """Every option of a dependent select is kept as the first one of its parent."""

    kind, clause = "dependent", "custom:SINGLE_SELECT"

    def find_option(self, organization: Organization, field: Field, text: str, place: str) -> Option:
        """Return the first sibling."""
        found = super().find_option(organization, field, text, place)
        return next(option for option in field.options if option.parent == found.parent) if found.parent else found


class OnlyLabelRefused(Faulty):
    """A stage's label is refused as ambiguous even where it is the only one."""

    kind, clause = "pipelines", "option:/fields/$stage"

    def find_option(self, organization: Organization, field: Field, text: str, place: str) -> Option:
        """Refuse every label of a stage."""
        found = super().find_option(organization, field, text, place)
        if field.required and text != found.id:
            raise Refused(422, "ambiguous_stage_label", "several options have that label", place)
        return found


class DoubledLabelsShareOption(Faulty):
    """An option that shares its label with another one is kept as the first of them, though it was sent by ID."""

    kind, clause = "pipelines", "echo:/fields/$stage"

    def find_option(self, organization: Organization, field: Field, text: str, place: str) -> Option:
        """Return the first option of the label."""
        found = super().find_option(organization, field, text, place)
        return next(option for option in field.options if option.label == found.label)


class LastLabelRefused(Faulty):
    """The last stage is taken by ID, and its label refused as if by a rule."""

    kind, clause = "first-stage", "option:/fields/$stage"

    def find_option(self, organization: Organization, field: Field, text: str, place: str) -> Option:
        """Refuse one label."""
        if field.required and text == field.options[-1].label:
            raise Refused(422, "option_not_allowed", "the option is not in use", place)
        return super().find_option(organization, field, text, place)


class LastIdRefused(Faulty):
    """The last stage is taken by label, and its ID refused as if by a rule."""

    kind, clause = "first-stage", "option:/fields/$stage"

    def find_option(self, organization: Organization, field: Field, text: str, place: str) -> Option:
        """Refuse one ID."""
        if field.required and text == field.options[-1].id:
            raise Refused(422, "option_not_allowed", "the option is not in use", place)
        return super().find_option(organization, field, text, place)


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


class MandatoryFieldComesBackNull(Faulty):
    """The mandatory attribute is checked and not kept."""

    kind, clause = "mandatory", "custom:SINGLE_SELECT"

    def keep(self, store: Store, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Lose it."""
        kept = {key: value for key, value in fields.items() if not store.organization.fields[key].mandatory}
        return super().keep(store, kept, links, now)


class MandatoryFieldTakesAnything(Faulty):
    """The mandatory select takes a number, and what is no option, for its first option."""

    kind, clause = "mandatory", "custom:SINGLE_SELECT"

    def read_value(self, organization: Organization, field: Field, value: Any, place: str) -> Any:
        """Take it."""
        try:
            return super().read_value(organization, field, value, place)
        except Refused:
            if field.mandatory:
                return field.options[0].id
            raise


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
