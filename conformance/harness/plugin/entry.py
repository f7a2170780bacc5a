"""The pytest plugin: options and marks. It does nothing else until the conformance tests are named."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..settings.options import PREFIX, rows

if TYPE_CHECKING:
    from ...client.fixtures import PlayedScenario, Server

# Nothing else of ours is imported here: this module is loaded in every pytest run of whoever installs the package.

_NAME = __name__.rpartition(".harness.")[0]
_FOLDER = Path(os.path.realpath(__file__)).parents[2]
"""The conformance tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; the target's URL is --base-url, of pytest-base-url."""
    group = parser.getgroup("lightfield-contract", "conformance of a create endpoint")
    for _, row in rows():
        if not row.command_only:
            group.addoption(PREFIX + row.name, **row.keywords())
    settings = "settings file, in place of the project's own (lightfield-contract.toml or pyproject.toml); empty for none"
    group.addoption(f"{PREFIX}settings", metavar="FILE", help=settings)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks, and prepare the run where the command line names the conformance tests."""
    add = config.addinivalue_line
    add("markers", "clause(id, *touched): the clause that a case is about, and others that it touches")
    add("markers", "depth(*depths): the depths at which a case is run; at every one without this mark")
    add("markers", "breaches(*clauses): the breaches that a case is repeated for, by clause or kind of clause")
    if "lightfield_contract" in getattr(config, "workerinput", {}) or _names_conformance(config):
        from .activation import activate

        activate(config, may_wait=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Directory | None:
    """Collect the conformance tests in a way of their own."""
    folder = Path(os.path.realpath(path))
    if folder != _FOLDER and not _is_package(folder):
        return None
    from .collection import CaseFolder, PackageFolder

    return (CaseFolder if folder == _FOLDER else PackageFolder).from_parent(parent, path=path)


def _is_package(folder: Path) -> bool:
    """Return whether this is the package's own folder; in a checkout, the folder above the tests is not."""
    return folder == _FOLDER.parent and (folder / "__init__.py").exists()


@pytest.fixture
def lightfield_server() -> Iterator[Server]:
    """A server to develop a client against: `url`, `api_key`, a good `body`, and the `requests` that came."""
    from ...client.fixtures import open_server

    with open_server() as server:
        yield server


@pytest.fixture
def lightfield_scenario() -> Callable[[str], AbstractContextManager[PlayedScenario]]:
    """Play a scenario of the client clauses; the test fails when the client breaks a MUST in it.

    >>> with lightfield_scenario("lost-answer") as scenario:  # doctest: +SKIP
    ...     scenario.created(MyClient(scenario.url, scenario.api_key).create(scenario.body))
    """
    from ...client.fixtures import open_scenario

    @contextlib.contextmanager
    def play(name: str) -> Iterator[PlayedScenario]:
        with open_scenario(name) as scenario:
            yield scenario
            if problems := scenario.problems():
                pytest.fail("\n".join(problems), pytrace=False)

    return play


def _names_conformance(config: pytest.Config) -> bool:
    """Return whether an argument is the conformance tests, a part of them or all of the package, by name or by path."""
    if config.option.help or config.option.version or hasattr(config, "workerinput"):
        return False
    return any(_names(argument.partition("::")[0], config.option.pyargs) for argument in config.args)


def _names(argument: str, pyargs: bool) -> bool:
    if pyargs and (f"{argument}.".startswith(f"{_NAME}.") or argument == _NAME.partition(".")[0]):
        return True
    # Whatever the user's other arguments are, they are no concern of ours: realpath takes any text but this.
    path = Path(os.path.realpath(argument.replace("\0", "")))
    return path.is_relative_to(_FOLDER) or _is_package(path)
