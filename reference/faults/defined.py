"""Faults of a server that does not keep what its own definitions say, of null and of options."""

from __future__ import annotations

from typing import Any

from ..definitions import Field
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
