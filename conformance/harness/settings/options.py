"""The options: one row for each, from which the command line, pytest's options, the settings file and their help are made.

An option is added by adding a field to `Settings`. What is imported here is loaded in every pytest run of whoever installs
the package, so a row imports what it needs when its text is read.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ....spec import Basis
    from ....strategies import Depth
    from ..wire.way import WayOptions
    from .reading import Requirement

__all__ = ["BASES", "PREFIX", "OptionRow", "Settings", "rows"]

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


@dataclasses.dataclass(frozen=True)
class OptionRow:
    """One option.

    Attributes:
        name: as in the settings file; `--name` on the command line, `--lightfield-name` in pytest.
        help: what it is for; the default is added where it is shown.
        read: makes its value of a text, and raises ValueError for one that it cannot take.
        expected: what a text has to be, for the message about one that is not.
        default: the text of its default; None where there is none.
        choices: all texts that it takes, where they are few.
        words: what its text is a list of, where they are few.
        flag: whether it is given without a value.
        repeatable: whether it may be given several times.
        pytest_only: whether the command line sets it by itself.
        command_only: whether pytest has an option of its own for it.
    """

    name: str
    help: str
    read: Callable[[str], Any] = str
    expected: str = "a text"
    default: str | None = None
    metavar: str = ""
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    flag: bool = False
    repeatable: bool = False
    pytest_only: bool = False
    command_only: bool = False

    @property
    def usual(self) -> Any:
        """The value where the option is not given."""
        if self.flag:
            return False
        if self.repeatable:
            return ()
        return None if self.default is None else self.read(self.default)

    @property
    def full_help(self) -> str:
        """The help, with the default where there is one."""
        repeat = "; repeatable" if self.repeatable else ""
        return f"{self.help}{repeat} (default: {self.default})" if self.default is not None else f"{self.help}{repeat}"

    def keywords(self) -> dict[str, Any]:
        """Return what `argparse` and pytest need to know of it; what is not given stays None."""
        # argparse reads a percent sign as the beginning of a name.
        shown = self.full_help.replace("%", "%%")
        if self.flag:
            return {"action": "store_true", "default": None, "help": shown}
        action = "append" if self.repeatable else "store"
        return {"action": action, "metavar": self.metavar or "TEXT", "default": None, "help": shown}


def _number(least: float, most: float = math.inf) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = float(_plain(text))
        if not least <= number <= most or math.isinf(number):
            raise ValueError(text)
        return number

    return read


def _whole(least: float, most: float = math.inf) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(_plain(text))
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return read


def _plain(text: str) -> str:
    """Return the text of a number, unless it is written as only a program would: `1_000` may be a slip for `1 000`."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return text


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


def _option(name: str, help_text: str, **row: Any) -> Any:
    made = OptionRow(name, help_text, **row)
    return dataclasses.field(default_factory=lambda: made.usual, metadata={"row": made})


def _path(name: str, help_text: str, metavar: str = "FILE") -> Any:
    return _option(name, help_text, read=_read_path, expected="a path", metavar=metavar)


def _read_path(text: str) -> Path:
    if "\0" in text:
        raise ValueError(text)
    return Path(text)


@dataclasses.dataclass(frozen=True)
class Settings:
    """What a user asked for: one frozen object, made once of the options that were given."""

    contract: str = _option(
        "contract", "fragment: a name, or the path of a .yaml file", default="opportunities", metavar="NAME"
    )
    depth: Depth = _option(
        "depth",
        "how much to send: smoke, standard or deep",
        read=_depth,
        default="standard",
        choices=("smoke", "standard", "deep"),
        metavar="DEPTH",
    )
    basis: Basis = _option(
        "basis",
        "weakest source that a clause may rest on: endpoint, docs or all",
        read=_basis,
        default="all",
        choices=BASES,
        metavar="BASIS",
    )
    clauses: tuple[str, ...] = _option(
        "clause", "only this clause, or all whose ids start so", repeatable=True, metavar="ID"
    )
    seed: int = _option(
        "seed",
        "seed of everything that is drawn",
        read=_whole(0),
        expected="a whole number, 0 or more",
        default="0",
        metavar="N",
    )
    rate: float | None = _option(
        "rate",
        "requests a second at most, below the target's own limit",
        read=_number(_SLOWEST),
        expected=f"a number from {_SLOWEST}",
        metavar="N",
    )
    timeout: float = _option(
        "timeout",
        "seconds for each request",
        read=_number(1e-6, _DAY),
        expected=f"a number of seconds above 0, {_DAY} at most",
        default="10",
        metavar="S",
    )
    wait: float | None = _option(
        "wait",
        "seconds to wait for a target that is not up (30 for one that says so, else 0)",
        read=_number(0, _DAY),
        expected=f"a number of seconds from 0 to {_DAY}",
        metavar="S",
    )
    ca_file: Path | None = _path("ca-file", "certificates to trust in place of the public ones")
    client_cert: Path | None = _path("client-cert", "our own certificate, for a target that wants one")
    client_key: Path | None = _path("client-key", "its key, where the certificate's file does not hold it")
    allow_http: bool = _option("allow-http", "send keys over plain http to another machine", flag=True)
    insecure: bool = _option("insecure", "do not check the certificate of a target on this machine", flag=True)
    max_writes: int | None = _option(
        "max-writes", "creates at most", read=_whole(1), expected="a whole number above 0", metavar="N"
    )
    in_flight: int | None = _option(
        "in-flight",
        "cases under way at one time at most; 1 for one after the other (as many as the target's latency and rate ask for)",
        read=_whole(1, 64),
        expected="a whole number from 1 to 64",
        metavar="N",
    )
    known_failing: Path | None = _path(
        "known-failing", "clauses that the target is known to break: an id a line, a reason after #"
    )
    strict: bool = _option("strict", "advice and clauses that are not verified fail the run", flag=True)
    exceed_limits: bool = _option(
        "exceed-limits",
        "go over the announced rate limit at the end, to judge what is refused for it and what is not",
        flag=True,
    )
    plan: bool = _option(
        "plan", "stop before the first create, and list the clauses, requests and records to come", flag=True
    )
    require: Requirement | None = _option(
        "require",
        "fail unless so many clauses are verified, such as 90%, or these (ids, comma-separated)",
        read=_requirement,
        expected="a percentage such as 90%, or ids of clauses",
        metavar="N%|IDS",
    )
    examples: Path | None = _path("examples", "where deep runs keep Hypothesis's examples", "DIR")
    workers: int | None = _option(
        "workers",
        "processes to share the work",
        read=_whole(1, _MOST_WORKERS),
        expected=f"a whole number from 1 to {_MOST_WORKERS}",
        metavar="N",
        command_only=True,
    )
    progress: bool = _option("progress", "show progress by clause instead of pytest's letters", flag=True, pytest_only=True)
    report_dir: Path | None = _path("report-dir", "where reports are written", "DIR")
    reports: tuple[str, ...] = _option(
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
