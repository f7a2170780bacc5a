"""What an option is: its row, from which it is declared and explained, and what reads the text of one."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["OptionRow", "number", "option", "path", "whole"]


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


def option(name: str, help_text: str, **row: Any) -> Any:
    """Return a field of a dataclass for an option; `row` is what `OptionRow` takes besides."""
    made = OptionRow(name, help_text, **row)
    return dataclasses.field(default_factory=lambda: made.usual, metadata={"row": made})


def path(name: str, help_text: str, metavar: str = "FILE") -> Any:
    """Return a field of a dataclass for an option that is a path."""
    return option(name, help_text, read=_read_path, expected="a path", metavar=metavar)


def number(least: float, most: float = math.inf) -> Callable[[str], float]:
    """Return what reads a number between two, which may be these; infinity is none."""

    def read(text: str) -> float:
        found = float(_plain(text))
        if not least <= found <= most or math.isinf(found):
            raise ValueError(text)
        return found

    return read


def whole(least: float, most: float = math.inf) -> Callable[[str], int]:
    """Return what reads a whole number between two, which may be these."""

    def read(text: str) -> int:
        found = int(_plain(text))
        if not least <= found <= most:
            raise ValueError(text)
        return found

    return read


def _plain(text: str) -> str:
    """Return the text of a number, unless it is written as only a program would: `1_000` may be a slip for `1 000`."""
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return text


def _read_path(text: str) -> Path:
    if "\0" in text or not text.strip():
        raise ValueError(text)
    return Path(text)
