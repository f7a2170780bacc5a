"""What each command of the command line does; each takes parsed options and returns an exit status."""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..spec import Clause, Contract, UsageError, load, load_client
from ..spec.document import DOCUMENT, anchor, cite, render_contract
from ..spec.given import did_you_mean, quote
from .arguments import option_words
from .output import screen, write_file
from .results import clean, compare_results, replay, report

# The other rooms are imported by the commands that need them: all of them together take most of a second.
if TYPE_CHECKING:
    from ..reports import Matrix, ServerRun
    from .matrix import Progress

__all__ = [
    "clean",
    "client",
    "compare_results",
    "explain",
    "list_clauses",
    "list_faults",
    "list_variations",
    "replay",
    "report",
    "run",
    "serve_reference",
]

_SCHEMES = ("http://", "https://")


def run(options: argparse.Namespace) -> int:
    """Judge a target."""
    from .harness.settings.file import choose_settings
    from .harness.settings.reading import read_workers
    from .running import run_tests

    _take_url(options)
    file = choose_settings(options.settings)
    workers = read_workers(options.workers, file)
    arguments = [f"--lightfield-settings={file.path if file else ''}", *option_words(options)]
    arguments += [f"--base-url={options.base_url}"] if options.base_url else []
    # What has been imported is kept to the end: no search for garbage has to go through it.
    gc.freeze()
    # What is planned is answered in this process.
    workers = None if options.plan else workers
    return run_tests(arguments, pytest_arguments=options.pytest_arguments, workers=workers)


def _take_url(options: argparse.Namespace) -> None:
    """Take a URL that stands by itself for the base URL.

    Raises:
        UsageError: there are two, or what stands there is nothing that could be meant.
    """
    if "" in (options.base_url, *options.pytest_arguments[:1]):
        raise UsageError("--base-url is empty: give the target's URL, or leave the option out")
    first = options.pytest_arguments[0] if options.pytest_arguments else "-"
    if first.lower().startswith(_SCHEMES):
        if options.base_url:
            raise UsageError(f"two base URLs are given, --base-url and {quote(first)}: leave one out")
        options.base_url = options.pytest_arguments.pop(0)
    elif not first.startswith("-") and not Path(first.partition("::")[0]).exists():
        hint = "a base URL begins with https:// or http://; arguments of pytest follow --"
        raise UsageError(f"{quote(first)} is no base URL, and no file: {hint}")


def client(options: argparse.Namespace) -> int:
    """Judge a client."""
    from .client.cli import run_client

    return run_client(options)


def serve_reference(options: argparse.Namespace) -> int:
    """Run the reference server in the foreground, with a fault or with permitted variations where they are asked for."""
    from ..reference import Reference
    from ..reference.faults import fault
    from ..reference.variations import conforming_server
    from .client.serving import serve_scripted

    contract = load(options.contract)
    choices = dict(text.partition("=")[::2] for text in options.variation)
    server = conforming_server(contract, choices)
    pipeline = fault(options.fault, contract).pipeline if options.fault else server.pipeline
    usual = server.configuration.rate if "rate" in choices else 25.0
    rate = usual if options.rate is None else options.rate
    configuration = dataclasses.replace(server.configuration, rate=rate)
    serve_scripted(
        contract,
        host=options.host,
        port=options.port,
        configuration=configuration,
        pipeline=pipeline,
        environment=Reference(contract).environment,
        scenario=options.scenario,
        script=Path(options.script) if options.script else None,
        log_file=Path(options.log) if options.log else None,
        cors=options.cors,
    )
    return 0


def list_faults(options: argparse.Namespace) -> int:
    """List the faults, or judge the suite by them; 1 when one is missed."""
    from ..reference.faults import fault, faults

    known = [fault(name) for name in options.only] or list(faults(deep=options.depth == "deep"))
    if options.one_per_clause:
        known = list({info.clause: info for info in reversed(known)}.values())[::-1]
    if not options.run:
        _reject_unwritten(options)
        width = max(len(info.id) for info in known)
        for info in known:
            print(f"{info.id:{width}}  {info.clause}: {info.statement}")
        return 0
    from .matrix import judge_faults

    _try_writing(options.json, options.html)
    matrix = judge_faults(
        [info.id for info in known],
        depth=options.depth,
        seed=options.seed,
        workers=options.workers,
        sockets=options.sockets,
        smoke_first=options.smoke_first,
        progress=_make_progress("faults"),
    )
    return _print_matrix(matrix, options)


def _reject_unwritten(options: argparse.Namespace) -> None:
    """See that no file is asked for of what is only listed.

    Raises:
        UsageError: one is.
    """
    if options.json or options.html:
        raise UsageError("--json and --html write what --run finds: add --run, or leave them out")


def list_variations(options: argparse.Namespace) -> int:
    """List the permitted variations, or judge the suite by conforming servers that have them; 1 when it finds anything."""
    from ..reference.variations import variations

    if not options.run:
        _reject_unwritten(options)
        for factor, ways in variations().items():
            for level, variation in ways.items():
                print(f"{f'{factor}={level}':24}  {variation.statement}")
        return 0
    from .matrix import judge_variations

    _try_writing(options.json, options.html)
    matrix = judge_variations(
        seeds=[options.seed + number for number in range(options.seeds)],
        rounds=options.rounds,
        depth=options.depth,
        workers=options.workers,
        progress=_make_progress("runs"),
    )
    return _print_matrix(matrix, options)


def _print_matrix(matrix: Matrix, options: argparse.Namespace) -> int:
    from ..reports import render_matrix, write_matrix_html, write_matrix_json

    print(render_matrix(matrix, *screen()))
    for path, write in ((options.json, write_matrix_json), (options.html, write_matrix_html)):
        if path:
            write_file(write, matrix, path)
            print(f"report: {path}")
    return 2 if matrix.interrupted else 0 if matrix.good else 1


def _try_writing(*paths: str | None) -> None:
    """See whether files can be written, before what takes minutes."""
    from ..reports import try_writing

    try:
        try_writing([Path(path) for path in paths if path])
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from error


def _make_progress(noun: str) -> Progress:
    """A line that is rewritten on a terminal, or, where there is none, a line for each tenth of the work."""
    live = sys.stderr.isatty()

    def tell(done: int, total: int, row: ServerRun) -> None:
        if live:
            end = "\n" if done == total else ""
            print(f"\r{done} of {total} {noun}: {row.subject[:50]:50}", end=end, file=sys.stderr, flush=True)
        elif done * 10 // total > (done - 1) * 10 // total:
            print(f"{done} of {total} {noun}", file=sys.stderr, flush=True)

    return tell


def list_clauses(options: argparse.Namespace) -> int:
    """List the clauses of a contract, or those that bind a client."""
    contract = load_client(options.contract) if options.client else load(options.contract)
    if options.format == "json":
        print(json.dumps([_clause_json(contract, clause) for clause in contract.clauses], indent=2))
        return 0
    if options.format == "markdown":
        print(render_contract(contract), end="")
        return 0
    width = max(len(clause.id) for clause in contract.clauses)
    for key, title in contract.sections.items():
        print(title)
        for clause in (clause for clause in contract.clauses if clause.section == key):
            print(f"  {clause.id:{width}}  {clause.level:6}  {clause.basis:8}  {clause.statement}")
    return 0


def explain(options: argparse.Namespace) -> int:
    """Prints one clause in full."""
    contracts = {"run": load(options.contract), "client": load_client(options.contract)}
    ids = [clause.id for contract in contracts.values() for clause in contract.clauses]
    command = next((name for name, known in contracts.items() if options.clause in {c.id for c in known.clauses}), "run")
    contract = contracts[command]
    clause = next((clause for clause in contract.clauses if clause.id == options.clause), None)
    if clause is None:
        hint = did_you_mean(options.clause, ids, 5, otherwise="`lightfield-contract clauses` lists them")
        raise UsageError(f"there is no clause {quote(options.clause)}{hint}")
    print(f"{clause.id}\n\n{clause.statement}\n")
    print(f"section  {contract.sections[clause.section]}\nlevel    {clause.level}")
    print(f"basis    {clause.basis}\nsource   {cite(clause)}")
    if command == "run":
        print(f"document {DOCUMENT}#{anchor(clause.id)}")
    for need in clause.needs:
        print(f"needs    {need.name}: not verified when {need.reason}; {need.remedy}")
    words = " -- COMMAND" if command == "client" else ""
    print(f"\nJudge it alone:  lightfield-contract {command} --clause '{clause.id}'{words}")
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
