"""The server follows its fragment: whatever a fragment says about a place holds, with no name known to the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lightfield_contract.reference as room
from lightfield_contract.spec import load

PARCELS = str(Path(__file__).parent / "parcels.yaml")
FOLDER = Path(room.__file__).parent


def test_schema_beyond_the_value_type(contract, api, refused):
    """A place whose schema says more than a value type is held to it."""
    for place in contract.value_places:
        if place.value_type is None and not place.read_only:
            assert api.create(api.with_field(place.key, 0.5)).json()["fields"][place.key] == {
                "value": 0.5,
                "valueType": "NUMBER",
            }
            refused(api.create(api.with_field(place.key, 0)), 400, "invalid_type", f"fields.{place.key}")


def test_key_length_of_the_fragment():
    """The fragments of these tests differ in what the server has to read from them."""
    one, other = load(), load(PARCELS)
    assert one.key_length != other.key_length
    assert one.version_header.name != other.version_header.name
    assert set(one.collections).isdisjoint(other.collections)


def test_no_names_in_code():
    """No module names a system field, of any fragment."""
    keys = {place.key for name in ("opportunities", PARCELS) for place in load(name).places if place.key.startswith("$")}
    for path in FOLDER.glob("*.py"):
        words = set(re.findall(r"\$\w+", path.read_text("utf-8")))
        assert not words & keys, path.name


def test_imports_spec_alone():
    """Of our rooms the reference imports spec and nothing else."""
    for path in FOLDER.glob("*.py"):
        assert set(re.findall(r"^from \.\.(\w+)", path.read_text("utf-8"), re.MULTILINE)) <= {"spec"}, path.name


@pytest.mark.parametrize("name", room.__all__)
def test_exported(name):
    """Everything that is exported is there."""
    assert hasattr(room, name)
