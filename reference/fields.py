"""Whether the fields of a body keep the rules of their definitions."""

from __future__ import annotations

from typing import Any

from .answers import Refusal
from .definitions import Choice, Field, Resource
from .refusals import Refusals
from .steps import Call
from .value_types import value_type

__all__ = ["Fields"]


class Fields(Refusals):
    """The steps that check fields, one place and one rule at a time."""

    def check_fields(self, call: Call) -> None:
        """Checks each field that was sent, then that no required one is missing."""
        sent = self.group(call, "fields")
        for key, value in sent.items():
            self.check_field(call, key, value)
        for field in call.resource.fields.values():
            if field.required and field.key not in sent:
                self.check_field_required(field)

    def check_field(self, call: Call, key: str, value: Any) -> None:
        """Checks one field that was sent."""
        field = self.find_field(call.resource, key)
        if field is None:
            self.check_unknown_field(call, key)
        elif field.read_only:
            self.check_read_only_field(field, value)
        elif value is None:
            self.check_null(field)
        else:
            self.check_value(field, value)

    def find_field(self, resource: Resource, key: str) -> Field | None:
        """The definition that a key in the body names."""
        return resource.fields.get(key)

    def check_unknown_field(self, call: Call, key: str) -> None:  # noqa: ARG002 - a fault looks at the call
        """Refuses a field that no definition lists."""
        raise Refusal.bad_request("unknown_field", "There is no such field.", self.place("fields", key))

    def check_read_only_field(self, field: Field, value: Any) -> None:  # noqa: ARG002 - a fault looks at the value
        """Refuses to have a read-only field set, to whatever value."""
        raise self.read_only(self.place("fields", field.key))

    def check_field_required(self, field: Field) -> None:
        """Refuses to do without a required field."""
        raise self.missing(self.place("fields", field.key))

    def check_null(self, field: Field) -> None:
        """Null unsets an organization's own field; for a system field the fragment has to allow it."""
        allowed = field.constraint is not None and field.constraint(None)
        if field.system and not allowed:
            raise self.wrong_type(self.place("fields", field.key), f"a {field.value_type} value, not null")

    def check_value(self, field: Field, value: Any) -> None:
        """Checks a value against its value type, its options, and whatever else the fragment says."""
        self.check_type(field, value)
        self.check_length(field, value)
        self.check_options(field, value)
        self.check_constraint(field, value)

    def check_type(self, field: Field, value: Any) -> None:
        """Refuses a value that its value type does not allow."""
        if not value_type(field.value_type).accepts(value):
            raise self.wrong_type(self.place("fields", field.key), f"a {field.value_type} value")

    def check_length(self, field: Field, value: Any) -> None:
        """Refuses a text that is longer than the server stores."""
        if isinstance(value, str) and len(value) > self.configuration.text_limit:
            message = f"A text has at most {self.configuration.text_limit} characters."
            raise Refusal.bad_request("value_too_long", message, self.place("fields", field.key))

    def check_options(self, field: Field, value: Any) -> None:
        """Refuses a value of a select that is no option of it."""
        if field.options:
            for text in value if isinstance(value, list) else [value]:
                if self.find_option(field, text) is None:
                    raise self.unknown_option(field)

    def find_option(self, field: Field, text: str) -> Choice | None:
        """The option of that ID or label, compared exactly."""
        return field.option(text)

    def unknown_option(self, field: Field) -> Refusal:
        """The refusal of a value that is neither ID nor label of an option."""
        message = "The value is neither the ID nor the label of an option."
        return Refusal.bad_request("invalid_option", message, self.place("fields", field.key))

    def check_constraint(self, field: Field, value: Any) -> None:
        """Refuses a value that breaks what the fragment says beyond the value type."""
        if field.constraint is not None and not field.constraint(value):
            raise self.wrong_type(self.place("fields", field.key), "a value that the field's schema allows")
