"""Shows JSON for reading: a member a line, what lies beside the place that matters folded; and what two values differ in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["MARK", "differences", "excerpt", "parse"]

MARK: Final = "  ◀"
"""Follows the line at the place that matters."""
_LONGEST_TEXT: Final = 120
_MOST_MEMBERS: Final = 6
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


def excerpt(text: str, pointer: str = "", most: int = 12) -> list[str]:
    """Return a JSON text in lines, those at the place marked and never left out.

    Args:
        pointer: the place that matters, a JSON Pointer; "" for none.
        most: lines; what is beside the place is folded where there are more.

    Raises:
        ValueError: the text is no JSON.
    """
    value = parse(text)
    path = pointer.split("/")[1:] if pointer.startswith("/") else []
    for members in (_ALL, _MOST_MEMBERS, 2, 0):
        lines = list(_lines(value, path, "", "", members))
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


def _lines(value: Any, path: list[str], indent: str, label: str, members: int) -> Iterator[str]:
    """The lines of a value; of an object or array that the path leads through, the other members may be folded."""
    here = f"{indent}{label}"
    if isinstance(value, Mapping | list) and value and (path or members):
        yield from _container(value, path, indent, label, members)
    else:
        yield f"{here}{_short(value)}"


def _container(value: Any, path: list[str], indent: str, label: str, members: int) -> Iterator[str]:
    listed = isinstance(value, list)
    items = [(str(number), item) for number, item in enumerate(value)] if listed else list(value.items())
    if not any(isinstance(item, Mapping | list) and item for _, item in items) and not path and len(items) <= 4:
        yield f"{indent}{label}{_short(value)}"
        return
    yield f"{indent}{label}{'[' if listed else '{'}"
    wanted = path[0] if path else None
    if wanted == "*":
        wanted = items[0][0]
    shown = [(name, item) for number, (name, item) in enumerate(items) if name == wanted or number < members]
    for name, item in shown:
        rest = path[1:] if name == wanted else []
        # At the place itself nothing is folded.
        inside = _ALL if name == wanted and not rest else members
        inner = list(_lines(item, rest, f"{indent}  ", "" if listed else f"{json.dumps(name)}: ", inside))
        if name == wanted and not rest:
            inner[0] += MARK
        yield from inner
    if wanted is not None and not any(name == wanted for name, _ in items):
        yield f"{indent}  (no {json.dumps(wanted)} here){MARK}"
    if len(shown) < len(items):
        yield f"{indent}  … {len(items) - len(shown)} more"
    yield f"{indent}{']' if listed else '}'}"


def _short(value: Any) -> str:
    """A value on one line, a long text in it cut."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{json.dumps(value[:_LONGEST_TEXT], ensure_ascii=False)}… ({len(value):,} characters)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 2 * _LONGEST_TEXT else f"{text[: 2 * _LONGEST_TEXT]}… ({len(text):,} characters)"
