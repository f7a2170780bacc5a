"""Runs the suite's command line against a server, as a process, and reads what it found."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["Outcome", "run_suite"]

_COMMAND = str(Path(sys.executable).with_name("lightfield-contract"))
_FOREIGN = re.compile(r"LIGHTFIELD_|PYTEST_|FORCE_COLOR|NO_COLOR|COLUMNS")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        status: the exit status; -9 after the patience ran out.
        result: result.json as it was written; None where there is none.
    """

    status: int
    result: Mapping[str, Any] | None
    stdout: str
    stderr: str
    seconds: float

    def clauses(self, verdict: str) -> tuple[str, ...]:
        """Return the IDs of the clauses with a verdict, such as `violated` or `not verified`."""
        rows = self.result["clauses"] if self.result else []
        return tuple(row["id"] for row in rows if row["verdict"] == verdict)

    @property
    def crashed(self) -> bool:
        """Whether the run ended without a result, or showed a traceback."""
        return self.result is None or "Traceback" in self.stdout + self.stderr

    @property
    def counts(self) -> Mapping[str, int]:
        """How many clauses have each verdict."""
        rows = self.result["clauses"] if self.result else []
        verdicts = [row["verdict"] for row in rows]
        return {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}


def run_suite(
    url: str, environment: Mapping[str, str], folder: Path, *arguments: str, depth: str = "smoke", patience: float = 300
) -> Outcome:
    """Judge the server at a URL and return what came of it.

    Args:
        environment: the variables to add to ours, from which everything that the suite would read was taken.
        folder: where the run works and writes its reports.
        arguments: more options of `lightfield-contract run`.
        patience: seconds after which the run is killed.
    """
    clean = {name: value for name, value in os.environ.items() if not _FOREIGN.match(name)}
    line = [_COMMAND, "run", "--base-url", url, "--depth", depth, "--report-dir", "reports", "--report", "json", *arguments]
    begun = time.monotonic()
    try:
        done = subprocess.run(
            line,
            cwd=folder,
            env={**clean, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
        status, stdout, stderr = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        status, stdout, stderr = -9, _text(late.stdout), _text(late.stderr)
    return Outcome(status, _read(folder / "reports" / "result.json"), stdout, stderr, time.monotonic() - begun)


def _read(path: Path) -> Mapping[str, Any] | None:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _text(output: str | bytes | None) -> str:
    return output.decode(errors="replace") if isinstance(output, bytes) else output or ""
