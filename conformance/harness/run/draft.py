"""The body of a create before it is sent: the JSON or the bytes, with the run's marker stamped into it."""

from __future__ import annotations

import json
from typing import Any

from ....spec import Contract, Operation
from ....spec.pointer import get_at, set_at
from ....strategies import PLAIN_TEXT, Workspace
from ....strategies.value_types import fresh_value
from ..wire.exchange import MISSING, Exchange
from ..wire.marker import has_stamp, stamp, unstamp
from ..wire.outgoing import Draft

__all__ = ["make_draft", "make_equal_draft", "make_other_draft"]


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
    place, body = contract.marker_place, first.sent
    if place and any(field.unique and field.pointer == place.pointer for field in workspace.fields.values()):
        return make_draft(
            contract, workspace, set_at(body, place.pointer, unstamp(get_at(body, place.pointer), first.stamp)), marker
        )
    body = _fresh(contract, workspace, body, marker)
    content = first.content if body == first.sent else _encoded(body)
    return Draft(path=first.path, content=content, sent=body, stamp=first.stamp)


def make_other_draft(operation: Operation, body: Any, marker: str) -> Draft:
    """The draft of a body for another create endpoint; every text in it is stamped."""
    body = stamp(body, marker)
    return Draft(path=operation.path, content=json.dumps(body).encode(), sent=body, own=False)


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _fresh(contract: Contract, workspace: Workspace, body: Any, marker: str) -> Any:
    """A value that another record holds may be refused there (contract 11); the marker is fresh by itself."""
    unique = [field for field in workspace.fields.values() if field.unique and not field.read_only]
    for field in unique:
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
