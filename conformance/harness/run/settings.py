"""What a user asked for: one frozen object, read once from the options."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ....reports import FORMS
from ....spec import Basis, Clause, UsageError
from ....strategies import Depth
from ..wire.tls import TlsFiles
from ..wire.way import WayOptions
from .requirement import Requirement, read_requirement

__all__ = ["BASES", "Settings", "read_settings"]

BASES: Mapping[str, Basis] = {"endpoint": Basis.ENDPOINT, "docs": Basis.DOCS, "all": Basis.RFC}
"""The words by which a user asks for a basis."""

_Value = TypeVar("_Value")


@dataclasses.dataclass(frozen=True)
class Settings:
    """How to judge.

    Attributes:
        contract: the name or path of a fragment.
        clauses: clause ids or the beginnings of some; empty for all.
        rate: requests a second allowed in each category; None to go by the target's own limits alone.
        timeout: seconds for each exchange.
        wait: seconds to wait for a target that is not up; None where the user does not say.
        way: how to reach the target.
        max_writes: creates allowed; None for no limit of our own.
        known_failing: a file that lists clauses which the target is known to break.
        strict: whether advice and clauses not verified fail the run.
        require: which clauses have to be verified; None where the user does not say.
        examples: where Hypothesis keeps its examples between deep runs; None for nowhere.
        report_dir: where reports go; None for none.
        reports: which forms.
    """

    contract: str = "opportunities"
    depth: Depth = Depth.STANDARD
    basis: Basis = Basis.RFC
    clauses: tuple[str, ...] = ()
    seed: int = 0
    rate: float | None = None
    timeout: float = 10.0
    wait: float | None = None
    way: WayOptions = dataclasses.field(default_factory=WayOptions)
    max_writes: int | None = None
    known_failing: Path | None = None
    strict: bool = False
    require: Requirement | None = None
    examples: Path | None = None
    report_dir: Path | None = None
    reports: tuple[str, ...] = ("json", "html", "junit")

    def selects(self, clause: Clause) -> bool:
        """Whether the run judges the clause."""
        named = not self.clauses or any(clause.id.startswith(pattern) for pattern in self.clauses)
        return named and self.basis.covers(clause.basis)

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
        return next(word for word, basis in BASES.items() if basis is self.basis)


def read_settings(option: Callable[[str], Any]) -> Settings:
    """What the user asked for.

    Args:
        option: gives the text of an option, None where it was not given.

    Raises:
        UsageError: an option's value cannot be used.
    """

    def read(name: str, parse: Callable[[str], _Value], wanted: str) -> _Value:
        try:
            return parse(option(name))
        except (ValueError, KeyError):
            raise UsageError(f"{name.replace('--lightfield-', '--')}: {option(name)!r} is not {wanted}") from None

    def optional(name: str, parse: Callable[[str], _Value], wanted: str) -> _Value | None:
        return None if option(name) is None else read(name, parse, wanted)

    return Settings(
        contract=option("--lightfield-contract"),
        depth=read("--lightfield-depth", Depth, f"one of {', '.join(Depth)}"),
        basis=read("--lightfield-basis", BASES.__getitem__, f"one of {', '.join(BASES)}"),
        clauses=tuple(option("--lightfield-clause")),
        seed=read("--lightfield-seed", int, "a whole number"),
        rate=optional("--lightfield-rate", _positive, "a number above 0"),
        timeout=read("--lightfield-timeout", _positive, "a number of seconds above 0"),
        wait=optional("--lightfield-wait", _not_negative, "a number of seconds, 0 or above"),
        way=WayOptions(
            insecure=option("--lightfield-insecure"),
            allow_http=option("--lightfield-allow-http"),
            tls=TlsFiles(
                *(optional(f"--lightfield-{name}", Path, "a path") for name in ("ca-file", "client-cert", "client-key"))
            ),
        ),
        max_writes=optional("--lightfield-max-writes", _whole, "a whole number above 0"),
        known_failing=optional("--lightfield-known-failing", Path, "a path"),
        strict=option("--lightfield-strict"),
        require=optional("--lightfield-require", read_requirement, "a percentage such as 90%, or ids of clauses"),
        examples=optional("--lightfield-examples", Path, "a path"),
        report_dir=optional("--lightfield-report-dir", Path, "a path"),
        reports=read("--lightfield-report", _forms, f"a list of {', '.join(FORMS)}"),
    )


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _not_negative(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _forms(text: str) -> tuple[str, ...]:
    forms = tuple(form.strip() for form in text.split(",") if form.strip())
    if not forms or not set(forms) <= FORMS.keys():
        raise ValueError(text)
    return forms
