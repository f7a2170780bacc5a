"""The smallest valid body, from which breaches are made and to which explored bodies shrink."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..spec import Contract, Place, Role
from ..spec.pointer import set_at
from .places import shapes
from .schema import takes
from .texts import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["amendments", "missing_needs", "smallest_body"]


def smallest_body(contract: Contract, workspace: Workspace) -> dict[str, Any] | None:
    """The required places and no more, each relationship one ID, each select an option's label, else its ID.

    The marker place holds `PLAIN_TEXT` or, where its schema does not take that, another text. It is set even where it
    is not required, because every create carries a marker.
    None where the workspace does not know what a required place needs; `missing_needs` says what.
    """
    if missing_needs(contract, workspace):
        return None
    body: dict[str, Any] = {}
    for place in _places(contract):
        body = set_at(body, place.pointer, _plainest(contract, workspace, place))
    for pointer, value in workspace.amendments.items():
        body = set_at(body, pointer, value)
    return body


def amendments(contract: Contract, workspace: Workspace) -> Iterator[tuple[str, Any]]:
    """What may be changed of the smallest body for a target that does not accept it, a place and a value at a time.

    Required places in their other shapes, then optional relationships set, so that a target which is wrong about one of
    them can be judged in all else.
    """
    for place in contract.places:
        ways = list(shapes(workspace, place).values())
        if place.required and place != contract.marker_place:
            yield from ((place.pointer, way) for way in ways[1:])
    for place in contract.link_places:
        ways = list(shapes(workspace, place).values())
        if not place.required and ways:
            yield place.pointer, ways[0]


def missing_needs(contract: Contract, workspace: Workspace) -> tuple[str, ...]:
    """What keeps the smallest body from being made: `need:place`, such as `link:/relationships/$parent`.

    The need is a key of `contract.needs`.
    """
    return tuple(
        f"{'link' if place.role is Role.LINK else 'option'}:{place.pointer}"
        for place in _places(contract)
        if not place.holds_places and not shapes(workspace, place)
    )


def _places(contract: Contract) -> list[Place]:
    return [place for place in contract.places if place.required or place == contract.marker_place]


def _plainest(contract: Contract, workspace: Workspace, place: Place) -> Any:
    if place.holds_places:
        return {}
    if place == contract.marker_place and takes(place.schema, PLAIN_TEXT):
        return PLAIN_TEXT
    return next(iter(shapes(workspace, place).values()))
