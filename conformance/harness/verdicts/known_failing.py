"""The user's list of what the target is known to break; a line of it is stale where that does not fail any more."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from ....spec import Contract, UsageError
from ....spec.given import did_you_mean, quote, read_given_file, show

__all__ = ["KnownFailing", "read_known_failing", "say_stale"]

_LINE = re.compile(r"(?P<name>[^#\s]+(?:#[0-9a-f]{12}(?!\S))?)\s*(?:#\s*(?P<reason>.*))?$")
"""A clause's id or a finding's, and after `#` a reason."""


@dataclasses.dataclass(frozen=True)
class KnownFailing:
    """What the target is known to break, and why, as the user's file says.

    Attributes:
        name: a clause's id, for whatever breaks it, or a finding's.
    """

    name: str
    reason: str

    @property
    def clause(self) -> str:
        """The clause's id."""
        return self.name.partition("#")[0]


def read_known_failing(path: Path | None, contract: Contract) -> tuple[KnownFailing, ...]:
    """Return the lines of a known-failing file: the id of a clause or of a finding, and after `#` a reason.

    Raises:
        UsageError: the file cannot be read, or names a clause that the contract does not have.
    """
    if path is None:
        return ()
    lines = read_given_file(path, "give a list of known failures, a clause id a line")
    ids = {clause.id for clause in contract.clauses}
    known = []
    for number, line in enumerate(lines.split("\n"), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.match(text)
        entry = KnownFailing(found["name"], (found["reason"] or "").strip()) if found else KnownFailing(text, "")
        if entry.clause not in ids:
            hint = did_you_mean(entry.clause, ids, otherwise="`lightfield-contract clauses` lists them")
            raise UsageError(f"{show(path)}:{number}: there is no clause {quote(entry.clause)}{hint}")
        known.append(entry)
    return tuple(known)


def say_stale(name: str) -> str:
    """Return the sentence on a line of the known-failing list that is right no more."""
    return f"{name} is listed as known failing, and does not fail any more: remove its line"
