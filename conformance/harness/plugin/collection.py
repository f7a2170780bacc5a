"""How pytest collects the conformance tests: under their one name, and out of the way of the user's modules.

pytest imports a test module by its path, and to that end puts the folder above the module's package first on `sys.path`.
For these tests that would be the folder of all installed packages, or a checkout whose folders have names such as `reports`
and `tests`; the user's own modules of those names could no longer be imported.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .parameters import Plan

# Nothing else of ours is imported before the tests are collected: a pytest run that only passes by their folder, on its way
# to others, makes a node of it.

__all__ = [
    "CaseFolder",
    "CaseModule",
    "PackageFolder",
    "pytest_generate_tests",
    "pytest_pycollect_makemodule",
    "refuse_other_url",
]

_TESTS = __name__.rpartition(".harness.")[0]


class PackageFolder(pytest.Directory):
    """The installed package: of all that lies in it, only the conformance tests are tests."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Collect the folder of the conformance tests."""
        yield CaseFolder.from_parent(self, path=self.path / _TESTS.rpartition(".")[2])


class CaseFolder(pytest.Directory):
    """The folder of the conformance tests."""

    plan: Plan
    """What the cases are about."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Prepare the run, unless it is, and collect the modules that the user's `python_files` and `--ignore` leave."""
        from .activation import activate
        from .hooks import SUITE
        from .parameters import Plan

        try:
            activate(self.config)
        except pytest.UsageError as error:
            raise self.CollectError(str(error)) from None
        suite = self.config.stash[SUITE]
        self.plan = Plan.of(suite)
        suite.state.plan_turns(self.plan.refusals)
        for path in sorted(self.path.glob("test_*.py")):
            named = self.session.isinitpath(path)
            if named or not self.ihook.pytest_ignore_collect(collection_path=path, config=self.config):
                found = self.ihook.pytest_collect_file(file_path=path, parent=self)
                # Other plugins collect doctests, style checks and the like, which are for the user's own files.
                yield from (node for node in found if isinstance(node, CaseModule))


class CaseModule(pytest.Module):
    """A module of conformance tests, imported as any other module of the package is."""

    def _getobj(self) -> ModuleType:
        return importlib.import_module(f"{_TESTS}.{self.path.stem}")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> CaseModule | None:
    """Make the node of a module in our folder."""
    return CaseModule.from_parent(parent, path=module_path) if isinstance(parent, CaseFolder) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a conformance test for each breach, place, value type or body that it is about."""
    if (folder := metafunc.definition.getparent(CaseFolder)) is not None:
        from .parameters import parametrize

        parametrize(metafunc, folder.plan)


def refuse_other_url(session: pytest.Session, cases: Sequence[pytest.Item]) -> None:
    """Refuse a URL that is given by a fixture, where the embedded server would be judged in its place.

    Raises:
        pytest.UsageError: the user's own `base_url` is what tests would see.
    """
    for case in cases[:1]:
        defined = session._fixturemanager.getfixturedefs("base_url", case) or ()
        place = defined[-1].func.__module__ if defined else ""
        if defined and not place.startswith("pytest_base_url"):
            hint = "give --base-url, LIGHTFIELD_BASE_URL or pytest's setting base_url"
            raise pytest.UsageError(f"the fixture base_url of {place} is read by tests, and not by this suite: {hint}")
