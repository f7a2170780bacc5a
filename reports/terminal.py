"""Lays text out in the columns of a terminal, inert and optionally coloured."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import Any

from .digest import Headline
from .inert import inert, inert_block
from .model import Verdict

__all__ = ["Terminal", "no_command"]

_LABEL = 10
_COLORS = {Verdict.VIOLATED: "31", Verdict.KNOWN_FAILING: "35", Verdict.ADVICE: "33", Verdict.NOT_VERIFIED: "36"}
_SPACES = re.compile(" {2,}")
_NO_BREAK = "\0"
"""Of inert text no character is this one."""
_CI_COMMAND = re.compile(r"^(\s*)(::|##)")


def no_command(line: str) -> str:
    """Return the line so that a CI service that reads its log takes it for no command (`::error::`, `##[error]`).

    It may be longer by one character.
    """
    return _CI_COMMAND.sub(r"\1\\\2", line)


def _wrap(text: str, width: int, **options: Any) -> list[str]:
    """Lines of running text, never broken where several spaces stand side by side: they are a value's own."""
    kept = _SPACES.sub(lambda found: _NO_BREAK * len(found[0]), inert(text))
    return [line.replace(_NO_BREAK, " ") for line in textwrap.wrap(kept, width, break_on_hyphens=False, **options)]


class Terminal:
    """A terminal of some width. All methods make the text inert before they add colours of their own."""

    def __init__(self, width: int, color: bool) -> None:
        self.width = width
        self.color = color

    def bold(self, text: str) -> str:
        """Return the text, bold; the caller has made it inert."""
        return self._paint(text, "1")

    def heading(self, name: str, counts: str) -> str:
        """Return the line above a group; that of a verdict has its colour."""
        color = _COLORS.get(Verdict(name)) if name in set(Verdict) else None
        return self._paint(f"{inert(name).upper()} ({counts})", f"1;{color}" if color else "1")

    def outcome(self, headline: Headline) -> list[str]:
        """Return the last line, which says how it ended."""
        color = "1;32" if headline.good else "1;31"
        return [self._paint(line, color) for line in self.wrap(str(headline), hang=2)]

    def wrap(self, text: str, indent: int = 0, hang: int = 0) -> list[str]:
        """Return running text, broken between words; lines after the first are indented by `hang` more."""
        return _wrap(text, self.width, initial_indent=" " * indent, subsequent_indent=" " * (indent + hang))

    def one_line(self, text: str) -> list[str]:
        """Return the text on a single line, cut where the columns end."""
        line = inert(text)
        return [line if len(line) <= self.width else f"{line[: self.width - 1]}…"]

    def field(self, label: str, text: str, most: int | None = None) -> list[str]:
        """Return a labelled text, in as many lines at most."""
        lines = _wrap(text, self.room, max_lines=most, placeholder=" …")
        return self._labelled(label, lines or [""])

    @property
    def room(self) -> int:
        """The columns beside a label."""
        return self.width - _LABEL - 2

    def verbatim(self, lines: Iterable[str]) -> list[str]:
        """Return lines below a labelled text; one that is too long is cut, and not wrapped."""
        return [line for text in lines for line in self.one_line(f"{' ' * (_LABEL + 2)}{text}")]

    def command(self, label: str, text: str) -> list[str]:
        """Return a labelled command, never broken, so that it can be pasted."""
        return self._labelled(label, inert_block(text).split("\n"))

    def _labelled(self, label: str, lines: list[str]) -> list[str]:
        margin = " " * (_LABEL + 2)
        first = "  " + self._paint(label.ljust(_LABEL), "2") + lines[0]
        return [first, *(margin + line for line in lines[1:])]

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text.strip() else text
