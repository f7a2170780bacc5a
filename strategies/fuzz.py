"""Bodies as schemathesis generates them from the fragment: fitting its schema, and not fitting it."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from ..spec import Contract, Place, Role
from ..spec.pointer import ABSENT, join, segments, set_at
from .workspace import Workspace

__all__ = ["fuzzed_bodies"]


def fuzzed_bodies(contract: Contract, workspace: Workspace, *, fitting: bool) -> st.SearchStrategy[Any]:
    """Draw what schemathesis makes of the fragment; ABSENT where it means to send no body.

    The schema says nothing of which IDs and options exist, so those of the workspace are put in as enumerations.

    Args:
        fitting: whether the bodies fit the schema; if not, they break it somewhere, and nothing says where.
    """
    operation = _schema(_live_document(contract, workspace, fitting=fitting))[contract.create.path][contract.create.method]
    cases = operation.as_strategy(generation_mode=_modes()["positive" if fitting else "negative"])
    strategy: st.SearchStrategy[Any] = cases.map(_body)
    return strategy


def _schema(document: Mapping[str, Any]) -> Any:
    # Imported here, because schemathesis takes as long to import as a smoke run takes altogether.
    import schemathesis

    return schemathesis.openapi.from_dict(dict(document))


@functools.cache
def _modes() -> dict[str, Any]:
    import schemathesis

    return {mode.value: mode for mode in schemathesis.GenerationMode}


def _body(case: Any) -> Any:
    body = case.body
    return ABSENT if type(body).__name__ == "NotSet" else body


def _live_document(contract: Contract, workspace: Workspace, *, fitting: bool) -> dict[str, Any]:
    """The fragment's create operation alone, with the places' schemas inlined and narrowed to what exists."""
    schema = copy.deepcopy(dict(contract.create.request_schema))
    for group in contract.group_places:
        # A made-up custom attribute is one that no definition lists, and schemathesis cannot negate the map branch.
        if fitting:
            schema["properties"][group.key]["additionalProperties"] = False
        else:
            schema["properties"][group.key].pop("additionalProperties", None)
    for place in contract.places:
        if (narrowed := _narrowed(workspace, place)) is not None:
            schema = set_at(schema, "".join(join("/properties", key) for key in segments(place.pointer)), narrowed)
    operation = {
        "operationId": contract.create.id,
        "requestBody": {"required": True, "content": {contract.create.media_type: {"schema": schema}}},
        "responses": {"200": {"description": "The record."}},
    }
    info = {"title": contract.title, "version": contract.version}
    return {"openapi": "3.1.0", "info": info, "paths": {contract.create.path: {contract.create.method.lower(): operation}}}


def _narrowed(workspace: Workspace, place: Place) -> dict[str, Any] | bool | None:
    """The schema of a place that takes what the workspace has and no more; None where it is as the fragment has it."""
    if place.read_only:
        # What `false` says as well, which schemathesis before 4.18 cannot negate.
        return {"not": {}}
    options = workspace.known_options(place.key) if place.role is Role.OPTION else ()
    names = [name for option in options for name in (option.id, option.label) if name]
    ids = workspace.known_ids(place.object_type)
    if not (names or ids):
        return None
    one = {"enum": sorted({*names, *ids})}
    many = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
    return one if names else {"anyOf": [one, many]}
