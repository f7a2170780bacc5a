"""Measures what is told of each fault: `python tests/reports/measure.py --every 10`; without options, of all of them.

For each fault it prints how many findings there are, how many lines the terminal shows, and the sentence of the first
finding; then the averages. The status is 1 where a limit is not kept.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import faults
from lightfield_contract.reports import Result, render_summary

MOST_FINDINGS, MEDIAN_LINES, FIRST_LINES = 1.2, 40, 10


def main(arguments: list[str]) -> int:
    """Judge the faults at standard depth, and print what is told of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every n-th fault")
    parser.add_argument("--draw", type=int, default=0, help="only that many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    known = faults()[:: options.every]
    drawn = random.Random(options.seed).sample(known, options.draw) if options.draw else known  # noqa: S311 - repeatable
    found, lines, late = [], [], []
    for info in drawn:
        result, printed = judge_server(Reference(pipeline=info.pipeline), ["--lightfield-depth=standard"], socket=False)
        if result is None:
            say(f"{info.id}: no result: {printed[-200:]}")
            continue
        text = render_summary(result, 100, color=False).splitlines()
        found.append(len(result.findings))
        lines.append(len(text))
        late += [] if told_early(result, text) else [info.id]
        cause = result.findings[0].cause if result.findings else "nothing"
        say(f"{info.id} | {info.statement} | {found[-1]} | {lines[-1]} | {cause}")
    say(f"{len(found)} faults, {statistics.mean(found):.2f} findings on average, {statistics.median(lines):.0f} lines")
    say(f"not in the first {FIRST_LINES} lines: {', '.join(late) or 'none'}")
    return int(statistics.mean(found) > MOST_FINDINGS or statistics.median(lines) > MEDIAN_LINES or bool(late))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told_early(result: Result, text: list[str]) -> bool:
    """Whether the sentence of the first finding stands in the first lines, the first 90 characters of it at least."""
    first = " ".join(line.strip() for line in text[:FIRST_LINES])
    return bool(result.findings) and result.findings[0].cause[:90] in first


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
