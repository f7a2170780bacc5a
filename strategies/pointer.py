"""JSON Pointers (RFC 6901) into request bodies: read, set and take away, never changing the body that was given."""

from __future__ import annotations

import copy
from typing import Any, Final

__all__ = ["ABSENT", "escape", "get_at", "segments", "set_at", "without"]

ABSENT: Final[Any] = type("Absent", (), {"__repr__": lambda _: "ABSENT", "__deepcopy__": lambda self, _: self})()
"""Stands for "there is nothing", where None would be a JSON null."""


def escape(key: str) -> str:
    """A member's name as one segment of a pointer (RFC 6901 section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def segments(pointer: str) -> tuple[str, ...]:
    """The unescaped segments of a pointer; none for "", the whole body.

    Raises:
        ValueError: the pointer is neither empty nor begins with a slash.
    """
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"not a JSON Pointer: {pointer!r}; it is empty or begins with '/'")
    return tuple(segment.replace("~1", "/").replace("~0", "~") for segment in pointer[1:].split("/"))


def get_at(body: Any, pointer: str, default: Any = ABSENT) -> Any:
    """What stands at the pointer, else the default.

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
    """A deep copy of the body with the value at the pointer; objects on the way that are missing are made.

    Raises:
        KeyError: the way leads through something that is neither an object nor an existing array item.
    """
    *way, last = segments(pointer) or ("",)
    if not pointer:
        return copy.deepcopy(value)
    whole = node = copy.deepcopy(body)
    for segment in way:
        node = node.setdefault(segment, {}) if isinstance(node, dict) else _child(node, segment)
    if isinstance(node, dict):
        node[last] = copy.deepcopy(value)
    elif _child(node, last) is not ABSENT:
        node[int(last)] = copy.deepcopy(value)
    else:
        raise KeyError(pointer)
    return whole


def without(body: Any, pointer: str) -> Any:
    """A deep copy of the body that has nothing at the pointer.

    Raises:
        ValueError: the pointer is "": a body without itself is no body.
    """
    if not pointer:
        raise ValueError("the whole body cannot be taken away from itself")
    whole = copy.deepcopy(body)
    *_, last = segments(pointer)
    parent = get_at(whole, pointer.rpartition("/")[0], None)
    if isinstance(parent, dict):
        parent.pop(last, None)
    elif _child(parent, last) is not ABSENT:
        del parent[int(last)]
    return whole


def _child(node: Any, segment: str) -> Any:
    if isinstance(node, dict):
        return node.get(segment, ABSENT)
    if isinstance(node, list) and segment in map(str, range(len(node))):
        return node[int(segment)]
    return ABSENT
