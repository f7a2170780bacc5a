"""Dependent selects: the parents' options without which an option of a child may be refused (contract 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..spec import FieldDefinition, Role, profile
from ..spec.pointer import get_at, set_at
from .workspace import Workspace

__all__ = ["complete", "parents_of"]


def complete(workspace: Workspace, body: Any) -> Any:
    """Return the body with the parent's option beside each option of a dependent select that it holds.

    What stood at a parent's place before gives way.
    """
    children = [field for field in workspace.fields.values() if field.parent and not field.read_only]
    # Grandchildren first: what they ask of a child decides what the child asks of its parent.
    for field in sorted(children, key=lambda child: -_depth(workspace, child)):
        value = get_at(body, field.pointer, None)
        for pointer, parent in parents_of(workspace, field, value).items():
            body = set_at(body, pointer, parent)
    return body


def parents_of(workspace: Workspace, field: FieldDefinition, value: Any) -> Mapping[str, str]:
    """Return what has to stand beside a value of a dependent select: by pointer, the ID of the parent's option.

    Empty for a select that depends on nothing, and for what is no option of it.
    """
    found: dict[str, str] = {}
    seen = {field.key}
    while (above := workspace.fields.get(field.parent)) is not None and above.key not in seen:
        names = value if isinstance(value, list) else [value]
        chosen = [option for option in field.options if option.id in names or option.label in names]
        if not chosen or not chosen[0].parent:
            break
        value = found[profile.custom_pointer(Role.VALUE, above.key)] = chosen[0].parent
        field = above
        seen.add(field.key)
    return found


def _depth(workspace: Workspace, field: FieldDefinition | None) -> int:
    """How many selects a select depends on; bounded, since definitions may be wrong."""
    depth = 0
    while field is not None and field.parent and depth < len(workspace.fields):
        field, depth = workspace.fields.get(field.parent), depth + 1
    return depth
