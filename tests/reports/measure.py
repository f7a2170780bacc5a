"""Measures what is told of each fault: `python tests/reports/measure.py --every 10`; without options, of all of them.

For each fault it prints how many findings there are, how many lines the terminal shows, and the sentence of the first
finding; then the averages. The status is 1 where a limit is not kept.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import statistics
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

# The words are sought here as they are in the self-tests.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from words_of_python import forms_read, objects_of_python, words_of_python

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.conformance.pool import PROCESSORS, spread
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import fault, faults
from lightfield_contract.reports import Result

__all__ = ["Told", "averages", "broken_limits", "say", "tell"]

MOST_FINDINGS, MEDIAN_LINES, FIRST_LINES = 1.2, 40, 10


@dataclasses.dataclass(frozen=True)
class Told:
    """What the reports tell of one fault.

    Attributes:
        cause: the sentence of the first finding.
        early: whether that stands in the first lines of the terminal, the first 90 characters of it at least.
        words: what is Python's in the sentences, or in any form of report.
    """

    findings: int
    lines: int
    cause: str
    early: bool
    words: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Judge the faults at standard depth, and print what is told of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every n-th fault")
    parser.add_argument("--draw", type=int, default=0, help="only that many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=PROCESSORS)
    options = parser.parse_args(arguments)
    known = [info.id for info in faults()[:: options.every]]
    drawn = random.Random(options.seed).sample(known, options.draw) if options.draw else known  # noqa: S311 - repeatable
    found: dict[str, Told] = {}
    for place, told in spread(judge_told, [(name,) for name in drawn], options.processes):
        name = drawn[place]
        if isinstance(told, str):
            say(f"{name}: no result: {told}")
            continue
        found[name] = told
        say(f"{name} | {fault(name).statement} | {told.findings} | {told.lines} | {told.cause}")
    say(*averages(found.values()), *broken_limits(found))
    return int(len(found) < len(drawn) or any(broken_limits(found)))


def judge_told(name: str) -> Told | str:
    """Judge a fault, and return what is told of it, or what was printed where nothing is."""
    result, printed = judge_server(Reference(pipeline=fault(name).pipeline), ["--lightfield-depth=standard"], socket=False)
    return printed[-200:] if result is None else tell(result)


def tell(result: Result) -> Told:
    """Return what the reports of a run tell."""
    forms = forms_read(result)
    lines = forms["terminal"].splitlines()
    cause = result.findings[0].cause if result.findings else ""
    sentences = [finding.cause for finding in result.findings]
    sentences += [each.sentence for finding in result.findings for each in finding.occurrences]
    words = [word for sentence in sentences for word in words_of_python(sentence, sentence=True)]
    words += [word for text in forms.values() for word in objects_of_python(text)]
    first = " ".join(line.strip() for line in lines[:FIRST_LINES])
    early = bool(cause) and cause[:90] in first
    return Told(len(result.findings), len(lines), cause, early, tuple(dict.fromkeys(words)))


def averages(found: Collection[Told]) -> Iterator[str]:
    """Yield in a line how much is told of a fault."""
    if found:
        findings = statistics.mean(told.findings for told in found)
        lines = sorted(told.lines for told in found)
        median, most = statistics.median(lines), lines[-1]
        yield f"{len(found)} faults, {findings:.2f} findings on average, {median:.0f} lines, {most} at most"


def broken_limits(found: Mapping[str, Told]) -> Iterator[str]:
    """Yield a line for each limit that is not kept."""
    if found and statistics.mean(told.findings for told in found.values()) > MOST_FINDINGS:
        yield f"over {MOST_FINDINGS} findings on average"
    if found and statistics.median(told.lines for told in found.values()) > MEDIAN_LINES:
        yield f"over {MEDIAN_LINES} lines"
    yield from (f"not in the first {FIRST_LINES} lines: {name}" for name, told in found.items() if not told.early)
    yield from (f"words of Python: {name}: {', '.join(told.words)}" for name, told in found.items() if told.words)


def say(*lines: str) -> None:
    """Print lines at once."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
