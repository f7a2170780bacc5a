"""What the modules of a package declare is found because it is written there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lightfield_contract.reference.catalogue import declarations

MODULE = """
class Plain:
    declaration = None

class Second(Plain):
    declaration = "second"

class First(Plain):
    declaration = "first"

class Inherits(First):
    pass
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package with two modules, one of which imports a class of the other."""
    folder = tmp_path / "declaring_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "b_module.py").write_text(MODULE)
    (folder / "a_module.py").write_text("from .b_module import First\n\nclass Own(First):\n    declaration = 'own'\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder.name
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_found_where_they_are_written(package: str) -> None:
    """Module by module, in the order of the text; neither what is imported nor what is inherited counts twice."""
    assert list(declarations(package, str)) == ["own", "second", "first"]
