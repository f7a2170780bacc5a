"""Serves the reference to people who develop a client: with a log, a scripted conduct, a page, and CORS where asked for."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from ...reference import Configuration, Pipeline, SampleKeys, make_app
from ...reference.arrival import Arrival
from ...reference.conduct import PLAIN, Conduct, ScriptedReply
from ...reference.log import Log
from ...reference.script import read_script
from ...reference.scripted import Loop, Scripted
from ...spec import Contract, UsageError, rate_limit
from ...spec.given import did_you_mean
from ..harness.wire.redaction import Redactor, Secret
from .judging.request import header_remarks
from .scenarios import SCENARIOS

__all__ = ["serve_scripted"]

_NOT_TO_SERVE = frozenset({"unreachable"})
_CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(("Retry-After", *rate_limit.HEADERS))),
)
_PREFLIGHT = (
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Lightfield-Version"),
    ("Access-Control-Max-Age", "600"),
)
_HTML = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))


def serve_scripted(
    contract: Contract,
    *,
    host: str,
    port: int,
    configuration: Configuration,
    pipeline: type[Pipeline],
    environment: dict[str, str],
    scenario: str = "",
    script: Path | None = None,
    log_file: Path | None = None,
    cors: bool = False,
) -> None:
    """Serve in the foreground until Ctrl-C or SIGTERM, after printing the address and the keys that open it.

    Args:
        environment: the variables to print.
        scenario: the name of a client's scenario to play, over and over. script: a file in its place.
        log_file: where each request is written as a JSON line.

    Raises:
        UsageError: the port cannot be listened on, or the scenario, the script or the log file cannot be used.
    """
    redactor = Redactor([Secret(value, "LIGHTFIELD_API_KEY") for value in dataclasses.astuple(SampleKeys())])
    plan = read_script(script) if script is not None else _scenario_plan(scenario)
    app = make_app(contract, configuration, pipeline)
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(_open(log_file)) if log_file is not None else None
        name = f"Reference server for {contract.name}"
        log = Log(name, _Remarks(contract), redactor.text, lines=sys.stdout, json_lines=file)
        answer = _interceptor(log, cors=cors)
        headers = _CORS if cors else ()
        server = Scripted(app, contract.create.path, plan, observe=log.add, intercept=answer, headers=headers)
        loop = stack.enter_context(Loop())
        loop.run(server.start(host, port))
        _announce(contract, server.url, environment)
        _wait_for_signal()
        loop.run(server.stop())


def _announce(contract: Contract, url: str, environment: Mapping[str, str]) -> None:
    lines = [f"The reference server for {contract.name} listens on {url} (Ctrl-C stops it).", ""]
    lines += [f"export {name}={value}" for name, value in {"LIGHTFIELD_BASE_URL": url, **environment}.items()]
    sys.stdout.write("\n".join(lines) + f"\n\nThe last requests are shown at {url}/\n")
    sys.stdout.flush()


class _Remarks:
    """What is wrong with a request besides what its answer says: its headers, and an attempt that repeats another one."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._seen: collections.OrderedDict[bytes, Arrival] = collections.OrderedDict()

    def __call__(self, arrival: Arrival) -> Iterable[str]:
        """Yield a sentence for each."""
        yield from header_remarks(self._contract, arrival)
        if not arrival.is_create:
            return
        before = self._seen.get(arrival.body)
        if before is not None and not (before.key and before.key == arrival.key):
            which = "without an Idempotency-Key" if arrival.key is None else "with another Idempotency-Key"
            yield f"Request {before.number} made a record of the same body; {which}, this request is another operation."
        if arrival.made:
            self._seen[arrival.body] = arrival
        if len(self._seen) > 1000:
            self._seen.popitem(last=False)


def _scenario_plan(name: str) -> Callable[[Arrival], Conduct]:
    """The conduct of a scenario; an operation is what carries the same idempotency key, or else the same body."""
    if not name:
        return lambda _: PLAIN
    known = [each for each in SCENARIOS if each not in _NOT_TO_SERVE]
    if name not in known:
        hint = did_you_mean(name, known, 3, otherwise=f"known are {', '.join(known)}")
        raise UsageError(f"--scenario: there is no scenario {name!r}{hint}")
    attempts: collections.Counter[str | bytes] = collections.Counter()

    def plan(arrival: Arrival) -> Conduct:
        operation = arrival.key or arrival.body
        attempts[operation] += 1
        return SCENARIOS[name].conduct_of(attempts[operation], "http://other-host.invalid/")

    return plan


def _interceptor(log: Log, *, cors: bool) -> Callable[[Arrival], ScriptedReply | None]:
    def answer(arrival: Arrival) -> ScriptedReply | None:
        if arrival.method == "GET" and arrival.path == "/":
            return ScriptedReply(200, _HTML, log.page())
        if arrival.path == "/favicon.ico":
            return ScriptedReply(204)
        if cors and arrival.method == "OPTIONS" and arrival.value("Access-Control-Request-Method"):
            return ScriptedReply(204, _PREFLIGHT)
        return None

    return answer


@contextlib.contextmanager
def _open(path: Path) -> Iterator[IO[str]]:
    try:
        with path.open("a", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise UsageError(f"--log: {path} cannot be written: {error.strerror}") from error


def _wait_for_signal() -> None:
    """Return when the process is asked to end; in another thread than the main one, never."""
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not ended.wait(0.2):
            pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
