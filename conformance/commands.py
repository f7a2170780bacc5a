"""What each command of the command line does; each takes parsed options and returns an exit status."""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..spec import Clause, Contract, UsageError, load, load_client
from ..spec.document import DOCUMENT, anchor, cite, render_contract
from ..spec.given import quote, show

# The other rooms are imported by the commands that need them: all of them together take most of a second.
if TYPE_CHECKING:
    from ..reports import Finding, Matrix, Result, ServerRun
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

_Made = TypeVar("_Made")
_SCHEMES = ("http://", "https://")


def run(options: argparse.Namespace) -> int:
    """Judge a target."""
    from .harness.run.settings import read_workers
    from .harness.run.settings_file import choose_settings
    from .running import run_tests

    _take_url(options)
    file = choose_settings(options.settings)
    workers = read_workers(options.workers, file)
    arguments = [f"--lightfield-settings={file.path if file else ''}", *option_words(options)]
    arguments += [f"--base-url={options.base_url}"] if options.base_url else []
    # What is planned is answered in this process.
    workers = None if options.plan else workers
    return run_tests([*arguments, *options.pytest_arguments], workers=workers)


def _take_url(options: argparse.Namespace) -> None:
    """Take a URL that stands by itself for the base URL.

    Raises:
        UsageError: there are two, or what stands there is nothing that could be meant.
    """
    if options.base_url == "":
        raise UsageError("--base-url is empty: give the target's URL, or leave the option out")
    first = options.pytest_arguments[0] if options.pytest_arguments else "-"
    if first.lower().startswith(_SCHEMES):
        if options.base_url:
            raise UsageError(f"two base URLs are given, --base-url and {quote(first)}: leave one out")
        options.base_url = options.pytest_arguments.pop(0)
    elif not first.startswith("-") and not Path(first.partition("::")[0]).exists():
        hint = "a base URL begins with https:// or http://; arguments of pytest follow --"
        raise UsageError(f"{quote(first)} is no base URL, and no file: {hint}")


def option_words(options: argparse.Namespace) -> list[str]:
    """Return the options that were given, in pytest's words."""
    from .harness.run.options import PREFIX, rows

    words: list[str] = []
    for _, row in rows():
        value = None if row.command_only else getattr(options, row.name.replace("-", "_"), None)
        if row.flag:
            words += [PREFIX + row.name] if value else []
        elif value is not None:
            words += [f"{PREFIX}{row.name}={text}" for text in (value if row.repeatable else [value])]
    return words


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
        progress=_make_progress("faults"),
    )
    return _print_matrix(matrix, options)


def list_variations(options: argparse.Namespace) -> int:
    """List the permitted variations, or judge the suite by conforming servers that have them; 1 when it finds anything."""
    from ..reference.variations import variations

    if not options.run:
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

    print(render_matrix(matrix, *_screen()))
    for path, write in ((options.json, write_matrix_json), (options.html, write_matrix_html)):
        if path:
            _write(write, matrix, path)
            print(f"report: {path}")
    return 2 if matrix.interrupted else 0 if matrix.good else 1


def _write(write: Callable[[_Made, str], None], made: _Made, path: str) -> None:
    try:
        write(made, path)
    except OSError as error:
        raise UsageError(f"{show(path)} cannot be written: {error.strerror}") from error


def _write_text(text: str, path: str) -> None:
    from ..reports import write_files

    write_files({Path(path): text})


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
        near = [name for name in ids if options.clause in name][:5] or difflib.get_close_matches(options.clause, ids)
        hint = f"; did you mean {', '.join(near)}?" if near else "; `lightfield-contract clauses` lists them"
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


def report(options: argparse.Namespace) -> int:
    """Makes reports again from a result."""
    from ..reports import FORMS, read_json, render_summary, write_reports

    result = read_json(options.result)
    forms = tuple(options.report.split(","))
    if unknown := sorted(set(forms) - FORMS.keys()):
        raise UsageError(f"--report: {quote(unknown[0])} is not one of {', '.join(FORMS)}")
    folder = Path(options.report_dir or Path(options.result).parent)
    try:
        for path in write_reports(result, forms, folder):
            print(f"report: {path}")
    except OSError as error:
        raise UsageError(f"{show(folder)}: reports cannot be written: {error.strerror}") from error
    print(render_summary(result, *_screen()))
    return 0


def compare_results(options: argparse.Namespace) -> int:
    """Compares runs with the first of them; 1 when a clause regressed."""
    from ..reports import compare, read_json, render_comparison, render_comparison_markdown, write_comparison_html

    comparison = compare([read_json(path) for path in options.results])
    if options.html:
        _write(write_comparison_html, comparison, options.html)
    if options.markdown:
        _write(_write_text, render_comparison_markdown(comparison), options.markdown)
    print(render_comparison(comparison, *_screen()))
    return 1 if comparison.regressions else 0


def replay(options: argparse.Namespace) -> int:
    """Run the case of one finding again; 1 when the finding, or another one of its clause, is still made."""
    from ..reports import FORMS, read_json
    from .running import TESTS, run_tests

    result = read_json(options.result)
    finding = _find(result, options.finding)
    stem, _, name = finding.case.partition("::")
    if stem == "client":
        from .client.cli import replay_client

        shown, status = replay_client(result, finding, options.words)
        print(_describe_replay(finding, shown))
        return status
    url = options.base_url or (result.run.target if "--base-url" in finding.rerun else "")
    arguments = [f"--base-url={url}"] if url else []
    arguments += [f"--lightfield-{name}={getattr(result.run, name)}" for name in ("depth", "basis", "seed")]
    given = {option.name: option.value for option in result.run.settings}
    arguments += [f"--lightfield-contract={given.get('contract', result.run.contract)}"]
    arguments += [*option_words(options), f"--lightfield-clause={finding.clause}"]
    with tempfile.TemporaryDirectory() as folder:
        arguments += [f"--lightfield-report-dir={folder}", "--lightfield-report=json"]
        status = run_tests(arguments, tests=[f"{TESTS / stem}.py::{name}"] if name else [str(TESTS)])
        file = Path(folder) / FORMS["json"]
        again = read_json(file) if file.exists() else None
    print(_describe_replay(finding, again))
    return status


def clean(options: argparse.Namespace) -> int:
    """Delete what a run has made; 1 when a record of it could not be deleted."""
    from .cleaning import clean_run, describe_cleaned
    from .harness.run.settings import read_settings

    given = {f"--lightfield-{name.replace('_', '-')}": value for name, value in vars(options).items()}
    origin, cleaned = clean_run(options.made, read_settings(given.get), dry=options.dry_run)
    for line in describe_cleaned(origin, cleaned, dry=options.dry_run):
        print(line)
    return 1 if cleaned.failed else 0


def _describe_replay(finding: Finding, again: Result | None) -> str:
    """What became of a finding, by its identity."""
    from ..reports import Verdict

    clause = next((clause for clause in again.clauses if clause.id == finding.clause), None) if again else None
    if again and any(other.id == finding.id for other in again.findings):
        return f"{finding.id} still fails"
    if clause is None or clause.verdict is Verdict.NOT_VERIFIED:
        return f"{finding.id} could not be judged"
    if clause.findings:
        return f"{finding.id} no longer fails, but {finding.clause} is broken in another way: {', '.join(clause.findings)}"
    return f"{finding.id} no longer fails"


def _find(result: Result, name: str) -> Finding:
    named = [finding for finding in result.findings if name in (finding.id, finding.clause)]
    if not named:
        ids = ", ".join(finding.id for finding in result.findings[:10])
        raise UsageError(f"there is no finding {quote(name)} in the result; {f'it holds {ids}' if ids else 'it holds none'}")
    return named[0]


def _screen() -> tuple[int, bool]:
    """Width in columns, and whether to use colour (https://no-color.org)."""
    return shutil.get_terminal_size().columns, sys.stdout.isatty() and not os.environ.get("NO_COLOR")


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
