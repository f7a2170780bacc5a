"""What the commands about results do: make reports again, compare runs, replay a finding, delete what a run has made."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..spec import UsageError
from ..spec.given import quote, show
from .arguments import option_words
from .output import screen, write_file

# The other rooms are imported by the commands that need them: all of them together take most of a second.
if TYPE_CHECKING:
    from ..reports import Finding, Result

__all__ = ["clean", "compare_results", "replay", "report"]


def report(options: argparse.Namespace) -> int:
    """Makes reports again from a result."""
    from ..reports import FORMS, read_json, render_summary, write_reports

    result = read_json(options.result)
    forms = tuple(options.report.split(","))
    if unknown := sorted(set(forms) - FORMS.keys()):
        raise UsageError(f"--report: {quote(unknown[0])} is not one of {', '.join(FORMS)}")
    if options.report_dir is not None and not options.report_dir.strip():
        raise UsageError("--report-dir is empty: name a folder, or leave it out to write beside the result")
    folder = Path(options.report_dir or Path(options.result).parent)
    try:
        for path in write_reports(result, forms, folder):
            print(f"report: {path}")
    except OSError as error:
        raise UsageError(f"{show(folder)}: reports cannot be written: {error.strerror}") from error
    print(render_summary(result, *screen()))
    return 0


def compare_results(options: argparse.Namespace) -> int:
    """Compares runs with the first of them; 1 when a clause regressed."""
    from ..reports import compare, read_json, render_comparison, render_comparison_markdown, write_comparison_html

    results = [read_json(path) for path in options.results]
    if len({Path(path).resolve() for path in options.results}) < len(results):
        raise UsageError("one file is given twice: give the results of different runs")
    comparison = compare(results)
    if options.html:
        write_file(write_comparison_html, comparison, options.html)
    if options.markdown:
        write_file(_write_text, render_comparison_markdown(comparison), options.markdown)
    print(render_comparison(comparison, *screen()))
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
    if options.words:
        raise UsageError(f"{finding.id} is about a server, and a command is for findings about a client: leave it out")
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
    from .harness.settings.reading import read_settings

    given = {f"--lightfield-{name.replace('_', '-')}": value for name, value in vars(options).items()}
    given["--lightfield-progress"] = True  # options are named as on the command line
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


def _write_text(text: str, path: str) -> None:
    from ..reports import write_files

    write_files({Path(path): text})
