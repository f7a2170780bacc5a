"""The log of a running server: each request with what was wrong with it, as lines for people, as JSON lines, as a page."""

from __future__ import annotations

import collections
import datetime
import html
import json
from collections.abc import Callable, Iterable
from typing import IO, Any

from .arrival import Arrival

__all__ = ["Log"]

_KEPT = 200
_SHOWN = 2000
_STYLE = """\
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem; vertical-align: top;
border-bottom: 1px solid #8886 } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0 }
.bad { color: #b3261e } @media (prefers-color-scheme: dark) { .bad { color: #ff8a80 } } summary { cursor: pointer }"""


class Log:
    """Takes what has arrived, says what was wrong with it, and keeps the last of it for the page.

    Args:
        title: of the page.
        remark: what is wrong with a request besides what its answer says, a sentence each.
        redact: takes keys out of a text.
        lines: where each request gets a line; None for nowhere.
        json_lines: the same as JSON.
    """

    def __init__(
        self,
        title: str,
        remark: Callable[[Arrival], Iterable[str]],
        redact: Callable[[str], str],
        *,
        lines: IO[str] | None = None,
        json_lines: IO[str] | None = None,
    ) -> None:
        self._title, self._remark, self._redact = title, remark, redact
        self._lines, self._json_lines = lines, json_lines
        self._last: collections.deque[dict[str, Any]] = collections.deque(maxlen=_KEPT)

    def add(self, arrival: Arrival) -> None:
        """Enter a request that has been dealt with."""
        entry = self._entry(arrival)
        self._last.append(entry)
        if self._lines is not None:
            self._lines.write(_line(entry) + "\n")
            self._lines.flush()
        if self._json_lines is not None:
            self._json_lines.write(json.dumps(entry) + "\n")
            self._json_lines.flush()

    def page(self) -> bytes:
        """Return the last requests as a page, the newest first."""
        rows = "".join(_row(entry) for entry in reversed(self._last))
        table = f"<table><thead><tr><th>#<th>time<th>request<th>answer<th>what was wrong</tr></thead>{rows}</table>"
        shown = table if rows else "<p>No request has come yet."
        title = html.escape(self._title)
        return (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{title}</title><style>{_STYLE}</style>"
            f"<h1>{title}</h1><p>The last {_KEPT} requests, the newest first; load the page again for more.</p>"
            f"{shown}</html>"
        ).encode()

    def _entry(self, arrival: Arrival) -> dict[str, Any]:
        error = _error(arrival)
        wrong = [arrival.problem] if arrival.problem else [_described(error)] if error else []
        return {
            "number": arrival.number,
            "time": datetime.datetime.fromtimestamp(arrival.sent_at, datetime.UTC).isoformat(timespec="milliseconds"),
            "method": arrival.method,
            "target": self._redact(arrival.target),
            "headers": [[name, self._redact(value)] for name, value in arrival.headers],
            "body": self._redact(arrival.body.decode("utf-8", "backslashreplace")),
            "idempotencyKey": arrival.key,
            "status": arrival.status or None,
            "made": arrival.made or None,
            "fate": arrival.fate or None,
            "answer": self._redact(arrival.response_body.decode("utf-8", "backslashreplace")),
            "milliseconds": round(((arrival.ended or arrival.at) - arrival.at) * 1000),
            "wrong": [self._redact(text) for text in (*wrong, *self._remark(arrival))],
        }


def _error(arrival: Arrival) -> dict[str, Any]:
    try:
        body = json.loads(arrival.response_body) if arrival.status >= 400 else {}
    except ValueError:
        return {"message": "an answer that is not JSON"}
    inner = body.get("error", body) if isinstance(body, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _described(error: dict[str, Any]) -> str:
    named = " ".join(str(error[name]) for name in ("code", "param") if error.get(name))
    return f"{error.get('message', '')}{f' ({named})' if named else ''}"


def _line(entry: dict[str, Any]) -> str:
    answer = " ".join(str(part) for part in (entry["status"], entry["fate"], entry["made"]) if part)
    first = (
        f"{entry['time'][11:23]}  {entry['method'] or '?'} {entry['target'][:120]} -> {answer}, {entry['milliseconds']} ms"
    )
    text = "\n".join([first, *(f"    wrong: {wrong}" for wrong in entry["wrong"])])
    return "".join(letter if letter == "\n" or letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _row(entry: dict[str, Any]) -> str:
    answer = " ".join(str(part) for part in (entry["status"], entry["fate"], entry["made"]) if part)
    headers = "\n".join(f"{name}: {value}" for name, value in entry["headers"])
    wrong = "<br>".join(html.escape(text) for text in entry["wrong"]) or "&ndash;"
    sent = html.escape(f"{headers}\n\n{entry['body'][:_SHOWN]}")
    got = html.escape(entry["answer"][:_SHOWN])
    return (
        f"<tr><td>{entry['number']}<td>{entry['time'][11:19]}"
        f"<td><details><summary>{html.escape(entry['method'] + ' ' + entry['target'])}</summary><pre>{sent}</pre></details>"
        f"<td><details><summary>{html.escape(answer)}</summary><pre>{got}</pre></details>"
        f"<td{' class=bad' if entry['wrong'] else ''}>{wrong}</tr>"
    )
