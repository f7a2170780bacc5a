"""The value types whose values are options: which names an option may be sent by, and the values worth sending."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from typing import Any, Final

from ..spec import FieldDefinition, Option
from .values import PLAIN_TEXT, Echo, Sameness, Value, ValueType, observed

__all__ = ["SELECT_TYPES", "beginning_of_label", "names_of", "sole_label", "used_options"]

_MADE_UP: Final = f"No such {PLAIN_TEXT.lower()}"


def sole_label(option: Option, options: Sequence[Option]) -> str:
    """Return an option's label where no other option of its select has the same one; else "" (contract 11)."""
    own = _fold(option.label)
    shared = sum(_fold(other.label) == own for other in options) > 1
    return "" if shared else option.label


def names_of(option: Option, options: Sequence[Option]) -> tuple[str, ...]:
    """Return what a select takes for an option: its label where that names no other one, and its ID."""
    return tuple(name for name in (sole_label(option, options), option.id) if name)


def beginning_of_label(options: Sequence[Option]) -> str:
    """Return what a label begins with and no option is called, of the last option that has any; "" for none."""
    known = {text for option in options for text in (option.id, option.label)}
    beginnings = (option.label[:-1] for option in reversed(options))
    return next((text for text in beginnings if text.strip() and text not in known), "")


def used_options(definition: FieldDefinition) -> tuple[Option, ...]:
    """Return the options that the values worth sending name."""
    worth = _multi_select if definition.value_type == "MULTI_SELECT" else _single_select
    values = [value.value for value in worth(definition) if value.demanded]
    sent = {name for value in values for name in (value if isinstance(value, list) else [value])}
    return tuple(option for option in definition.options if sent & {*names_of(option, definition.options)})


def _fold(label: str) -> str:
    """What labels are compared by: without case and outer spaces (contract 11)."""
    return label.strip().casefold()


def _siblings(definition: FieldDefinition) -> tuple[Option, ...]:
    """The options that are not refused and may be chosen together: of a dependent select, those with one parent."""
    usable = [option for option in definition.options if not option.refused]
    return tuple(option for option in usable if option.parent == usable[0].parent)


def _single_select(definition: FieldDefinition) -> tuple[Value, ...]:
    options = _siblings(definition)
    labels = [Value(label, "label") for option in options if (label := sole_label(option, definition.options))]
    # Another option than the label's, where there is one, or a target that always takes the first would pass.
    ids = [Value(option.id, "id") for option in reversed(options) if option.id][:1]
    return (*labels[:1], *ids, *_shared_label(options, definition.options), *_other_case(definition.options))


def _shared_label(options: Sequence[Option], all_options: Sequence[Option]) -> tuple[Value, ...]:
    """An option by its ID whose label another one has too: the last one, since a target may take the first for all."""
    counts = collections.Counter(_fold(option.label) for option in all_options if option.label)
    shared = [option.id for option in options if option.id and counts[_fold(option.label)] > 1]
    return (Value(shared[-1], "id-beside-same-label"),) if shared else ()


def _other_case(options: Sequence[Option]) -> tuple[Value, ...]:
    label = next(filter(None, (sole_label(option, options) for option in options)), "").swapcase()
    known = {text for option in options for text in (option.id, option.label)}
    return (observed(label, "label-in-another-case", Echo.PRESENT),) if label and label not in known else ()


def _multi_select(definition: FieldDefinition) -> tuple[Value, ...]:
    options = definition.options
    named = [(option, spelled) for option in _siblings(definition) if (spelled := names_of(option, options))]
    if not named:
        return ()
    names = [each[0] for _, each in named]
    ids = [option.id for option, _ in reversed(named) if option.id and option.label]
    one = [Value(names[:1], "label" if sole_label(named[0][0], options) else "id")]
    by_id = [Value(ids[:1], "id")] if ids and ids[:1] != names[:1] else []
    two = [Value(names[:2], "two")] if len(names) > 1 else []
    three = [Value(names[:3], "three", source="dotCMS/core#31038")] if len(names) > 2 else []
    mixed = [Value([names[0], ids[0]], "label-and-id")] if len(ids) > 1 else []
    others = (observed([], "empty-array", Echo.NONE), observed(names[:1] * 2, "twice-the-same", Echo.SAME))
    return (*one, *by_id, *two, *three, *mixed, *others)


def _nonsense(value: Any) -> Any:
    return lambda _: value


SELECT_TYPES: Final = (
    ValueType(
        "MULTI_SELECT",
        _multi_select,
        sameness=Sameness.OPTIONS,
        nonsense=_nonsense([_MADE_UP]),
        select=True,
    ),
    ValueType(
        "SINGLE_SELECT",
        _single_select,
        sameness=Sameness.OPTIONS,
        nonsense=_nonsense(_MADE_UP),
        select=True,
    ),
)
"""The value types whose values are options."""
