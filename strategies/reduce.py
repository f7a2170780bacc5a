"""Make a failing body smaller, step by step, for findings that no Hypothesis strategy drew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..spec import Contract, Role, profile
from ..spec.pointer import get_at, join, set_at, without
from .bodies import smallest_body
from .dependents import complete
from .value_types import VALUE_TYPES
from .workspace import Workspace

__all__ = ["members_beside", "plainer", "smaller_bodies"]

_FEW = 8
"""Characters of a text that is short enough to be tried without each of them."""


def smaller_bodies(contract: Contract, workspace: Workspace, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield valid bodies that are a step simpler, the greatest steps first; none for the smallest body.

    A step leaves optional members out and takes required ones from the smallest body, half of them, a quarter and so on
    down to one, links one thing for several, or shortens a text. Whoever finds that one of them still fails asks again with
    that one.
    """
    smallest = smallest_body(contract, workspace)
    if smallest is None or body == smallest:
        return
    members = members_beside(smallest, body)
    size = len(members)
    while size > 1:
        size = (size + 1) // 2
        for start in range(0, len(members), size):
            yield complete(workspace, plainer(smallest, body, members[start : start + size]))
    if len(members) == 1:
        yield smallest
    for pointer in members:
        value = get_at(body, pointer)
        if isinstance(value, list) and value and profile.holds_links(pointer):
            yield set_at(body, pointer, value[0])
        if (
            isinstance(value, str)
            and _is_free_text(contract, workspace, pointer)
            and value != get_at(smallest, pointer, None)
        ):
            yield from (set_at(body, pointer, shorter) for shorter in _shorter(value))


def members_beside(smallest: dict[str, Any], body: dict[str, Any]) -> list[str]:
    """Return the pointers of the members in which a body differs from the smallest one."""
    members = [join("", group, key) for group, entries in body.items() if isinstance(entries, dict) for key in entries]
    return [pointer for pointer in members if get_at(body, pointer) != get_at(smallest, pointer, None)]


def plainer(smallest: dict[str, Any], body: dict[str, Any], pointers: Iterable[str]) -> dict[str, Any]:
    """Return the body with some of its members as the smallest body has them, which may be not at all."""
    for pointer in pointers:
        plain = get_at(smallest, pointer, None)
        body = without(body, pointer) if plain is None else set_at(body, pointer, plain)
    return body


def _is_free_text(contract: Contract, workspace: Workspace, pointer: str) -> bool:
    for place in contract.places:
        if place.pointer == pointer:
            return place.role is Role.TEXT
    defined = next((field for field in workspace.fields.values() if field.pointer == pointer), None)
    return defined is not None and (known := VALUE_TYPES.get(defined.value_type)) is not None and known.free_text


def _shorter(text: str) -> Iterator[str]:
    """Halves, then, of a short text, all but one character; blank ones are left out, being no valid text everywhere."""
    half = len(text) // 2
    tries = [text[half:], text[:half]] if half else []
    if len(text) <= _FEW:
        tries += [text[:at] + text[at + 1 :] for at in range(len(text))]
    yield from dict.fromkeys(shorter for shorter in tries if shorter.strip() and shorter != text)
