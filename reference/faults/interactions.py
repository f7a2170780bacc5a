"""Faults of two things that meet: a check is skipped when something else is present, which has nothing to do with it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from typing import Any

from ...spec import Parameter
from ...spec.profile import LINK_MAP, VALUE_MAP
from ..answers import JsonAnswer
from ..definitions import Field, Relationship
from ..idempotency import KEY_HEADER
from ..pipeline import Pipeline
from ..steps import Call
from .fault import Fault, Feature, breaks, is_field, is_link, is_select

__all__ = ["ALL", "Skipping"]


def _sent(call: Call, pointer: str) -> Mapping[str, Any]:
    """What the body sets; some checks come before it is parsed."""
    try:
        body = json.loads(call.body)
        found = body[pointer.strip("/")]
    except (ValueError, RecursionError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _has_custom_attribute(_: Pipeline, call: Call) -> bool:
    fields = call.resource.fields
    return any(key in fields and not fields[key].system for key in _sent(call, VALUE_MAP))


def _has_custom_relationship(_: Pipeline, call: Call) -> bool:
    named = {place.key for place in call.operation.places}
    return any(key in call.resource.relationships and key not in named for key in _sent(call, LINK_MAP))


def _has_optional(_: Pipeline, call: Call) -> bool:
    sent = {*_sent(call, VALUE_MAP), *_sent(call, LINK_MAP)}
    return any(place.key in sent and not place.required and not place.read_only for place in call.operation.places)


def _has_key(_: Pipeline, call: Call) -> bool:
    return KEY_HEADER in call.headers


def _has_several_ids(_: Pipeline, call: Call) -> bool:
    return any(isinstance(value, list) and len(value) > 1 for value in _sent(call, LINK_MAP).values())


def _is_other_caller(server: Pipeline, call: Call) -> bool:
    return call.key != next(iter(server.store.keys.values()))


def _is_chunked(_: Pipeline, call: Call) -> bool:
    return "Content-Length" not in call.headers


_CUSTOM_ATTRIBUTE = Feature("custom-attribute", "a custom attribute", _has_custom_attribute)
_BODY = (
    _CUSTOM_ATTRIBUTE,
    Feature("custom-relationship", "a custom relationship", _has_custom_relationship),
    Feature("optional", "an optional place set", _has_optional),
    Feature("several-ids", "several IDs in an array", _has_several_ids),
)
_KEY = Feature("key", "an Idempotency-Key", _has_key)
_CALLER = Feature("other-caller", "another key of the organization that may create", _is_other_caller)
_CHUNKS = Feature("chunks", "chunks in place of a length", _is_chunked)
ALL = (*_BODY, _KEY, _CALLER, _CHUNKS)


class Skipping(Fault):
    """Does not make a check where its feature is present."""

    def validate(self, call: Call) -> None:
        """Remember the call of the body that is checked."""
        # Nothing is awaited before the body is checked, so no other call comes between.
        self.call = call
        super().validate(call)

    def skips(self, key: str = "", call: Call | None = None) -> bool:
        """Return whether the check is left out at the place of that key."""
        return key in (self.key, "") and bool(self.feature and self.feature.present(self, call or self.call))


@breaks("required:{place}", where=is_field, beside=ALL)
class Required(Skipping):
    """The required {place} may be left out."""

    def check_field_required(self, field: Field) -> None:
        if not self.skips(field.key):
            super().check_field_required(field)


@breaks("required:{place}", where=is_link, beside=ALL)
class RequiredLink(Skipping):
    """The required {place} may be left out or empty."""

    def check_relationship_required(self, relationship: Relationship) -> None:
        if not self.skips(relationship.key):
            super().check_relationship_required(relationship)


@breaks("required:{place}", where=is_field, beside=ALL)
class NullField(Skipping):
    """The required {place} may be null."""

    def check_null(self, field: Field) -> None:
        if not self.skips(field.key):
            super().check_null(field)


@breaks("read-only:{place}", where=is_field, beside=ALL)
class ReadOnlyField(Skipping):
    """The read-only {place} can be set."""

    def check_read_only_field(self, field: Field, value: Any) -> None:
        if not self.skips(field.key):
            super().check_read_only_field(field, value)


@breaks("read-only:{place}", where=is_link, beside=ALL)
class ReadOnlyLink(Skipping):
    """The read-only {place} can be set."""

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:
        if not self.skips(relationship.key):
            super().check_read_only_relationship(relationship, value)


@breaks("type:{place}", where=is_field, beside=ALL)
class Type(Skipping):
    """{place} takes a value of any JSON type."""

    def check_type(self, field: Field, value: Any) -> None:
        if not self.skips(field.key):
            super().check_type(field, value)

    def check_options(self, field: Field, value: Any) -> None:
        if isinstance(value, str) or not self.skips(field.key):
            super().check_options(field, value)


@breaks("type:{place}", where=is_field, beside=ALL)
class BareValue(Skipping):
    """{place} takes a value in an object, as an answer shows it."""

    def check_value(self, field: Field, value: Any) -> None:
        if not isinstance(value, dict) or not self.skips(field.key):
            super().check_value(field, value)


@breaks("type:{place}", where=is_link, beside=ALL)
class LinkType(Skipping):
    """{place} takes a value of any JSON type."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if not self.skips(relationship.key):
            super().check_link_type(relationship, value)


@breaks("unknown-option:{place}", where=is_select, beside=ALL)
class Option(Skipping):
    """{place} takes what is none of its options."""

    def check_options(self, field: Field, value: Any) -> None:
        if not isinstance(value, str) or not self.skips(field.key):
            super().check_options(field, value)


@breaks("custom:{type}", beside=ALL[1:])
class CustomType(Skipping):
    """A custom attribute of value type {type} takes a value of any JSON type."""

    def check_type(self, field: Field, value: Any) -> None:
        if field.system or field.value_type != self.subject or not self.skips():
            super().check_type(field, value)


@breaks("unknown:field", beside=ALL)
class UnknownField(Skipping):
    """A field that no definition lists is ignored."""

    def check_unknown_field(self, call: Call, key: str) -> None:
        if not self.skips():
            super().check_unknown_field(call, key)


@breaks("unknown:relationship", beside=ALL)
class UnknownRelationship(Skipping):
    """A relationship that no definition lists is ignored."""

    def check_unknown_relationship(self, call: Call, key: str) -> None:
        if not self.skips():
            super().check_unknown_relationship(call, key)


@breaks("link:unknown", beside=ALL)
class LinkExists(Skipping):
    """An ID that names nothing is accepted."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if self.store.find_anywhere(record_id) is not None or not self.skips():
            super().check_unknown_target(call, relationship, record_id)


@breaks("link:other-organization", beside=ALL)
class LinkOrganization(Skipping):
    """Another organization's ID is accepted."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if self.store.find_anywhere(record_id) is None or not self.skips():
            super().check_unknown_target(call, relationship, record_id)


@breaks("version:missing", beside=ALL)
class Version(Skipping):
    """The version header may be missing."""

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        if parameter.name in call.headers or not self.skips(call=call):
            super().check_fixed_header(call, parameter)


@breaks("scope:required", beside=(*_BODY, _KEY))
class Scope(Skipping):
    """A key without the create scope creates."""

    def authorize(self, call: Call) -> None:
        if call.role != "create" or not self.skips(call=call):
            super().authorize(call)


@breaks("idempotency:other-body", beside=(*_BODY, _CALLER))
class KeyReuse(Skipping):
    """A used key with another body makes a second record."""

    def prepare(self) -> None:
        super().prepare()
        self.bodies: dict[Hashable, Any] = {}

    def recall(self, call: Call) -> JsonAnswer | None:
        original, before = super().recall(call), self.bodies.setdefault(call.claim, call.payload)
        return None if before != call.payload and self.skips(call=call) else original
