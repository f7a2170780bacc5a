"""Faults of selects, unique and mandatory attributes, beside what an organization's own rules may refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fault import Faulty
from .organization import Field, Option, Organization
from .refusal import Refused
from .store import Record, Store

__all__ = [
    "ChildComesBackAsSibling",
    "ChildRefusedById",
    "DoubledLabelsShareOption",
    "LastIdRefused",
    "LastLabelRefused",
    "MandatoryFieldComesBackNull",
    "MandatoryFieldTakesAnything",
    "OnlyLabelRefused",
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
            held = {str(record.fields[key])[:8] for record in store.created if key in record.fields}
            if store.organization.fields[key].unique and isinstance(value, str) and value[:8] in held:
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
