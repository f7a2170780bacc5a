"""Writes the shell script that shows a finding again, for those that a shell can tell by statuses and IDs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ..spec import profile
from .curl import make_curl
from .finding import ExchangeRole, Finding
from .inert import inert, is_inert
from .model import Result
from .reproduction import Reproduction, known_by, may_repeat
from .reproduction_requests import (
    KEY_HEADER,
    ROUNDS,
    ROUNDS_AFTER_OTHERS,
    Sent,
    what_is_sent,
    what_is_sent_between,
    what_was_sent_before,
)
from .reproduction_words import explanation

__all__ = ["render_shell"]

_KEY: Final = re.compile(r"LIGHTFIELD_API_KEY(?:_[A-Z]+)*")
_NEEDS: Final = ("", "It needs curl and the variables of the run; the target is that of the run, or LIGHTFIELD_BASE_URL.")
_MARK: Final = "MARK=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \\n')"
_STATUS: Final = " -w '%{http_code}'"
_HEAD: Final = Path(__file__).parent / "templates" / "reproduce.sh.txt"


def render_shell(result: Result, finding: Finding) -> str:
    """Return the script, for a finding that is reproducible; "" where a shell cannot tell whether it shows."""
    sent, shown = what_is_sent(finding, result.run.target), known_by(finding)
    before = what_was_sent_before(finding, result.run.target)
    mark = result.run.marker.rpartition("-")[2]
    before = tuple(each for each in before if _is_plain(each, mark))
    rounds = ROUNDS + (ROUNDS_AFTER_OTHERS if before else 0)
    condition = _condition(sent, shown)
    if not condition or not all(_is_plain(each, mark) for each in sent):
        return ""
    commands = [_command(number, each, result, mark) for number, each in enumerate(sent, 1)]
    others = [_command(0, each, result, mark) for each in before]
    variables = sorted({name for command in (*commands, *others) for name in _KEY.findall(command)})
    target = shlex.quote(result.run.target.rstrip("/"))
    explained = [f"# {line}".rstrip() for line in [*explanation(finding, sent, shown, before), *_NEEDS]]
    first, *head = _HEAD.read_text("utf-8").replace("ID_NAME", profile.ID).splitlines()
    lines = [first, *explained, *head, f"BASE=${{LIGHTFIELD_BASE_URL:-{target}}}", "BASE=${BASE%/}"]
    lines += [f'[ -n "${name}" ] || no_verdict "set {name} as for the run"' for name in variables]
    lines += ["", "round=0", f'while [ "$round" -lt {rounds} ]; do', "  round=$((round + 1))", f"  {_MARK}", ""]
    between = what_is_sent_between(sent, mark) if shown.by == "ids" else ()
    before_last = [f"[ $((round % 3)) != {n} ] || {_command(0, each, result, mark)}" for n, each in enumerate(between, 1)]
    before_last += [f'[ "$round" -le {ROUNDS} ] || {other}' for other in others]
    in_order = [*commands[:-1], _in_turn([*others, *commands[-2:-1]], commands[-1]) if others else commands[-1]]
    lines += [f"  {line}".replace("\n", "\n  ") for line in _in_order(sent, in_order, before_last, shown)]
    again = ["", f"  {condition} || {commands[-1]}".replace("\n", "\n  ")] if may_repeat(sent, shown) else []
    lines += [*again, "", f"  if {condition}; then"]
    lines += [
        f"    printf '%s\\n' {shlex.quote(f'The fault shows again: {inert(finding.cause)}')}",
        "    exit 1",
        "  fi",
        "done",
    ]
    return "\n".join([*lines, f"echo 'The fault does not show, in {rounds} rounds.'", "exit 0", ""])


def _in_turn(before: Sequence[str], last: str) -> str:
    """The last command; in the last round with those before it on one connection, where they can be one command."""
    plain = [command for command in before if command.startswith("curl ")]
    if not plain or not last.startswith("curl "):
        return last
    first, *others = (command.rpartition(" > ")[0].replace(_STATUS, "", 1) for command in plain)
    together = " \\\n  --next ".join([first, *(command.removeprefix("curl ") for command in (*others, last))])
    return f'if [ "$round" -lt {ROUNDS + ROUNDS_AFTER_OTHERS} ]; then {last}; else {together}; fi'


def _is_plain(sent: Sent, mark: str) -> bool:
    """Whether a shell can send it with a marker and a key of its own."""
    keys = [value for name, value in sent.headers if name.lower() == KEY_HEADER]
    if sent.dropped or isinstance(sent.body, bytes) or len(sent.body) > 50_000 or not is_inert(sent.path):
        return False
    return bool(mark) and all(mark in key for key in keys) and sent.body.upper().count(mark.upper()) == sent.body.count(mark)


def _condition(sent: Sequence[Sent], shown: Reproduction) -> str:
    """What is true of the answers where the fault shows; "" where that is for the Python file to say."""
    own = [number for number, each in enumerate(sent, 1) if each.role != ExchangeRole.BESIDE]
    last = len(sent)
    if any(each.record and each.record in later.path for number, each in enumerate(sent) for later in sent[number + 1 :]):
        return ""
    if shown.by == "status":
        return f'[ "$(status {last})" = {sent[-1].status} ]'
    if shown.by != "ids" or shown.facts["alike"] is False or shown.facts["nameless"]:
        return ""
    if any(sent[number - 1].together for number in own):
        numbers = " ".join(map(str, own))
        made = f"for number in {numbers}; do id $number; done | sort -u | grep -c ."
        return f'[ "$({made})" -gt 1 ]' if shown.facts["made"] > 1 else ""
    ids = shown.facts["ids"]
    same = [
        f'[ "$(id {n})" {"=" if each == ids[-1] else "!="} "$(id {last})" ]' for n, each in zip(own, ids[:-1], strict=False)
    ]
    return " && ".join([f'[ "$(status {last})" = {sent[-1].status} ]', *same])


def _in_order(
    sent: Sequence[Sent], commands: Sequence[str], before_last: Sequence[str], shown: Reproduction
) -> Iterator[str]:
    """The commands; those that belong at the same moment leave together, and are waited for."""
    waiting: list[str] = []
    for number, (each, command) in enumerate(zip(sent, commands, strict=True), 1):
        refused = "key" if each.main and not {"401", "403", "4xx"} & {*shown.due} else "-"
        # What strikes every n-th time would else strike the controls each time.
        once = '[ "$round" -gt 1 ] || ' if each.role == ExchangeRole.CONTROL and not each.together else ""
        if number == len(sent):
            yield from before_last
        yield f"{{ {command}; }} &" if each.together else f"{once}{command}"
        waiting.append(f"look {number} {each.role} {each.status} {refused}")
        if not each.together or number == len(sent) or not sent[number].together:
            yield from (["wait"] if each.together else [])
            yield from waiting
            waiting = []


def _command(number: int, sent: Sent, result: Result, mark: str) -> str:
    url = "http://BASE.invalid" + sent.path
    body = sent.body if isinstance(sent.body, str) else ""
    text = make_curl(sent.method, url, sent.headers, body or None)
    options = f'curl{" -k" if result.run.insecure else ""} -sS -o "$work/{number}.body"{_STATUS}'
    text = text.replace("curl -sS -i", options, 1).replace(mark, "'\"$MARK\"'")
    return text.replace(shlex.quote(url), f'"$BASE"{shlex.quote(sent.path)}', 1) + f' > "$work/{number}.status"'
