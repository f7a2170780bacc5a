"""What a user scripts without code: which request of a running server meets what conduct."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..spec import UsageError
from ..spec.given import did_you_mean, quote
from .arrival import Arrival
from .conduct import PLAIN, Conduct, Delivery, refusal

__all__ = ["Script", "read_script"]

_DELIVERIES = {"drop": Delivery.DROP, "cut": Delivery.CUT, "hang": Delivery.HANG, "drip": Delivery.DRIP}
_MEMBERS = frozenset({"request", "every", "do", "status", "retry-after", "delay", "type", "code"})


class Script:
    """The entries of a script, and how many creates have come.

    Args:
        entries: as `read_script` reads them; the first that is about a request and says what to do decides it.
    """

    def __init__(self, entries: tuple[Mapping[str, Any], ...]) -> None:
        self._entries = entries
        self._numbers = itertools.count(1)

    def __call__(self, _: Arrival) -> Conduct:
        """Return what happens to the next create."""
        number = next(self._numbers)
        about = [entry for entry in self._entries if _is_about(entry, number)]
        acting = next((entry for entry in about if "do" in entry or "status" in entry), {})
        delay = next((entry["delay"] for entry in about if "delay" in entry), 0)
        return _conduct(acting, delay / 1000)


def read_script(path: Path) -> Script:
    """Return the script in a file.

    Raises:
        UsageError: it cannot be read, or is no script; the message says where.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise UsageError(f"{path}: the script cannot be read: {reason}; name a YAML file") from error
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(entries, list) or not entries:
        raise UsageError(f"{path}: a list of entries was expected; docs/clients.md has the form")
    for number, entry in enumerate(entries, 1):
        if problem := _problem(entry):
            raise UsageError(f"{path}: entry {number}: {problem}; docs/clients.md has the form")
    return Script(tuple(entries))


def _problem(entry: Any) -> str:
    """What is wrong with an entry; "" when nothing is."""
    if not isinstance(entry, dict):
        return f"an object with some of {', '.join(sorted(_MEMBERS))} was expected"
    if unknown := sorted(map(str, entry.keys() - _MEMBERS)):
        return f"there is no {quote(unknown[0])}{did_you_mean(unknown[0], sorted(_MEMBERS))}"
    if ("request" in entry) == ("every" in entry):
        which = "both request and every are given" if "every" in entry else "neither request nor every is given"
        return f"{which}, of which one says which creates it is about"
    if {"do", "status"} <= entry.keys():
        return "do and status are two things to happen: leave one out"
    numbers = {name: entry[name] for name in ("request", "every", "status", "retry-after", "delay") if name in entry}
    for name, value in numbers.items():
        lowest = 0 if name in ("retry-after", "delay") else 1
        if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
            return f"{name} is a whole number, {lowest} or above"
    if not 200 <= entry.get("status", 200) <= 599:
        return "status is between 200 and 599"
    if "do" in entry and entry["do"] not in _DELIVERIES:
        return f"do is one of {', '.join(_DELIVERIES)}{did_you_mean(str(entry['do']), [*_DELIVERIES])}"
    return "" if entry.keys() & {"do", "status", "delay"} else "do, status or delay says what happens"


def _is_about(entry: Mapping[str, Any], number: int) -> bool:
    return entry["request"] == number if "request" in entry else number % int(entry["every"]) == 0


def _conduct(entry: Mapping[str, Any], delay: float) -> Conduct:
    if "do" in entry:
        return Conduct(delivery=_DELIVERIES[entry["do"]], pause=0.25, delay=delay)
    if "status" not in entry:
        return Conduct(delay=delay) if delay else PLAIN
    headers = [("Retry-After", str(entry["retry-after"]))] if "retry-after" in entry else []
    refused = refusal(entry["status"], *headers, code=entry.get("code"), type_=entry.get("type"))
    return Conduct(commit=False, reply=refused.reply, delay=delay)
