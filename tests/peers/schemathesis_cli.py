"""One run of schemathesis's own command line, in this process, and its findings from its machine-readable report.

In the process, so that its seconds hold no interpreter's start, as ours hold none. Hooks are the one thing that would
stay from one run to the next: each run loads them afresh from a file of its own, and takes them away at the end. Nothing
else differs between a first and a later run in a process but the time, which is why a worker warms up before it counts.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import io
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from findings import Finding

__all__ = ["Peer", "read_findings", "run_schemathesis"]

_HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
_NETWORK = ("ChunkedEncodingError", "ConnectionError", "ConnectTimeout", "ReadTimeout", "Timeout")
_lock = threading.Lock()


@dataclasses.dataclass(frozen=True)
class Peer:
    """How schemathesis is told to run.

    Attributes:
        configuration: its TOML; empty for its defaults.
        arguments: further ones of `st run`.
        hooks: whether it runs with those of `schemathesis_hooks.py`.
    """

    configuration: str = ""
    arguments: tuple[str, ...] = ()
    hooks: bool = False


def run_schemathesis(
    peer: Peer, document: Mapping[str, Any], url: str, key: str, seed: int
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Runs it once.

    Args:
        document: in which `{key}` stands for the API key; without it, the key goes with every request.

    Returns:
        What it holds against the server, and the errors of its own.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = json.dumps(document)
        (folder / "openapi.json").write_text(text.replace("{key}", key), "utf-8")
        (folder / "schemathesis.toml").write_text(_configuration(peer, folder), "utf-8")
        report = folder / "report.ndjson"
        command = ["--config-file", str(folder / "schemathesis.toml"), "--no-color", "run", str(folder / "openapi.json")]
        command += ["--url", url, "--seed", str(seed), "--generation-database", "none"]
        command += ["--report", "ndjson", "--report-ndjson-path", str(report), *peer.arguments]
        command += [] if "{key}" in text else ["--header", f"Authorization: Bearer {key}"]
        printed = _invoke(command)
        lines = report.read_text("utf-8").splitlines() if report.exists() else []
    if not any('"EngineFinished"' in line for line in lines):
        return (), (f"the run did not finish: {printed.strip()[-300:]}",)
    return read_findings([json.loads(line) for line in lines])


def read_findings(events: Sequence[Mapping[str, Any]]) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The failed checks in the events of a run, each once, and the errors of the tool itself."""
    findings: dict[Finding, None] = {}
    errors: dict[str, None] = {}
    for event in events:
        if "ScenarioFinished" in event:
            findings.update(dict.fromkeys(_failures(event["ScenarioFinished"]["recorder"])))
        if "NonFatalError" in event:
            error = event["NonFatalError"]
            kind, message = error["value"]["type"], error["value"]["message"]
            # An answer that never came is something that it found out about the server, and it exits with a failure.
            if kind in _NETWORK:
                findings[Finding("network_error", error["label"], message)] = None
            else:
                errors[f"{kind}: {message.partition(chr(10))[0]}"] = None
    return tuple(findings), tuple(errors)


def _configuration(peer: Peer, folder: Path) -> str:
    lines = []
    if peer.hooks:
        # The tool loads a file once in a process, so each run has a copy under a name of its own.
        lines.append(f"hooks = {json.dumps(str(shutil.copy(_HOOKS, folder)))}")
    # What it remembers of failures from run to run would give a later server what an earlier one taught it.
    return "\n".join([*lines, peer.configuration, "[cache]", "enabled = false", ""])


def _invoke(command: list[str]) -> str:
    # Imported here, because the parent process only counts.
    from schemathesis import hooks
    from schemathesis.cli import schemathesis

    printed = io.StringIO()
    with _lock, contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            schemathesis.main(command, standalone_mode=False)
        except SystemExit:
            pass
        # What it could not do is told as an error of the run; the next server still gets its own.
        except Exception as error:
            printed.write(f"\n{type(error).__name__}: {error}")
        finally:
            hooks.unregister_all()
    return printed.getvalue()


def _failures(recorder: Mapping[str, Any]) -> Iterator[Finding]:
    for case_id, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] == "failure":
                failure = check["failure_info"]["failure"]
                shown = _shown(recorder, case_id)
                yield Finding(check["name"], failure["operation"], failure["message"], shown)


def _shown(recorder: Mapping[str, Any], case_id: str) -> str:
    """What its report prints beside the message: how the case came about, and the refusal that it got."""
    case = recorder.get("cases", {}).get(case_id, {})
    transition = case.get("transition") or {}
    links = [transition.get("id", ""), *(name for group in transition.get("parameters", {}).values() for name in group)]
    response = (recorder.get("interactions", {}).get(case_id) or {}).get("response") or {}
    # The record of a success names every place there is, so it is no sign of having found the right one.
    refused = response.get("status_code", 0) >= 400
    content = (response.get("content") or {}).get("$base64", "") if refused else ""
    return "\n".join([*filter(None, links), base64.b64decode(content).decode("utf-8", "replace")])
