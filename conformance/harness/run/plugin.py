"""The pytest plugin: options and marks. It does nothing else until the conformance tests are named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Nothing of ours is imported here: this module is loaded in every pytest run of whoever installs the package.

_NAME = __name__.rpartition(".harness.")[0]
_FOLDER = Path(os.path.realpath(__file__)).parents[2]
"""The conformance tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options; the target's URL is --base-url, of pytest-base-url."""
    group = parser.getgroup("lightfield-contract", "conformance of a create endpoint")
    add = group.addoption
    add(
        "--lightfield-contract",
        default="opportunities",
        metavar="NAME",
        help="fragment: a name, or the path of a .yaml file",
    )
    add("--lightfield-depth", default="standard", metavar="DEPTH", help="how much to send: smoke, standard or deep")
    add(
        "--lightfield-basis",
        default="all",
        metavar="BASIS",
        help="weakest source that a clause may rest on: endpoint, docs or all",
    )
    add(
        "--lightfield-clause",
        action="append",
        default=[],
        metavar="ID",
        help="only this clause, or all whose ids start so; repeatable",
    )
    add("--lightfield-seed", default="0", metavar="N", help="seed of everything that is drawn")
    add("--lightfield-rate", metavar="N", help="requests a second at most, below the target's own limit")
    add("--lightfield-timeout", default="10", metavar="S", help="seconds for each request (10)")
    add("--lightfield-wait", metavar="S", help="seconds to wait for a target that is not up (30 for one that says so)")
    add("--lightfield-ca-file", metavar="FILE", help="certificates to trust in place of the public ones")
    add("--lightfield-client-cert", metavar="FILE", help="our own certificate, for a target that wants one")
    add("--lightfield-client-key", metavar="FILE", help="its key, where the certificate's file does not hold it")
    add("--lightfield-allow-http", action="store_true", help="send keys over plain http to another machine")
    add("--lightfield-insecure", action="store_true", help="do not check the certificate of a target on this machine")
    add("--lightfield-max-writes", metavar="N", help="creates at most")
    add("--lightfield-known-failing", metavar="FILE", help="clauses that the target is known to break")
    add("--lightfield-strict", action="store_true", help="advice and clauses that are not verified fail the run")
    add("--lightfield-require", metavar="N%|IDS", help="fail unless so many clauses are verified, or these")
    add("--lightfield-examples", metavar="DIR", help="where deep runs keep Hypothesis's examples")
    add("--lightfield-progress", action="store_true", help="show progress by clause instead of pytest's letters")
    add("--lightfield-report-dir", metavar="DIR", help="where reports are written")
    add(
        "--lightfield-report",
        default="json,html,junit",
        metavar="FORMS",
        help="which: json, html, junit, markdown, ctrf, har",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks, and prepare the run where the command line names the conformance tests."""
    add = config.addinivalue_line
    add("markers", "clause(id, *touched): the clause that a case is about, and others that it touches")
    add("markers", "depth(*depths): the depths at which a case is run; at every one without this mark")
    add("markers", "breaches(*clauses): the breaches that a case is repeated for, by clause or kind of clause")
    if "lightfield_contract" in getattr(config, "workerinput", {}) or _names_conformance(config):
        from .activation import activate

        activate(config)


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
