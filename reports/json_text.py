"""Shows JSON for reading: a member a line, what lies beside the place that matters folded; and what two values differ in."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["MARK", "differences", "excerpt", "parse"]

MARK: Final = "  ◀"
"""Follows the line at the place that matters."""
_LONGEST_TEXT: Final = 120
_FEWER: Final = (6, 4, 3, 2, 1, 0)
"""How many members are shown where all are too many."""
_ALL: Final = 1_000_000
_NOTHING: Final = object()


def parse(text: str) -> Any:
    """Return the JSON value of a text.

    Raises:
        ValueError: it is none.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def excerpt(text: str, pointer: str = "", most: int = 12, width: int = 120) -> list[str]:
    """Return a JSON text in lines, those at the place marked and never left out.

    Args:
        pointer: the place that matters, a JSON Pointer; "" for none.
        most: lines; where there are more, what is beside the place is folded, and then what is in it.
        width: columns; a text that takes more is cut, an object or array that does is shown in several lines.

    Raises:
        ValueError: the text is no JSON.
    """
    value = parse(text)
    path = pointer.split("/")[1:] if pointer.startswith("/") else []
    for members, inside in [(_ALL, _ALL), *((few, _ALL) for few in _FEWER), *((0, few) for few in _FEWER)]:
        lines = list(_lines(value, path, "", "", _Form(members, width, inside)))
        if len(lines) <= most:
            break
    return lines


def differences(one: str, other: str) -> list[str]:
    """Return what two JSON texts differ in, a line for each place: what only the first has, what only the other has.

    Raises:
        ValueError: one is no JSON.
    """
    return [
        f"{sign} {pointer or '/'}: {_short(value)}"
        for pointer, pair in _different(parse(one), parse(other), "")
        for sign, value in zip("-+", pair, strict=True)
        if value is not _NOTHING
    ]


def _different(one: Any, other: Any, pointer: str) -> Iterator[tuple[str, tuple[Any, Any]]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(name for name in other if name not in one)]:
            yield from _different(one.get(name, _NOTHING), other.get(name, _NOTHING), f"{pointer}/{name}")
    elif _differ(one, other):
        yield pointer, (one, other)


def _differ(one: Any, other: Any) -> bool:
    """Whether two JSON values differ; true and 1 do."""
    if one is _NOTHING or other is _NOTHING:
        return one is not other
    return json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True)


@dataclasses.dataclass(frozen=True)
class _Form:
    """How many members beside the place are shown, how many columns there are, and how many members of the place itself."""

    members: int
    width: int
    inside: int


def _lines(value: Any, path: list[str], indent: str, label: str, form: _Form) -> Iterator[str]:
    """The lines of a value; of an object or array that the path leads through, the other members may be folded."""
    line = f"{indent}{label}{_whole(value)}"
    flat = not isinstance(value, Mapping | list) or not value or not (path or form.members)
    if flat or (not path and len(line) <= form.width):
        yield line if len(line) <= form.width else f"{indent}{label}{_short(value, form.width - len(indent) - len(label))}"
    else:
        yield from _container(value, path, indent, label, form)


def _container(value: Any, path: list[str], indent: str, label: str, form: _Form) -> Iterator[str]:
    listed = isinstance(value, list)
    items = [(str(number), item) for number, item in enumerate(value)] if listed else list(value.items())
    yield f"{indent}{label}{'[' if listed else '{'}"
    wanted = path[0] if path else None
    if wanted == "*":
        wanted = items[0][0]
    shown = [(name, item) for number, (name, item) in enumerate(items) if name == wanted or number < form.members]
    for number, (name, item) in enumerate(shown):
        at_place = name == wanted and not path[1:]
        # The place itself is folded last, and its mark has room.
        room = form.width - len(MARK) - 1
        inside = dataclasses.replace(form, members=form.inside, width=room) if at_place else form
        label_of_item = "" if listed else f"{json.dumps(name)}: "
        inner = list(_lines(item, path[1:] if name == wanted else [], f"{indent}  ", label_of_item, inside))
        inner[-1] += "," if number < len(items) - 1 else ""
        inner[0] += MARK if at_place else ""
        yield from inner
    if wanted is not None and not any(name == wanted for name, _ in items):
        yield f"{indent}  (no {json.dumps(wanted)} here){MARK}"
    if len(shown) < len(items):
        yield f"{indent}  … {len(items) - len(shown)} more"
    yield f"{indent}{']' if listed else '}'}"


def _whole(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _short(value: Any, width: int = 2 * _LONGEST_TEXT) -> str:
    """A value on one line, cut where it is too long."""
    text = _whole(value)
    if len(text) <= width:
        return text
    note = f"… ({len(value if isinstance(value, str) else text):,} characters)"
    return f"{text[: max(1, width - len(note))]}{note}"
