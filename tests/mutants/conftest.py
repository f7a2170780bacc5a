"""How many mutants are judged, and what came of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from judged_mutants import End, Judged, judge
from mutants import Mutant, drawn

_VERDICT = "mutant"
"""The property by which a worker, here or on another machine, hands its verdict to the one that sums up."""
_DEPTHS = ("smoke", "standard")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; they need this folder among the arguments."""
    group = parser.getgroup("mutants", "mutants of the reference")
    group.addoption("--mutants", type=int, default=12, metavar="COUNT", help="how many are drawn (default: %(default)s)")
    group.addoption("--mutants-seed", type=int, default=0, metavar="SEED", help="by which they are drawn (default: 0)")
    text = "judge the Kth of N parts of them, for N machines that draw the same (default: 1/1)"
    group.addoption("--mutants-part", type=_part, default=(1, 1), metavar="K/N", help=text)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each that is drawn."""
    if "mutant" in metafunc.fixturenames:
        count = metafunc.config.getoption("--mutants", 12)
        part, parts = metafunc.config.getoption("--mutants-part", (1, 1))
        chosen = drawn(count, metafunc.config.getoption("--mutants-seed", 0))[part - 1 :: parts]
        metafunc.parametrize("mutant", chosen, ids=[mutant.id for mutant in chosen])


def _part(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not 1 <= int(part) <= int(parts):
        raise ValueError(text)
    return int(part), int(parts)


@pytest.fixture
def judged(mutant: Mutant, record_property: Callable[[str, object], None]) -> Judged:
    """What the suite says of the mutant."""
    judged = judge(mutant, _DEPTHS)
    record_property(_VERDICT, [judged.end.name, judged.depth])
    return judged


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many were detected at each depth, and how many were not."""
    reports = [report for each in ("passed", "failed", "skipped") for report in terminalreporter.stats.get(each, [])]
    ends = Counter(
        tuple(value) for report in reports for name, value in getattr(report, "user_properties", ()) if name == _VERDICT
    )
    if ends:
        terminalreporter.section("mutants")
    for (end, depth), count in sorted(ends.items()):
        terminalreporter.write_line(f"{count:4} {End[end].value}{f', at {depth} depth' * bool(depth)}")
