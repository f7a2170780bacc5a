"""The registry of value types, and what can be sent to a field by its definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ..spec import FieldDefinition
from .data_types import DATA_TYPES
from .select_types import SELECT_TYPES
from .text_types import TEXT_TYPES
from .values import JsonStrategy, Value, ValueType

__all__ = ["VALUE_TYPES", "can_repeat", "demanded_values", "draw_values", "fresh_value", "values_of"]

VALUE_TYPES: Final[Mapping[str, ValueType]] = {
    value_type.name: value_type for value_type in (*DATA_TYPES, *SELECT_TYPES, *TEXT_TYPES)
}
"""The value types for which values are known, by name."""


def values_of(definition: FieldDefinition) -> tuple[Value, ...]:
    """Return all values worth sending to a field, the most ordinary first; none if its type or options are unknown."""
    known = VALUE_TYPES.get(definition.value_type)
    return known.values(definition) if known else ()


def demanded_values(definition: FieldDefinition) -> tuple[Value, ...]:
    """Return those of `values_of` that a source says are accepted."""
    return tuple(value for value in values_of(definition) if value.demanded)


def fresh_value(definition: FieldDefinition, value: Any, token: str) -> Any:
    """Return a value like the given one that no other record holds; the given one where its type has too few.

    Args:
        token: what tells one create from all others.
    """
    known = VALUE_TYPES.get(definition.value_type)
    return known.fresh(value, token) if known and known.fresh else value


def can_repeat(definition: FieldDefinition) -> bool:
    """Return whether any number of creates can set a field, be it with fresh values (contract 11, `unique`)."""
    known = VALUE_TYPES.get(definition.value_type)
    return not definition.unique or bool(known and known.fresh)


def draw_values(definition: FieldDefinition) -> JsonStrategy:
    """Draw values of a field, the listed ones among them; they shrink to the first of `demanded_values`.

    Raises:
        InvalidArgument: the value type is unknown, or it is a select of which no option is known.
    """
    known = [value.value for value in demanded_values(definition)]
    if not known:
        raise InvalidArgument(f"no value is known for {definition.key!r} of type {definition.value_type!r}")
    draw = VALUE_TYPES[definition.value_type].draw
    # The plainest first, because that is what shrinking ends at, and the edges last, because they do not shrink.
    return st.one_of(st.just(known[0]), *([draw(definition)] if draw else []), st.sampled_from(known))
