"""Making an opportunity: each step checks one thing, so that a fault can replace it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .admission import Call
from .forms import check_text, keep_value
from .organization import Field, Option, Organization, Relationship, Thing
from .refusal import Refused
from .store import Record, Store

__all__ = ["Creation"]


class Creation:
    """Checks a body and keeps a record, or raises `Refused`."""

    def create(self, call: Call, body: dict[str, Any]) -> Record:
        """Make a record of a body."""
        given_fields, given_links = self.check_members(body)
        store = call.store
        fields = self.read_fields(store, given_fields)
        links = self.read_links(store, given_links)
        self.check_options(store.organization, fields)
        self.check_mandatory(store.organization, fields)
        with store.lock:
            self.check_unique(store, fields)
            return self.keep(store, fields, links, call.now)

    def keep(self, store: Store, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Keep a record whose every part was checked."""
        return store.add(fields, links, now)

    def check_members(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both maps of a body that has them and nothing else."""
        for name in ("fields", "relationships"):
            if body.get(name) is None:
                raise Refused(400, "parameter_missing", f"{name} is required", name)
            if not isinstance(body[name], dict):
                raise Refused(400, "invalid_type", "expected an object", name)
        extra = next((name for name in body if name not in ("fields", "relationships")), None)
        if extra is not None:
            raise Refused(400, "unknown_member", "the body has a member that is not known", extra)
        return body["fields"], body["relationships"]

    def read_fields(self, store: Store, given: dict[str, Any]) -> dict[str, Any]:
        """Return the values to keep, by key; options by their ID."""
        organization = store.organization
        for key, field in organization.fields.items():
            if field.required and given.get(key) is None:
                raise Refused(400, "parameter_missing", "the field is required", f"fields.{key}")
        kept = {}
        for key, value in given.items():
            place = f"fields.{key}"
            if key not in organization.fields:
                raise Refused(400, "unknown_field", "no such field", place)
            field = organization.fields[key]
            if field.read_only:
                raise Refused(400, "read_only_field", "the field is read-only", place)
            kept[key] = self.read_value(organization, field, value, place)
        return {key: value for key, value in kept.items() if value is not None}

    def read_value(self, organization: Organization, field: Field, value: Any, place: str) -> Any:
        """Return what is kept of one value."""
        if value is None:
            return None
        if field.type == "SINGLE_SELECT":
            if not isinstance(value, str):
                raise Refused(400, "invalid_type", "expected the ID or the label of an option", place)
            return self.find_option(organization, field, value, place).id
        if field.type == "MULTI_SELECT":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise Refused(400, "invalid_type", "expected an array of IDs or labels of options", place)
            return list(dict.fromkeys(self.find_option(organization, field, item, place).id for item in value))
        return keep_value(field, value, organization.manners, place)

    def find_option(self, organization: Organization, field: Field, text: str, place: str) -> Option:
        """Return the option that an ID or a label names."""
        by_id = next((option for option in field.options if option.id == text), None)
        if by_id is not None:
            return by_id

        def fold(label: str) -> str:
            return label.strip().casefold()

        alike = [option for option in field.options if fold(option.label) == fold(text)]
        exact = [option for option in alike if option.label == text]
        if not exact and not (alike and organization.manners.any_case):
            raise Refused(400, "unknown_option", "no option has that ID or label", place)
        if len(alike) > 1:
            code = "ambiguous_stage_label" if field.required else "ambiguous_label"
            raise Refused(422, code, "several options have that label", place, candidates=[option.id for option in alike])
        return alike[0]

    def read_links(self, store: Store, given: dict[str, Any]) -> dict[str, list[str]]:
        """Return the linked IDs to keep, by key."""
        relationships = store.organization.relationships
        for key, relationship in relationships.items():
            if relationship.required and given.get(key) in (None, []):
                raise Refused(400, "parameter_missing", "the relationship is required", f"relationships.{key}")
        kept = {}
        for key, value in given.items():
            place = f"relationships.{key}"
            if key not in relationships:
                raise Refused(400, "unknown_relationship", "no such relationship", place)
            if relationships[key].read_only:
                raise Refused(400, "read_only_relationship", "the relationship is read-only", place)
            kept[key] = self.read_link(store, relationships[key], value, place)
        return {key: ids for key, ids in kept.items() if ids}

    def read_link(self, store: Store, relationship: Relationship, value: Any, place: str) -> list[str]:
        """Return the IDs that one relationship gets."""
        ids = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in ids):
            raise Refused(400, "invalid_type", "expected an ID or an array of IDs", place)
        ids = list(dict.fromkeys(ids))
        if len(ids) > 1 and not relationship.many and store.organization.manners.two_ids == "refused":
            raise Refused(400, "too_many_ids", "the relationship holds one ID", place)
        for identifier in ids:
            self.check_thing(self.find_thing(store, relationship, identifier, place), place)
        return ids if relationship.many else ids[:1]

    def find_thing(self, store: Store, relationship: Relationship, identifier: str, place: str) -> Thing:
        """Return what an ID names, when it is of the kind that the relationship links to."""
        thing = store.thing(relationship.object_type, identifier)
        if thing is None:
            status = store.organization.manners.unknown_id
            raise Refused(status, "relationship_entity_missing", f"no such {relationship.object_type}", place)
        return thing

    def check_thing(self, thing: Thing, place: str) -> None:
        """Refuse what the organization's own rules refuse to link to."""
        if thing.refusal == "inactive":
            raise Refused(400, "relationship_entity_inactive", "it is not active any more", place)
        if thing.refusal:
            raise Refused(422, "relationship_not_allowed", "a rule of the organization does not allow this link", place)

    def check_options(self, organization: Organization, fields: Mapping[str, Any]) -> None:
        """Refuse options by the organization's rules, and options of a dependent select without their parent's."""
        for key, value in fields.items():
            field = organization.fields[key]
            chosen = value if isinstance(value, list) else [value]
            for option in (option for option in field.options if option.id in chosen):
                self.check_option(field, option, fields)

    def check_option(self, field: Field, option: Option, fields: Mapping[str, Any]) -> None:
        """Check one chosen option beside all other values."""
        place = f"fields.{field.key}"
        missing = [key for key in option.needs if key not in fields]
        if option.refused or missing:
            what = f"{', '.join(missing)} has to be set" if missing else "the option is not in use"
            raise Refused(422, "option_not_allowed", what, place)
        if option.parent and fields.get(field.parent) != option.parent:
            raise Refused(422, "dependent_option", f"the option goes with another one of {field.parent}", place)

    def check_mandatory(self, organization: Organization, fields: Mapping[str, Any]) -> None:
        """Refuse a record without an attribute that the organization demands."""
        for key, field in organization.fields.items():
            if field.mandatory and key not in fields:
                raise Refused(422, "field_mandatory", "the organization demands a value here", f"fields.{key}")

    def check_unique(self, store: Store, fields: Mapping[str, Any]) -> None:
        """Refuse a value that another record holds at a unique place."""
        manners = store.organization.manners
        for key, value in fields.items():
            if store.organization.fields[key].unique and store.holds(key, value):
                raise Refused(manners.unique_status, "value_not_unique", "another record has that value", f"fields.{key}")

    def create_account(self, call: Call, body: dict[str, Any]) -> Thing:
        """Make an account of a body; only the name is read."""
        fields = body.get("fields")
        if not isinstance(fields, dict):
            raise Refused(400, "invalid_type" if fields else "parameter_missing", "fields is required", "fields")
        name = fields.get("$name")
        if not isinstance(name, str):
            raise Refused(400, "invalid_type" if name else "parameter_missing", "a name is required", "fields.$name")
        unknown = next((key for key in fields if key != "$name"), None)
        if unknown is not None:
            raise Refused(400, "unknown_field", "no such field", f"fields.{unknown}")
        check_text(name, call.store.organization.manners, "fields.$name")
        return call.store.add_account(name)
