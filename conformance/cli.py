"""The command line: a thin front on pytest, the reference server and the clause catalogue."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from ..reference import Settings as ServerSettings
from ..reference import serve
from ..reports import FORMS
from ..spec import Clause, Contract, ContractError, UsageError, available, load
from ..strategies import Depth
from .harness.settings import BASES, Settings

__all__ = ["main"]

_DEFAULT_FORMS = ",".join(Settings.reports)
_FORMS_HELP = f"which of {', '.join(FORMS)} (default: {_DEFAULT_FORMS})"
_STATUSES = """\
exit status:
  0  no clause is violated
  1  a clause is violated, or a line of the known-failing list is stale
  2  interrupted; what was found out until then is reported
  3  an error of ours
  4  wrong usage, or a target that cannot be judged: unreachable, key refused, not this API
  5  nothing was verified
"""
_KEYS = """\
keys come from the environment only:
  LIGHTFIELD_API_KEY               a key that may create (required with a base URL)
  LIGHTFIELD_API_KEY_READ          a key of the same organization that may read
  LIGHTFIELD_API_KEY_CREATE_ONLY   a key that holds the create scope alone
  LIGHTFIELD_API_KEY_NO_CREATE     valid keys without the create scope, comma-separated
  LIGHTFIELD_API_KEY_OTHER_ORG     a key of another organization that may create
things to link to are found through the API, or given:
  LIGHTFIELD_<OBJECT TYPE>_ID      IDs, comma-separated, such as LIGHTFIELD_ACCOUNT_ID
  LIGHTFIELD_<FIELD>               an option of a select field, such as LIGHTFIELD_STAGE
  LIGHTFIELD_CLOCK_HEADER          request header that moves the target's clock, in seconds
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; prints a sentence, never a traceback, for a user's mistake."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
    except ContractError as error:
        print(f"lightfield-contract: {error}", file=sys.stderr)
        return 4
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return status


class _Parser(argparse.ArgumentParser):
    """Ends with the status that the design gives to wrong usage."""

    def error(self, message: str) -> NoReturn:
        """Prints the message, and where more is told."""
        self.exit(4, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="lightfield-contract", description="Judges a server's create endpoint against its contract, clause by clause."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_serve(commands)
    _add_clauses(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[_Parser]) -> None:
    run = commands.add_parser(
        "run",
        help="judge a target",
        description="Judges a target. Without a base URL, the embedded reference server is started and judged.",
        epilog=f"{_KEYS}\n{_STATUSES}\nArguments after -- go to pytest, such as -x or -k.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = run.add_argument
    add("--base-url", default="", metavar="URL", help="the target; else LIGHTFIELD_BASE_URL, else the embedded reference")
    add("--depth", default="standard", choices=[depth.value for depth in Depth], help="how much to send (default: standard)")
    add("--basis", default="all", choices=list(BASES), help="weakest source that a clause may rest on (default: all)")
    add(
        "--clause", action="append", default=[], metavar="ID", help="only this clause, or all whose ids start so; repeatable"
    )
    add("--seed", default="0", metavar="N", help="seed of everything that is drawn (default: 0)")
    add("--rate", metavar="N", help="requests a second at most, below the target's own limit")
    add("--timeout", default="10", metavar="S", help="seconds for each request (default: 10)")
    add("--max-writes", metavar="N", help="creates at most")
    add(
        "--examples",
        metavar="DIR",
        help="where deep runs keep Hypothesis's examples from one run to the next (default: nowhere)",
    )
    add("--known-failing", metavar="FILE", help="clauses that the target is known to break: an id a line, a reason after #")
    add("--strict", action="store_true", help="advice and clauses that are not verified fail the run")
    add("--workers", type=int, metavar="N", help="processes to share the work (default: 1)")
    add("--report-dir", metavar="DIR", help="where reports are written (default: none are)")
    add(
        "--report",
        default=_DEFAULT_FORMS,
        metavar="FORMS",
        help=_FORMS_HELP,
    )
    _add_contract(run)
    add("pytest_arguments", nargs="*", metavar="-- ARGUMENTS", help=argparse.SUPPRESS)
    run.set_defaults(command=_run)


def _add_serve(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = commands.add_parser(
        "serve", help="run the reference server", description="Runs the reference server in the foreground."
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=int, default=8765, help="port to listen on, 0 for a free one (default: 8765)")
    command.add_argument(
        "--rate",
        type=float,
        metavar="N",
        help="requests a second that it allows in each category (default: 25)",
        default=25.0,
    )
    _add_contract(command)
    command.set_defaults(command=_serve)


def _add_clauses(commands: argparse._SubParsersAction[_Parser]) -> None:
    listing = commands.add_parser("clauses", help="list the clauses", description="Lists the clauses of a contract.")
    listing.add_argument("--format", default="table", choices=["table", "json"], help="form of the list (default: table)")
    _add_contract(listing)
    listing.set_defaults(command=_list_clauses)
    explain = commands.add_parser("explain", help="tell all about a clause", description="Prints one clause in full.")
    explain.add_argument("clause", metavar="CLAUSE", help="a clause id, such as idempotency:replay")
    _add_contract(explain)
    explain.set_defaults(command=_explain)


def _add_contract(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(available())
    parser.add_argument(
        "--contract", default="opportunities", metavar="NAME", help=f"fragment: {names}, or the path of a .yaml file"
    )


def _run(options: argparse.Namespace) -> int:
    values = {
        "--base-url": options.base_url,
        "--lf-contract": options.contract,
        "--lf-depth": options.depth,
        "--lf-basis": options.basis,
        "--lf-seed": options.seed,
        "--lf-rate": options.rate,
        "--lf-timeout": options.timeout,
        "--lf-max-writes": options.max_writes,
        "--lf-known-failing": options.known_failing,
        "--lf-examples": options.examples,
        "--lf-report-dir": options.report_dir,
        "--lf-report": options.report,
    }
    arguments = [f"{name}={value}" for name, value in values.items() if value not in (None, "")]
    arguments += [f"--lf-clause={clause}" for clause in options.clause]
    arguments += ["--lf-strict"] if options.strict else []
    arguments += ["-n", str(options.workers)] if options.workers else []
    # The user's own pytest configuration and plugins are about the user's tests; some plugins take a second to load.
    plugins = [
        "pytest_base_url.plugin",
        "lightfield_contract.conformance.harness.plugin",
        *(["xdist.plugin"] if options.workers else []),
    ]
    quiet = [
        "-c",
        str(Path(__file__).with_name("pytest.ini")),
        "-p",
        "no:cacheprovider",
        "-qq",
        "--lf-progress",
        "--tb=no",
        "-rN",
        "--no-header",
    ]
    quiet += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    quiet += [word for plugin in plugins for word in ("-p", plugin)]
    tests = str(Path(__file__).parent)
    with _plugin_autoload_disabled():
        return int(pytest.main([*quiet, *arguments, *options.pytest_arguments, tests]))


@contextlib.contextmanager
def _plugin_autoload_disabled() -> Iterator[None]:
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _serve(options: argparse.Namespace) -> int:
    serve(load(options.contract), host=options.host, port=options.port, settings=ServerSettings(rate=options.rate))
    return 0


def _list_clauses(options: argparse.Namespace) -> int:
    contract = load(options.contract)
    if options.format == "json":
        print(json.dumps([_clause_json(contract, clause) for clause in contract.clauses], indent=2))
        return 0
    width = max(len(clause.id) for clause in contract.clauses)
    for key, title in contract.sections.items():
        print(f"{title}")
        for clause in (clause for clause in contract.clauses if clause.section == key):
            print(f"  {clause.id:{width}}  {clause.level:6}  {clause.basis:4}  {clause.statement}")
    return 0


def _clause_json(contract: Contract, clause: Clause) -> dict[str, object]:
    return {
        "id": clause.id,
        "section": contract.sections[clause.section],
        "level": clause.level.value,
        "basis": clause.basis.value,
        "statement": clause.statement,
        "source": clause.source,
        "needs": [need.name for need in clause.needs],
        "place": clause.place,
    }


def _explain(options: argparse.Namespace) -> int:
    contract = load(options.contract)
    clause = next((clause for clause in contract.clauses if clause.id == options.clause), None)
    if clause is None:
        near = [clause.id for clause in contract.clauses if options.clause in clause.id][:5]
        told = f"; did you mean {', '.join(near)}?" if near else "; `lightfield-contract clauses` lists them"
        raise UsageError(f"there is no clause {options.clause!r}{told}")
    print(f"{clause.id}\n\n{clause.statement}\n")
    print(f"section  {contract.sections[clause.section]}\nlevel    {clause.level}")
    print(f"basis    {clause.basis}\nsource   {clause.source}")
    for need in clause.needs:
        print(f"needs    {need.name}: not verified when {need.reason}; {need.remedy}")
    print(f"\nJudge it alone:  lightfield-contract run --clause '{clause.id}'")
    return 0
