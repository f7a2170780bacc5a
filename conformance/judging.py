"""Judges a target from Python: the public `judge`."""

from __future__ import annotations

import contextlib
import inspect
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..reports import FORMS, Result, read_json
from ..spec import ContractError, TargetError, UsageError

if TYPE_CHECKING:
    import uvicorn

__all__ = ["judge"]

_PACKAGE = __name__.partition(".")[0]
_UNUSABLE = 4
_PATIENCE = 10.0
"""Seconds for an app to start, and to stop."""


def judge(
    target: str | Callable[..., Any] | None = None,
    *,
    contract: str | Path = "opportunities",
    depth: Literal["smoke", "standard", "deep"] = "standard",
    basis: Literal["endpoint", "docs", "all"] = "all",
    clauses: tuple[str, ...] = (),
    seed: int = 0,
    known_failing: str | Path | None = None,
    environment: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
) -> Result:
    """Judge a target and return the result.

    The suite runs in a process of its own, so that nothing of it meets the caller's pytest, logging or event loop.

    >>> from lightfield_contract import judge
    >>> result = judge(depth="smoke", clauses=("operation:create",))
    >>> [(clause.id, clause.verdict.value) for clause in result.clauses]
    [('operation:create', 'conforms')]

    Args:
        target: a base URL, an ASGI or a WSGI app, or None for the embedded reference server. An app is served on a port of
            this machine as long as the run takes.
        contract: the name of a fragment, or the path of one.
        clauses: ids of clauses, or beginnings of some; empty for all.
        environment: variables for the run, over those of this process; keys are given here, such as `LIGHTFIELD_API_KEY`.
        arguments: more options of `lightfield-contract run`.

    Raises:
        UsageError: an option or a variable cannot be used.
        TargetError: the target cannot be judged, such as one that refuses the key.
        ContractError: the run ended without a result.
    """
    words = [f"--contract={contract}", f"--depth={depth}", f"--basis={basis}", f"--seed={seed}", *arguments]
    words += [f"--clause={clause}" for clause in clauses]
    words += [f"--known-failing={known_failing}"] if known_failing is not None else []
    with contextlib.ExitStack() as stack:
        if callable(target):
            target = stack.enter_context(_served(target))
        words += [f"--base-url={target}"] if target is not None else []
        return _run(words, {**os.environ, **(environment or {})})


def _run(words: list[str], environment: Mapping[str, str]) -> Result:
    """Run the command line in a process of its own."""
    # Wherever this package was imported from, the process has to find the same one.
    folder = str(Path(sys.modules[_PACKAGE].__file__ or "").resolve().parents[1])
    path = os.pathsep.join([folder, *filter(None, [environment.get("PYTHONPATH", "")])])
    with tempfile.TemporaryDirectory() as reports:
        command = [sys.executable, "-m", _PACKAGE, "run", *words, f"--report-dir={reports}", "--report=json"]
        ended = subprocess.run(  # noqa: S603  (our own command, and options that it reads one by one)
            command, env={**environment, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )
        file = Path(reports) / FORMS["json"]
        if file.exists():
            return read_json(file)
    message = _last_line(ended.stderr) or _last_line(ended.stdout)
    if ended.returncode == _UNUSABLE:
        raise (TargetError if "cannot be judged" in message or "is not this API" in message else UsageError)(message)
    raise ContractError(f"the run ended with status {ended.returncode} and without a result: {message}")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].removeprefix("lightfield-contract: ").removeprefix("ERROR: ") if lines else ""


@contextlib.contextmanager
def _served(app: Callable[..., Any]) -> Iterator[str]:
    """Serve an app on a free port of this machine; give its base URL."""
    import uvicorn
    from a2wsgi import WSGIMiddleware

    from ..reference.listening import listen, url_of

    hosted = app if _is_asgi(app) else WSGIMiddleware(_with_ending_input(app))
    server = uvicorn.Server(uvicorn.Config(hosted, log_config=None, log_level="critical", access_log=False))
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _await_start(server, thread)
        yield url_of(listener)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        listener.close()


def _with_ending_input(app: Callable[..., Any]) -> Callable[..., Any]:
    """Return the WSGI app, which hears that its input ends where the body does, as from servers that take chunked bodies."""

    def hosted(environ: dict[str, Any], start_response: Any) -> Any:
        return app({**environ, "wsgi.input_terminated": True}, start_response)

    return hosted


def _is_asgi(app: Callable[..., Any]) -> bool:
    call: object = app.__call__  # type: ignore[operator]  # mypy knows a callable's type, and not that it has this attribute
    return inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(call)


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    end = time.monotonic() + _PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise UsageError("the app did not start; does it fail in its lifespan?")
        time.sleep(0.01)
