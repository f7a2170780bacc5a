"""Faults of a server that does not keep what its own definitions say: of null, of options, of read-only fields, of types."""

from __future__ import annotations

from typing import Any

from ...spec.profile import ID
from ..definitions import Choice, Field, Relationship
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("custom:{type}", source="bullhorn/fast-rest#29")
class NullRefused(Fault):
    """Null is refused for a custom attribute of value type {type}."""

    def check_null(self, field: Field) -> None:
        super().check_null(field)
        if field.value_type == self.subject and not field.system:
            raise self.wrong_type(field.pointer, "a value, not null")


class _AnyOption(Fault):
    """Takes texts that are no option of a custom select."""

    value_type = ""

    def check_options(self, field: Field, value: Any) -> None:
        if field.system or field.value_type != self.value_type:
            super().check_options(field, value)


@breaks("custom:SINGLE_SELECT", source="pimcore/pimcore#17343")
class AnyOptionTaken(_AnyOption):
    """A custom select takes a text that is none of its options."""

    value_type = "SINGLE_SELECT"


@breaks("custom:MULTI_SELECT", source="pimcore/pimcore#17343")
class AnyChoiceTaken(_AnyOption):
    """A custom multiple choice takes a text that is none of its options."""

    value_type = "MULTI_SELECT"


@breaks("custom:SINGLE_SELECT", source="pimcore/pimcore#15806")
class UnknownOptionIsUnset(_AnyOption):
    """A text that is no option of a custom select is taken for unset."""

    value_type = "SINGLE_SELECT"

    def keep_option(self, field: Field, text: Any) -> Any:
        return text if self.find_option(field, text) else None


@breaks("custom:MULTI_SELECT", source="usekaneo/kaneo#1735")
class ChoiceBesideUnknown(Fault):
    """Of a custom multiple choice only the first option is checked."""

    def check_options(self, field: Field, value: Any) -> None:
        super().check_options(field, value[:1] if isinstance(value, list) and not field.system else value)


class _ReadOnly(Fault):
    """Does not refuse the fields that definitions call read-only and the fragment does not name."""

    def check_read_only_field(self, field: Field, value: Any) -> None:
        if field.pointer in {place.pointer for place in self.contract.places}:
            super().check_read_only_field(field, value)


@breaks("definitions:read-only", source="danielgtaylor/huma#473")
class DefinedReadOnlyIsSet(_ReadOnly):
    """A field that definitions call read-only can be set."""


@breaks("definitions:read-only", source="pyeve/eve#479")
class DefinedReadOnlyIsIgnored(_ReadOnly):
    """A field that definitions call read-only is ignored where a body sets it."""

    def keep_fields(self, call: Call) -> dict[str, Any]:
        fields = call.resource.fields
        return {key: value for key, value in super().keep_fields(call).items() if not fields[key].read_only}


@breaks("definitions:agree")
class CustomTypesAreText(Fault):
    """Every custom attribute of an answer says that it is a text."""

    def render_value_type(self, field: Field) -> str:
        return super().render_value_type(field) if field.system else "TEXT"


@breaks("definitions:agree")
class ManyLinksAreOne(Fault):
    """Every relationship of an answer says that it holds one ID."""

    def render_cardinality(self, relationship: Relationship) -> str:  # noqa: ARG002 - it does not count
        return "has_one"


@breaks("definitions:agree")
class LinksNameTheirKey(Fault):
    """A relationship of an answer names its own key for the type of object that it links to."""

    def render_object_type(self, relationship: Relationship) -> str:
        return relationship.key.lstrip("$")


@breaks("definitions:options")
class OptionsShareId(Fault):
    """In the definitions, the options of a read-only select share one ID."""

    def define_option(self, field: Field, option: Choice) -> dict[str, Any]:
        shown = super().define_option(field, option)
        return {**shown, ID: field.options[0].id} if field.read_only else shown
