"""The options: one row for each, from which the command line, pytest's options, the settings file and their help are made.

An option is added by adding a field to `Settings`. What is imported here is loaded in every pytest run of whoever installs
the package, so a row imports what it needs when its text is read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .row import OptionRow, number, option, path, whole

if TYPE_CHECKING:
    from ....spec import Basis
    from ....strategies import Depth
    from ..wire.way import WayOptions
    from .reading import Requirement

__all__ = ["BASES", "PREFIX", "Settings", "rows"]

PREFIX: Final = "--lightfield-"
"""What our options begin with in pytest, where short names are other plugins'."""
BASES: Final = ("endpoint", "docs", "all")
"""The words by which a user asks for a basis, the strongest first."""
_FORMS: Final = ("json", "html", "junit", "markdown", "ctrf", "har", "reproduce")
_DAY = 86_400
"""Seconds that a user may have the suite wait for one thing; no clock takes any number of them."""
_MOST_WORKERS = 256
"""Processes; each takes about as much memory as a run alone."""
_SLOWEST = 0.001
"""Requests a second, or one in a quarter of an hour."""


def _depth(text: str) -> Depth:
    from ....strategies import Depth

    return Depth(text)


def _basis(text: str) -> Basis:
    from ....spec import Basis

    return dict(zip(BASES, Basis, strict=True))[text]


def _formats(text: str) -> tuple[str, ...]:
    from ....reports import FORMS

    forms = tuple(form.strip() for form in text.split(",") if form.strip())
    if not forms or not set(forms) <= FORMS.keys():
        raise ValueError(text)
    return forms


def _requirement(text: str) -> Requirement:
    from .reading import read_requirement

    return read_requirement(text)


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a user asked for: one frozen object, made once of the options that were given."""

    contract: str = option(
        "contract", "fragment: a name, or the path of a .yaml file", default="opportunities", metavar="NAME"
    )
    depth: Depth = option(
        "depth",
        "how much to send: smoke, standard or deep",
        read=_depth,
        default="standard",
        choices=("smoke", "standard", "deep"),
        metavar="DEPTH",
    )
    basis: Basis = option(
        "basis",
        "weakest source that a clause may rest on: endpoint, docs or all",
        read=_basis,
        default="all",
        choices=BASES,
        metavar="BASIS",
    )
    clauses: tuple[str, ...] = option("clause", "only this clause, or all whose ids start so", repeatable=True, metavar="ID")
    seed: int = option(
        "seed",
        "seed of everything that is drawn",
        read=whole(0),
        expected="a whole number, 0 or more",
        default="0",
        metavar="N",
    )
    rate: float | None = option(
        "rate",
        "requests a second at most, below the target's own limit",
        read=number(_SLOWEST),
        expected=f"a number from {_SLOWEST}",
        metavar="N",
    )
    timeout: float = option(
        "timeout",
        "seconds for each request",
        read=number(1e-6, _DAY),
        expected=f"a number of seconds above 0, {_DAY} at most",
        default="10",
        metavar="S",
    )
    wait: float | None = option(
        "wait",
        "seconds to wait for a target that is not up (30 for one that says so, else 0)",
        read=number(0, _DAY),
        expected=f"a number of seconds from 0 to {_DAY}",
        metavar="S",
    )
    ca_file: Path | None = path("ca-file", "certificates to trust in place of the public ones")
    client_cert: Path | None = path("client-cert", "our own certificate, for a target that wants one")
    client_key: Path | None = path("client-key", "its key, where the certificate's file does not hold it")
    allow_http: bool = option("allow-http", "send keys over plain http to another machine", flag=True)
    insecure: bool = option("insecure", "do not check the certificate of a target on this machine", flag=True)
    max_writes: int | None = option(
        "max-writes", "creates at most", read=whole(1), expected="a whole number above 0", metavar="N"
    )
    in_flight: int | None = option(
        "in-flight",
        "cases under way at one time at most; 1 for one after the other (as many as the target's latency and rate ask for)",
        read=whole(1, 64),
        expected="a whole number from 1 to 64",
        metavar="N",
    )
    known_failing: Path | None = path(
        "known-failing", "clauses that the target is known to break: an id a line, a reason after #"
    )
    strict: bool = option("strict", "advice and clauses that are not verified fail the run", flag=True)
    exceed_limits: bool = option(
        "exceed-limits",
        "go over the announced rate limit at the end, to judge what is refused for it and what is not",
        flag=True,
    )
    plan: bool = option(
        "plan", "stop before the first create, and list the clauses, requests and records to come", flag=True
    )
    require: Requirement | None = option(
        "require",
        "fail unless so many clauses are verified, such as 90%, or these (ids, comma-separated)",
        read=_requirement,
        expected="a percentage such as 90%, or ids of clauses",
        metavar="N%|IDS",
    )
    examples: Path | None = path("examples", "where deep runs keep Hypothesis's examples", "DIR")
    workers: int | None = option(
        "workers",
        "processes to share the work",
        read=whole(1, _MOST_WORKERS),
        expected=f"a whole number from 1 to {_MOST_WORKERS}",
        metavar="N",
        command_only=True,
    )
    progress: bool = option("progress", "show progress by clause instead of pytest's letters", flag=True, pytest_only=True)
    report_dir: Path | None = path("report-dir", "where reports are written", "DIR")
    reports: tuple[str, ...] = option(
        "report",
        f"forms of report, separated by commas: {', '.join(_FORMS)}",
        read=_formats,
        expected=f"a list of forms of report, which are {', '.join(_FORMS)}",
        words=_FORMS,
        default="json,html,junit",
        metavar="FORMS",
    )

    @property
    def way(self) -> WayOptions:
        """How to reach the target."""
        from ..wire.tls import TlsFiles
        from ..wire.way import WayOptions

        return WayOptions(self.insecure, self.allow_http, TlsFiles(self.ca_file, self.client_cert, self.client_key))

    @property
    def patience(self) -> float:
        """Seconds to wait for a target that has gone in the middle of a run."""
        return 30.0 if self.wait is None else self.wait

    @property
    def full(self) -> bool:
        """Whether a form is asked for that shows every exchange."""
        return "har" in self.reports

    @property
    def basis_word(self) -> str:
        """The word by which a user asks for the basis."""
        from ....spec import Basis

        return BASES[list(Basis).index(self.basis)]


def rows() -> Iterator[tuple[str, OptionRow]]:
    """Yield the name of each field of `Settings` with its row."""
    for field in dataclasses.fields(Settings):
        yield field.name, field.metadata["row"]
