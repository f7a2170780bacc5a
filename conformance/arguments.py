"""The arguments of the command line: which commands and options there are, and what help says of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from .. import __version__
from .harness.settings.options import PREFIX, rows
from .parsing import Parser, count_above_0, seconds_above_0, seed_from_0

# Nothing else of ours is imported before the arguments are read: help and mistakes are answered at once.

__all__ = ["make_parser", "option_words"]

_STATUSES = """\
exit status:
  0  no clause is violated
  1  a clause is violated, or a line of the known-failing list is stale
  2  interrupted; what was found out until then is reported
  3  an error of ours, or a report that could not be written
  4  wrong usage, or a target that cannot be judged: unreachable, key refused, not this API
  5  nothing was verified, or a case did not come to its end
of several, the worst: 3, 4, 2, 1, 5
"""
_KEYS = """\
keys come from the environment only:
  LIGHTFIELD_API_KEY               a key that may create (required with a base URL)
  LIGHTFIELD_API_KEY_READ          a key of the same organization that may read
  LIGHTFIELD_API_KEY_SECOND        another key of the same organization that may create
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
_MESSAGES = """\
The command reads one JSON message a line from standard input, creates the record with the client under test, and
prints one JSON answer a line to standard output; it may stay for the next message, or end. It is given
LIGHTFIELD_API_KEY, a key of the embedded reference. docs/clients.md describes the messages, with examples.
"""
_FORMS = "which of json, html, junit, markdown, ctrf, har, reproduce"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; what it gives names the function of `commands` that does the work."""
    parser = Parser(
        prog="lightfield-contract", description="Judges a server's create endpoint against its contract, clause by clause."
    )
    parser.add_argument("--version", action="version", version=f"lightfield-contract {__version__}")
    found = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(found)
    _add_client(found)
    _add_serve(found)
    _add_proof(found)
    _add_clauses(found)
    _add_results(found)
    _add_clean(found)
    return parser


def _add_run(found: argparse._SubParsersAction[Parser]) -> None:
    parser = found.add_parser(
        "run",
        help="judge a target",
        description="Judges a target. Without a base URL, the embedded reference server is started and judged.",
        epilog=f"{_KEYS}\n{_STATUSES}\nArguments after -- go to pytest, such as -x or -k.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--base-url", metavar="URL", help="the target; else LIGHTFIELD_BASE_URL, else the embedded reference")
    _add_settings(parser)
    _add_rows(parser, [row.name for _, row in rows() if not row.pytest_only])
    add("pytest_arguments", nargs="*", metavar="[URL] [-- ARGUMENTS]", help=argparse.SUPPRESS)
    parser.set_defaults(command="run")


def _add_rows(parser: argparse.ArgumentParser, names: Sequence[str]) -> None:
    """Add options of a run by name."""
    for _, row in rows():
        if row.name in names:
            choices: dict[str, Any] = {"choices": row.choices} if row.choices else {}
            parser.add_argument(f"--{row.name}", **row.keywords(), **choices)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    settings = (
        "settings file; empty for none (default: the nearest lightfield-contract.toml or pyproject.toml with settings)"
    )
    parser.add_argument("--settings", metavar="FILE", help=settings)


def _add_client(found: argparse._SubParsersAction[Parser]) -> None:
    parser = found.add_parser(
        "client",
        help="judge a client",
        usage="lightfield-contract client [OPTIONS] -- COMMAND…",
        description="Judges a client, in any language, by what it sends and by what it makes of answers.",
        epilog=f"{_MESSAGES}\n{_STATUSES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    _add_rows(parser, ["contract", "clause", "basis", "seed", "known-failing", "strict", "report-dir", "report"])
    _add_settings(parser)
    add(
        "--timeout",
        type=seconds_above_0,
        default=15.0,
        metavar="S",
        help="seconds that one operation may take (default: 15)",
    )
    add(
        "--side-by-side",
        type=count_above_0,
        default=8,
        metavar="N",
        help="how many commands to run at the same time (default: 8)",
    )
    add("words", nargs="*", metavar="-- COMMAND", help=argparse.SUPPRESS)
    parser.set_defaults(command="client")


def _add_serve(found: argparse._SubParsersAction[Parser]) -> None:
    parser = found.add_parser("serve", help="run the reference server", description="Runs it in the foreground.")
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--port", type=int, default=8765, help="port to listen on, 0 for a free one (default: 8765)")
    add("--rate", type=float, metavar="N", help="requests a second allowed in each category (default: 25)")
    add("--log", metavar="FILE", help="also write each request, and what was wrong with it, as a JSON line")
    add("--cors", action="store_true", help="let pages of any origin call it from a browser")
    scripted = parser.add_mutually_exclusive_group().add_argument
    scripted("--scenario", default="", metavar="NAME", help="play one of the scenarios of `client`, such as lost-answer")
    scripted("--script", metavar="FILE", help="a YAML list of what happens to which create; docs/clients.md has the form")
    ways = parser.add_mutually_exclusive_group().add_argument
    ways("--fault", metavar="ID", help="break one clause; `lightfield-contract faults` lists the faults")
    variation = "do one thing in another permitted way; repeatable; `lightfield-contract variations` lists the ways"
    ways("--variation", action="append", default=[], metavar="FACTOR=LEVEL", help=variation)
    _add_contract(parser)
    parser.set_defaults(command="serve_reference")


def _add_proof(found: argparse._SubParsersAction[Parser]) -> None:
    faults = found.add_parser(
        "faults",
        help="list the faults, or judge the suite by them",
        description="Lists the faults of the reference server. With --run, judges each with the whole suite and says which "
        "clauses detected it; exit status 1 when one is missed.",
    )
    add = faults.add_argument
    add("--only", action="append", default=[], metavar="ID", help="only this fault; repeatable")
    add("--one-per-clause", action="store_true", help="only the first fault of each clause")
    add("--smoke-first", action="store_true", help="judge at --depth only what smoke depth does not detect")
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
    add("--seeds", type=count_above_0, default=3, metavar="N", help="how many seeds to judge each server with (default: 3)")
    add(
        "--rounds",
        type=count_above_0,
        default=2,
        metavar="N",
        help="how often each pair of them occurs at least (default: 2)",
    )
    _add_matrix(variations)
    variations.set_defaults(command="list_variations")


def _add_matrix(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--run", action="store_true", help="judge the servers instead of listing")
    depths = ["smoke", "standard", "deep"]
    add("--depth", default="standard", choices=depths, help="how much to send (default: standard)")
    add(
        "--seed",
        type=seed_from_0,
        default=0,
        metavar="N",
        help="seed of everything that is drawn; the first of several (default: 0)",
    )
    add("--workers", type=count_above_0, default=0, metavar="N", help="processes (default: two for each processor)")
    add("--json", metavar="FILE", help="also write the matrix as JSON")
    add("--html", metavar="FILE", help="also write it as a page")


def _add_clauses(found: argparse._SubParsersAction[Parser]) -> None:
    listing = found.add_parser("clauses", help="list the clauses", description="Lists the clauses of a contract.")
    listing.add_argument(
        "--format", default="table", choices=["table", "json", "markdown"], help="form of the list (default: table)"
    )
    listing.add_argument("--client", action="store_true", help="those that bind a client in place of a server")
    _add_contract(listing)
    listing.set_defaults(command="list_clauses")
    explain = found.add_parser("explain", help="tell all about a clause", description="Prints one clause in full.")
    explain.add_argument("clause", metavar="CLAUSE", help="a clause id, such as idempotency:replay")
    _add_contract(explain)
    explain.set_defaults(command="explain")


def _add_results(found: argparse._SubParsersAction[Parser]) -> None:
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
    _add_rows(replay, ["contract", "ca-file", "client-cert", "client-key", "allow-http", "insecure"])
    replay.add_argument("words", nargs="*", metavar="-- COMMAND", help="of a finding about a client: the command again")
    replay.set_defaults(command="replay")


def _add_clean(found: argparse._SubParsersAction[Parser]) -> None:
    cleaning = found.add_parser(
        "clean",
        help="delete what a run has made",
        description="Deletes the records that a run has made, where the target deletes records, and lists those that stay. "
        "It looks at each before: what does not carry the run's marker, or was made at another time, is left alone. Safe to "
        "repeat. Exit status 1 when a record could not be deleted.",
    )
    add = cleaning.add_argument
    add("made", metavar="LEDGER|RESULT.json", help="the ledger that the run named when it began, or the JSON file it wrote")
    add("--dry-run", action="store_true", help="only list what would be deleted")
    _add_rows(cleaning, ["rate", "timeout", "wait", "ca-file", "client-cert", "client-key", "allow-http", "insecure"])
    cleaning.set_defaults(command="clean")


def _add_contract(parser: argparse.ArgumentParser) -> None:
    named = "fragment: a name, or the path of a .yaml file (default: opportunities)"
    parser.add_argument("--contract", default="opportunities", metavar="NAME", help=named)


def option_words(options: argparse.Namespace) -> list[str]:
    """Return the options that were given, in pytest's words."""
    words: list[str] = []
    for _, row in rows():
        value = None if row.command_only else getattr(options, row.name.replace("-", "_"), None)
        if row.flag:
            words += [PREFIX + row.name] if value else []
        elif value is not None:
            words += [f"{PREFIX}{row.name}={text}" for text in (value if row.repeatable else [value])]
    return words
