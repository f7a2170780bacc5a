"""What a test case makes its bodies of, and a body made ready to be sent: with the run's marker in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ....spec import Contract, Operation, Option, Role, profile
from ....spec.pointer import get_at, set_at, without
from ....strategies import PLAIN_TEXT, Workspace, demanded_values
from ....strategies.places import custom_fields, custom_relationships, custom_ways, valid_values
from ....strategies.select_types import sole_label
from ....strategies.value_types import fresh_value
from ..judge.record import NotVerified
from ..wire.exchange import MISSING, Exchange
from ..wire.marker import has_stamp, stamp, unstamp
from ..wire.outgoing import Draft
from .world import World

__all__ = [
    "Material",
    "make_draft",
    "make_equal_draft",
    "make_other_draft",
    "reformatted",
    "smallest_other",
    "texts_of",
    "unmarked",
]


class Material:
    """Bodies and their parts, from the contract and the workspace.

    Every method raises NotVerified where the workspace does not have what it would need.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._workspace = world.workspace

    @property
    def smallest(self) -> dict[str, Any]:
        """The smallest valid body."""
        if self._world.smallest is None:
            raise NotVerified(*self._world.missing())
        return self._world.smallest

    @property
    def carrying(self) -> dict[str, Any]:
        """The smallest valid body with values that servers alter; what has to succeed carries them, whatever it is about."""
        return self._world.state.bodies.carrying or self.smallest

    @property
    def repeatable(self) -> dict[str, Any]:
        """The one of `carrying` without what no two records may hold, unless even the smallest body has it (contract 11)."""
        body = self.carrying
        for field in self._workspace.unique_fields:
            if get_at(self.smallest, field.pointer, None) is None:
                body = dict(without(body, field.pointer))
        return body

    @property
    def holds_unique(self) -> bool:
        """Whether even the smallest body holds a value that no other record may hold (contract 11)."""
        return any(get_at(self.smallest, field.pointer, None) is not None for field in self._workspace.unique_fields)

    def incomplete(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return a body without a value that it needs, but with the run's marker."""
        marker = self._world.contract.marker_place
        needed = [place for place in self._world.contract.places if place.required and not place.holds_places]
        needed = [place for place in needed if place != marker] or list(self._world.contract.places)
        place = next((place for place in needed if place.role is not Role.LINK), needed[0])
        return dict(without(body, place.pointer))

    def linked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body with every relationship set, each as an array."""
        for place in self._world.contract.link_places:
            ids = self._workspace.ids.get(place.object_type or "")
            if ids and not place.read_only:
                body = set_at(body, place.pointer, [ids[0]])
        return body

    @property
    def of_other_organization(self) -> tuple[dict[str, Any], ...]:
        """Bodies all of the other organization's own: one with values where there is any, and last the smallest one."""
        if not self._world.state.bodies.of_other_organization:
            raise self._world.unmet("other-organization")
        return self._world.state.bodies.of_other_organization

    def texts_of_other_organization(self, place: str) -> Sequence[str]:
        """Texts of the other organization's objects of the type that a place links to."""
        return self._workspace.other_texts.get(self._world.object_type(place), ())

    def link(self, place: str) -> str:
        """An ID that the relationship at a place takes."""
        at = next((each for each in self._world.contract.link_places if each.pointer == place), None)
        if ways := valid_values(self._workspace, at) if at else {}:
            return str(ways["one"])
        raise self._world.unmet("link")

    def required_link(self) -> tuple[str, str]:
        """The pointer of a relationship of the fragment, a required one where there is any, and an ID that it takes."""
        writable = [place for place in self._world.contract.link_places if not place.read_only]
        place = next(iter(sorted(writable, key=lambda place: not place.required)), None)
        if place is None:
            raise NotVerified("the fragment has no relationship that can be set")
        return place.pointer, self.link(place.pointer)

    def link_to_repeat(self) -> tuple[str, str]:
        """The pointer of a relationship that takes many, where definitions name one, and an ID that it takes.

        The organization's own come first: of those that the fragment names, most take one.
        """
        for link in custom_relationships(self._world.contract, self._workspace):
            if link.cardinality == "has_many":
                return link.pointer, custom_ways(self._workspace, link)["one"]
        for place in self._world.contract.link_places:
            defined = self._workspace.relationships.get(place.key)
            ids = self._workspace.known_ids(self._workspace.linked_type(place))
            if ids and not place.read_only and defined and defined.cardinality == "has_many":
                return place.pointer, ids[0]
        return self.required_link()

    @property
    def lists_of_links(self) -> tuple[Operation, ...]:
        """The lists of what can be linked to, one for each object type that has one."""
        contract = self._world.contract
        kinds = dict.fromkeys(place.object_type or "" for place in contract.link_places if not place.read_only)
        found = [contract.collections[kind].list for kind in kinds if kind in contract.collections]
        if lists := tuple(operation for operation in found if operation):
            return lists
        raise self._world.unmet("link")

    def option(self, place: str) -> Option:
        """An option of the select at a place, of which both ID and label are known."""
        options = self._workspace.options.get(self._world.contract.place(place).key, ())
        # The last one, because the smallest body has the first.
        usable = [option for option in reversed(options) if not option.refused]
        found = next((option for option in usable if option.id and sole_label(option, options)), None)
        if found is None:
            raise self._world.unmet("definitions")
        return found

    @property
    def fullest(self) -> tuple[dict[str, Any], ...]:
        """Bodies with much set: in its plainest form, as arrays and by ID, with other options."""
        return self._world.fullest[1:]

    def custom(self, value_type: str) -> tuple[str, Any]:
        """The pointer of a custom attribute of a value type, and a value that it takes."""
        for definition in custom_fields(self._world.contract, self._workspace).get(value_type, ()):
            return definition.pointer, demanded_values(definition)[0].value
        raise self._world.unmet("definitions")

    def custom_link(self) -> tuple[str, str]:
        """The pointer of a custom relationship, and an ID that it takes."""
        for definition in custom_relationships(self._world.contract, self._workspace):
            return definition.pointer, custom_ways(self._workspace, definition)["one"]
        raise self._world.unmet("definitions")

    def other_object_type(self) -> str:
        """An object type with a create endpoint besides the one under test."""
        for name, collection in self._world.contract.collections.items():
            if collection.create and name != self._world.contract.collection.object_type:
                return name
        raise self._world.unmet("other-operation")


def smallest_other(operation: Operation | None) -> dict[str, Any]:
    """A body for another create endpoint: its required text fields, and nothing else.

    Raises:
        NotVerified: there is no such endpoint, or it requires more than texts.
    """
    need = NotVerified("the fragment has no other create endpoint whose required members are all texts")
    if operation is None:
        raise need
    groups = operation.request_schema.get("properties", {})
    body: dict[str, Any] = {}
    for group in operation.request_schema.get("required", ()):
        wanted = groups[group].get("required", ())
        if any(groups[group]["properties"][key].get("type") != "string" for key in wanted):
            raise need
        body[group] = dict.fromkeys(wanted, "Sample")
    return body


def reformatted(content: bytes) -> bytes:
    """The same JSON value in another form: members reversed, white space added, a letter of a text escaped (contract 11)."""
    text = json.dumps(_reversed(json.loads(content)), indent=3)
    # Each quote that opens a text is followed by its first letter; writing that letter as an escape changes nothing.
    return re.sub(r'"([A-Za-z])', lambda found: f'"\\u{ord(found[1]):04x}', text).encode()


def _reversed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _reversed(member) for key, member in reversed(list(value.items()))}
    return value


def texts_of(record: Any) -> list[str]:
    """The texts by which a record could be recognized: its string field values of some length."""
    values = (answered.value for answered in profile.answered_values(record))
    return [value for value in values if isinstance(value, str) and len(value) > 3]


def make_draft(contract: Contract, workspace: Workspace, body: Any, marker: str) -> Draft:
    """The draft of a body for the endpoint under test, with values of its own at unique places.

    Args:
        body: a JSON value, or bytes to send as they are.
    """
    body = _fresh(contract, workspace, body, marker)
    body, marker = _stamped(contract, body, marker)
    content = body if isinstance(body, bytes) else _encoded(body)
    sent = MISSING if isinstance(body, bytes) else body
    return Draft(path=contract.create.path, content=content, sent=sent, stamp=marker)


def make_equal_draft(contract: Contract, workspace: Workspace, first: Exchange, marker: str) -> Draft:
    """The draft of the body of an earlier create, for another record; equal to it but for values at unique places.

    Two records may not hold one value there (contract 11).
    """
    place = contract.marker_place
    if first.stamp and any(place and field.pointer == place.pointer for field in workspace.unique_fields):
        return make_draft(contract, workspace, unmarked(contract, first), marker)
    body = _fresh(contract, workspace, first.sent, marker)
    content = first.content if body == first.sent else _encoded(body)
    return Draft(path=first.path, content=content, sent=body, stamp=first.stamp)


def unmarked(contract: Contract, first: Exchange) -> Any:
    """The body of an earlier create as it was before the marker was stamped into it."""
    place, body = contract.marker_place, first.sent
    if place is None or not first.stamp:
        return body
    return set_at(body, place.pointer, unstamp(get_at(body, place.pointer), first.stamp))


def make_other_draft(operation: Operation, body: Any, marker: str) -> Draft:
    """The draft of a body for another create endpoint; every text in it is stamped."""
    body = stamp(body, marker)
    return Draft(path=operation.path, content=json.dumps(body).encode(), sent=body, own=False)


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _fresh(contract: Contract, workspace: Workspace, body: Any, marker: str) -> Any:
    """A value that another record holds may be refused there (contract 11); the marker is fresh by itself."""
    for field in workspace.unique_fields:
        value = get_at(body, field.pointer, MISSING) if isinstance(body, dict) else MISSING
        if value is not MISSING and field.pointer != (contract.marker_place and contract.marker_place.pointer):
            body = set_at(body, field.pointer, fresh_value(field, value, marker))
    return body


def _stamped(contract: Contract, body: Any, marker: str) -> tuple[Any, str]:
    place = contract.marker_place
    if isinstance(body, bytes) and PLAIN_TEXT.encode() in body:
        # A text that is not JSON, or not quite, can still make a record on a target that is too kind.
        return body.replace(PLAIN_TEXT.encode(), f"{marker} {PLAIN_TEXT}".encode()), marker
    if place is None or not isinstance(body, dict):
        return body, ""
    value = get_at(body, place.pointer, MISSING)
    if value is MISSING or not has_stamp(value):
        return body, ""
    return set_at(body, place.pointer, stamp(value, marker)), marker
