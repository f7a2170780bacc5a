"""The command line: says which commands and options there are."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from .. import __version__
from .isolation import isolated

# Nothing else of ours is imported before the arguments are read: help and mistakes are answered at once.

__all__ = ["main"]

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
  LIGHTFIELD_KEY_COMMAND           a command (no shell) that prints a fresh LIGHTFIELD_API_KEY
what stands before the target may want more (proxies are read from the environment too):
  LIGHTFIELD_HEADERS               more headers for each request, one `Name: value` a line
  LIGHTFIELD_CLIENT_KEY_PASSWORD   of the key that goes with --client-cert
things to link to are found through the API, or given:
  LIGHTFIELD_<OBJECT TYPE>_ID      IDs, comma-separated, such as LIGHTFIELD_ACCOUNT_ID
  LIGHTFIELD_<FIELD>               an option of a select field, such as LIGHTFIELD_STAGE
  LIGHTFIELD_CLOCK_HEADER          request header that moves the target's clock, in seconds
"""
_FORMS = "which of json, html, junit, markdown, ctrf, har"


class _Parser(argparse.ArgumentParser):
    """Ends with the status that the design gives to wrong usage."""

    def error(self, message: str) -> NoReturn:
        """Prints the message, and where more is told."""
        self.exit(4, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; prints a sentence, never a traceback, for a user's mistake."""
    options = _parser().parse_args(arguments)
    with isolated():
        return _carry_out(options)


def _carry_out(options: argparse.Namespace) -> int:
    from ..spec import ContractError
    from . import commands

    try:
        status: int = getattr(commands, options.command)(options)
    except ContractError as error:
        print(f"lightfield-contract: {error}", file=sys.stderr)
        return 4
    except BrokenPipeError:
        # Whoever read the output has gone, as `| head` does.
        sys.stderr.close()
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="lightfield-contract", description="Judges a server's create endpoint against its contract, clause by clause."
    )
    parser.add_argument("--version", action="version", version=f"lightfield-contract {__version__}")
    found = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(found)
    _add_serve(found)
    _add_proof(found)
    _add_clauses(found)
    _add_results(found)
    return parser


def _add_run(found: argparse._SubParsersAction[_Parser]) -> None:
    parser = found.add_parser(
        "run",
        help="judge a target",
        description="Judges a target. Without a base URL, the embedded reference server is started and judged.",
        epilog=f"{_KEYS}\n{_STATUSES}\nArguments after -- go to pytest, such as -x or -k.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--base-url", default="", metavar="URL", help="the target; else LIGHTFIELD_BASE_URL, else the embedded reference")
    add("--depth", default="standard", choices=["smoke", "standard", "deep"], help="how much to send (default: standard)")
    add(
        "--basis",
        default="all",
        choices=["seed", "docs", "all"],
        help="weakest source that a clause may rest on (default: all)",
    )
    add("--clause", action="append", default=[], metavar="ID", help="only this, or all whose ids start so; repeatable")
    add("--seed", default="0", metavar="N", help="seed of everything that is drawn (default: 0)")
    add("--rate", metavar="N", help="requests a second at most, below the target's own limit")
    add("--timeout", default="10", metavar="S", help="seconds for each request (default: 10)")
    add("--wait", metavar="S", help="seconds to wait for a target that is not up (default: 30 for one that says so, else 0)")
    _add_way(parser)
    add("--max-writes", metavar="N", help="creates at most")
    add("--examples", metavar="DIR", help="where deep runs keep Hypothesis's examples (default: nowhere)")
    add("--known-failing", metavar="FILE", help="clauses that the target is known to break: an id a line, a reason after #")
    add("--strict", action="store_true", help="advice and clauses that are not verified fail the run")
    add("--require", metavar="N%|IDS", help="fail unless so many clauses are verified, or these (comma-separated ids)")
    add("--workers", type=int, metavar="N", help="processes to share the work (default: 1)")
    add("--report-dir", metavar="DIR", help="where reports are written (default: none are)")
    add("--report", default="json,html,junit", metavar="FORMS", help=f"{_FORMS} (default: json,html,junit)")
    _add_contract(parser)
    add("pytest_arguments", nargs="*", metavar="-- ARGUMENTS", help=argparse.SUPPRESS)
    parser.set_defaults(command="run")


def _add_way(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--ca-file", metavar="FILE", help="certificates to trust in place of the public ones")
    add("--client-cert", metavar="FILE", help="our own certificate, for a target that wants one")
    add("--client-key", metavar="FILE", help="its key, where the certificate's file does not hold it")
    add("--allow-http", action="store_true", help="send keys over plain http to another machine")
    add("--insecure", action="store_true", help="do not check the certificate of a target on this machine")


def _add_serve(found: argparse._SubParsersAction[_Parser]) -> None:
    parser = found.add_parser("serve", help="run the reference server", description="Runs it in the foreground.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--port", type=int, default=8765, help="port to listen on, 0 for a free one (default: 8765)")
    add("--rate", type=float, metavar="N", help="requests a second allowed in each category (default: 25)")
    ways = parser.add_mutually_exclusive_group().add_argument
    ways("--fault", metavar="ID", help="break one clause; `lightfield-contract faults` lists the faults")
    variation = "do one thing in another permitted way; repeatable; `lightfield-contract variations` lists the ways"
    ways("--variation", action="append", default=[], metavar="FACTOR=LEVEL", help=variation)
    _add_contract(parser)
    parser.set_defaults(command="serve_reference")


def _add_proof(found: argparse._SubParsersAction[_Parser]) -> None:
    faults = found.add_parser(
        "faults",
        help="list the faults, or judge the suite by them",
        description="Lists the faults of the reference server. With --run, judges each with the whole suite and says which "
        "clauses detected it; exit status 1 when one is missed.",
    )
    add = faults.add_argument
    add("--only", action="append", default=[], metavar="ID", help="only this fault; repeatable")
    add("--one-per-clause", action="store_true", help="only the first fault of each clause")
    add("--sockets", action="store_true", help="speak to each server over a socket, which takes twice as long")
    _add_matrix(faults)
    faults.set_defaults(command="list_faults")
    variations = found.add_parser(
        "variations",
        help="list what conforming servers may do otherwise, or judge the suite by such servers",
        description="Lists the variations that the contract permits a server. With --run, judges servers in which every "
        "pair of them occurs; exit status 1 when anything is found in one.",
    )
    add = variations.add_argument
    add("--seeds", type=_count, default=3, metavar="N", help="how many seeds to judge each server with (default: 3)")
    add(
        "--rounds",
        type=_count,
        default=2,
        metavar="N",
        help="how often each pair of them occurs at least (default: 2)",
    )
    _add_matrix(variations)
    variations.set_defaults(command="list_variations")


def _add_matrix(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--run", action="store_true", help="judge the servers instead of listing")
    add("--depth", default="standard", choices=["smoke", "standard"], help="how much to send (default: standard)")
    add(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="seed of everything that is drawn; the first of several (default: 0)",
    )
    add("--workers", type=_count, default=0, metavar="N", help="processes (default: two for each processor)")
    add("--json", metavar="FILE", help="also write the matrix as JSON")
    add("--html", metavar="FILE", help="also write it as a page")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _add_clauses(found: argparse._SubParsersAction[_Parser]) -> None:
    listing = found.add_parser("clauses", help="list the clauses", description="Lists the clauses of a contract.")
    listing.add_argument("--format", default="table", choices=["table", "json"], help="form of the list (default: table)")
    _add_contract(listing)
    listing.set_defaults(command="list_clauses")
    explain = found.add_parser("explain", help="tell all about a clause", description="Prints one clause in full.")
    explain.add_argument("clause", metavar="CLAUSE", help="a clause id, such as idempotency:replay")
    _add_contract(explain)
    explain.set_defaults(command="explain")


def _add_results(found: argparse._SubParsersAction[_Parser]) -> None:
    report = found.add_parser("report", help="make reports again", description="Makes reports again from a result.")
    report.add_argument("result", metavar="RESULT.json", help="the JSON file that a run wrote")
    report.add_argument("--report", default="html", metavar="FORMS", help=f"{_FORMS} (default: html)")
    report.add_argument("--report-dir", metavar="DIR", help="where to write them (default: beside the result)")
    report.set_defaults(command="report")
    comparing = found.add_parser(
        "compare", help="compare runs", description="Compares runs with the first of them; exit status 1 on a regression."
    )
    comparing.add_argument("results", nargs="+", metavar="RESULT.json", help="two JSON files or more, the oldest first")
    comparing.add_argument("--html", metavar="FILE", help="also write it as a page")
    comparing.add_argument("--markdown", metavar="FILE", help="also write it as Markdown")
    comparing.set_defaults(command="compare_results")
    replay = found.add_parser(
        "replay",
        help="run a finding again",
        description="Runs the case of a finding again; exit status 1 if it still fails.",
    )
    replay.add_argument("result", metavar="RESULT.json", help="the JSON file that a run wrote")
    replay.add_argument("finding", metavar="FINDING", help="a finding's id, or the id of the clause it breaks")
    replay.add_argument("--base-url", metavar="URL", help="another target than the result's")
    _add_way(replay)
    replay.set_defaults(command="replay")


def _add_contract(parser: argparse.ArgumentParser) -> None:
    told = "fragment: a name, or the path of a .yaml file (default: opportunities)"
    parser.add_argument("--contract", default="opportunities", metavar="NAME", help=told)
