"""JSON Pointers (RFC 6901): spell and split them; read, set and take away what they name, never changing what was given."""

from __future__ import annotations

import functools
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
    """Return a deep copy of the body with the value at the pointer; objects on the way that are missing are made.

    Raises:
        KeyError: the way leads through something that is neither an object nor an existing array item.
    """
    *way, last = segments(pointer) or ("",)
    if not pointer:
        return _copied(value)
    whole = node = _copied(body)
    for segment in way:
        node = node.setdefault(segment, {}) if isinstance(node, dict) else _child(node, segment)
    if isinstance(node, dict):
        node[last] = _copied(value)
    elif _child(node, last) is not ABSENT:
        node[int(last)] = _copied(value)
    else:
        raise KeyError(pointer)
    return whole


def without(body: Any, pointer: str) -> Any:
    """Return a deep copy of the body that has nothing at the pointer.

    Raises:
        ValueError: the pointer is "": a body without itself is no body.
    """
    if not pointer:
        raise ValueError("the whole body cannot be taken away from itself")
    whole = _copied(body)
    *_, last = segments(pointer)
    holder = get_at(whole, parent(pointer), None)
    if isinstance(holder, dict):
        holder.pop(last, None)
    elif _child(holder, last) is not ABSENT:
        del holder[int(last)]
    return whole


def _copied(value: Any) -> Any:
    """A copy of a JSON value; `copy.deepcopy` looks for circles as well, which none has, and takes ten times as long."""
    if isinstance(value, dict):
        return {name: _copied(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value


def _child(node: Any, segment: str) -> Any:
    if isinstance(node, dict):
        return node.get(segment, ABSENT)
    if isinstance(node, list) and segment in map(str, range(len(node))):
        return node[int(segment)]
    return ABSENT
