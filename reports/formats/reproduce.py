"""Renders programs that show the findings again: for each a Python file and, where a shell can tell, a shell script."""

from __future__ import annotations

import dataclasses
import pprint
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ...spec import profile
from ..curl import UNKNOWN_KEY
from ..finding import Finding
from ..format import Format
from ..inert import inert
from ..model import Result
from ..reproduction import known_by, may_repeat, unreproducible
from ..reproduction_requests import (
    KEY_HEADER,
    ROUNDS,
    ROUNDS_AFTER_OTHERS,
    what_is_sent,
    what_is_sent_between,
    what_makes_a_record,
    what_was_sent_before,
)
from ..reproduction_shell import render_shell
from ..reproduction_words import explanation

__all__ = ["FORMAT", "render_index", "render_python"]

_PROGRAM: Final = Path(__file__).parents[1] / "templates" / "reproduce.py.txt"
_HEAD: Final = '''#!/usr/bin/env python3
"""TEXT

It needs Python 3.9 or later, httpx, and the variables of the run; the target is that of the run, or LIGHTFIELD_BASE_URL.
"""

IMPORTS
import httpx

# What the run sent and saw. In a header, the name of a variable with a dollar sign stands for its value.
'''
_IMPORTS: Final = """base64 concurrent.futures contextlib datetime itertools json os random re secrets shlex string
subprocess sys threading time"""


def render_index(result: Result) -> str:
    """Return a line for each finding with its file, or with the reason why it has none."""
    lines = ["Programs that show the findings again: exit 1 where the fault shows, 0 where it does not, 2 for no verdict."]
    lines += ["They need httpx, or curl, and the variables that the run had.", ""]
    for number, finding in enumerate(result.findings, 1):
        reason = unreproducible(finding)
        lines += [f"{number}. {inert(finding.cause)}"]
        name = _name(number, finding)
        lines += [f"   no file: {inert(reason)}" if reason else f"   python3 {name}.py"]
        lines += [f"   sh {name}.sh"] if not reason and render_shell(result, finding) else []
    return "\n".join(lines) + "\n"


def render_python(result: Result, finding: Finding) -> str:
    """Return the program in Python that shows a finding again, for one that is reproducible."""
    shown, sent = known_by(finding), what_is_sent(finding, result.run.target)
    marker = result.run.marker.rpartition("-")[2]
    between = what_is_sent_between(sent, marker) if shown.by == "ids" else ()
    before = what_was_sent_before(finding, result.run.target)
    missing = what_makes_a_record(finding, result.run.target) if shown.by == "page" else ()
    text = "\n".join(explanation(finding, sent, shown, before)).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    head = _HEAD.replace("IMPORTS", "".join(f"import {name}\n" for name in _IMPORTS.split())).replace("TEXT", text)
    facts = {
        "SENTENCE": inert(finding.cause),
        "TARGET": result.run.target,
        "VERIFY": not result.run.insecure,
        "MARKER": marker,
        "UNKNOWN_KEY": UNKNOWN_KEY,
        "KEY_HEADER": KEY_HEADER,
        "ID": profile.ID,
        "PAGE": profile.TOTAL_COUNT,
        "RECORDS": profile.DATA,
        "VERSION": result.run.edition,
        "ROUNDS": ROUNDS,
        "ROUNDS_AFTER_OTHERS": ROUNDS_AFTER_OTHERS if before else 0,
        "REQUESTS": [dataclasses.asdict(each) for each in sent],
        "AGAIN": may_repeat(sent, shown),
        "BETWEEN": [dataclasses.asdict(each) for each in between],
        "BEFORE": [dataclasses.asdict(each) for each in before],
        "MISSING": [dataclasses.asdict(each) for each in missing],
        "SHOWN": {"by": shown.by, "due": shown.due, **shown.facts},
    }
    lines = (f"{name} = {pprint.pformat(value, width=120, sort_dicts=False)}\n" for name, value in facts.items())
    return head + "".join(lines) + _PROGRAM.read_text("utf-8")


def _files(result: Result) -> Mapping[str, str]:
    return dict(_each_file(result))


def _each_file(result: Result) -> Iterator[tuple[str, str]]:
    for number, finding in enumerate(result.findings, 1):
        if not unreproducible(finding):
            yield f"reproduce/{_name(number, finding)}.py", render_python(result, finding)
            if script := render_shell(result, finding):
                yield f"reproduce/{_name(number, finding)}.sh", script


def _name(number: int, finding: Finding) -> str:
    """The finding's number, which is the same in every form of report, and its clause."""
    return f"{number:03d}-{re.sub(r'[^a-z0-9]+', '-', finding.clause.lower()).strip('-')[:60]}"


FORMAT = Format("reproduce", "reproduce/index.txt", render_index, _files)
