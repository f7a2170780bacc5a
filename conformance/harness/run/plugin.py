"""The pytest plugin: options and marks. It does nothing else until the conformance tests are named."""

from __future__ import annotations

from pathlib import Path

import pytest

# Nothing of ours is imported here: this module is loaded in every pytest run of whoever installs the package.

_PACKAGE = __name__.rpartition(".harness")[0]


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
    """Declares the marks, and prepares the run where the command line names the conformance tests."""
    add = config.addinivalue_line
    add("markers", "clause(id, *touched): the clause that a case is about, and others that it touches")
    add("markers", "depth(*depths): the depths at which a case is run; at every one without this mark")
    add("markers", "breaches(*clauses): the breaches that a case is repeated for, by clause or kind of clause")
    if not hasattr(config, "workerinput") and _names_conformance(config):
        from .activation import activate

        activate(config)


def _names_conformance(config: pytest.Config) -> bool:
    """Whether an argument is the package of the conformance tests, or lies in its folder.

    Their conftest.py prepares the run as well, but with --pyargs pytest finds it only when it collects, which with
    xdist the controller never does.
    """
    if config.option.help or config.option.version:
        return False
    folder = Path(__file__).resolve().parents[2]
    paths = [argument.partition("::")[0] for argument in config.args]
    by_name = config.option.pyargs and any(f"{path}.".startswith(f"{_PACKAGE}.") for path in paths)
    return by_name or any(folder in (path, *path.parents) for path in (Path(text).resolve() for text in paths))
