"""Makes faults of rows, one for each way in which a value of one type is altered, or refused, on its way into the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..answers import Refusal
from ..definitions import Field
from ..steps import Call
from .fault import Fault, breaks

__all__ = ["Altered", "Refused", "Row", "altered", "refused"]

Row: TypeAlias = tuple[str, str, Callable[[Any], Any], str]
"""Name, statement, what is done with a value, and the public report of a bug of that kind in another API."""


class Altered(Fault):
    """Stores another value than the one sent for custom attributes of one type."""

    value_type = ""

    def keep_value(self, field: Field, value: Any) -> Any:
        """Return what the row makes of the value."""
        kept = super().keep_value(field, value)
        return self.change(kept) if field.value_type == self.value_type and not field.system else kept

    def change(self, value: Any) -> Any:
        """Return what is stored instead; null is altered too, where a row does that."""
        raise NotImplementedError


class Refused(Fault):
    """Refuses some values of custom attributes of one type."""

    value_type = ""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        """Refuse the value where the row does, once it is known to be a correct one."""
        super().check_field(call, key, value)
        field = call.resource.fields[key]
        if field.value_type == self.value_type and not field.system and self.change(value):
            raise Refusal(422, "unprocessable_content", "The value is not taken.", "invalid_value", field.pointer)

    def change(self, value: Any) -> Any:
        """Return whether the value is refused."""
        raise NotImplementedError


def altered(value_type: str, *rows: Row) -> tuple[type[Fault], ...]:
    """Return a fault for each row, which stores what the row makes of a value, be it null."""
    return tuple(_made(Altered, value_type, row) for row in rows)


def refused(value_type: str, *rows: Row) -> tuple[type[Fault], ...]:
    """Return a fault for each row, which refuses the values that the row says."""
    return tuple(_made(Refused, value_type, row) for row in rows)


def _made(base: type[Fault], value_type: str, row: Row) -> type[Fault]:
    name, statement, change, source = row
    members = {"__doc__": statement, "value_type": value_type, "change": staticmethod(change)}
    # A refusal of a correct create breaks both.
    also = ("operation:create",) if base is Refused else ()
    return breaks(f"custom:{value_type}", also=also, source=source)(type(name, (base,), members))
