"""Says what a judgement is about, in words that hold for any organization: the place, the kind of value, the features."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ....spec import Contract, Option, Role, profile
from ....spec.pointer import join, last_segment, parent
from ....strategies import Breach, Caller, Value, Workspace, values_of
from ....strategies.schema import type_of
from ....strategies.texts import OBSERVED_TEXTS, TEXTS
from ..wire.exchange import Exchange
from ..wire.marker import stamp
from .judgement import Subject

__all__ = ["about_breach", "about_place", "about_value", "features_of", "known_options", "value_type_of", "workspace_of"]


def about_breach(contract: Contract, workspace: Workspace, breach: Breach) -> Subject:
    """Return the subject of a request that breaks a rule."""
    return Subject(breach.rule, breach.place, breach.variant, _role_of(contract, workspace, breach.place))


def about_place(contract: Contract, workspace: Workspace, pointer: str, kind: str = "") -> Subject:
    """Return the subject of what stands at a place of a request or of a record."""
    return Subject(place=pointer, kind=kind, role=_role_of(contract, workspace, pointer))


def about_value(contract: Contract, workspace: Workspace, pointer: str, value: Any, marker: str = "") -> Subject:
    """Return the subject of a value that was sent.

    Args:
        marker: the one that the request carries; "" for none.
    """
    return about_place(contract, workspace, pointer, _kind_of(contract, workspace, pointer, value, marker))


def workspace_of(workspace: Workspace, exchange: Exchange) -> Workspace:
    """Return what is known of the organization in whose name a request was sent."""
    return workspace.other if exchange.caller == Caller.OTHER_ORGANIZATION else workspace


def features_of(contract: Contract, workspace: Workspace, exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """Return the form of what a request holds at each place; places of an organization's own by their type."""
    workspace = workspace_of(workspace, exchange)
    found = (
        (_role_of(contract, workspace, pointer), _kind_of(contract, workspace, pointer, value, exchange.stamp))
        for pointer, value in profile.sent_members(exchange.sent)
    )
    return tuple(dict.fromkeys(found))


def value_type_of(contract: Contract, workspace: Workspace, pointer: str) -> str | None:
    """Return the value type at a place, from the fragment, else from the definitions; None where neither says it."""
    place = contract.find_place(pointer)
    defined = workspace.fields.get(last_segment(pointer))
    return (place.value_type if place else None) or (defined.value_type if defined else None)


def known_options(workspace: Workspace, pointer: str) -> tuple[Option, ...]:
    """Return the options that the definitions list at a place.

    Those that only the user named are not all there are, so a value that is none of them would say nothing.
    """
    defined = workspace.fields.get(last_segment(pointer))
    return defined.options if defined else ()


def _role_of(contract: Contract, workspace: Workspace, pointer: str) -> str:
    """The place as it is where the fragment names it; an organization's own by its type, `/fields/{TEXT}`."""
    if not pointer.startswith("/") or contract.find_place(pointer):
        return pointer
    key = last_segment(pointer)
    link = workspace.relationships.get(key) if profile.holds_links(pointer) else None
    kind = link.object_type if link else value_type_of(contract, workspace, pointer)
    return join(parent(pointer), f"{{{kind}}}") if kind else pointer


def _kind_of(contract: Contract, workspace: Workspace, pointer: str, value: Any, marker: str) -> str:
    """What is special about a value, by the name that the strategies give it; else its JSON type."""
    if profile.holds_links(pointer):
        return _link_kind(value)
    options = known_options(workspace, pointer)
    if options and (kind := _option_kind(value, options)):
        return kind
    sent = json.dumps(value)
    for known in _known_values(contract, workspace, pointer):
        if sent in (json.dumps(known.value), json.dumps(stamp(known.value, marker))):
            return known.feature
    return type_of(value)


def _known_values(contract: Contract, workspace: Workspace, pointer: str) -> Iterator[Value]:
    place = contract.find_place(pointer)
    if place is not None and place.holds_value:
        yield from values_of(workspace.definition_of(place))
    elif defined := workspace.fields.get(last_segment(pointer)):
        yield from values_of(defined)
    if place is not None and place.role is Role.TEXT:
        yield from (text for texts in (*TEXTS.values(), OBSERVED_TEXTS) for text in texts)


def _link_kind(value: Any) -> str:
    if isinstance(value, list):
        return {0: "empty array", 1: "array of one"}.get(len(value), "array")
    return "one ID" if isinstance(value, str) else type_of(value)


def _option_kind(value: Any, options: Sequence[Option]) -> str:
    names = {option.label: "label" for option in options} | {option.id: "ID" for option in options if option.id}
    if isinstance(value, str):
        return names.get(value, "")
    if not isinstance(value, list) or not value:
        return ""
    found = sorted({names.get(item, "text") if isinstance(item, str) else type_of(item) for item in value})
    return f"{len(value)} by {' and '.join(found)}"
