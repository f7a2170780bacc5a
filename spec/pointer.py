"""JSON Pointers (RFC 6901): spell and split them; read, set and take away what they name, never changing what was given."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Final

__all__ = ["ABSENT", "get_at", "join", "last_segment", "parent", "segments", "set_at", "without"]

ABSENT: Final[Any] = type("Absent", (), {"__repr__": lambda _: "ABSENT", "__deepcopy__": lambda self, _: self})()
"""Stands for "there is nothing", where None would be a JSON null."""


@functools.lru_cache(maxsize=4096)
def join(pointer: str, *keys: str) -> str:
    """Return the pointer with more segments: names of members as they are, escaped here (RFC 6901 section 3)."""
    return pointer + "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)


@functools.lru_cache(maxsize=4096)
def segments(pointer: str) -> tuple[str, ...]:
    """Return the unescaped segments of a pointer; none for "", the whole document.

    Raises:
        ValueError: the pointer is neither empty nor begins with a slash.
    """
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"not a JSON Pointer: {pointer!r}; it is empty or begins with '/'")
    return tuple(segment.replace("~1", "/").replace("~0", "~") for segment in pointer[1:].split("/"))


def last_segment(pointer: str) -> str:
    """Return the name of the member that a pointer leads to, unescaped; "" for the whole document."""
    return (segments(pointer) or ("",))[-1]


def parent(pointer: str) -> str:
    """Return the pointer of the object or array that holds what the pointer leads to."""
    return pointer.rpartition("/")[0]


def get_at(body: Any, pointer: str, default: Any = ABSENT) -> Any:
    """Return what stands at the pointer, else the default.

    Raises:
        KeyError: nothing stands there, and no default was given.
    """
    found = body
    for segment in segments(pointer):
        found = _child(found, segment)
        if found is ABSENT:
            if default is ABSENT:
                raise KeyError(pointer)
            return default
    return found


def set_at(body: Any, pointer: str, value: Any) -> Any:
    """Return the body with the value at the pointer; objects on the way that are missing are made.

    What leads to the pointer is copied, and all the rest is shared with the body that was given.

    Raises:
        KeyError: the way leads through something that is neither an object nor an existing array item.
    """
    way = segments(pointer)
    return _with(body, way, value, pointer) if way else value


def without(body: Any, pointer: str) -> Any:
    """Return the body with nothing at the pointer; what does not lead to it is shared with the body that was given.

    Raises:
        ValueError: the pointer is "": a body without itself is no body.
    """
    if not pointer:
        raise ValueError("the whole body cannot be taken away from itself")
    *_, last = segments(pointer)
    holder = get_at(body, parent(pointer), None)
    if _child(holder, last) is ABSENT:
        return body
    if isinstance(holder, dict):
        return set_at(body, parent(pointer), {name: member for name, member in holder.items() if name != last})
    return set_at(body, parent(pointer), [item for at, item in enumerate(holder) if at != int(last)])


def _with(node: Any, way: Sequence[str], value: Any, pointer: str) -> Any:
    """A copy of an object or an array with the value at the end of the way."""
    first, *rest = way
    if not isinstance(node, dict) and _child(node, first) is ABSENT:
        raise KeyError(pointer)
    if rest:
        below = _child(node, first)
        value = _with({} if below is ABSENT else below, rest, value, pointer)
    if isinstance(node, dict):
        return {**node, first: value}
    return [value if at == int(first) else item for at, item in enumerate(node)]


def _child(node: Any, segment: str) -> Any:
    if isinstance(node, dict):
        return node.get(segment, ABSENT)
    if isinstance(node, list) and segment in map(str, range(len(node))):
        return node[int(segment)]
    return ABSENT
