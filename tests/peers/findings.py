"""What a tool reported about a server, and which of it counts as having found something."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

__all__ = ["Finding", "new_findings"]

_NUMBER = re.compile(r"[0-9]+")


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that a tool holds against a server.

    Attributes:
        check: the tool's own name for the rule: a check of the peer, a clause of ours.
        operation: method and path, where the tool tells them.
        message: what it says.
        shown: what else it prints with the message and a reader would look at: the refusal, the link that was followed.
    """

    check: str
    operation: str = ""
    message: str = ""
    shown: str = ""

    @property
    def substance(self) -> tuple[str, str, str]:
        """What makes two reports the same one: their first paragraph, without the numbers that differ from run to run."""
        paragraph = self.message.partition("\n\n")[0]
        return self.check, self.operation, _NUMBER.sub("#", paragraph)

    @property
    def text(self) -> str:
        """All that a reader sees of it, but for a dump of the value itself, which names everything."""
        return "\n".join((self.operation, self.message.partition("\nValue:\n")[0], self.shown))


def new_findings(found: Iterable[Finding], usual: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that the same run does not report of the server that keeps the contract: its constant noise finds nothing."""
    known = {finding.substance for finding in usual}
    return tuple(finding for finding in found if finding.substance not in known)
