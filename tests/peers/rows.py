"""The rows of the comparison: which tool, how it is set up, and one run of it against one server."""

from __future__ import annotations

import copy
import dataclasses
import functools
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from best_effort import best_effort
from documents import for_seed, fragment, literal_union
from findings import Finding
from judged import Kind, Served, Subject, serve
from live import Live, read_live
from schemathesis_cli import Peer, run_schemathesis

from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.reports import Verdict
from lightfield_contract.spec import Contract, load

__all__ = ["ROWS", "Row", "Run", "judge", "warm_up"]

_BEST = Path(__file__).with_name("best_effort.toml").read_text("utf-8")


@dataclasses.dataclass(frozen=True)
class Row:
    """One tool with one set of settings.

    Attributes:
        depth: of our suite; empty for the peer.
        document: what the peer is given.
    """

    name: str
    title: str
    depth: str = ""
    peer: Peer = dataclasses.field(default_factory=Peer)
    document: Callable[[Contract, Live], dict[str, Any]] = fragment


@dataclasses.dataclass(frozen=True)
class Run:
    """What one tool found out about one server, and what that cost.

    Attributes:
        writes, created: how many creates were sent, and how many of them accepted.
        errors: the tool's own.
    """

    row: str
    subject: Subject
    findings: tuple[Finding, ...]
    errors: tuple[str, ...]
    requests: int
    writes: int
    created: int
    seconds: float


_COLLECTION = load().collection
# The create, and the read of what it made. The document stays whole, or the tool would miss what else its paths offer.
_SELECTED = [each.id for each in (_COLLECTION.create, _COLLECTION.retrieve) if each is not None]
_DEFAULTS = Peer(arguments=tuple(word for name in _SELECTED for word in ("--include-operation-id", name)))
ROWS: Mapping[str, Row] = {
    row.name: row
    for row in (
        Row("literal-union", "schemathesis, vendor's literal union, its defaults", "", _DEFAULTS, literal_union),
        Row("fragment", "schemathesis, our fragment, its defaults", "", _DEFAULTS, fragment),
        Row("best-effort", "schemathesis, our fragment, best effort", "", Peer(_BEST, hooks=True), best_effort),
        Row("smoke", "ours, smoke depth", "smoke"),
        Row("standard", "ours, standard depth", "standard"),
    )
}
"""By the name under which one is chosen, in the order of the table."""


def judge(name: str, subject: Subject, seed: int) -> Run:
    """Runs the tool of one row against one server, in this process."""
    row, served = ROWS[name], serve(subject)
    # What somebody would prepare before is prepared before the clock starts.
    document = _document(name, served.basis) if not row.depth else {}
    start = time.perf_counter()
    findings, errors = _ours(row, served, seed) if row.depth else _theirs(row, document, served, seed)
    seconds = time.perf_counter() - start
    counts = served.counts
    return Run(name, subject, findings, errors, counts.requests, counts.writes, counts.created, round(seconds, 3))


def warm_up(names: tuple[str, ...]) -> None:
    """Runs each tool once in this process, so that no counted run is the one that imports it."""
    for name in names:
        judge(name, Subject(Kind.PLAIN, ""), 0)


def _ours(row: Row, served: Served, seed: int) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    arguments = [f"--lightfield-depth={row.depth}", f"--lightfield-seed={seed}", f"--lightfield-basis={served.basis}"]
    result, printed = judge_server(served.server(), arguments, served.given)
    if result is None:
        return (), (printed.strip()[-300:],)
    blamed = [clause for clause in result.clauses if clause.verdict in (Verdict.VIOLATED, Verdict.ADVICE)]
    return tuple(Finding(clause.id) for clause in blamed), ()


def _theirs(row: Row, document: Mapping[str, Any], served: Served, seed: int) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    with served.server() as server:
        return run_schemathesis(row.peer, document, server.url, server.environment["LIGHTFIELD_API_KEY"], seed)


def _document(name: str, basis: str) -> dict[str, Any]:
    document = copy.deepcopy(ROWS[name].document(load(), _live()))
    return for_seed(document) if basis == "endpoint" else document


@functools.cache
def _live() -> Live:
    """Read from the reference without a fault, so that no fault of a read spoils what the peer is given."""
    with Reference(load()) as server:
        return read_live(load(), server)
