"""The workspace travels as JSON, and the room's public names are the ones that others may use."""

from __future__ import annotations

import json
from typing import Any

import lightfield_contract.strategies as room
from lightfield_contract.spec import FieldDefinition, RelationshipDefinition
from lightfield_contract.strategies import Workspace


def test_a_workspace_survives_json(case: Any) -> None:
    """Workers get the very workspace that the first process found out."""
    travelled = Workspace.from_json(json.loads(json.dumps(case.workspace.to_json())))
    assert travelled == case.workspace
    assert room.enumerate_breaches(case.contract, travelled) == room.enumerate_breaches(case.contract, case.workspace)


def test_definitions_know_what_is_custom() -> None:
    """System names carry a dollar sign."""
    assert FieldDefinition("own", "TEXT").custom
    assert not FieldDefinition("$own", "TEXT").custom
    assert RelationshipDefinition("own", "thing", "has_one").custom
    assert not RelationshipDefinition("$own", "thing", "has_one").custom


def test_public_names_exist() -> None:
    """What `__all__` promises is there, sorted as the linter wants it, and nothing is promised twice."""
    assert len(set(room.__all__)) == len(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)
