"""Faults of custom attributes: one that is not taken, one that is lost, one that comes back as something else."""

from __future__ import annotations

import unicodedata
from typing import Any

from ..definitions import Field
from ..steps import Call
from ..store import Record
from .fault import Fault, breaks

__all__: list[str] = []


class _Kept(Fault):
    """Stores another value than the one sent for custom attributes of one type."""

    value_type = ""

    def keep_value(self, field: Field, value: Any) -> Any:
        kept = super().keep_value(field, value)
        chosen = field.value_type == (self.value_type or self.subject) and not field.system
        return self.change(kept) if chosen and kept is not None else kept

    def change(self, value: Any) -> Any:
        """Return what is stored instead."""
        raise NotImplementedError


@breaks("custom:{type}")
class CustomLost(_Kept):
    """A custom attribute of value type {type} is accepted and not set."""

    def change(self, value: Any) -> Any:  # noqa: ARG002 - it is lost
        return None


@breaks("custom:{type}", first=True)
class CustomRefused(Fault):
    """A custom attribute of value type {type} is refused as an unknown field."""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        super().check_field(call, key, value)
        field = call.resource.fields.get(key)
        if field is not None and field.value_type == self.subject and not field.system:
            self.check_unknown_field(call, key)


@breaks("custom:NUMBER")
class NumbersAreWhole(_Kept):
    """A custom number loses its fraction."""

    value_type = "NUMBER"

    def change(self, value: Any) -> Any:
        return int(value)


@breaks("custom:NUMBER")
class NumbersUnsigned(_Kept):
    """A custom number loses its sign."""

    value_type = "NUMBER"

    def change(self, value: Any) -> Any:
        return abs(value)


@breaks("custom:NUMBER")
class ZeroIsUnset(_Kept):
    """A custom number that is 0 is taken for unset."""

    value_type = "NUMBER"

    def change(self, value: Any) -> Any:
        return value or None


@breaks("custom:CURRENCY")
class CentsLost(_Kept):
    """A custom currency loses its cents."""

    value_type = "CURRENCY"

    def change(self, value: Any) -> Any:
        return int(value)


@breaks("custom:CHECKBOX")
class FalseIsUnset(_Kept):
    """A custom checkbox that is false is taken for unset."""

    value_type = "CHECKBOX"

    def change(self, value: Any) -> Any:
        return value or None


@breaks("custom:DATETIME")
class OffsetLost(_Kept):
    """A custom date and time loses its offset, and so names another instant."""

    value_type = "DATETIME"

    def change(self, value: Any) -> Any:
        return value if value[-1] in "Zz" else f"{value[:-6]}Z"


@breaks("custom:MULTI_SELECT")
class FirstChoiceOnly(_Kept):
    """Of the options of a custom multiple choice only the first is kept."""

    value_type = "MULTI_SELECT"

    def change(self, value: Any) -> Any:
        return value[:1]


@breaks("custom:EMAIL")
class LastEmailOnly(_Kept):
    """Of several addresses of a custom e-mail attribute only the last is kept."""

    value_type = "EMAIL"

    def change(self, value: Any) -> Any:
        return value[-1:] if isinstance(value, list) else value


@breaks("custom:TELEPHONE")
class TelephoneArraysLost(_Kept):
    """Several telephone numbers of a custom attribute are not kept."""

    value_type = "TELEPHONE"

    def change(self, value: Any) -> Any:
        return value if len(value) == 1 else None


@breaks("custom:ADDRESS")
class SecondStreetLost(_Kept):
    """A custom address loses its second line."""

    value_type = "ADDRESS"

    def change(self, value: Any) -> Any:
        return {name: part for name, part in value.items() if name != "street2"}


@breaks("custom:ADDRESS")
class DegreesSwapped(_Kept):
    """Latitude and longitude of a custom address change places."""

    value_type = "ADDRESS"

    def change(self, value: Any) -> Any:
        swapped = {"latitude": value.get("longitude"), "longitude": value.get("latitude")}
        return {**value, **swapped}


@breaks("custom:FULL_NAME")
class NamePartsSwapped(_Kept):
    """First and last name of a custom full name change places."""

    value_type = "FULL_NAME"

    def change(self, value: Any) -> Any:
        return {"firstName": value.get("lastName"), "lastName": value.get("firstName")}


@breaks("custom:MARKDOWN")
class MarkdownStripped(_Kept):
    """A custom text in Markdown loses its markup."""

    value_type = "MARKDOWN"

    def change(self, value: Any) -> Any:
        return value.translate(dict.fromkeys(map(ord, "*#_`>")))


@breaks("custom:TEXT")
class CustomTextComposed(_Kept):
    """A custom text is normalized."""

    value_type = "TEXT"

    def change(self, value: Any) -> Any:
        return unicodedata.normalize("NFKC", value)


@breaks("custom:SINGLE_SELECT")
class CustomOptionIsFirst(Fault):
    """A custom select is always set to its first option."""

    def keep_option(self, field: Field, text: Any) -> Any:
        chosen = field.value_type == "SINGLE_SELECT" and not field.system
        return field.options[0].id if chosen else super().keep_option(field, text)


@breaks("success:value-type", also=("custom:CURRENCY",))
class CurrencyIsText(Fault):
    """The value of a currency comes back as a string."""

    def render_value(self, call: Call, record: Record, field: Field) -> Any:
        value = super().render_value(call, record, field)
        return f"{value:.2f}" if field.value_type == "CURRENCY" and value is not None else value


@breaks("success:value-type", also=("custom:CHECKBOX",))
class CheckboxIsNumber(Fault):
    """The value of a checkbox comes back as 0 or 1."""

    def render_value(self, call: Call, record: Record, field: Field) -> Any:
        value = super().render_value(call, record, field)
        return int(value) if isinstance(value, bool) else value


@breaks("success:value-type", also=("custom:MULTI_SELECT",))
class ChoicesAreText(Fault):
    """The value of a multiple choice comes back as one string with commas."""

    def render_value(self, call: Call, record: Record, field: Field) -> Any:
        value = super().render_value(call, record, field)
        return ",".join(value) if field.value_type == "MULTI_SELECT" and value else value


@breaks("success:value-type")
class UnsetIsFalse(Fault):
    """A value that is not set comes back as false."""

    def render_value(self, call: Call, record: Record, field: Field) -> Any:
        value = super().render_value(call, record, field)
        return False if value is None else value


@breaks("success:value-type")
class UnsetNumberIsEmptyText(Fault):
    """A number that is not set comes back as an empty string."""

    def render_value(self, call: Call, record: Record, field: Field) -> Any:
        value = super().render_value(call, record, field)
        return "" if value is None and field.value_type in ("NUMBER", "CURRENCY") else value
